"""The sweep: clocks that have something to say, reports to archive, calendars that became official. Once, however many processes run it.

Each thing is an act of its own, guarded by a conditional update: whoever comes second finds nothing to do. After a standstill it
catches up: what was missed is remembered, and only the latest is said.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, moves, outcomes, problems, reminding, telling, triage
from storage.database import Database
from storage.dispatching import seconds
from storage.moves import Held
from storage.notices import Notice
from storage.people import SYSTEM
from storage.reminding import Stage
from storage.rules import rules
from storage.tables.reports import assignment, clock, report
from storage.vocabulary import ClockKind, EventKind, Level, Status

BATCH = 500
Row = sa.Row[Any]
_CLOCK = sa.select(clock).where(clock.c.id == sa.bindparam("id"))
_TASK = sa.select(assignment).where(assignment.c.id == sa.bindparam("id"))

SAID: Mapping[Stage, Notice] = {
    Stage.HALF: Notice.HALF_TIME,
    Stage.SOON: Notice.DUE_SOON,
    Stage.OVERDUE: Notice.OVERDUE,
    Stage.URGED: Notice.URGED,
    Stage.CIRCULAR: Notice.CIRCULAR,
}
# From when on the department's head and the office hear it too.
TO_THE_HEAD = frozenset({Stage.OVERDUE, Stage.URGED, Stage.CIRCULAR})
TO_THE_OFFICE = frozenset({Stage.OVERDUE, Stage.URGED, Stage.CIRCULAR})
OFFICE_CLOCKS = frozenset({ClockKind.TRIAGE, ClockKind.RETURN, ClockKind.REVIEW})


async def sweep(database: Database, at: datetime) -> int:
    """Do everything that is due by now; how many things were done. Safe to run from several processes at once."""
    done = 0
    for find, act in ((speaking, attend), (resting, put_away), (recalculable, recalculate), (problems.late, problems.remind)):
        while found := await database.read(find, at):
            results = [await database.write(act, one, at) for one in found]
            done += sum(results)
            if not any(results):
                break
    return done


def speaking(tx: Connection, at: datetime) -> list[int]:
    """Clocks that have something to say by now, the longest waiting first."""
    due = sa.select(clock.c.id).where(clock.c.stopped_at.is_(None), clock.c.paused_at.is_(None), clock.c.next_at <= at)
    return list(tx.execute(due.order_by(clock.c.next_at, clock.c.id).limit(BATCH)).scalars())


def attend(tx: Connection, clock_id: int, at: datetime) -> bool:
    """Let one clock speak; False when another process was first, or it was stopped meanwhile."""
    held = moves.hold(tx, tx.execute(_CLOCK, {"id": clock_id}).one().report_id, at)
    # Read again once the report is held: it may have been stopped meanwhile.
    row = tx.execute(_CLOCK, {"id": clock_id}).one()
    if row.stopped_at or row.paused_at or row.next_at is None or row.next_at > held.at:
        return False
    city, level = rules(tx), Level(held.report.level)
    passed = reminding.passed(city, row, level, held.at)
    said = reminding.said(city, row, level, held.at)
    taken = (
        sa.update(clock)
        .where(clock.c.id == clock_id, clock.c.reminded == row.reminded, clock.c.stopped_at.is_(None), clock.c.paused_at.is_(None))
        .values(reminded=said, next_at=reminding.next_alarm(city, row, level, said))
        .returning(clock.c.id)
    )
    if tx.execute(taken).one_or_none() is None:
        return False
    if passed:
        _speak(tx, held, row, passed)
    return True


def resting(tx: Connection, at: datetime) -> list[int]:
    """Closed reports whose time to be archived has come."""
    before = at - timedelta(days=rules(tx).limits["archive_days"])
    query = sa.select(report.c.id).where(report.c.status == Status.CLOSED, report.c.closed_at <= before)
    return list(tx.execute(query.order_by(report.c.id).limit(BATCH)).scalars())


def put_away(tx: Connection, report_id: int, at: datetime) -> bool:
    """Archive one of them."""
    held = moves.hold(tx, report_id, at)
    if held.status is not Status.CLOSED:
        return False
    outcomes.archive(tx, report_id, SYSTEM, at)
    return True


def recalculable(tx: Connection, at: datetime) -> list[int]:  # noqa: ARG001 - every finder is asked with the moment
    """Reports with a due time reckoned before their year's calendar was official."""
    return clocks.recalculable_reports(tx)


def recalculate(tx: Connection, report_id: int, at: datetime) -> bool:
    """Reckon it anew, with an event."""
    clocks.recompute(tx, moves.hold(tx, report_id, at))
    return True


def _speak(tx: Connection, held: Held, row: Row, passed: tuple[Stage, ...]) -> None:
    last = passed[-1]
    if last is Stage.LAPSED:
        triage.lapse_info(tx, held) if row.kind == ClockKind.INFO else outcomes.lapse_callback(tx, held)
        return
    if last is Stage.ASK_AGAIN:
        attempt = row.reminded + len(passed) + 1
        rated = outcomes.awaits_reason(tx, held.report)
        moves.note(tx, held, EventKind.CALLED_BACK, SYSTEM, details={"reached": rated, "attempt": attempt})
        telling.reporter(tx, held, Notice.REASON_AGAIN if rated else Notice.RATE_AGAIN, attempt=attempt)
        return
    details = {"clock": row.kind, "due_at": seconds(row.due_at)}
    if Stage.OVERDUE in passed:
        # Remembered even when the sweep comes so late that a later thing is said.
        moves.note(tx, held, EventKind.BECAME_OVERDUE, SYSTEM, details=details, assignment_id=row.assignment_id)
    moves.note(tx, held, EventKind.REMINDED, SYSTEM, details={**details, "stage": str(last)}, assignment_id=row.assignment_id)
    _tell(tx, held, row, last)


def _tell(tx: Connection, held: Held, row: Row, stage: Stage) -> None:
    task = tx.execute(_TASK, {"id": row.assignment_id}).one_or_none()
    key = task.department if task else rules(tx).departments.office
    fields = {"clock": row.kind, "department": key, "due_at": seconds(row.due_at)}
    if task is None or row.kind in OFFICE_CLOCKS:
        telling.office(tx, held, SAID[stage], **fields)
        return
    if task.officer_id is None:
        telling.department(tx, held, key, SAID[stage], **fields)
    else:
        telling.officer_of(tx, held, task.officer_id, SAID[stage], **fields)
    if stage in TO_THE_HEAD or held.report.escalated:
        telling.head(tx, held, key, SAID[stage], **fields)
    if stage in TO_THE_OFFICE or held.report.escalated:
        telling.office(tx, held, SAID[stage], **fields)
