"""The machine lets us down: a full disk, a locked database, an absent scanner. People are told, and nothing kept is lost."""

import asyncio
import resource
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from handlers.evidence.accepting import FileRefused, Why
from handlers.evidence.receiving import EvidenceIntake
from handlers.evidence.scanning import Scanner
from storage import evidence, filecheck, reports
from storage.database import Database
from storage.evidence import Kept
from storage.outages import Unavailable
from storage.sealing import Keyring, Secret
from storage.shelf import Copy, NoRoom, Shelf, Slot
from tests.clock import Now
from tests.storage.cases import a_report
from tests.trust.conftest import LIMITS
from tests.trust.hostile import a_picture
from tests.trust.planted import all_files


class FullShelf(Shelf):
    """A shelf on a disk that is full from the second file on."""

    def put(self, slot: Slot, copy: Copy, key: Secret, content: bytes) -> None:
        if copy is not Copy.ORIGINAL:
            raise NoRoom
        super().put(slot, copy, key, content)


def test_a_file_that_does_not_fit_on_the_disk_is_no_half_file(shelf: Shelf) -> None:
    slot, key = Slot(bytes(32), 1), Secret("00" * 32)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(NoRoom):
            shelf.put(slot, Copy.ORIGINAL, key, bytes(200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert all_files(shelf.root) == []


async def test_a_disk_that_fills_up_half_way_leaves_no_half_file(embedded: Database, keyring: Keyring, tmp_path: Path, now: Now) -> None:
    shelf = FullShelf(tmp_path / "evidence")
    intake = EvidenceIntake(embedded, shelf, keyring, limits=LIMITS, clock=now)
    with pytest.raises(FileRefused) as refused:
        await intake.receive("web", "mother", a_picture())
    assert refused.value.why is Why.NO_ROOM
    assert all_files(shelf.root) == []
    assert await embedded.read(evidence.total_bytes) == 0
    filed = await embedded.write(a_report, now())
    assert filed.number


async def test_files_are_refused_before_the_disk_is_full_so_that_words_still_fit(
    embedded: Database, shelf: Shelf, keyring: Keyring, now: Now
) -> None:
    intake = EvidenceIntake(embedded, shelf, keyring, limits=replace(LIMITS, free_bytes=1 << 60), clock=now)
    with pytest.raises(FileRefused) as refused:
        await intake.receive("web", "mother", a_picture())
    assert refused.value.why is Why.NO_ROOM


async def test_a_full_shelf_is_told_in_words(browser: httpx.AsyncClient) -> None:
    for width in range(10, 13):
        await browser.post("/api/chat/attachments", files={"file": ("a", a_picture(size=(width, 9)))})
    answer = await browser.post("/api/chat/attachments", files={"file": ("a", a_picture(size=(20, 9)))})
    assert answer.status_code == 409
    assert "先提交" in answer.json()["text"]


async def test_a_file_that_went_bad_on_the_disk_is_named(embedded: Database, intake: EvidenceIntake, shelf: Shelf, now: Now) -> None:
    good, bad, lost = [await intake.receive("web", "mother", a_picture(size=(width, 9))) for width in (10, 11, 12)]
    assert isinstance(good, Kept)
    slots = {kept.id: await embedded.read(_slot, kept.id) for kept in (bad, lost)}
    broken = shelf.path(slots[bad.id], Copy.CLEAN)
    broken.write_bytes(broken.read_bytes()[:-3])
    shelf.path(slots[lost.id], Copy.ORIGINAL).unlink()
    faults = await filecheck.check_files(embedded, shelf)
    assert [(fault.attachment_id, fault.wrong) for fault in faults] == [(bad.id, "altered"), (lost.id, "missing")]


def _impatient(tx: Connection) -> None:
    tx.exec_driver_sql("PRAGMA busy_timeout=50")


def _slot(tx: Connection, attachment_id: int) -> evidence.Slot:
    return next(row.slot for row in filecheck._rows(tx) if row.id == attachment_id)


async def test_while_another_program_locks_the_database_people_read_on_and_writing_says_so(
    embedded: Database, tmp_path: Path, now: Now
) -> None:
    filed = await embedded.write(a_report, now())
    await embedded.write(_impatient)
    with closing(sqlite3.connect(tmp_path / "tipline.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            await embedded.write(a_report, now())
        assert (await embedded.read(reports.get, filed.report_id)).number == filed.number
        other.execute("ROLLBACK")
    assert (await embedded.write(a_report, now())).report_id == filed.report_id + 1


class Daemon:
    """A clamd on a loopback port that finds what it is told to find."""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(size)
        writer.write(b"stream: Bad.Thing FOUND\0" if b"EICAR" in content else b"stream: OK\0")
        await writer.drain()
        writer.close()


async def test_a_virus_is_refused_and_an_absent_scanner_is_no_all_clear(
    embedded: Database, shelf: Shelf, keyring: Keyring, now: Now
) -> None:
    server = await asyncio.start_server(Daemon().answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    intake = EvidenceIntake(embedded, shelf, keyring, limits=LIMITS, clock=now, scanner=Scanner(f"127.0.0.1:{port}"))
    async with server:
        assert (await intake.receive("web", "mother", a_picture(size=(300, 300)))).id
        with pytest.raises(FileRefused) as refused:
            await intake.receive("web", "mother", a_picture() + b"EICAR")
        assert refused.value.why is Why.INFECTED
    with pytest.raises(FileRefused) as away:
        await intake.receive("web", "mother", a_picture())
    assert away.value.why is Why.SCANNER_AWAY
