"""Reads spans of days out of a question: last month, the last three weeks, March, the National Day holidays."""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handlers.figures.filters import months_back, named

Days = tuple[date, date]
NUMBER = r"(\d{1,2}|[一二两三四五六七八九十]{1,2})"
YEAR = r"(\d{4})"
LONGEST_DAYS = 366
LAST_YEAR = 2100


@dataclass(frozen=True)
class Found:
    """A span of days, and the words that named it."""

    words: str
    days: Days


@dataclass(frozen=True)
class Periods:
    """The city's words for spans of time. `is_working_day` says where a holiday begins and ends."""

    table: Mapping[str, Any]
    is_working_day: Callable[[date], bool]

    def find(self, text: str, today: date) -> Found | None:
        """The span this text names, if it names one; the longest wording wins."""
        found = [*self._exact(text, today), *self._dates(text), *self._recent(text, today), *self._calendar(text, today)]
        found += [*self._holidays(text, today), *self._seasons(text, today)]
        return max(found, key=lambda one: len(one.words), default=None)

    def _exact(self, text: str, today: date) -> list[Found]:
        return [Found(word, _named(key, today)) for key, words in self.table["period"].items() for word in words if word in text]

    def _dates(self, text: str) -> list[Found]:
        """Two days written out, like 2026-10-01至2026-10-07."""
        both = re.search(r"(\d{4}-\d{2}-\d{2})\s*\D{1,2}\s*(\d{4}-\d{2}-\d{2})", text)
        days = [_day(part) for part in both.groups()] if both else []
        return [Found(both.group(), (days[0], days[1]))] if both and days[0] and days[1] and days[0] <= days[1] else []

    def _recent(self, text: str, today: date) -> list[Found]:
        return [
            Found(match.group(), (_back(unit, max(self._number(match[1]), 1), today), today))
            for unit, forms in self.table["recent"].items()
            for form in forms
            if (match := re.search(form.replace("{n}", NUMBER), text))
        ]

    def _calendar(self, text: str, today: date) -> list[Found]:
        found = []
        for kind, forms in self.table["calendar"].items():
            for form in forms:
                match = re.search(form.replace("{y}", YEAR).replace("{n}", NUMBER), text)
                if match and (days := self._months(kind, match.groups(), today)):
                    found.append(Found(match.group(), days))
        return found

    def _months(self, kind: str, parts: Sequence[str], today: date) -> Days | None:
        if kind == "months":
            return self._several(parts, today)
        year = int(parts[0]) if kind != "month" else today.year
        if not today.year - 20 <= year <= LAST_YEAR:
            return None
        if kind == "year":
            return date(year, 1, 1), date(year, 12, 31)
        month = self._number(parts[-1])
        if not 1 <= month <= 12:
            return None
        if kind == "month" and month > today.month:
            # A month that is still to come this year means last year's.
            year -= 1
        return date(year, month, 1), date(year, month, monthrange(year, month)[1])

    def _several(self, parts: Sequence[str], today: date) -> Days | None:
        """From one month to another, the latest that has begun."""
        first, last = (self._months("month", (part,), today) for part in parts)
        if first is None or last is None:
            return None
        start, end = first[0], last[1]
        if start > end:
            start = start.replace(year=end.year - (start.month > end.month))
        return start, end

    def _holidays(self, text: str, today: date) -> list[Found]:
        """The latest one that has begun, with the days off around it."""
        found = []
        for name, written in self.table["holiday"].items():
            if name not in text:
                continue
            days = [day for one in written for day in _dated(one, today) if day <= today and not self.is_working_day(day)]
            if days:
                found.append(Found(name, self._around(max(days))))
        return found

    def _around(self, day: date) -> Days:
        start = end = day
        while (end - start).days < LONGEST_DAYS and not self.is_working_day(start - timedelta(1)):
            start -= timedelta(1)
        while (end - start).days < LONGEST_DAYS and not self.is_working_day(end + timedelta(1)):
            end += timedelta(1)
        return start, end

    def _seasons(self, text: str, today: date) -> list[Found]:
        found = []
        for name, span in self.table["season"].items():
            if name in text:
                start, end = (date.fromisoformat(f"{today.year}-{part}") for part in span.split("/"))
                if start > today:
                    start, end = start.replace(year=today.year - 1), end.replace(year=today.year - 1)
                found.append(Found(name, (start, end)))
        return found

    def _number(self, text: str) -> int:
        return int(text) if text.isdecimal() else int(self.table["numerals"].get(text, 0))


def _named(key: str, today: date) -> Days:
    monday, first = today - timedelta(today.weekday()), today.replace(day=1)
    quarter = months_back(first, (today.month - 1) % 3)
    spans: Mapping[str, Days] = {
        "today": (today, today),
        "yesterday": (today - timedelta(1), today - timedelta(1)),
        "last_week": (monday - timedelta(7), monday - timedelta(1)),
        "this_quarter": (quarter, today),
        "last_quarter": (months_back(quarter, 3), quarter - timedelta(1)),
        "seven_days": (today - timedelta(6), today),
        "thirty_days": (today - timedelta(29), today),
        "half_year": (months_back(first, 5), today),
        "last_year": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }
    return spans.get(key) or named(key, today)


def _back(unit: str, number: int, today: date) -> date:
    match unit:
        case "day":
            return today - timedelta(number - 1)
        case "week":
            return today - timedelta(today.weekday() + 7 * (number - 1))
        case "year":
            return months_back(today.replace(day=1), 12 * number - 1)
    return months_back(today.replace(day=1), number - 1)


def _dated(written: str, today: date) -> list[date]:
    if written.count("-") == 1:
        return [date.fromisoformat(f"{year}-{written}") for year in (today.year - 1, today.year)]
    return [date.fromisoformat(written)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
