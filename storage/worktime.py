"""Working time: how long between two moments, and when a span of working time ends. Pure, and fast enough to call a million times.

Prefix sums of working days and a table of one day's seconds make every question O(1).
"""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import accumulate

DAY = 86_400
MONDAY_TO_FRIDAY = range(5)
# Years around the official ones that are reckoned by the fallback rule; a report's clock never reaches further.
YEARS_BEFORE, YEARS_AFTER = 10, 40


class BeyondCalendar(Exception):
    """A moment so far from every official year that something else must be wrong."""


@dataclass(frozen=True)
class OfficialYear:
    """One year of the State Council's table: days off that are holidays, and weekend days made up as working days."""

    holidays: frozenset[date]
    makeup: frozenset[date]


class Calendar:
    """Working days and hours of one city. A year without an official table is reckoned Monday to Friday minus the fixed holidays."""

    def __init__(
        self,
        years: Mapping[int, OfficialYear],
        *,
        fixed_holidays: frozenset[tuple[int, int]],
        hours: Sequence[tuple[time, time]],
        utc_offset: timedelta,
    ) -> None:
        self.official_until = max(years)
        self.zone = timezone(utc_offset)
        self._years = frozenset(years)
        self._first = date(min(years) - YEARS_BEFORE, 1, 1)
        self._base = int(datetime.combine(self._first, time(), self.zone).timestamp())
        self._within = _seconds_of_a_day(hours)
        self.seconds_per_day = self._within[-1]
        self._closing = bisect_right(self._within, self.seconds_per_day - 1)
        self._on = bytearray()
        self._days_before = array("l")
        self._working = array("l")
        self._lay(years, fixed_holidays)

    def working_seconds(self, start: datetime, end: datetime) -> int:
        """Working seconds from start to end; negative when end lies before start."""
        return self._elapsed(end) - self._elapsed(start)

    def add_working_seconds(self, start: datetime, seconds: int) -> datetime:
        """When so many working seconds have passed (or, negative, had yet to pass). A full last day ends at its closing hour."""
        total = self._elapsed(start) + seconds
        days, rest = divmod(total - 1, self.seconds_per_day)
        if not 0 <= days < len(self._working):
            raise BeyondCalendar(start)
        return self._moment(self._working[days], bisect_right(self._within, rest))

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The closing hour of the n-th working day after the day of `start`, which itself does not count (民法典 201, 203)."""
        day = self._place(start)[0]
        nth = self._days_before[day] + self._on[day] + days - 1
        if nth >= len(self._working):
            raise BeyondCalendar(start)
        return self._moment(self._working[nth], self._closing)

    def working_days_between(self, start: datetime, end: datetime) -> int:
        """Working days after the day of `start` up to and including the day of `end`."""
        first, last = self._place(start)[0], self._place(end)[0]
        return self._days_before[last] + self._on[last] - self._days_before[first] - self._on[first]

    def is_working(self, at: datetime) -> bool:
        """Whether offices are open at this moment."""
        day, second = self._place(at)
        return bool(self._on[day]) and self._within[second] < self._within[second + 1]

    def is_working_day(self, day: date) -> bool:
        return bool(self._on[(day - self._first).days])

    def is_provisional(self, at: datetime) -> bool:
        """Whether this moment lies in a year whose official table is not known yet."""
        return self.local_day(at).year not in self._years

    def local_day(self, at: datetime) -> date:
        """The date on the office's wall."""
        return at.astimezone(self.zone).date()

    def _lay(self, years: Mapping[int, OfficialYear], fixed: frozenset[tuple[int, int]]) -> None:
        end = date(max(years) + YEARS_AFTER + 1, 1, 1)
        for index in range((end - self._first).days):
            day = self._first + timedelta(index)
            on = _is_on(day, years.get(day.year), fixed)
            self._days_before.append(len(self._working))
            self._on.append(on)
            if on:
                self._working.append(index)

    def _place(self, at: datetime) -> tuple[int, int]:
        day, second = divmod(int(at.timestamp()) - self._base, DAY)
        if not 0 <= day < len(self._on):
            raise BeyondCalendar(at)
        return day, second

    def _elapsed(self, at: datetime) -> int:
        # Written out, not through _place: this is the call statistics make a million times.
        day, second = divmod(int(at.timestamp()) - self._base, DAY)
        if day < 0:
            raise BeyondCalendar(at)
        try:
            before = self._days_before[day] * self.seconds_per_day
            return before + self._within[second] if self._on[day] else before
        except IndexError:
            raise BeyondCalendar(at) from None

    def _moment(self, day: int, second: int) -> datetime:
        return datetime.fromtimestamp(self._base + day * DAY + second, UTC)


def _is_on(day: date, official: OfficialYear | None, fixed: frozenset[tuple[int, int]]) -> bool:
    weekday = day.weekday() in MONDAY_TO_FRIDAY
    if official is None:
        return weekday and (day.month, day.day) not in fixed
    return day in official.makeup or (weekday and day not in official.holidays)


def _seconds_of_a_day(hours: Sequence[tuple[time, time]]) -> "array[int]":
    """How many working seconds of a working day have passed at each second of it, midnight to midnight."""
    open_in = bytearray(DAY)
    for start, end in hours:
        open_in[_second(start) : _second(end)] = b"\1" * (_second(end) - _second(start))
    return array("l", accumulate(open_in, initial=0))


def _second(of_day: time) -> int:
    return of_day.hour * 3600 + of_day.minute * 60 + of_day.second
