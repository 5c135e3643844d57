"""The office keeps things moving: hand over, add or waive an assist, supervise (domain §9 任意未 done)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, clocks, dispatching, moves, returns, telling
from storage.dispatching import seconds
from storage.errors import IllegalMove, WrongDepartment
from storage.moves import Task
from storage.notices import Notice
from storage.people import Actor
from storage.tables.reports import report
from storage.vocabulary import EventKind, Status

UNDER_WAY = (Status.DISPATCHED, Status.HANDLING)


def reassign(tx: Connection, assignment_id: int, to: str, by: Actor, at: datetime, *, reason: str) -> int:
    """改派: another department has it by the office's ruling, on clocks of its own; its assignment."""
    task = moves.hold_assignment(tx, assignment_id, at)
    if to == task.assignment.department:
        raise WrongDepartment(to)
    values = {"ended_at": task.at}
    task = moves.step(tx, task, "reassign", by, EventKind.REASSIGNED, values=values, reason=reason, details={"given_to": to})
    clocks.stop(tx, task.held, assignment_id=assignment_id)
    telling.department(tx, task.held, task.assignment.department, Notice.RETURNED, to=to)
    return returns.pass_on(tx, task, to, by)


def add_assist(tx: Connection, report_id: int, department: str, by: Actor, at: datetime) -> int:
    """One more department helps; its assignment. Also the only way for those outside the seed document (domain §2)."""
    moves.office_only("add_assist", by)
    held = moves.hold(tx, report_id, at)
    if held.status not in UNDER_WAY:
        raise IllegalMove("add_assist", held.status)
    made = dispatching.assist(tx, held, department, by)
    moves.note(tx, held, EventKind.ASSIST_ADDED, by, details={"department": department}, assignment_id=made)
    return made


def waive(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """豁免: the lead need not wait for this department's opinion. Only an assist can be waived."""
    task = moves.hold_assignment(tx, assignment_id, at)
    if task.is_lead:
        raise IllegalMove("waive", task.assignment.status)
    _waive(tx, task, by, reason=reason)


def waive_all(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> int:
    """豁免: this lead need not wait for any opinion still wanted, for one reason; how many there were. An event for each of them."""
    moves.office_only("waive_all", by)
    task = moves.hold_assignment(tx, assignment_id, at)
    waiting = assignments.open_assists(tx, task.held) if task.is_lead else []
    if not waiting:
        raise IllegalMove("waive_all", task.assignment.status)
    for row in waiting:
        _waive(tx, Task(row, task.held), by, reason=reason)
    return len(waiting)


def escalate(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """督办: a flag and a message to the owner and the head; no status and no due time changes."""
    task = moves.hold_assignment(tx, assignment_id, at)
    moves.step(tx, task, "escalate", by, EventKind.ESCALATED, reason=reason)
    tx.execute(sa.update(report).where(report.c.id == task.held.id).values(escalated=True, version=report.c.version + 1))
    main = clocks.main_clock(tx, assignment_id)
    fields = {"reason": reason, "due_at": seconds(main.due_at) if main else None}
    telling.department(tx, task.held, task.assignment.department, Notice.SUPERVISED, **fields)


def _waive(tx: Connection, assist: Task, by: Actor, *, reason: str) -> None:
    values = {"waived": True, "done_at": assist.at, "ended_at": assist.at}
    moves.step(tx, assist, "waive", by, EventKind.ASSIST_WAIVED, values=values, reason=reason)
    clocks.stop(tx, assist.held, assignment_id=assist.id)
