"""The database's shape, step by step: `upgrade` before the service starts, `downgrade` to go back."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url, pool
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import sqlite_engine

HERE = Path(__file__).parent
# Any number, as long as nothing else in this database locks it.
LOCK = 7_215_046
Step = Callable[[Config], None]


class BrokenReferences(Exception):
    """A migration would leave rows pointing nowhere; it was rolled back."""


async def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` to this revision; an empty one is made."""
    await migrate(url, lambda config: command.upgrade(config, revision))


async def downgrade(url: str, revision: str = "base") -> None:
    await migrate(url, lambda config: command.downgrade(config, revision))


async def migrate(url: str, step: Step) -> None:
    """Take one step on the database at `url`, whole or not at all."""
    if make_url(url).get_backend_name() == "postgresql":
        engine = create_async_engine(url, poolclass=pool.NullPool)
        async with engine.begin() as connection:
            # Several workers may start at the same moment; one migrates, the others find it done.
            await connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            await connection.run_sync(_run, step)
        await engine.dispose()
        return
    await asyncio.to_thread(_migrate_sqlite, url, step)


def _migrate_sqlite(url: str, step: Step) -> None:
    path = Path(make_url(url).database or "")
    engine = sqlite_engine(path)
    with engine.connect() as connection:
        # Moving a parent table with foreign keys on would fail half-way; what they guard is checked again at the end.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with connection.begin():
            _run(connection, step)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise BrokenReferences(len(broken))
    engine.dispose()


def _run(connection: Connection, step: Step) -> None:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    step(config)
