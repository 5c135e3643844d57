"""What a statement is in SQL: worked out once in a process, however many databases are opened in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

DIALECTS = (SQLiteDialect_pysqlite, PGDialect_asyncpg)
Key = tuple[Any, ...]


class Compiled(dict[Key, Any]):
    """SQLAlchemy's keys begin with the dialect, and every engine has one of its own; all of a kind write the same SQL."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get(_of_its_kind(key), default)

    def __setitem__(self, key: Key, statement: Any) -> None:
        super().__setitem__(_of_its_kind(key), statement)


def _of_its_kind(key: Key) -> Key:
    dialect, *rest = key
    return type(dialect), *rest


@contextmanager
def compiled_once() -> Iterator[None]:
    """Every database compiles its statements when they are first run; here those that another one has compiled are known."""
    compiled = Compiled()

    def share(_: type, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=compiled)

    with pytest.MonkeyPatch.context() as patch:
        for dialect in DIALECTS:
            patch.setattr(dialect, "engine_created", classmethod(share))
        yield
