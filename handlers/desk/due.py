"""How long there still is: late, today, soon or later, in working time where the clock runs in working time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.clocks import Clock
from storage.rules import Rules
from storage.vocabulary import ClockKind

# The day before the due day is "soon", wherever the week-end lies.
SOON_WORKING_DAYS = 1


class Press(StrEnum):
    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    LATER = "later"
    PAUSED = "paused"


@dataclass(frozen=True)
class Due:
    """One deadline as a person needs it. `left` is natural time; `working_days` counts whole working days after today."""

    clock: ClockKind
    at: datetime
    original: datetime
    press: Press
    left: timedelta
    working_days: int

    @property
    def was_moved(self) -> bool:
        """To another minute: what people read is no finer, and a pause of seconds must not show one time as two."""
        return self.at.replace(second=0, microsecond=0) != self.original.replace(second=0, microsecond=0)


def due(kind: ClockKind, at: datetime, original: datetime, *, now: datetime, rules: Rules, paused: bool = False) -> Due:
    days = rules.calendar.working_days_between(now, at) if at >= now else -rules.calendar.working_days_between(at, now)
    return Due(kind, at, original, _press(at, now, days, rules, paused), at - now, days)


def of_clock(clock: Clock, *, now: datetime, rules: Rules) -> Due:
    return due(clock.kind, clock.due_at, clock.due_original, now=now, rules=rules, paused=clock.paused_at is not None)


def _press(at: datetime, now: datetime, days: int, rules: Rules, paused: bool) -> Press:
    if paused:
        return Press.PAUSED
    if at < now:
        return Press.LATE
    if rules.calendar.local_day(at) == rules.calendar.local_day(now):
        return Press.TODAY
    return Press.SOON if days <= SOON_WORKING_DAYS else Press.LATER
