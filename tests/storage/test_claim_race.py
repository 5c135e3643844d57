"""Two hundred officers press 签收 at once: one has it, everyone else hears who. A version that looks first must fail this."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments
from storage.assignments import Claimed, TakenBy
from storage.database import Database
from storage.people import Actor
from storage.tables.reports import assignment, event
from storage.vocabulary import AssignmentStatus, EventKind, Role
from tests.clock import Now
from tests.storage import cases

OFFICERS = 200
REPORTS = 5
Press = Callable[[Database, int, Actor, datetime], Awaitable[Claimed | TakenBy]]


async def claim(database: Database, assignment_id: int, by: Actor, at: datetime) -> Claimed | TakenBy:
    return await database.write(assignments.claim, assignment_id, by, at)


async def look_then_claim(database: Database, assignment_id: int, by: Actor, at: datetime) -> Claimed | TakenBy:
    """The planted mistake: whoever sees it free believes it is theirs."""
    if await database.read(_is_free, assignment_id):
        await database.write(_take, assignment_id, by, at)
        return Claimed(assignment_id, at)
    return TakenBy(0, at)


async def test_two_hundred_officers_race_and_one_wins(database: Database, now: Now) -> None:
    winners, told = await race(database, now, claim)
    for assignment_id, won in winners.items():
        assert len(won) == 1
        assert told[assignment_id] == {won[0].officer_id}
        assert await database.read(_claimed_events, assignment_id) == won


async def test_the_same_race_catches_a_version_that_looks_first(database: Database, now: Now) -> None:
    winners, _ = await race(database, now, look_then_claim)
    assert max(len(won) for won in winners.values()) > 1


async def test_pressing_twice_is_one_claim(database: Database, now: Now) -> None:
    li = await database.write(cases.an_officer, "edu", Role.OFFICER, now())
    filed = await database.write(cases.a_report, now())
    lead = await database.read(cases.assignment_of, filed.report_id, "edu")
    first, second = [await claim(database, lead, li, now.move(minutes=1)) for _ in range(2)]
    assert first == second
    assert await database.read(_claimed_events, lead) == [li]


async def race(database: Database, now: Now, press: Press) -> tuple[dict[int, list[Actor]], dict[int, set[int]]]:
    """Everyone presses on every report; who believes to have won it, and whom the others were told of."""
    officers = await database.write(_officers, now())
    leads = [await database.write(_a_lead, now()) for _ in range(REPORTS)]
    winners: dict[int, list[Actor]] = {lead: [] for lead in leads}
    told: dict[int, set[int]] = {lead: set() for lead in leads}

    async def one(lead: int, officer: Actor) -> None:
        match await press(database, lead, officer, now()):
            case Claimed():
                winners[lead].append(officer)
            case TakenBy(officer_id):
                told[lead].add(officer_id)

    await asyncio.gather(*(one(lead, officer) for lead in leads for officer in officers))
    return winners, told


def _officers(tx: Connection, at: datetime) -> list[Actor]:
    return [cases.an_officer(tx, "edu", Role.OFFICER, at, reachable=False) for _ in range(OFFICERS)]


def _a_lead(tx: Connection, at: datetime) -> int:
    return cases.assignment_of(tx, cases.a_report(tx, at).report_id, "edu")


def _is_free(tx: Connection, assignment_id: int) -> bool:
    query = sa.select(assignment.c.status).where(assignment.c.id == assignment_id)
    return bool(tx.execute(query).scalar_one() == AssignmentStatus.PENDING_SIGN)


def _take(tx: Connection, assignment_id: int, by: Actor, at: datetime) -> None:
    mine = {"status": "claimed", "officer_id": by.officer_id, "claimed_at": at}
    tx.execute(sa.update(assignment).where(assignment.c.id == assignment_id).values(mine))


def _claimed_events(tx: Connection, assignment_id: int) -> list[Actor]:
    query = sa.select(event).where(event.c.assignment_id == assignment_id, event.c.kind == EventKind.CLAIMED)
    return [Actor(Role(row.role), row.officer_id, row.department) for row in tx.execute(query)]
