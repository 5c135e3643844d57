"""Files added from another phone by whoever showed number and code: part of the report, and of nobody."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import dossiers, events, evidence, followup, reports, retention
from storage.addressees import Address
from storage.database import Database
from storage.evidence import File, Quota, Room
from storage.people import CITIZEN
from storage.reports import Filed
from storage.tables.reports import attachment
from storage.vocabulary import EventKind
from tests.clock import Now
from tests.storage.cases import a_parent, a_report, notices

QUOTA = Quota(waiting=9, total_bytes=10_000)
PHOTO = File("photo", "image/jpeg", 100, b"clean")


class World:
    """A report filed from one phone, and two other phones with a photo each."""

    filed: Filed
    mother: int
    other: int
    stranger: int
    photo: int
    strangers_photo: int


@pytest.fixture
async def world(database: Database, now: Now) -> World:
    return await database.write(_begin, now())


def _begin(tx: Connection, at: datetime) -> World:
    world = World()
    world.mother, world.other, world.stranger = (a_parent(tx, at, name) for name in ("mother", "other", "stranger"))
    world.filed = a_report(tx, at, reporter=world.mother)
    world.photo, world.strangers_photo = (_sent(tx, name, at) for name in ("other", "stranger"))
    return world


def _sent(tx: Connection, who: str, at: datetime) -> int:
    room = evidence.make_room(tx, Address.of("web", who), who.encode(), size=PHOTO.size, quota=QUOTA, at=at)
    assert isinstance(room, Room)
    return evidence.keep(tx, room, PHOTO, at).id


async def _adds(database: Database, world: World, now: Now, *files: int) -> int:
    return await database.write(followup.add_information, world.filed.report_id, "", files, now(), giver=world.other)


async def test_a_photo_from_the_phone_that_showed_the_code_belongs_to_the_report(database: Database, now: Now, world: World) -> None:
    assert await _adds(database, world, now, world.photo) == 1
    (shown,) = (await database.read(dossiers.whole, world.filed.report_id)).attachments
    assert (shown.id, shown.from_reporter, shown.is_clean) == (world.photo, True, True)
    opened = await database.read(evidence.of_report, world.filed.report_id, world.photo)
    assert opened.slot.digest == b"other"
    last = (await database.read(events.history, world.filed.report_id))[-1]
    assert (last.kind, last.by, last.details["files"]) == (EventKind.EVIDENCE_ADDED, CITIZEN, 1)


async def test_a_strangers_photo_is_not_taken_with_it(database: Database, now: Now, world: World) -> None:
    assert await _adds(database, world, now, world.strangers_photo) == 0
    assert (await database.read(dossiers.whole, world.filed.report_id)).attachments == ()


async def test_the_reporters_own_file_is_not_taken_by_another_phone(database: Database, now: Now, world: World) -> None:
    waiting = await database.write(_sent, "mother", now())
    assert await _adds(database, world, now, waiting) == 0


async def test_the_record_keeps_neither_whose_phone_it_was_nor_that_it_is_the_reporters(database: Database, now: Now, world: World) -> None:
    await _adds(database, world, now, world.photo)
    assert await database.read(_owner, world.photo) is None
    assert await database.read(reports.of_reporter, world.other) == []
    assert await database.read(notices, world.other) == []
    assert [one.number for one in await database.read(reports.of_reporter, world.mother)] == [world.filed.number]


async def test_of_a_report_whose_reporter_was_erased_no_later_phone_is_remembered(database: Database, now: Now, world: World) -> None:
    await database.write(retention.erase_identity, world.filed.report_id, now())
    assert await _adds(database, world, now, world.photo) == 1
    assert await database.read(_owner, world.photo) is None


async def test_the_same_photo_added_to_a_report_of_ones_own_stays_in_both(database: Database, now: Now, world: World) -> None:
    own = await database.write(lambda tx: a_report(tx, now(), reporter=world.other, attachments=(world.photo,)))
    assert await _adds(database, world, now, world.photo) == 1
    assert len((await database.read(dossiers.whole, own.report_id)).attachments) == 1
    assert await database.read(_owner, world.photo) == world.other


def _owner(tx: Connection, attachment_id: int) -> int | None:
    owner: int | None = tx.execute(sa.select(attachment.c.addressee_id).where(attachment.c.id == attachment_id)).scalar_one()
    return owner
