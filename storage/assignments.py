"""An officer's day: claim, start, contact, submit; and the office's review (domain §9, second table)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, handling, moves, officers, telling
from storage.dispatching import seconds
from storage.errors import AssistsOpen, AssistsUnable, ConflictDeclared, NoSuchReport, ReporterAsked, WrongDepartment
from storage.handling import Handling
from storage.moves import Held, Task
from storage.notices import Notice
from storage.people import SYSTEM, Actor
from storage.tables.reports import event, identity, report
from storage.tables.staff import officer
from storage.vocabulary import AssignmentStatus, ClockKind, EventKind, Part, Role, Status


@dataclass(frozen=True)
class Claimed:
    """The assignment is this officer's."""

    assignment_id: int
    at: datetime


@dataclass(frozen=True)
class TakenBy:
    """Someone else of the department was first."""

    officer_id: int
    at: datetime


def claim(tx: Connection, assignment_id: int, by: Actor, at: datetime) -> Claimed | TakenBy:
    """签收: give the assignment to this officer, or say who has it. One conditional update decides the race (domain §9 claim).

    Claiming what one holds already changes nothing. ConflictDeclared when the officer has declared an interest.
    """
    task = moves.hold_assignment(tx, assignment_id, at)
    if by.department != task.assignment.department or task.held.report.sealed:
        raise NoSuchReport
    if task.assignment.officer_id == by.officer_id is not None:
        return Claimed(assignment_id, task.assignment.claimed_at)
    if task.assignment.officer_id is not None:
        return TakenBy(task.assignment.officer_id, task.assignment.claimed_at)
    if has_conflict(tx, task.held.id, by):
        raise ConflictDeclared
    values = {"officer_id": by.officer_id, "claimed_at": task.at}
    first = task.is_lead and task.held.status is Status.DISPATCHED
    task = moves.step(tx, task, "claim", by, EventKind.CLAIMED, values=values, report_status=Status.HANDLING if first else None)
    if first:
        task = Task(task.assignment, moves.turn(tx, task.held, "lead_claimed", SYSTEM, None))
        _tell_claimed(tx, task)
    clocks.stop(tx, task.held, [ClockKind.SIGN], assignment_id=assignment_id)
    clocks.start(tx, task.held, ClockKind.CONTACT, assignment_id=assignment_id)
    return Claimed(assignment_id, task.at)


def release(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """Give a claimed assignment back to the department's pile. The signing clock does not start again: the answer's goes on."""
    task = moves.hold_assignment(tx, assignment_id, at)
    moves.step(tx, task, "release", by, EventKind.RELEASED, values={"officer_id": None, "claimed_at": None}, reason=reason)
    clocks.stop(tx, task.held, [ClockKind.CONTACT], assignment_id=assignment_id)


def start(tx: Connection, assignment_id: int, by: Actor, at: datetime) -> None:
    """首次联系或到现场: the response that response times measure (domain §10)."""
    task = moves.hold_assignment(tx, assignment_id, at)
    values = {"contacted_at": task.assignment.contacted_at or task.at}
    moves.step(tx, task, "start", by, EventKind.STARTED, values=values)
    clocks.stop(tx, task.held, [ClockKind.CONTACT], assignment_id=assignment_id)


def contact(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str | None = None) -> None:
    """One more talk or visit, noted; `reason` says what was learnt."""
    task = moves.hold_assignment(tx, assignment_id, at)
    moves.step(tx, task, "contact", by, EventKind.CONTACTED, reason=reason)


def transfer_owner(tx: Connection, assignment_id: int, to_officer: int, by: Actor, at: datetime) -> None:
    """部门内换人: the head gives a running assignment to another officer of the same department. No clock changes."""
    task = moves.hold_assignment(tx, assignment_id, at)
    colleague = sa.select(officer.c.id).where(
        officer.c.id == to_officer,
        officer.c.department == task.assignment.department,
        officer.c.role == Role.OFFICER,
        officer.c.active == 1,
    )
    if tx.execute(colleague).one_or_none() is None:
        raise WrongDepartment(task.assignment.department)
    if has_conflict(tx, task.held.id, Actor(Role.OFFICER, to_officer, task.assignment.department)):
        raise ConflictDeclared
    details = {"officer_from": task.assignment.officer_id, "officer_to": to_officer}
    task = moves.step(tx, task, "transfer_owner", by, EventKind.TRANSFERRED, values={"officer_id": to_officer}, details=details)
    main = clocks.main_clock(tx, assignment_id)
    telling.officer_of(tx, task.held, to_officer, Notice.TAKEN_OVER, due_at=seconds(main.due_at) if main else None)


def declare_conflict(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """利害关系回避: this officer may not hold the report; one who holds it lets go of it (domain §11)."""
    task = moves.hold_assignment(tx, assignment_id, at)
    values = {"officer_id": None, "claimed_at": None}
    held_by = task.assignment.officer_id == by.officer_id
    moves.step(tx, task, "declare_conflict", by, EventKind.CONFLICT_DECLARED, values=values if held_by else {}, reason=reason)
    clocks.stop(tx, task.held, [ClockKind.CONTACT], assignment_id=assignment_id)


def has_conflict(tx: Connection, report_id: int, by: Actor) -> bool:
    """Whether this officer has declared an interest in this report."""
    declared = sa.select(event.c.id).where(
        event.c.report_id == report_id, event.c.kind == EventKind.CONFLICT_DECLARED, event.c.officer_id == by.officer_id
    )
    return by.officer_id is not None and tx.execute(declared.limit(1)).one_or_none() is not None


def submit(tx: Connection, assignment_id: int, by: Actor, record: Handling, at: datetime) -> None:
    """Hand in the answer, or an assisting department's opinion, for review. Incomplete names what is missing; ReporterAsked."""
    task = moves.hold_assignment(tx, assignment_id, at)
    if task.is_lead and task.held.status is Status.NEED_INFO:
        raise ReporterAsked
    values = {"submitted_at": task.at, "disposition": str(record.disposition)}
    details = {"disposition": str(record.disposition)}
    task = moves.step(tx, task, "submit", by, EventKind.SUBMITTED, values=values, details=details)
    part = Part(task.assignment.part)
    handling.keep(tx, assignment_id, task.held.report.data_key_id, record, part=part, by=by, at=task.at)
    clocks.stop(tx, task.held, [*clocks.MAIN, ClockKind.CONTACT], assignment_id=assignment_id)
    due = clocks.start(tx, task.held, ClockKind.REVIEW, assignment_id=assignment_id)
    telling.office(tx, task.held, Notice.REVIEW_WAITING, department=task.assignment.department, part=str(part), due_at=seconds(due))
    leader = moves.lead_of(tx, task.held.id)
    if part is Part.ASSIST and leader:
        department = task.assignment.department
        telling.officer_of(
            tx, task.held, leader.officer_id, Notice.ASSIST_GIVEN, department=department, open=len(open_assists(tx, task.held))
        )


def approve(tx: Connection, assignment_id: int, by: Actor, at: datetime) -> None:
    """审核通过. A lead's approved answer goes to the reporter; it needs every assist's opinion, or the office's waiver: AssistsOpen.

    Nor does an answer go out while the reporter is still asked: ReporterAsked.
    """
    task = moves.hold_assignment(tx, assignment_id, at)
    if task.is_lead and task.assignment.status == AssignmentStatus.SUBMITTED:
        if task.held.status is Status.NEED_INFO:
            raise ReporterAsked
        waiting = still_wanted((row.department for row in open_assists(tx, task.held)), officers.staffed(tx))
        if waiting:
            raise waiting
    _finish(tx, task, by)
    if not task.is_lead:
        return
    for row in moves.active(tx, task.held.id):
        _finish(tx, Task(row, task.held), by)
    reply(tx, task, by)


def send_back(tx: Connection, assignment_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """退回修改: back to work on the clock that was running, as if it had never stopped."""
    task = moves.hold_assignment(tx, assignment_id, at)
    task = moves.step(tx, task, "send_back", by, EventKind.SENT_BACK, values={"submitted_at": None, "disposition": None}, reason=reason)
    clocks.stop(tx, task.held, [ClockKind.REVIEW], assignment_id=assignment_id)
    clocks.rerun(tx, task.held, clocks.MAIN, assignment_id=assignment_id)
    main = clocks.main_clock(tx, assignment_id)
    due = seconds(main.due_at) if main else None
    telling.officer_of(tx, task.held, task.assignment.officer_id, Notice.SENT_BACK, reason=reason, due_at=due)


def open_assists(tx: Connection, held: Held) -> list[moves.Row]:
    """Assisting departments whose opinion is still wanted."""
    return [row for row in moves.active(tx, held.id) if row.part == Part.ASSIST and row.status != AssignmentStatus.SUBMITTED]


def still_wanted(departments: Iterable[str], staffed: Collection[str]) -> AssistsOpen | None:
    """What keeps the lead's answer back while these departments owe an opinion; which of them cannot give one. None when none does."""
    waiting = tuple(departments)
    without_account = tuple(key for key in waiting if key not in staffed)
    if without_account:
        return AssistsUnable(waiting, without_account)
    return AssistsOpen(waiting) if waiting else None


def reply(tx: Connection, task: Task, by: Actor) -> None:
    """The answer goes out: the report is replied to, and whoever can be asked is asked how it was (domain §8 callback)."""
    held = task.held
    values = {"replied_at": held.at, "disposition": task.assignment.disposition}
    held = moves.turn(tx, held, "reply", by, EventKind.REPLIED, values=values, assignment_id=task.id)
    record = handling.newest(tx, task.id, held.report.data_key_id)
    rate = may_be_asked(tx, held)
    telling.reporter(
        tx,
        held,
        Notice.REPLIED,
        department=task.assignment.department,
        answer=record.answer if record else "",
        disposition=task.assignment.disposition,
        rate=rate,
    )
    if rate:
        clocks.start(tx, held, ClockKind.CALLBACK)
        return
    # Nobody to call back: 匿名不回访 closes at once.
    moves.turn(tx, held, "close", SYSTEM, EventKind.CLOSED, values={"closed_at": held.at}, details={"because": "no_callback"})


def may_be_asked(tx: Connection, held: Held) -> bool:
    """Whether somebody can be asked how it was: on their channel, or by phone if they wish. Never about a tip-off taken back."""
    if held.report.self_check:
        return False
    reached = sa.select(report.c.id).where(
        sa.or_(report.c.id == held.id, report.c.merged_into_id == held.id), report.c.reporter_id.is_not(None)
    )
    if tx.execute(reached.limit(1)).one_or_none():
        return True
    wishes = tx.execute(sa.select(identity.c.wants_reply).where(identity.c.report_id == held.id, identity.c.content.is_not(None)))
    return bool(wishes.scalar_one_or_none())


def _finish(tx: Connection, task: Task, by: Actor) -> None:
    ended = {"done_at": task.at, "ended_at": task.at}
    moves.step(tx, task, "approve", by, EventKind.APPROVED, values=ended, details={"disposition": task.assignment.disposition})
    clocks.stop(tx, task.held, [ClockKind.REVIEW], assignment_id=task.id)


def _tell_claimed(tx: Connection, task: Task) -> None:
    main = clocks.main_clock(tx, task.id)
    fields = {"department": task.assignment.department, "due_at": seconds(main.due_at) if main else None}
    telling.reporter(tx, task.held, Notice.CLAIMED, **fields, provisional=bool(main and main.provisional))
