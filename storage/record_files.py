"""Documents and photos that an officer adds to the record of handling: what each shows, who added it, and when."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import evidence, moves
from storage.errors import IllegalMove, NoSuchReport, NotTheOwner
from storage.evidence import File, Kept, OverQuota, Quota, Room
from storage.moves import Row, Task
from storage.people import Actor
from storage.sealing import destroy_key
from storage.tables.reports import assignment, attachment
from storage.vocabulary import AssignmentStatus, EventKind, Purpose

# From the signing to the end: a voucher often comes after the answer was handed in.
OPEN = frozenset({AssignmentStatus.CLAIMED, AssignmentStatus.WORKING, AssignmentStatus.SUBMITTED})


def check(tx: Connection, report_id: int, assignment_id: int, by: Actor) -> None:
    """Raise what stands in the way of this officer adding to that record of this report, before any work is done."""
    row = tx.execute(sa.select(assignment).where(assignment.c.id == assignment_id, assignment.c.report_id == report_id)).one_or_none()
    if row is None:
        raise NoSuchReport
    _allow(row, by)


def make_room(tx: Connection, assignment_id: int, by: Actor, digest: bytes, *, size: int, quota: Quota, at: datetime) -> Room | Kept:
    """A place for the file; or the file itself, if this report holds it already. Only for the officer who holds the assignment."""
    task = _held(tx, assignment_id, by, at)
    same = _same(tx, task, digest)
    if same:
        return same
    here = sa.select(sa.func.count()).where(attachment.c.assignment_id == task.id, attachment.c.removed_at.is_(None))
    if tx.execute(here).scalar_one() >= quota.waiting:
        raise OverQuota
    return evidence.place(tx, digest, size=size, quota=quota, at=at, owner=None)


def keep(tx: Connection, assignment_id: int, by: Actor, room: Room, file: File, *, purpose: Purpose, at: datetime) -> Kept:
    """The file is on the disk: now the record has it, and the history says so."""
    task = _held(tx, assignment_id, by, at)
    same = _same(tx, task, room.slot.digest)
    if same:
        destroy_key(tx, room.slot.key_id, at)
        return same
    values = {"report_id": task.held.id, "assignment_id": task.id, "purpose": str(purpose), "added_by": by.officer_id}
    kept = evidence.insert(tx, room, file, task.at, values)
    details = {"department": task.assignment.department, "purpose": str(purpose), "file": kept.id}
    moves.note(tx, task.held, EventKind.DOCUMENT_ADDED, by, details=details, assignment_id=task.id)
    return kept


def _held(tx: Connection, assignment_id: int, by: Actor, at: datetime) -> Task:
    task = moves.hold_assignment(tx, assignment_id, at)
    if task.held.report.sealed:
        raise NoSuchReport
    _allow(task.assignment, by)
    return task


def _allow(row: Row, by: Actor) -> None:
    if by.department != row.department:
        raise NoSuchReport
    if row.officer_id != by.officer_id:
        raise NotTheOwner(row.officer_id)
    if row.status not in OPEN:
        raise IllegalMove("add_document", row.status)


def _same(tx: Connection, task: Task, digest: bytes) -> Kept | None:
    here = sa.select(attachment.c.id, attachment.c.kind).where(attachment.c.report_id == task.held.id, attachment.c.digest == digest)
    row = tx.execute(here.where(attachment.c.removed_at.is_(None))).one_or_none()
    return Kept(row.id, row.kind) if row else None
