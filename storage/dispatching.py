"""Gives a report to departments: one assignment each, with the clocks that start at dispatch and not at the claim."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, moves, telling
from storage.errors import Involved, WrongDepartment
from storage.moves import Held
from storage.notices import Notice
from storage.people import Actor
from storage.rules import Rules, Span, Unit, rules
from storage.tables.reports import assignment
from storage.vocabulary import AssignmentStatus, ClockKind, EventKind, Level, Part


def involved(city: Rules, about: Iterable[str]) -> frozenset[str]:
    """Every department that shares a corridor with one the report is about: none of them may have it."""
    return frozenset().union(*(city.departments.family(key) for key in about))


def lead(tx: Connection, held: Held, key: str, by: Actor, *, designated: bool = False, redo: bool = False) -> int:
    """Make this department the lead; its assignment. A redone report runs on the redo clock (domain §8)."""
    city = rules(tx)
    if not city.departments.may_lead(key):
        raise WrongDepartment(key)
    made = _assign(tx, held, key, Part.LEAD, by, designated=designated)
    sign_due = clocks.start(tx, held, ClockKind.SIGN, assignment_id=made)
    due = clocks.start(tx, held, ClockKind.REDO if redo else ClockKind.REPLY, assignment_id=made)
    _tell(tx, held, key, Part.LEAD, sign_due=sign_due, due=due)
    return made


def assist(tx: Connection, held: Held, key: str, by: Actor) -> int:
    """Ask this department to help; its opinion is due some time before the lead's answer."""
    city = rules(tx)
    if not city.departments.may_assist(key):
        raise WrongDepartment(key)
    made = _assign(tx, held, key, Part.ASSIST, by, designated=False)
    sign_due = clocks.start(tx, held, ClockKind.SIGN, assignment_id=made)
    due = clocks.start(tx, held, ClockKind.ASSIST, assignment_id=made, span=assist_span(tx, held))
    _tell(tx, held, key, Part.ASSIST, sign_due=sign_due, due=due)
    return made


def assist_span(tx: Connection, held: Held) -> Span:
    """How long an assisting department has: until a set time before the lead's end, or half of what is left when that is too short."""
    city, level = rules(tx), Level(held.report.level)
    before = city.deadlines[ClockKind.ASSIST].limit[level]
    leader = moves.lead_of(tx, held.id)
    main = clocks.main_clock(tx, leader.id) if leader else None
    left = _left(city, held.at, main.due_at, before.unit) if main else 0
    amount = left - before.amount if left > 2 * before.amount else left // 2
    return Span(max(amount, 1), before.unit)


def report_due(tx: Connection, report_id: int) -> datetime | None:
    """When the lead's answer is due now; None while nobody leads."""
    leader = moves.lead_of(tx, report_id)
    main = clocks.main_clock(tx, leader.id) if leader else None
    return main.due_at if main else None


def end_all(tx: Connection, held: Held, by: Actor, because: EventKind) -> None:
    """The report goes no further here: every assignment still open ends, and every clock stops."""
    clocks.stop(tx, held)
    for row in moves.active(tx, held.id):
        task = moves.Task(row, held)
        values = {"ended_at": held.at}
        moves.step(tx, task, "end", by, EventKind.REASSIGNED, values=values, details={"because": str(because)})


def inform(tx: Connection, held: Held, lead_key: str | None) -> None:
    """知会: departments that only have to know of an urgent report (domain §0.5, §6). It is no assignment and starts no clock."""
    city = rules(tx)
    for key in city.inform[Level(held.report.level)]:
        if key == city.departments.office:
            telling.office(tx, held, Notice.INFORMED, level=held.report.level, lead=lead_key)
        else:
            telling.department(tx, held, key, Notice.INFORMED, level=held.report.level, lead=lead_key)


def _assign(tx: Connection, held: Held, key: str, part: Part, by: Actor, *, designated: bool) -> int:
    if key in involved(rules(tx), held.report.about):
        raise Involved(key)
    if any(row.department == key for row in moves.active(tx, held.id)):
        raise WrongDepartment(key)
    row: dict[str, Any] = {
        "report_id": held.id,
        "department": key,
        "part": str(part),
        "status": str(AssignmentStatus.PENDING_SIGN),
        "dispatched_at": held.at,
        "designated": designated,
    }
    made = int(tx.execute(sa.insert(assignment).values(row).returning(assignment.c.id)).scalar_one())
    what = {"part": str(part), "department": key, "to": "pending_sign", "designated": designated}
    moves.note(tx, held, EventKind.DISPATCHED, by, details=what, assignment_id=made)
    return made


def _tell(tx: Connection, held: Held, key: str, part: Part, *, sign_due: datetime, due: datetime) -> None:
    fields = {"level": held.report.level, "part": str(part), "sign_due_at": seconds(sign_due), "due_at": seconds(due)}
    telling.department(tx, held, key, Notice.DISPATCHED, **fields)


def seconds(at: datetime) -> int:
    """A moment as a notice carries it."""
    return int(at.timestamp())


def _left(city: Rules, start: datetime, end: datetime, unit: Unit) -> int:
    if unit is Unit.WORK_DAY:
        return city.calendar.working_days_between(start, end)
    return int((end - start).total_seconds()) // 60
