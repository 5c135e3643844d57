"""A slow, plain reckoning of working time, made from chinesecalendar and nothing of ours: what the fast one must equal."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from itertools import takewhile

import chinese_calendar

CHINA = timezone(timedelta(hours=8))
HOURS = ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
MINUTE = timedelta(minutes=1)


@cache
def is_working_day(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def is_working_minute(at: datetime) -> bool:
    local = at.astimezone(CHINA)
    return is_working_day(local.date()) and any(start <= local.time() < end for start, end in HOURS)


def working_minutes(start: datetime, end: datetime) -> int:
    """Minute by minute."""
    minutes = int((end - start) / MINUTE)
    return sum(is_working_minute(start + place * MINUTE) for place in range(minutes))


def windows(start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The office's open hours from the day of `start` on, for as long as the calendar reaches."""
    day = start.astimezone(CHINA).date()
    while day.year <= 2026:
        if is_working_day(day):
            yield from ((datetime.combine(day, opens, CHINA), datetime.combine(day, closes, CHINA)) for opens, closes in HOURS)
        day += timedelta(1)


def add_working_seconds(start: datetime, seconds: int) -> datetime:
    """Walk from one open hour to the next."""
    left = timedelta(seconds=seconds)
    for opens, closes in windows(start):
        begin = max(opens, start)
        if begin >= closes:
            continue
        if closes - begin >= left:
            return begin + left
        left -= closes - begin
    raise AssertionError("beyond the calendar")


def working_seconds(start: datetime, end: datetime) -> int:
    """Window by window."""
    spans = [(max(opens, start), min(closes, end)) for opens, closes in takewhile(lambda window: window[0] < end, windows(start))]
    return sum(int((until - since).total_seconds()) for since, until in spans if since < until)


def add_working_days(start: datetime, days: int) -> datetime:
    """Walk from day to day; the first does not count; the end is the closing hour."""
    day = start.astimezone(CHINA).date()
    while days:
        day += timedelta(1)
        days -= is_working_day(day)
    return datetime.combine(day, HOURS[-1][1], CHINA)
