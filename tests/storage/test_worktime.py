"""Working time: equal to a minute-by-minute reckoning in every official year, and honest about years to come."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.rules import Rules
from storage.worktime import BeyondCalendar, Calendar
from tests.storage import oracle

OFFICIAL = range(2021, 2027)


@pytest.fixture(scope="module")
def calendar(rules: Rules) -> Calendar:
    return rules.calendar


def local(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=oracle.CHINA)


def test_every_day_of_every_official_year_is_what_the_state_council_said(calendar: Calendar) -> None:
    first, last = date(2021, 1, 1), date(2026, 12, 31)
    days = [first + timedelta(ahead) for ahead in range((last - first).days + 1)]
    assert [day for day in days if calendar.is_working_day(day) != oracle.is_working_day(day)] == []


@pytest.mark.parametrize("year", OFFICIAL)
def test_spans_equal_a_minute_by_minute_count(calendar: Calendar, year: int) -> None:
    chance = random.Random(year)
    for _ in range(8):
        start = datetime(year, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(345 * 1440))
        end = start + timedelta(minutes=chance.randrange(20 * 1440))
        assert calendar.working_seconds(start, end) == oracle.working_minutes(start, end) * 60


@pytest.mark.parametrize("year", OFFICIAL)
def test_added_time_equals_a_walk_through_the_open_hours(calendar: Calendar, year: int) -> None:
    chance = random.Random(-year)
    for _ in range(150):
        start = datetime(year, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randrange(290 * 86_400))
        seconds, days = chance.randrange(1, 15 * 23_400), chance.randrange(1, 30)
        assert calendar.add_working_seconds(start, seconds) == oracle.add_working_seconds(start, seconds)
        assert calendar.add_working_days(start, days) == oracle.add_working_days(start, days)
        assert calendar.working_seconds(start, calendar.add_working_seconds(start, seconds)) == seconds


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (local(2026, 9, 30), 5, date(2026, 10, 13)),
        (local(2026, 9, 18), 1, date(2026, 9, 20)),
        (local(2026, 2, 13), 3, date(2026, 2, 25)),
        (local(2026, 4, 30), 5, date(2026, 5, 11)),
        (local(2026, 11, 23), 10, date(2026, 12, 7)),
    ],
)
def test_the_rule_books_own_examples(calendar: Calendar, start: datetime, days: int, due: date) -> None:
    assert calendar.add_working_days(start, days) == datetime.combine(due, oracle.HOURS[-1][1], oracle.CHINA)


def test_a_term_ends_when_the_office_closes_and_the_first_day_does_not_count(calendar: Calendar) -> None:
    assert calendar.add_working_days(local(2026, 11, 25, 0, 1), 1) == calendar.add_working_days(local(2026, 11, 25, 23, 59), 1)
    assert calendar.add_working_days(local(2026, 11, 25), 1) == local(2026, 11, 26, 17, 30)


def test_a_full_last_day_ends_the_same_day_and_not_the_next_morning(calendar: Calendar) -> None:
    assert calendar.add_working_seconds(local(2026, 11, 25, 8, 30), calendar.seconds_per_day) == local(2026, 11, 25, 17, 30)


def test_a_year_without_an_official_table_is_provisional_and_no_crash(calendar: Calendar) -> None:
    due = calendar.add_working_days(local(2026, 12, 21), 45)
    assert due.year == 2027
    assert calendar.is_provisional(due)
    assert not calendar.is_provisional(local(2026, 12, 31, 23, 59))
    assert not calendar.is_working_day(date(2027, 10, 1))
    assert calendar.is_working_day(date(2027, 3, 1))


def test_a_moment_a_lifetime_away_is_refused(calendar: Calendar) -> None:
    for far in (local(1971, 1, 1), local(2150, 1, 1)):
        with pytest.raises(BeyondCalendar):
            calendar.working_seconds(far, local(2026, 1, 1))
        with pytest.raises(BeyondCalendar):
            calendar.add_working_days(far, 1)
