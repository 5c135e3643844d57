"""The other side of a journey: whoever has the report works on it, straight on the record."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, dossiers, moves, reports, supervision, talk, triage
from storage.handling import Handling
from storage.people import Actor
from storage.tables.reports import assignment
from storage.vocabulary import Disposition, Level, Part, Role, Status
from tests.journeys.world import World
from tests.storage.cases import an_officer

OFFICE = "shuangjian_office"


class Officers:
    """Claims, asks, writes and answers for the department that has a report; the office dispatches what waits for it."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def claim(self, number: str) -> None:
        await self._act(_claim, number)

    async def ask(self, number: str, question: str) -> None:
        await self._act(_ask, number, question)

    async def stop_waiting(self, number: str) -> None:
        await self._act(_stop_waiting, number)

    async def write(self, number: str, text: str) -> None:
        await self._act(_write, number, text)

    async def answer(self, number: str, text: str) -> None:
        await self._act(_answer, number, text)

    async def status(self, number: str) -> Status:
        return await self._world.database.read(lambda tx: reports.get(tx, _id(tx, number)).status)

    async def level(self, number: str) -> Level:
        return await self._world.database.read(lambda tx: reports.get(tx, _id(tx, number)).level)

    async def heard(self, number: str) -> list[str]:
        """What the reporter has written to the officers."""
        return await self._world.database.read(
            lambda tx: [one.text for one in talk.said(tx, _id(tx, number), internal=True) if one.from_reporter]
        )

    async def files(self, number: str) -> list[str]:
        """The kinds of the files that belong to the report."""
        return await self._world.database.read(lambda tx: [one.kind for one in dossiers.whole(tx, _id(tx, number)).attachments])

    async def _act(self, act: Callable[..., None], number: str, *words: str) -> None:
        await self._world.database.write(act, number, *words, self._world.now())


def _id(tx: Connection, number: str) -> int:
    found = reports.by_number(tx, number)
    assert found, number
    return found


def _lead(tx: Connection, number: str, at: datetime) -> tuple[int, str]:
    """The lead's assignment and department; the office dispatches first what still waits in its pile."""
    report = _id(tx, number)
    if reports.get(tx, report).status is Status.TRIAGE:
        triage.dispatch(tx, report, _office(tx, at), at, lead="edu", assists=())
    row = moves.lead_of(tx, report)
    assert row
    return row.id, row.department


def _office(tx: Connection, at: datetime) -> Actor:
    return an_officer(tx, OFFICE, Role.OFFICE, at)


def _owner(tx: Connection, number: str, at: datetime) -> tuple[int, Actor]:
    """The lead's assignment, with whoever holds it; claimed now if nobody does."""
    made, department = _lead(tx, number, at)
    holder = tx.execute(sa.select(assignment.c.officer_id).where(assignment.c.id == made)).scalar_one()
    if holder:
        return made, Actor(Role.OFFICER, holder, department)
    by = an_officer(tx, department, Role.OFFICER, at)
    assignments.claim(tx, made, by, at)
    assignments.start(tx, made, by, at)
    return made, by


def _claim(tx: Connection, number: str, at: datetime) -> None:
    _owner(tx, number, at)


def _ask(tx: Connection, number: str, question: str, at: datetime) -> None:
    triage.ask_info(tx, _id(tx, number), _owner(tx, number, at)[1], at, question=question)


def _stop_waiting(tx: Connection, number: str, at: datetime) -> None:
    triage.stop_waiting(tx, _id(tx, number), _owner(tx, number, at)[1], at, reason="现场已经查清")


def _write(tx: Connection, number: str, text: str, at: datetime) -> None:
    talk.to_reporter(tx, _id(tx, number), _owner(tx, number, at)[1], text, at)


def _answer(tx: Connection, number: str, text: str, at: datetime) -> None:
    made, by = _owner(tx, number, at)
    office = _office(tx, at)
    assignments.submit(tx, made, by, Handling(Disposition.ANSWERED, findings="查过了", answer=text, opinion="同意"), at)
    for row in moves.active(tx, _id(tx, number)):
        if row.part == Part.ASSIST:
            supervision.waive(tx, row.id, office, at, reason="不需要")
    assignments.approve(tx, made, office, at)
