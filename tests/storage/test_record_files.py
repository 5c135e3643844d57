"""What officers put into the record of handling, and whose it is."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, events, evidence, followup, record_files
from storage.database import Database
from storage.errors import IllegalMove, NoSuchReport, NotTheOwner
from storage.evidence import File, Kept, OverQuota, Quota, Room
from storage.people import Actor
from storage.reports import Filed, Route
from storage.tables.reports import attachment
from storage.vocabulary import EventKind, Part, Purpose, Role
from tests.clock import Now
from tests.storage.cases import a_report, an_officer, answered, assignment_of

QUOTA = Quota(waiting=2, total_bytes=1_000)
PAPER = File("document", "application/pdf", 100)


def added(tx: Connection, target: int, by: Actor, at: datetime, digest: bytes = b"a") -> Kept:
    room = record_files.make_room(tx, target, by, digest, size=PAPER.size, quota=QUOTA, at=at)
    return record_files.keep(tx, target, by, room, PAPER, purpose=Purpose.ORDER, at=at) if isinstance(room, Room) else room


class World:
    """A report the education bureau's officer has signed for."""

    filed: Filed
    target: int
    owner: Actor
    colleague: Actor
    stranger: Actor


@pytest.fixture
async def world(database: Database, now: Now) -> World:
    return await database.write(_begin, now())


def _begin(tx: Connection, at: datetime) -> World:
    world = World()
    world.filed = a_report(tx, at)
    world.owner, world.colleague = (an_officer(tx, "edu", Role.OFFICER, at) for _ in range(2))
    world.stranger = an_officer(tx, "market_reg", Role.OFFICER, at)
    world.target = assignment_of(tx, world.filed.report_id, "edu")
    assignments.claim(tx, world.target, world.owner, at)
    return world


async def test_the_record_knows_what_a_file_shows_who_added_it_and_when(database: Database, now: Now, world: World) -> None:
    at = now.move(hours=1)
    kept = await database.write(added, world.target, world.owner, at)
    found = await database.read(evidence.of_report, world.filed.report_id, kept.id)
    assert (found.record.department, found.record.part, found.record.purpose) == ("edu", Part.LEAD, Purpose.ORDER)
    last = (await database.read(events.history, world.filed.report_id))[-1]
    assert (last.kind, last.by.officer_id, last.at) == (EventKind.DOCUMENT_ADDED, world.owner.officer_id, at)
    assert last.details["purpose"] == Purpose.ORDER


async def test_the_same_file_twice_is_one_file(database: Database, now: Now, world: World) -> None:
    assert await database.write(added, world.target, world.owner, now()) == await database.write(added, world.target, world.owner, now())


async def test_only_who_holds_the_assignment_adds_to_its_record(database: Database, now: Now, world: World) -> None:
    for who, refusal in ((world.colleague, NotTheOwner), (world.stranger, NoSuchReport)):
        with pytest.raises(refusal):
            await database.write(added, world.target, who, now())


async def test_nothing_is_added_before_the_signing_or_after_the_end(database: Database, now: Now, world: World) -> None:
    assist = await database.read(assignment_of, world.filed.report_id, "market_reg")
    with pytest.raises(NotTheOwner):
        await database.write(added, assist, world.stranger, now())
    alone = await database.write(a_report, now(), route=Route("auto", "edu"))
    target = await database.read(assignment_of, alone.report_id, "edu")
    await database.write(answered, target, world.owner, now())
    await database.write(added, target, world.owner, now())
    office = await database.write(an_officer, "shuangjian_office", Role.OFFICE, now())
    await database.write(assignments.approve, target, office, now())
    with pytest.raises(IllegalMove):
        await database.write(added, target, world.owner, now(), b"b")


async def test_a_record_takes_only_so_many_files(database: Database, now: Now, world: World) -> None:
    for digest in (b"a", b"b"):
        await database.write(added, world.target, world.owner, now(), digest)
    with pytest.raises(OverQuota):
        await database.write(added, world.target, world.owner, now(), b"c")


async def test_the_reporter_hears_nothing_of_it(database: Database, now: Now, world: World) -> None:
    before = await database.read(followup.view_for_reporter, world.filed.report_id)
    await database.write(added, world.target, world.owner, now())
    assert await database.read(followup.view_for_reporter, world.filed.report_id) == before


async def test_nobody_takes_an_officers_file_into_a_report_of_their_own(database: Database, now: Now, world: World) -> None:
    """A report without a reporter has no owner, and neither has an officer's file: that does not make them the same."""
    kept = await database.write(added, world.target, world.owner, now())
    other = await database.write(a_report, now())
    await database.write(followup.add_information, other.report_id, "补充", (kept.id,), now(), giver=None)
    assert await database.read(_files_of, other.report_id) == 0


def _files_of(tx: Connection, report_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(attachment).where(attachment.c.report_id == report_id)
    return int(tx.execute(query).scalar_one())
