"""How long between two moments, in clock time and in working time, without the time that stood still (domain §10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from storage.vocabulary import EventKind, Status
from storage.worktime import Calendar

# Any fixed moment inside every calendar: working time "since then" lets open spans be reckoned later by one subtraction.
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
# Days and hours that tell two calendars apart.
PROBED_DAYS = 366 * 20
PROBED_MINUTES = range(0, 24 * 60, 15)

OPEN_END = 0
Gap = tuple[int, int]


def pauses(history: Sequence[Any]) -> list[Gap]:
    """When the report's time stood still: waiting for the reporter, or for a superior body's examination. An open end is 0."""
    gaps: list[Gap] = []
    began, waits_in = 0, Status.NEED_INFO
    for event in history:
        at, status = int(event.at.timestamp()), Status(event.to_status)
        if not began and event.kind in (EventKind.INFO_ASKED, EventKind.SUSPENDED):
            began, waits_in = at, status
        elif began and (status is not waits_in or event.kind == EventKind.RESUMED):
            gaps.append((began, at))
            began = 0
    return [*gaps, (began, OPEN_END)] if began else gaps


@dataclass(frozen=True)
class Ruler:
    """Measures spans by the city's working calendar."""

    calendar: Calendar

    def span(self, start: int, end: int, gaps: Sequence[Gap]) -> tuple[int, int]:
        """Seconds from start to end without the gaps: by the clock, and of working time."""
        still, still_work = self.within(gaps, start, end)
        return end - start - still, self.work(start, end) - still_work

    def within(self, gaps: Sequence[Gap], start: int, end: int) -> Gap:
        """How much of the finished gaps lies between start and end (0: still running)."""
        clock = work = 0
        for began, ended in gaps:
            first, last = max(began, start), min(ended or end, end or ended)
            if first < last:
                clock += last - first
                work += self.work(first, last)
        return clock, work

    def standing_since(self, gaps: Sequence[Gap]) -> int:
        """Since when time stands still, 0 when it runs."""
        return gaps[-1][0] if gaps and gaps[-1][1] == OPEN_END else 0

    def work(self, start: int, end: int) -> int:
        return self.calendar.working_seconds(_moment(start), _moment(end))

    def base(self, at: int) -> int:
        """Working seconds between a fixed moment and this one."""
        return self.calendar.working_seconds(SINCE, _moment(at))

    def fingerprint(self) -> str:
        """Differs when the calendar reckons differently."""
        first = self.calendar.local_day(SINCE).toordinal()
        days = bytes(self.calendar.is_working_day(SINCE.date().fromordinal(first + day)) for day in range(PROBED_DAYS))
        working = first + days.index(1)
        morning = datetime.combine(SINCE.date().fromordinal(working), datetime.min.time(), self.calendar.zone).timestamp()
        hours = bytes(self.calendar.is_working(_moment(int(morning) + 60 * minute)) for minute in PROBED_MINUTES)
        return sha256(days + hours).hexdigest()


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
