"""One database, two engines: the same acts and queries run on SQLite in a file and on PostgreSQL."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.outages import Unavailable, is_outage, lost_a_race
from storage.rules import Rules
from storage.sealing import Keyring
from storage.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

READERS = 4
CACHE_KIB = 64_000
RACES = 4
BUSY_MILLISECONDS = 10_000


class Database:
    """Runs acts (`write`) and queries (`read`): plain functions whose first argument is an open Connection.

    A returning act is committed before `write` answers; a raising one leaves no trace. Reads cannot write.
    """

    def __init__(self, engine: AsyncEngine, writer: Writer | None, writing: Engine | None) -> None:
        self._engine = engine
        self._writer = writer
        self._writing = writing
        self.dialect = engine.dialect.name

    @classmethod
    async def open(cls, url: str, *, keyring: Keyring, rules: Rules | None = None) -> Self:
        """Open the database at `url` (sqlite+aiosqlite:///… or postgresql+asyncpg://…); it must be migrated already."""
        info = {"keyring": keyring, "rules": rules}
        if make_url(url).get_backend_name() == "postgresql":
            engine = create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True)
            _carry(engine.sync_engine, info)
            return cls(engine, None, None)
        # At DEBUG it logs every value of every statement.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        path = Path(make_url(url).database or "")
        path.parent.mkdir(parents=True, exist_ok=True)
        writing = sqlite_engine(path)
        _carry(writing, info)
        reading = create_async_engine(
            f"sqlite+aiosqlite:///file:{quote(str(path))}?mode=ro&uri=true", pool_size=READERS, max_overflow=0, hide_parameters=True
        )
        _carry(reading.sync_engine, info)
        _snapshot(reading.sync_engine)
        return cls(reading, Writer(writing), writing)

    async def write(self, act: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the act in a transaction of its own and commit it; Unavailable when the database cannot take it now."""
        with _translated():
            if self._writer:
                future = self._writer.submit(lambda tx: act(tx, *args, **kwargs))
                # An impatient caller gives up waiting; the act itself is not torn in half.
                result: T = await asyncio.shield(asyncio.wrap_future(future))
                return result
            return await self._write_shared(partial(_call, act, args, kwargs))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the query on a connection that cannot write; it sees one consistent moment."""
        with _translated():
            async with self._engine.connect() as connection:
                if self.dialect == "postgresql":
                    await connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                return await connection.run_sync(partial(_call, query, args, kwargs))

    async def _write_shared(self, act: Callable[[Connection], T]) -> T:
        """On PostgreSQL others write at the same time; who loses a deadlock simply goes again."""
        for attempt in range(RACES):
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(act)
            except sa.exc.DBAPIError as failure:
                if not lost_a_race(failure) or attempt == RACES - 1:
                    raise
        raise AssertionError

    async def close(self) -> None:
        """Finish the queued acts, then let go of every connection."""
        if self._writer:
            await asyncio.to_thread(self._writer.close)
        if self._writing:
            self._writing.dispose()
        await self._engine.dispose()


def sqlite_engine(path: Path) -> Engine:
    """The writing engine: BEGIN IMMEDIATE, so that no read-then-write loses a race; FULL, so that acknowledged means on disk."""
    address = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(address, poolclass=sa.StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin by itself: we say when and how.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _snapshot(engine: Engine) -> None:
    """Every read sees one moment: without an explicit BEGIN each statement would see its own. A large cache serves the figures."""

    @event.listens_for(engine, "connect")
    def manual(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")


def _carry(engine: Engine, info: dict[str, Any]) -> None:
    """Every connection carries what acts need besides rows: the keys and the city's rules."""

    @event.listens_for(engine, "connect")
    def connected(_connection: Any, record: Any) -> None:
        record.info.update(info)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except Exception as failure:
        if is_outage(failure):
            raise Unavailable(type(failure).__name__) from failure
        raise


def _call(act: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], connection: Connection) -> T:
    return act(connection, *args, **kwargs)
