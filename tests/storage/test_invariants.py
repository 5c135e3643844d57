"""The database itself holds the rules: code that forgets one is refused, on both engines."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.database import Database
from tests.clock import Now
from tests.storage.violations import allowed, broken
from tests.storage.worlds import Rows

LEAST = 34


async def let_through(database: Database, rows: Rows) -> list[str]:
    """The rules that were broken without a word."""
    passed = []
    for rule, statement in broken(rows).items():
        try:
            await database.write(_try, statement)
        except Undone:
            passed.append(rule)
        except sa.exc.DBAPIError:
            continue
    return passed


class Undone(Exception):
    """The statement was taken; it is undone, so that the next one meets the same world."""


def _try(tx: Connection, statement: sa.Executable) -> None:
    tx.execute(statement)
    raise Undone


@pytest.fixture
async def rows(database: Database, now: Now) -> Rows:
    rows = Rows(now())
    await database.write(rows.build)
    return rows


async def test_every_broken_rule_is_refused(database: Database, rows: Rows) -> None:
    assert len(broken(rows)) >= LEAST
    assert await let_through(database, rows) == []


async def test_what_the_rules_allow_is_taken(database: Database, rows: Rows) -> None:
    for statement in allowed(rows).values():
        await database.write(lambda tx, statement=statement: tx.execute(statement).close())


async def test_history_is_not_replaced_either(embedded: Database, now: Now) -> None:
    rows = Rows(now())
    await embedded.write(rows.build)
    for table in ("event", "access"):
        replacing = sa.text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
        with pytest.raises(sa.exc.IntegrityError, match="append-only"):
            await embedded.write(_try, replacing)


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_history_is_not_truncated(database: Database, rows: Rows) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        await database.write(_try, sa.text("TRUNCATE event"))
