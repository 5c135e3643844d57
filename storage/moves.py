"""Makes one move: the table says whether, one conditional update says who was first, and one event remembers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import events, lifecycle
from storage.errors import IllegalMove, NoSuchReport, NotPermitted, NotTheOwner, ReasonMissing
from storage.events import NOTHING
from storage.lifecycle import Reach
from storage.people import Actor
from storage.tables.reports import assignment, report
from storage.vocabulary import AssignmentStatus, EventKind, Role, Status

Row = sa.Row[Any]
# Made once: they run with every move. The lock leaves rows that only point to the report in peace.
_HOLD = sa.select(report).where(report.c.id == sa.bindparam("id")).with_for_update(key_share=True)
_ASSIGNMENT = sa.select(assignment).where(assignment.c.id == sa.bindparam("id"))
_ACTIVE = (
    sa.select(assignment)
    .where(assignment.c.report_id == sa.bindparam("report_id"), assignment.c.ended_at.is_(None))
    .order_by(assignment.c.part.desc(), assignment.c.id)
)
OUTSIDE_THE_SEAL = frozenset({Role.CLERK, Role.OFFICER, Role.HEAD, Role.OFFICE, Role.READER})


@dataclass(frozen=True)
class Held:
    """A report nobody else can move until this transaction ends, and the moment the act happens."""

    report: Row
    at: datetime

    @property
    def id(self) -> int:
        return int(self.report.id)

    @property
    def status(self) -> Status:
        return Status(self.report.status)


@dataclass(frozen=True)
class Task:
    """An assignment with its held report."""

    assignment: Row
    held: Held

    @property
    def id(self) -> int:
        return int(self.assignment.id)

    @property
    def at(self) -> datetime:
        return self.held.at

    @property
    def is_lead(self) -> bool:
        return bool(self.assignment.part == "lead")


def hold(tx: Connection, report_id: int, at: datetime) -> Held:
    """Take hold of the report: acts on one report happen one after another, on PostgreSQL too. NoSuchReport when there is none."""
    row = tx.execute(_HOLD, {"id": report_id}).one_or_none()
    if row is None:
        raise NoSuchReport
    return Held(row, events.moment(tx, report_id, at))


def hold_assignment(tx: Connection, assignment_id: int, at: datetime) -> Task:
    """Take hold of the assignment's report, and only then read the assignment: before, another may still be moving it."""
    known = tx.execute(_ASSIGNMENT, {"id": assignment_id}).one_or_none()
    if known is None:
        raise NoSuchReport
    held = hold(tx, known.report_id, at)
    return Task(tx.execute(_ASSIGNMENT, {"id": assignment_id}).one(), held)


def hold_with_main(tx: Connection, report_id: int, at: datetime) -> tuple[Held, Held]:
    """Hold a report and the main one it was merged into (or itself): always the main one first, so that no two wait for each other."""
    main_id = tx.execute(sa.select(report.c.merged_into_id).where(report.c.id == report_id)).scalar_one_or_none()
    main = hold(tx, main_id, at) if main_id is not None else None
    held = hold(tx, report_id, at)
    return held, main or held


def hold_merged(tx: Connection, report_id: int) -> None:
    """Hold what was merged into this report, before anything is written: whoever has written waits for no report any more."""
    merged = sa.select(report.c.id).where(report.c.merged_into_id == report_id).order_by(report.c.id)
    tx.execute(merged.with_for_update(key_share=True)).all()


def look(tx: Connection, report_id: int, at: datetime) -> Held:
    """A report as it stands, to tell people of it and not to move it."""
    return Held(tx.execute(sa.select(report).where(report.c.id == report_id)).one(), at)


def turn(
    tx: Connection,
    held: Held,
    name: str,
    by: Actor,
    kind: EventKind | None,
    *,
    values: Mapping[str, Any] = NOTHING,
    reason: str | None = None,
    details: Mapping[str, Any] = NOTHING,
    assignment_id: int | None = None,
) -> Held:
    """Move the report itself. IllegalMove from any state the table does not list, NotPermitted for any other role.

    No kind: it moves along with an assignment, whose event tells both.
    """
    _in_sight(held, by)
    rows = [move for move in lifecycle.report_moves(name) if by.role in move.roles]
    if not rows:
        raise NotPermitted(name, by.role)
    _with_reason(rows[0].needs_reason, reason)
    moved = _update(tx, report, held.id, [move.source for move in rows], {**values, "status": str(rows[0].target)})
    if moved is None:
        raise IllegalMove(name, held.status)
    status = Status(moved.status)
    if kind:
        events.append(tx, held.id, kind, by, held.at, to_status=status, assignment_id=assignment_id, reason=reason, details=details)
    return Held(moved, held.at)


def step(
    tx: Connection,
    task: Task,
    name: str,
    by: Actor,
    kind: EventKind,
    *,
    values: Mapping[str, Any] = NOTHING,
    reason: str | None = None,
    details: Mapping[str, Any] = NOTHING,
    report_status: Status | None = None,
) -> Task:
    """Move one assignment. Out of this person's reach it does not exist; `report_status` is the report's, if it moved with it."""
    _in_sight(task.held, by)
    rows = [move for move in lifecycle.assignment_moves(name) if by.role in move.roles]
    if not rows:
        raise NotPermitted(name, by.role)
    if rows[0].reach is not Reach.ANY and by.department != task.assignment.department:
        raise NoSuchReport
    _with_reason(rows[0].needs_reason, reason)
    within = [move for move in rows if move.reach is not Reach.OWNER or by.officer_id == task.assignment.officer_id]
    here = [move for move in rows if move.source == task.assignment.status]
    if here and not any(move in within for move in here):
        raise NotTheOwner(task.assignment.officer_id)
    targets = {move.target for move in within if move in here}
    sources = [move.source for move in within if move.target in targets]
    moved = _update(tx, assignment, task.id, sources, {"status": _target(targets), **values})
    if moved is None:
        raise IllegalMove(name, task.assignment.status)
    what = {"part": moved.part, "department": moved.department, "from": task.assignment.status, "to": moved.status, **details}
    after = report_status or task.held.status
    events.append(tx, task.held.id, kind, by, task.at, to_status=after, assignment_id=task.id, reason=reason, details=what)
    return Task(moved, task.held)


def note(
    tx: Connection,
    held: Held,
    kind: EventKind,
    by: Actor,
    *,
    reason: str | None = None,
    details: Mapping[str, Any] = NOTHING,
    assignment_id: int | None = None,
) -> events.Event:
    """Remember something that moves nothing."""
    return events.append(tx, held.id, kind, by, held.at, to_status=held.status, assignment_id=assignment_id, reason=reason, details=details)


def correct(tx: Connection, report_id: int, by: Actor, at: datetime, values: Mapping[str, Any], *, kind: EventKind, reason: str) -> Held:
    """The office sets a field of a report right; the old value stays in the history. NotPermitted for others, ReasonMissing."""
    office_only(kind, by)
    _with_reason(True, reason)
    held = hold(tx, report_id, at)
    _in_sight(held, by)
    changed = sa.update(report).where(report.c.id == report_id).values(**values, version=report.c.version + 1).returning(report)
    row = tx.execute(changed).one()
    details = {f"{name}_{when}": getattr(one, name) for name in values for when, one in (("from", held.report), ("to", row))}
    held = Held(row, held.at)
    note(tx, held, kind, by, reason=reason, details=details)
    return held


def office_only(move: str, by: Actor) -> None:
    """NotPermitted for everyone else."""
    if by.role is not Role.OFFICE:
        raise NotPermitted(move, by.role)


def owned(leader: Row | None, by: Actor) -> None:
    """An officer acts on a report only as its lead's owner; the office needs no such tie."""
    if by.role is Role.OFFICE:
        return
    if leader is None or leader.department != by.department:
        raise NoSuchReport
    if leader.officer_id != by.officer_id:
        raise NotTheOwner(leader.officer_id)


def active(tx: Connection, report_id: int) -> list[Row]:
    """The assignments of this report that are not ended, lead first."""
    return list(tx.execute(_ACTIVE, {"report_id": report_id}).all())


def lead_of(tx: Connection, report_id: int) -> Row | None:
    """The lead assignment, or None while nobody leads."""
    return next((row for row in active(tx, report_id) if row.part == "lead"), None)


def departments(tx: Connection, report_id: int) -> tuple[str | None, tuple[str, ...]]:
    """Who leads and who assists now, or did at the end."""
    done = sa.select(assignment).where(assignment.c.report_id == report_id, assignment.c.status == AssignmentStatus.DONE)
    rows = active(tx, report_id) or list(tx.execute(done.order_by(assignment.c.id.desc())).all())
    lead = next((row.department for row in rows if row.part == "lead"), None)
    return lead, tuple(dict.fromkeys(row.department for row in rows if row.part == "assist"))


def _update(tx: Connection, table: sa.Table, row_id: int, sources: list[Any], values: Mapping[str, Any]) -> Row | None:
    # The condition is the whole protection: whoever comes second finds no row, whatever was read before.
    statement = (
        sa.update(table)
        .where(table.c.id == row_id, table.c.status.in_([str(source) for source in sources]))
        .values(**values, version=table.c.version + 1)
        .returning(table)
    )
    return tx.execute(statement).one_or_none()


def _in_sight(held: Held, by: Actor) -> None:
    # A sealed report does not exist for whoever may not see it: not even as an illegal move.
    if held.report.sealed and by.role in OUTSIDE_THE_SEAL:
        raise NoSuchReport


def _target(targets: set[AssignmentStatus]) -> str | None:
    # Nothing to move to means that the update's condition will find no row; a move with two targets names the status itself.
    return str(next(iter(targets))) if targets else None


def _with_reason(needed: bool, reason: str | None) -> None:
    if needed and not (reason and reason.strip()):
        raise ReasonMissing
