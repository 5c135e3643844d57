"""延期: asked for by the owner in time, decided by the office, told to the reporter with the reason (domain §8 extension)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, moves, telling
from storage.dispatching import seconds
from storage.errors import ExtendedBefore, IllegalMove, NoOpenExtension, SameOfficer, TooLate, TooLong
from storage.moves import Task
from storage.notices import Notice
from storage.people import Actor
from storage.rules import Rules, Unit, rules
from storage.tables.reports import assignment, clock, extension
from storage.vocabulary import AssignmentStatus, EventKind, Level, Part

MINUTES_A_DAY = 24 * 60


def request_extension(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, days: int, reason: str) -> None:
    """Ask for so many days more: working days, or natural ones where the clock runs day and night.

    Once (ExtendedBefore), not longer than the original limit (TooLong), and some time before the end (TooLate).
    """
    task = moves.hold_assignment(tx, assignment_id, at)
    task = moves.step(tx, task, "request_extension", by, EventKind.EXTENSION_REQUESTED, reason=reason, details={"days": days})
    _may_extend(tx, task, days)
    row = {"assignment_id": assignment_id, "asked_by": by.officer_id, "asked_at": task.at, "days": days}
    tx.execute(sa.insert(extension).values(row))
    telling.office(tx, task.held, Notice.EXTENSION_WAITING, department=task.assignment.department, days=days)


def approve_extension(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> datetime:
    """Granted: the due time moves, the original stays beside it, assists get the same; the new due time. The reporter reads the reason."""
    task, days = _decide(tx, assignment_id, by, at, approved=True)
    if task.assignment.status != AssignmentStatus.WORKING:
        # What was handed in meanwhile has no clock that could be extended.
        raise IllegalMove("approve_extension", task.assignment.status)
    was = _clock(tx, assignment_id).due_at
    due = clocks.extend(tx, task.held, days, assignment_id=assignment_id)
    details = {"days": days, "due_from": seconds(was), "due_to": seconds(due)}
    moves.step(tx, task, "approve_extension", by, EventKind.EXTENSION_APPROVED, reason=reason, details=details)
    if task.is_lead:
        _extend_assists(tx, task, days)
        main = clocks.main_clock(tx, assignment_id)
        fields = {"department": task.assignment.department, "reason": reason, "due_at": seconds(due)}
        telling.reporter(tx, task.held, Notice.EXTENDED, **fields, provisional=bool(main and main.provisional))
    _tell_owner(tx, task, due, approved=True)
    return due


def deny_extension(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """Not granted: everything stays as it was."""
    task, days = _decide(tx, assignment_id, by, at, approved=False)
    moves.step(tx, task, "deny_extension", by, EventKind.EXTENSION_DENIED, reason=reason, details={"days": days})
    main = clocks.main_clock(tx, assignment_id)
    if main:
        _tell_owner(tx, task, main.due_at, approved=False)


def waiting(tx: Connection) -> list[int]:
    """Assignments whose extension waits for the office, longest first."""
    query = (
        sa.select(extension.c.assignment_id)
        .join(assignment, assignment.c.id == extension.c.assignment_id)
        .where(extension.c.decided_at.is_(None), assignment.c.status == AssignmentStatus.WORKING)
        .order_by(extension.c.asked_at, extension.c.id)
    )
    return list(tx.execute(query).scalars())


def request_until(city: Rules, due_at: datetime, level: Level) -> datetime:
    """The last moment at which more time may be asked for."""
    return city.before(due_at, city.extension_window.limit[level])


def _may_extend(tx: Connection, task: Task, days: int) -> None:
    used = sa.select(extension.c.id).where(
        extension.c.assignment_id == task.id, sa.or_(extension.c.decided_at.is_(None), extension.c.approved == 1)
    )
    if tx.execute(used.limit(1)).one_or_none():
        raise ExtendedBefore
    city, row = rules(tx), _clock(tx, task.id)
    most = row.amount // MINUTES_A_DAY if row.unit == Unit.MINUTE else row.amount
    if not 1 <= days <= most:
        raise TooLong(most)
    until = request_until(city, row.due_at, Level(task.held.report.level))
    if task.at > until:
        raise TooLate(until)


def _decide(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, approved: bool) -> tuple[Task, int]:
    moves.office_only("approve_extension" if approved else "deny_extension", by)
    task = moves.hold_assignment(tx, assignment_id, at)
    open_one = sa.select(extension).where(extension.c.assignment_id == assignment_id, extension.c.decided_at.is_(None))
    asked = tx.execute(open_one).one_or_none()
    if asked is None:
        raise NoOpenExtension
    if asked.asked_by == by.officer_id:
        raise SameOfficer
    decided = sa.update(extension).where(extension.c.id == asked.id, extension.c.decided_at.is_(None))
    tx.execute(decided.values(decided_by=by.officer_id, decided_at=task.at, approved=approved))
    return task, asked.days


def _extend_assists(tx: Connection, task: Task, days: int) -> None:
    working = (
        sa.select(assignment.c.id)
        .join(clock, clock.c.assignment_id == assignment.c.id)
        .where(
            assignment.c.report_id == task.held.id, assignment.c.part == Part.ASSIST, clock.c.stopped_at.is_(None), clock.c.kind == "assist"
        )
    )
    for assist_id in tx.execute(working).scalars().all():
        clocks.extend(tx, task.held, days, assignment_id=assist_id)


def _tell_owner(tx: Connection, task: Task, due: datetime, *, approved: bool) -> None:
    telling.officer_of(tx, task.held, task.assignment.officer_id, Notice.EXTENSION_DECIDED, approved=approved, due_at=seconds(due))


def _clock(tx: Connection, assignment_id: int) -> Any:
    running = sa.select(clock).where(clock.c.assignment_id == assignment_id, clock.c.kind.in_(clocks.MAIN), clock.c.stopped_at.is_(None))
    return tx.execute(running).one()
