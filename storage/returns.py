"""退单: a department says it is not responsible, once and in time; the office's ruling is final, and no clock stops (domain §8)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, dispatching, moves, reroutes, telling
from storage.errors import Designated, ReturnedBefore, TooLate, WrongDepartment
from storage.moves import Task
from storage.notices import Notice
from storage.people import Actor
from storage.rules import Rules, rules
from storage.tables.reports import assignment, event
from storage.vocabulary import AssignmentStatus, ClockKind, EventKind, Level, Part


@dataclass(frozen=True)
class Return:
    """One line of the ledger of returns."""

    report_id: int
    assignment_id: int
    department: str
    suggested: str | None
    asked_at: datetime
    status: AssignmentStatus


def request_return(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str, suggested: str | None) -> None:
    """Ask to give it back, with a reason and the department that should have it.

    Once per department and report (ReturnedBefore), within the window after dispatch (TooLate), never after a ruling (Designated).
    """
    task = moves.hold_assignment(tx, assignment_id, at)
    if task.assignment.department == by.department:
        _may_return(tx, task)
    values = {"returns": 1, "status_before_return": assignment.c.status}
    details = {"suggested": suggested}
    task = moves.step(tx, task, "request_return", by, EventKind.RETURN_REQUESTED, values=values, reason=reason, details=details)
    clocks.start(tx, task.held, ClockKind.RETURN, assignment_id=assignment_id)
    telling.office(tx, task.held, Notice.RETURN_WAITING, department=task.assignment.department, suggested=suggested)


def approve_return(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, to: str | None) -> int | None:
    """The office agrees: another department has it from now, on clocks of its own, and cannot return it; its assignment.

    A lead must go to somebody; an assist may simply end (`to` None).
    """
    task = moves.hold_assignment(tx, assignment_id, at)
    if task.is_lead and to is None:
        raise WrongDepartment("")
    task = moves.step(tx, task, "approve_return", by, EventKind.RETURN_APPROVED, values={"ended_at": task.at}, details={"given_to": to})
    clocks.stop(tx, task.held, assignment_id=assignment_id)
    telling.department(tx, task.held, task.assignment.department, Notice.RETURNED, to=to)
    return pass_on(tx, task, to, by) if to else None


def deny_return(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """The office rules that the department is responsible: back to where it stood, and no second return."""
    task = moves.hold_assignment(tx, assignment_id, at)
    values = {"status": assignment.c.status_before_return, "designated": True, "status_before_return": None}
    task = moves.step(tx, task, "deny_return", by, EventKind.RETURN_DENIED, values=values, reason=reason)
    clocks.stop(tx, task.held, [ClockKind.RETURN], assignment_id=assignment_id)
    telling.department(tx, task.held, task.assignment.department, Notice.RETURN_DENIED, reason=reason)


def pass_on(tx: Connection, task: Task, to: str, by: Actor) -> int:
    """Give an ended assignment's part to another department, by the office's ruling. One that assisted so far leads instead."""
    if not task.is_lead:
        return dispatching.assist(tx, task.held, to, by)
    reroutes.remember(tx, task.held, "lead", was=task.assignment.department, became=to, by=by)
    for row in moves.active(tx, task.held.id):
        if row.department == to and row.part == Part.ASSIST:
            helper = Task(row, task.held)
            moves.step(tx, helper, "end", by, EventKind.REASSIGNED, values={"ended_at": task.at}, details={"because": "leads_now"})
            clocks.stop(tx, task.held, assignment_id=row.id)
    return dispatching.lead(tx, task.held, to, by, designated=True)


def ledger(tx: Connection, department: str | None = None) -> list[Return]:
    """Every return ever asked for, newest first; of one department, or of all."""
    query = sa.select(event, assignment.c.department.label("owner"), assignment.c.status).join(
        assignment, assignment.c.id == event.c.assignment_id
    )
    query = query.where(event.c.kind == EventKind.RETURN_REQUESTED).order_by(event.c.id.desc())
    if department:
        query = query.where(assignment.c.department == department)
    return [
        Return(row.report_id, row.assignment_id, row.owner, row.details.get("suggested"), row.at, AssignmentStatus(row.status))
        for row in tx.execute(query)
    ]


def return_until(city: Rules, dispatched_at: datetime, level: Level) -> datetime:
    """The last moment at which a department may ask to give it back."""
    return city.due(dispatched_at, city.return_window.limit[level])


def _may_return(tx: Connection, task: Task) -> None:
    if task.assignment.designated:
        raise Designated
    before = sa.select(assignment.c.id).where(
        assignment.c.report_id == task.held.id, assignment.c.department == task.assignment.department, assignment.c.returns > 0
    )
    if tx.execute(before.limit(1)).one_or_none():
        raise ReturnedBefore
    until = return_until(rules(tx), task.assignment.dispatched_at, Level(task.held.report.level))
    if task.at > until:
        raise TooLate(until)
