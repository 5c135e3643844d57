"""The clocks of a report: started, paused, extended and stopped by moves; the original due time is never rewritten (domain §8)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import reminding
from storage.moves import Held, note
from storage.people import SYSTEM
from storage.rules import Rules, Span, Unit, rules
from storage.tables.reports import clock, event
from storage.vocabulary import ClockKind, EventKind, Level, Nature

Row = sa.Row[Any]
RUNNING = clock.c.stopped_at.is_(None)

# The clocks that say when a department's answer or opinion is due.
MAIN = (ClockKind.REPLY, ClockKind.REDO, ClockKind.ASSIST)
PAUSING = (EventKind.INFO_ASKED, EventKind.SUSPENDED)
# An answer or an end also ends whatever the report was waiting for.
RESUMING = (
    EventKind.INFO_GIVEN,
    EventKind.INFO_LAPSED,
    EventKind.RESUMED,
    EventKind.REPLIED,
    EventKind.CLOSED,
    EventKind.MERGED,
    EventKind.SEALED,
)


@dataclass(frozen=True)
class Clock:
    """One deadline as people see it. Provisional: the year's official calendar is not known yet (暂定)."""

    id: int
    kind: ClockKind
    assignment_id: int | None
    started_at: datetime
    due_original: datetime
    due_at: datetime
    provisional: bool
    paused_at: datetime | None
    stopped_at: datetime | None

    def is_overdue(self, at: datetime) -> bool:
        """A flag, never a status: late now, or stopped late."""
        return (self.stopped_at or self.paused_at or at) > self.due_at


def start(tx: Connection, held: Held, kind: ClockKind, *, assignment_id: int | None = None, span: Span | None = None) -> datetime:
    """Start this clock now and say when it is due. Without a span the table decides, by nature and level.

    While the report's time stands still it starts standing, except the one that waits for the reporter.
    """
    city, level = rules(tx), Level(held.report.level)
    time = span or city.deadline(kind, Nature(held.report.nature)).limit[level]
    due = city.due(held.at, time)
    row = {
        "report_id": held.id,
        "assignment_id": assignment_id,
        "kind": str(kind),
        "unit": str(time.unit),
        "amount": time.amount,
        "started_at": held.at,
        "due_original": due,
        "due_at": due,
        "provisional": time.is_working_time and city.calendar.is_provisional(due),
        "paused_at": held.at if kind is not ClockKind.INFO and is_paused(tx, held.id) else None,
    }
    made = tx.execute(sa.insert(clock).values(row).returning(clock)).one()
    reminding.set_alarm(tx, city, made, level)
    return due


def stop(tx: Connection, held: Held, kinds: Collection[ClockKind] | None = None, *, assignment_id: int | None = None) -> None:
    """Stop these clocks of the report, or of one assignment; a paused one is settled first."""
    city = rules(tx)
    for row in _running(tx, held.id, kinds, assignment_id):
        settled = {}
        if row.paused_at:
            paused = _paused_until(city, row, held.at)
            settled = {"paused_at": None, "paused_seconds": paused, "due_at": due_of(city, row, paused)}
        tx.execute(sa.update(clock).where(clock.c.id == row.id, RUNNING).values(stopped_at=held.at, next_at=None, **settled))


def rerun(tx: Connection, held: Held, kinds: Collection[ClockKind], *, assignment_id: int) -> None:
    """Let stopped clocks run on as if never stopped: a review that sends work back is no pause (domain §8 lists the pauses).

    A pause that fell into the review counts all the same, and one that still lasts holds them too.
    """
    city, level = rules(tx), Level(held.report.level)
    own = sa.and_(clock.c.assignment_id == assignment_id, clock.c.kind.in_(kinds))
    newest = sa.select(sa.func.max(clock.c.id)).where(own).group_by(clock.c.kind)
    for row in tx.execute(sa.select(clock).where(clock.c.id.in_(newest))).all():
        paused, since = _paused_meanwhile(tx, city, row)
        _reset(tx, city, row, level, stopped_at=None, paused_seconds=paused, paused_at=since)


def pause(tx: Connection, held: Held) -> None:
    """Stop counting on every running clock of the report, except the one that waits for the reporter."""
    running = sa.update(clock).where(clock.c.report_id == held.id, RUNNING, clock.c.paused_at.is_(None), clock.c.kind != ClockKind.INFO)
    tx.execute(running.values(paused_at=held.at, next_at=None))


def resume(tx: Connection, held: Held) -> None:
    """Count on: each due time moves by the paused time, in the clock's own time. One that was overdue stays overdue."""
    city, level = rules(tx), Level(held.report.level)
    for row in _running(tx, held.id, None, None):
        if row.paused_at:
            _reset(tx, city, row, level, paused_seconds=_paused_until(city, row, held.at), paused_at=None)


def is_paused(tx: Connection, report_id: int) -> bool:
    """Whether the report's time stands still."""
    spans = _pauses(tx, report_id)
    return bool(spans) and spans[-1][1] is None


def extend(tx: Connection, held: Held, days: int, *, assignment_id: int) -> datetime:
    """Give the assignment's main clock so many days more; the new due time. Natural days where the clock runs day and night."""
    city, level = rules(tx), Level(held.report.level)
    row = _running(tx, held.id, MAIN, assignment_id)[0]
    return _reset(tx, city, row, level, extended=row.extended + in_unit(days, Unit(row.unit)))


def in_unit(days: int, unit: Unit) -> int:
    """So many days in a clock's own unit: on a minute clock a day is a natural one."""
    return days * 24 * 60 if unit is Unit.MINUTE else days


def change_level(tx: Connection, held: Held) -> None:
    """The report has another level now: running clocks follow its limits from their own start; the original due time stays.

    Nobody was late before the level was known: where the shorter limit is over already, it counts from now.
    """
    city, level, nature = rules(tx), Level(held.report.level), Nature(held.report.nature)
    for row in _running(tx, held.id, None, None):
        if row.kind != ClockKind.ASSIST:
            span = city.deadline(ClockKind(row.kind), nature).limit[level]
            if (span.amount, span.unit) == (row.amount, row.unit):
                continue
            # Time given or paused was counted in the old unit; an unlike one cannot be carried over and is told in the event.
            same = span.unit == row.unit
            kept = {} if same else {"extended": 0, "paused_seconds": 0}
            changed = _reset(tx, city, row, level, amount=span.amount, unit=str(span.unit), reminded=0, **kept)
            if changed < held.at < row.due_at and span.unit is Unit.MINUTE:
                due = min(row.due_at, held.at + timedelta(minutes=span.amount))
                minutes = int((due - row.started_at).total_seconds()) // 60
                _reset(tx, city, row, level, amount=minutes, extended=0, paused_seconds=0)


def recompute(tx: Connection, held: Held) -> None:
    """The official calendar of a year has come: provisional due times of this report are reckoned anew, with an event."""
    city, level = rules(tx), Level(held.report.level)
    for row in _running(tx, held.id, None, None):
        if not _is_recalculable(city, row):
            continue
        due = _reset(tx, city, row, level)
        moved = {"clock": row.kind, "from": int(row.due_at.timestamp()), "to": int(due.timestamp())}
        note(tx, held, EventKind.DUE_RECALCULATED, SYSTEM, details=moved, assignment_id=row.assignment_id)


def recalculable_reports(tx: Connection) -> list[int]:
    """Reports with a running clock that was reckoned before its year's calendar was official, and it is official now."""
    waiting = sa.select(clock).where(RUNNING, clock.c.provisional == 1).order_by(clock.c.report_id)
    return list(dict.fromkeys(row.report_id for row in tx.execute(waiting) if _is_recalculable(rules(tx), row)))


def of_report(tx: Connection, report_id: int) -> list[Clock]:
    """Every clock this report ever had, oldest first."""
    rows = tx.execute(sa.select(clock).where(clock.c.report_id == report_id).order_by(clock.c.id))
    return [_seen(row) for row in rows]


def main_clock(tx: Connection, assignment_id: int) -> Clock | None:
    """The newest clock that says when this assignment's answer or opinion is due."""
    newest = sa.select(clock).where(clock.c.assignment_id == assignment_id, clock.c.kind.in_(MAIN)).order_by(clock.c.id.desc())
    row = tx.execute(newest.limit(1)).one_or_none()
    return _seen(row) if row else None


def due_of(city: Rules, row: Row, paused_seconds: int | None = None) -> datetime:
    """When this clock is due: its span and what was granted, from its start, then the paused time on top."""
    paused = row.paused_seconds if paused_seconds is None else paused_seconds
    span = Span(row.amount + row.extended, Unit(row.unit))
    due = city.due(row.started_at, span)
    if not paused:
        return due
    return city.calendar.add_working_seconds(due, paused) if span.is_working_time else due + timedelta(seconds=paused)


def _paused_meanwhile(tx: Connection, city: Rules, row: Row) -> tuple[int, datetime | None]:
    """Paused seconds of a stopped clock once the pauses since it stopped are added, and since when one still lasts."""
    paused, due = int(row.paused_seconds), row.due_at
    for since, until in _pauses(tx, row.report_id):
        begin = max(since, row.stopped_at)
        if until is None:
            return paused, begin
        if begin < min(until, due):
            paused += _own_seconds(city, row, begin, until)
            due = due_of(city, row, paused)
    return paused, None


def _pauses(tx: Connection, report_id: int) -> list[tuple[datetime, datetime | None]]:
    """When the report's time stood still, from its history; the last may still last."""
    query = sa.select(event.c.kind, event.c.at).where(event.c.report_id == report_id, event.c.kind.in_((*PAUSING, *RESUMING)))
    spans: list[tuple[datetime, datetime | None]] = []
    for one in tx.execute(query.order_by(event.c.seq)):
        if one.kind in PAUSING:
            spans.append((one.at, None))
        elif spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], one.at)
    return spans


def _own_seconds(city: Rules, row: Row, start: datetime, end: datetime) -> int:
    if Span(1, Unit(row.unit)).is_working_time:
        return city.calendar.working_seconds(start, end)
    return int((end - start).total_seconds())


def _is_recalculable(city: Rules, row: Row) -> bool:
    return bool(row.provisional and not row.paused_at and not city.calendar.is_provisional(due_of(city, row)))


def _paused_until(city: Rules, row: Row, at: datetime) -> int:
    """Paused seconds of this clock altogether, in its own time, up to now."""
    before = int(row.paused_seconds)
    return before if row.paused_at >= row.due_at else before + _own_seconds(city, row, row.paused_at, at)


def _reset(tx: Connection, city: Rules, row: Row, level: Level, **values: Any) -> datetime:
    """Change the clock, reckon its due time anew, and set its alarm."""
    changed = tx.execute(sa.update(clock).where(clock.c.id == row.id).values(**values).returning(clock)).one() if values else row
    due = due_of(city, changed)
    provisional = Span(1, Unit(changed.unit)).is_working_time and city.calendar.is_provisional(due)
    again = sa.update(clock).where(clock.c.id == row.id).values(due_at=due, provisional=provisional)
    reminding.set_alarm(tx, city, tx.execute(again.returning(clock)).one(), level)
    return due


def _running(tx: Connection, report_id: int, kinds: Collection[ClockKind] | None, assignment_id: int | None) -> list[Row]:
    query = sa.select(clock).where(clock.c.report_id == report_id, RUNNING).order_by(clock.c.id)
    if kinds is not None:
        query = query.where(clock.c.kind.in_([str(kind) for kind in kinds]))
    if assignment_id is not None:
        query = query.where(clock.c.assignment_id == assignment_id)
    return list(tx.execute(query).all())


def _seen(row: Row) -> Clock:
    return Clock(
        row.id,
        ClockKind(row.kind),
        row.assignment_id,
        row.started_at,
        row.due_original,
        row.due_at,
        row.provisional,
        row.paused_at,
        row.stopped_at,
    )
