"""Migrating up, down and up again keeps every rule, and a migration that silently loses one is seen."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection

from storage import migrations, triggers
from storage.database import Database
from storage.migrations import BrokenReferences, shape
from storage.sealing import Keyring
from tests import postgres
from tests.clock import Now
from tests.storage.test_invariants import let_through
from tests.storage.worlds import Rows


@pytest.fixture
async def postgres_url(postgres_server: str) -> str:
    """These stories take tables away: a database of their own."""
    return await postgres.created(postgres_server)


async def _opened(url: str, keyring: Keyring) -> Database:
    return await Database.open(url, keyring=keyring)


def _tables(tx: Connection) -> set[str]:
    return set(sa.inspect(tx).get_table_names()) - {"alembic_version"}


def _strict(tx: Connection) -> set[str]:
    return set(tx.execute(sa.text("SELECT name FROM pragma_table_list WHERE strict")).scalars())


async def test_up_down_and_up_again_keeps_every_rule(database_url: str, keyring: Keyring, now: Now) -> None:
    database = await _opened(database_url, keyring)
    before = await database.read(_tables)
    await database.close()
    await migrations.downgrade(database_url)
    database = await _opened(database_url, keyring)
    assert await database.read(_tables) == set()
    await database.close()
    await migrations.upgrade(database_url)
    database = await _opened(database_url, keyring)
    assert await database.read(_tables) == before
    rows = Rows(now())
    await database.write(rows.build)
    assert await let_through(database, rows) == []
    await database.close()


async def test_migrating_what_is_already_migrated_changes_nothing(embedded: Database, sqlite_url: str, now: Now) -> None:
    await embedded.write(Rows(now()).build)
    await embedded.close()
    await migrations.upgrade(sqlite_url)
    database = await _opened(sqlite_url, Keyring.for_tests())
    assert await database.read(lambda tx: tx.execute(sa.text("SELECT count(*) FROM event")).scalar_one()) == 2
    await database.close()


async def test_every_table_is_strict(embedded: Database) -> None:
    assert await embedded.read(_tables) - await embedded.read(_strict) == set()


async def test_a_migration_that_copies_the_history_and_forgets_its_triggers_is_seen(embedded: Database, now: Now) -> None:
    rows = Rows(now())
    await embedded.write(rows.build)
    await embedded.write(_copy_events)
    assert "an event is not changed" in await let_through(embedded, rows)
    await embedded.write(triggers.create)
    assert await let_through(embedded, rows) == []


def _copy_events(tx: Connection) -> None:
    """What Alembic does to a SQLite table when a column cannot be changed in place."""
    operations = Operations(MigrationContext.configure(tx))
    with operations.batch_alter_table("event", recreate="always") as batch:
        batch.alter_column("department", nullable=True)


async def test_a_migration_that_leaves_rows_pointing_nowhere_is_undone(tmp_path: Path, now: Now) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'tipline.db'}"
    await migrations.upgrade(url)
    database = await _opened(url, Keyring.for_tests())
    await database.write(Rows(now()).build)
    await database.close()
    with pytest.raises(BrokenReferences):
        await migrations.migrate(url, lambda config: config.attributes["connection"].exec_driver_sql("DELETE FROM addressee"))
    database = await _opened(url, Keyring.for_tests())
    assert await database.read(lambda tx: tx.execute(sa.text("SELECT count(*) FROM addressee")).scalar_one()) == 1
    await database.close()


async def test_workers_that_start_together_migrate_once(database_url: str) -> None:
    await migrations.downgrade(database_url)
    await asyncio.gather(*(migrations.upgrade(database_url) for _ in range(3)))


@pytest.mark.parametrize("dialect", shape.DIALECTS)
def test_the_frozen_shapes_together_are_what_the_tables_say(dialect: str) -> None:
    """A changed table needs a migration."""
    frozen = [statement for revision in shape.revisions() for statement in shape.frozen(revision, dialect)]
    assert sorted(frozen) == sorted(shape.present(dialect))
