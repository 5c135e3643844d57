"""When an unfinished clock speaks up: at half time, shortly before its end, when overdue, and after (domain §8 remind)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.rules import Rules, Span, Unit
from storage.tables.reports import clock
from storage.vocabulary import ClockKind, Level

Row = sa.Row[Any]


class Stage(StrEnum):
    """One thing a clock says when nobody has stopped it."""

    HALF = "half"
    SOON = "soon"
    OVERDUE = "overdue"
    URGED = "urged"
    CIRCULAR = "circular"
    ASK_AGAIN = "ask_again"
    LAPSED = "lapsed"


_ANSWER = (Stage.HALF, Stage.SOON, Stage.OVERDUE, Stage.URGED, Stage.CIRCULAR)
_OFFICE = (Stage.HALF, Stage.OVERDUE)

# What each kind of clock says, in order. The reporter's own clocks lapse instead of being late.
STAGES: Mapping[ClockKind, tuple[Stage, ...]] = {
    ClockKind.TRIAGE: _OFFICE,
    ClockKind.SIGN: (Stage.HALF, Stage.OVERDUE, Stage.URGED),
    ClockKind.CONTACT: _OFFICE,
    ClockKind.REPLY: _ANSWER,
    ClockKind.REDO: _ANSWER,
    ClockKind.ASSIST: _ANSWER,
    ClockKind.RETURN: _OFFICE,
    ClockKind.REVIEW: _OFFICE,
    ClockKind.INFO: (Stage.LAPSED,),
    ClockKind.CALLBACK: (Stage.ASK_AGAIN, Stage.ASK_AGAIN, Stage.LAPSED),
}


def stages(city: Rules, kind: ClockKind) -> tuple[Stage, ...]:
    """What this kind of clock says, in order; a callback is tried as often as the city's limit says."""
    if kind is ClockKind.CALLBACK:
        return (*[Stage.ASK_AGAIN] * (city.limits["callback_tries"] - 1), Stage.LAPSED)
    return STAGES[kind]


def moment(city: Rules, row: Row, level: Level, place: int) -> datetime | None:
    """When the clock says the thing at this place of its list; None when its time is too short for that."""
    stage = stages(city, ClockKind(row.kind))[place]
    if stage is Stage.HALF:
        return _after(city, row, city.reminders.half_percent, 100)
    if stage is Stage.ASK_AGAIN:
        return _after(city, row, place + 1, city.limits["callback_tries"])
    if stage is Stage.SOON:
        soon = city.before(row.due_at, city.reminders.before[level])
        half = _after(city, row, city.reminders.half_percent, 100)
        return soon if soon > half else None
    if stage is Stage.URGED:
        return city.due(row.due_at, city.reminders.urge[level])
    if stage is Stage.CIRCULAR:
        return city.due(city.due(row.due_at, city.reminders.urge[level]), city.reminders.circular[level])
    due: datetime = row.due_at
    return due


def passed(city: Rules, row: Row, level: Level, at: datetime) -> tuple[Stage, ...]:
    """Everything the clock would have said by now and has not. After a standstill that may be several at once."""
    return tuple(stages(city, ClockKind(row.kind))[place] for place in _open(city, row) if _is_past(city, row, level, place, at))


def next_alarm(city: Rules, row: Row, level: Level, reminded: int) -> datetime | None:
    """When the sweep must look at this clock again, once it has said so many things."""
    moments = (moment(city, row, level, place) for place in range(reminded, len(stages(city, ClockKind(row.kind)))))
    return next((when for when in moments if when is not None), None)


def set_alarm(tx: Connection, city: Rules, row: Row, level: Level) -> None:
    """Write down when the sweep must look at this running clock."""
    alarm = None if row.stopped_at or row.paused_at else next_alarm(city, row, level, row.reminded)
    tx.execute(sa.update(clock).where(clock.c.id == row.id).values(next_at=alarm))


def said(city: Rules, row: Row, level: Level, at: datetime) -> int:
    """How many things the clock has said once everything past is said, those skipped for want of time included."""
    done = int(row.reminded)
    for place in _open(city, row):
        when = moment(city, row, level, place)
        if when is not None and when > at:
            break
        done = place + 1
    return done


def _open(city: Rules, row: Row) -> range:
    return range(row.reminded, len(stages(city, ClockKind(row.kind))))


def _is_past(city: Rules, row: Row, level: Level, place: int, at: datetime) -> bool:
    when = moment(city, row, level, place)
    return when is not None and when <= at


def _after(city: Rules, row: Row, share: int, of: int) -> datetime:
    """When this share of the clock's time has run, pauses left out."""
    if not Span(1, Unit(row.unit)).is_working_time:
        span = int((row.due_at - row.started_at).total_seconds()) - row.paused_seconds
        due: datetime = row.started_at + timedelta(seconds=span * share // of + row.paused_seconds)
        return due
    span = city.calendar.working_seconds(row.started_at, row.due_at) - row.paused_seconds
    return city.calendar.add_working_seconds(row.started_at, span * share // of + row.paused_seconds)
