"""The one writer of a SQLite file: acts queue up, run in one thread, and share a commit when several are waiting."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

BATCH = 64


class DatabaseClosed(Exception):
    """An act came after the database was closed; nothing of it was done."""


@dataclass(frozen=True)
class _Job:
    act: Callable[[Connection], Any]
    future: "Future[Any]"


class Writer:
    """Group commit: BEGIN IMMEDIATE, a savepoint per act, one COMMIT, then everyone is answered. No answer before the commit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        # Nobody may slip in behind the last job: nothing would ever answer them.
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[Connection], Any]) -> "Future[Any]":
        future: Future[Any] = Future()
        with self._gate:
            if self._closed:
                raise DatabaseClosed
            self._jobs.put(_Job(act, future))
        return future

    def close(self) -> None:
        """Finish what is queued, then stop."""
        with self._gate:
            self._closed = True
            self._jobs.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            batch, stop = self._batch(first)
            self._commit(batch)
            if stop:
                return

    def _batch(self, first: _Job) -> tuple[list[_Job], bool]:
        batch = [first]
        while len(batch) < BATCH:
            try:
                following = self._jobs.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return batch, True
            batch.append(following)
        return batch, False

    def _commit(self, batch: list[_Job]) -> None:
        try:
            with self._engine.connect() as connection, connection.begin():
                # Alone, an act needs no savepoint: if it raises, the transaction is undone, which is the same.
                alone = len(batch) == 1
                outcomes = [(job, job.act(connection), None) if alone else (job, *_attempt(connection, job)) for job in batch]
        except BaseException as failure:  # noqa: BLE001 - a full disk undoes the whole batch, so the whole batch is told
            for job in batch:
                job.future.set_exception(failure)
            return
        for job, result, failed in outcomes:
            job.future.set_exception(failed) if failed else job.future.set_result(result)


def _attempt(connection: Connection, job: _Job) -> tuple[Any, BaseException | None]:
    """One act in its own savepoint: raising undoes this act only, as long as SQLite kept the transaction."""
    savepoint = connection.begin_nested()
    try:
        result = job.act(connection)
    except Exception as failure:
        if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
            # SQLITE_FULL and its kin have rolled back everything; there is no savepoint to return to.
            raise
        savepoint.rollback()
        return None, failure
    savepoint.commit()
    return result, None
