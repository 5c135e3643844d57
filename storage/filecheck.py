"""Opens every evidence file and compares it with its row."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.database import Database
from storage.sealing import BrokenSeal, Secret, plain_key
from storage.shelf import Copy, FileMissing, Shelf, Slot
from storage.tables.reports import attachment


@dataclass(frozen=True)
class FileFault:
    """A file that is missing, or not what was kept."""

    attachment_id: int
    wrong: str


@dataclass(frozen=True)
class _Kept:
    id: int
    slot: Slot
    key: Secret
    size: int
    clean_digest: bytes | None


async def check_files(database: Database, shelf: Shelf) -> list[FileFault]:
    """Every file that cannot be opened as it was kept. Reads them all: slow by nature."""
    rows = await database.read(_rows)
    return await asyncio.to_thread(lambda: [fault for row in rows for fault in _look(shelf, row)])


def _rows(tx: Connection) -> list[_Kept]:
    here = sa.select(attachment).where(attachment.c.removed_at.is_(None)).order_by(attachment.c.id)
    return [
        _Kept(row.id, Slot(row.digest, row.data_key_id), plain_key(tx, row.data_key_id), row.size, row.clean_digest)
        for row in tx.execute(here)
    ]


def _look(shelf: Shelf, row: _Kept) -> Iterator[FileFault]:
    try:
        if len(shelf.get(row.slot, Copy.ORIGINAL, row.key)) != row.size:
            yield FileFault(row.id, "another length")
        if row.clean_digest and sha256(shelf.get(row.slot, Copy.CLEAN, row.key)).digest() != row.clean_digest:
            yield FileFault(row.id, "another picture")
    except FileMissing:
        yield FileFault(row.id, "missing")
    except BrokenSeal:
        yield FileFault(row.id, "altered")
