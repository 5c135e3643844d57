"""The readers of a SQLite file: a few threads, so that no query keeps the event loop waiting, each on a connection that cannot write."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")


class Readers:
    """Runs queries, as many at once as there are connections; the others wait in line."""

    def __init__(self, engine: Engine, count: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="reader")

    def submit(self, query: Callable[[Connection], T]) -> "Future[T]":
        return self._threads.submit(self._run, query)

    def close(self) -> None:
        """Finish what is queued, then stop."""
        self._threads.shutdown()
        self._engine.dispose()

    def _run(self, query: Callable[[Connection], T]) -> T:
        with self._engine.connect() as connection:
            return query(connection)
