"""One writer, one queue: acts share a commit, none is answered before it, and none spoils another."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event

from storage.database import Database, sqlite_engine
from storage.writer import DatabaseClosed, Writer
from tests.clock import Now
from tests.storage.worlds import Rows


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = sqlite_engine(tmp_path / "some.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE note (text TEXT) STRICT")
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    writer = Writer(engine)
    yield writer
    writer.close()


def note(tx: Connection, text: str = "a") -> None:
    tx.execute(sa.text("INSERT INTO note VALUES (:text)"), {"text": text})


def fail(tx: Connection) -> None:
    note(tx, "never")
    raise ZeroDivisionError


def notes(engine: Engine) -> list[str]:
    """What somebody else sees in the file, on a connection of their own."""
    other = sqlite_engine(Path(engine.url.database or ""))
    with other.connect() as connection:
        found = connection.execute(sa.text("SELECT text FROM note ORDER BY rowid")).scalars().all()
    other.dispose()
    return list(found)


class Held:
    """An act that keeps the writer busy until it is let go, so that others queue up behind it."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()

    def __call__(self, tx: Connection) -> None:
        self.begun.set()
        self.go.wait(10)


def test_acts_that_wait_together_share_a_commit(engine: Engine, writer: Writer) -> None:
    commits: list[object] = []
    event.listen(engine, "commit", commits.append)
    held = Held()
    writer.submit(held)
    held.begun.wait(10)
    futures = [writer.submit(note) for _ in range(20)]
    held.go.set()
    for future in futures:
        future.result(10)
    assert len(commits) == 2
    assert len(notes(engine)) == 20


def test_an_act_that_fails_spoils_no_neighbour(engine: Engine, writer: Writer) -> None:
    held = Held()
    writer.submit(held)
    held.begun.wait(10)
    first, failing, last = writer.submit(note), writer.submit(fail), writer.submit(note)
    held.go.set()
    first.result(10)
    last.result(10)
    with pytest.raises(ZeroDivisionError):
        failing.result(10)
    assert notes(engine) == ["a", "a"]


def test_whoever_is_answered_finds_it_in_the_file(engine: Engine, writer: Writer) -> None:
    for number in range(10):
        writer.submit(lambda tx, number=number: note(tx, str(number))).result(10)
        assert notes(engine)[-1] == str(number)


def test_what_was_queued_is_finished_before_closing_and_nothing_after(engine: Engine) -> None:
    writer = Writer(engine)
    futures = [writer.submit(note) for _ in range(5)]
    writer.close()
    assert all(future.done() for future in futures)
    with pytest.raises(DatabaseClosed):
        writer.submit(note)


async def test_a_caller_who_goes_away_does_not_tear_the_act_in_half(embedded: Database, now: Now) -> None:
    writing = asyncio.create_task(embedded.write(Rows(now()).build))
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert await embedded.write(lambda tx: tx.execute(sa.text("SELECT count(*) FROM event")).scalar_one()) == 2


@pytest.mark.parametrize("database_url", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
async def test_two_acts_that_block_each_other_both_succeed(database: Database, now: Now) -> None:
    def both(tx: Connection, first: int, second: int) -> None:
        for officer in (first, second):
            tx.execute(sa.text("UPDATE officer SET name = 'x' WHERE id = :id"), {"id": officer})
            tx.execute(sa.text("SELECT pg_sleep(0.1)"))

    await database.write(Rows(now()).build)
    await asyncio.gather(database.write(both, 1, 2), database.write(both, 2, 1))


async def test_what_was_written_lies_in_the_file_alone_after_a_clean_stop(embedded: Database, sqlite_url: str, now: Now) -> None:
    await embedded.write(Rows(now()).build)
    # A reader that is still connected must not be the last to go.
    assert await embedded.read(_events) == 2
    await embedded.close()
    path = Path(sqlite_url.removeprefix("sqlite+aiosqlite:///"))
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    alone = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    assert alone.execute("SELECT count(*) FROM event").fetchone() == (2,)
    alone.close()


def _events(tx: Connection) -> int:
    return int(tx.execute(sa.text("SELECT count(*) FROM event")).scalar_one())
