"""Column types that mean the same on SQLite (STRICT) and PostgreSQL, and the one MetaData."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# STRICT tables know INTEGER, REAL, TEXT and BLOB only; BIGINT is PostgreSQL's name for the same 64 bits.
Int64 = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware moment, stored as whole UTC seconds. A naive one is refused: nobody could say what it means."""

    impl = Int64
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time must be aware")
        return int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class Json(TypeDecorator[Any]):
    """A small JSON value in a text column. Never holds what a person wrote: that is sealed."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else json.loads(value)


class Flag(TypeDecorator[bool]):
    """True or false, stored as 1 or 0."""

    impl = sa.Integer
    cache_ok = True

    def process_bind_param(self, value: bool | None, dialect: sa.Dialect) -> int | None:
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> bool | None:
        return None if value is None else bool(value)


def one_of(column: str, words: type[StrEnum] | Iterable[str]) -> sa.CheckConstraint:
    """The column holds one of these words; the database refuses any other."""
    allowed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({allowed})", name=f"{column}_known")


def table(name: str, *items: sa.schema.SchemaItem, **options: Any) -> sa.Table:
    """A table of ours: STRICT on SQLite, so a wrong type is an error and not a surprise."""
    return sa.Table(name, metadata, *items, sqlite_strict=True, **options)


def primary_key() -> sa.Column[int]:
    return sa.Column("id", Int64, sa.Identity(), primary_key=True)
