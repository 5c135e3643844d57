"""Runs what retention decides, one small act after the other, and takes files off the disk once no row speaks of them."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from storage import evidence, retention
from storage.database import Database
from storage.retention import Due, Terms
from storage.shelf import Shelf, Slot

# An upload that has not finished after this long never will.
UPLOAD_TIME = timedelta(hours=1)


async def forget(database: Database, shelf: Shelf, terms: Terms, at: datetime) -> Due:
    """Erase everything that has had its time; returns what it was. Safe beside the running service."""
    found = now = await database.read(retention.due, terms, at)
    while not now.is_nothing:
        for report_id in now.cases:
            await drop(shelf, await database.write(retention.erase_case, report_id, at))
        for report_id in set(now.identities) - set(now.cases):
            await database.write(retention.erase_identity, report_id, at)
        await drop(shelf, await database.write(retention.forget_talk, terms, at))
        await database.write(retention.forget_people, now.people, at)
        # A batch at a time, so that the service is never kept waiting for long.
        before, now = now, await database.read(retention.due, terms, at)
        if now == before:
            break
    return found


async def sweep_files(database: Database, shelf: Shelf, at: datetime) -> int:
    """Take away what cut-off uploads left behind; how many pieces."""
    swept = 0
    await asyncio.to_thread(shelf.sweep_unfinished, at - UPLOAD_TIME)
    for slot, written_at in await asyncio.to_thread(lambda: list(shelf.slots())):
        if written_at > at - UPLOAD_TIME or await database.read(evidence.is_kept, slot):
            continue
        if await database.write(evidence.destroy_orphan, slot, at):
            await drop(shelf, [slot])
            swept += 1
    return swept


async def drop(shelf: Shelf, slots: Iterable[Slot]) -> None:
    for slot in slots:
        await asyncio.to_thread(shelf.drop, slot)
