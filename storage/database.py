"""One database, two engines: the same acts and queries run on SQLite in a file and on PostgreSQL."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import private
from storage.outages import Unavailable, is_outage, lost_a_race
from storage.readers import Readers
from storage.rules import Rules
from storage.sealing import Keyring
from storage.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

READERS = 4
CACHE_KIB = 64_000
RACES = 4
BUSY_MILLISECONDS = 10_000
# A desk's page alone asks a hundred questions: SQLite is to remember how each is answered, not to work it out anew (usual: 128).
_CONNECT = {"check_same_thread": False, "cached_statements": 2_000}


@dataclass(frozen=True)
class File:
    """A SQLite file: one thread that writes, a few that read."""

    writer: Writer
    readers: Readers
    writing: Engine

    def close(self) -> None:
        self.writer.close()
        # The writing connection goes last: SQLite folds its log into the file then, and a connection that only reads cannot.
        self.readers.close()
        self.writing.dispose()


class Database:
    """Runs acts (`write`) and queries (`read`): plain functions whose first argument is an open Connection.

    A returning act is committed before `write` answers; a raising one leaves no trace. Reads cannot write.
    """

    def __init__(self, served: AsyncEngine | File) -> None:
        self._served = served
        self.dialect = "sqlite" if isinstance(served, File) else served.dialect.name

    @classmethod
    async def open(cls, url: str, *, keyring: Keyring, rules: Rules | None = None) -> Self:
        """Open the database at `url` (sqlite+aiosqlite:///… or postgresql+asyncpg://…); it must be migrated already."""
        info = {"keyring": keyring, "rules": rules}
        if make_url(url).get_backend_name() == "postgresql":
            engine = create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True)
            _carry(engine.sync_engine, info)
            return cls(engine)
        path = Path(make_url(url).database or "")
        writing, reading = sqlite_engine(path), _reading_engine(path)
        for engine_of_file in (writing, reading):
            _carry(engine_of_file, info)
        return cls(File(Writer(writing), Readers(reading, READERS), writing))

    async def write(self, act: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the act in a transaction of its own and commit it; Unavailable when the database cannot take it now."""
        with _translated():
            if isinstance(self._served, File):
                future = self._served.writer.submit(lambda tx: act(tx, *args, **kwargs))
                # An impatient caller gives up waiting; the act itself is not torn in half.
                result: T = await asyncio.shield(asyncio.wrap_future(future))
                return result
            return await _write_shared(self._served, partial(_call, act, args, kwargs))

    async def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the query on a connection that cannot write; it sees one consistent moment."""
        with _translated():
            asked = partial(_call, query, args, kwargs)
            if isinstance(self._served, File):
                return await asyncio.wrap_future(self._served.readers.submit(asked))
            async with self._served.connect() as connection:
                await connection.execute(sa.text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                return await connection.run_sync(asked)

    async def close(self) -> None:
        """Finish what is queued, then let go of every connection."""
        if isinstance(self._served, File):
            await asyncio.to_thread(self._served.close)
        else:
            await self._served.dispose()


async def _write_shared(engine: AsyncEngine, act: Callable[[Connection], T]) -> T:
    """On PostgreSQL others write at the same time; who loses a deadlock simply goes again."""
    for attempt in range(RACES):
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(act)
        except sa.exc.DBAPIError as failure:
            if not lost_a_race(failure) or attempt == RACES - 1:
                raise
    raise AssertionError


def sqlite_engine(path: Path) -> Engine:
    """The writing engine. BEGIN IMMEDIATE, so that no read-then-write loses a race; FULL, so that acknowledged means on disk."""
    # Before SQLite opens it: what it makes beside the file gets the mode of the file.
    private.close_database(path)
    address = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(address, poolclass=sa.StaticPool, connect_args=_CONNECT, hide_parameters=True)

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


def _reading_engine(path: Path) -> Engine:
    """Every read sees one moment: without an explicit BEGIN each statement would see its own. A large cache serves the figures."""
    address = f"sqlite:///file:{quote(str(path))}?mode=ro&uri=true"
    pool = {"poolclass": sa.QueuePool, "pool_size": READERS, "max_overflow": 0}
    engine = sa.create_engine(address, **pool, connect_args=_CONNECT, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def manual(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


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
