"""Hash chains: each row of a history covers the one before it, so a changed, removed or inserted row shows."""

import json
from functools import cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

GENESIS = bytes(32)

# Any two numbers; they only have to differ from each other (PostgreSQL's advisory locks are numbers).
LOCKS = {"event": 7_101, "access": 7_102}


def head(tx: Connection, table: sa.Table) -> bytes:
    """The hash the next row must carry. On PostgreSQL nobody else appends until this transaction ends: two heads would fork the chain."""
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCKS[table.name])))
    last = tx.execute(_newest(table)).scalar_one_or_none()
    return GENESIS if last is None else last


def link(previous: bytes, *fields: object) -> bytes:
    """The hash of a row: of its fields in the table's order, and of the row before. Blobs enter as hex."""
    plain = [field.hex() if isinstance(field, bytes) else field for field in fields]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(previous + text.encode()).digest()


@cache
def _newest(table: sa.Table) -> "sa.Select[Any]":
    return sa.select(table.c.hash).order_by(table.c.id.desc()).limit(1)
