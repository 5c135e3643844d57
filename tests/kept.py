"""A beginning that many stories share: lived once and kept as a file, of which each of them gets a copy."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from tests.conftest import FILE, a_copy

T = TypeVar("T")


@dataclass(frozen=True)
class Kept(Generic[T]):
    """The file, and what whoever lived it remembers."""

    file: Path
    memory: T
    keyring: Keyring
    rules: Rules

    @asynccontextmanager
    async def copied(self, folder: Path) -> AsyncIterator[Database]:
        database = await Database.open(a_copy(self.file, folder), keyring=self.keyring, rules=self.rules)
        yield database
        await database.close()


def lived(begin: Callable[[Database], Awaitable[T]], folder: Path, empty: Path, keyring: Keyring, rules: Rules) -> Kept[T]:
    async def live() -> T:
        database = await Database.open(a_copy(empty, folder), keyring=keyring, rules=rules)
        memory = await begin(database)
        await database.close()
        return memory

    memory, file = asyncio.run(live()), folder / FILE
    # Readers may have been the last to leave, and they cannot write what is still in the log beside the file.
    with closing(sqlite3.connect(file)) as records:
        records.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Kept(file, memory, keyring, rules)
