"""What is looked at: a period, by the day of dispatch or of the due time, and the filters; read from an address and written back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Self

from storage.metrics.questions import By, Question

PERIODS = ("this_week", "this_month", "last_month", "quarter", "this_year", "twelve")
CUSTOM = "custom"
DEFAULT = "quarter"
KEYS = ("department", "category", "town", "level", "source")
LONGEST_KEY = 60


@dataclass(frozen=True)
class Filters:
    """Both days included. Empty filters let all pass."""

    start: date
    end: date
    period: str = CUSTOM
    by_due: bool = False
    department: str = ""
    category: str = ""
    town: str = ""
    level: str = ""
    source: str = ""
    officer: int = 0

    @classmethod
    def read(cls, given: Mapping[str, str], today: date) -> Self:
        """From an address. What cannot be read is as if it were not there."""
        period = given.get("period", DEFAULT)
        start, end = _day(given.get("from", "")), _day(given.get("to", ""))
        if period == CUSTOM and start and end and start <= end:
            days = start, end
        else:
            period = period if period in PERIODS else DEFAULT
            days = named(period, today)
        found = cls(*days, period=period, by_due=given.get("basis") == "due")
        return replace(found, **{key: given.get(key, "")[:LONGEST_KEY] for key in KEYS})  # type: ignore[arg-type]

    def address(self) -> dict[str, str]:
        """The same as fields of an address, empty ones left out."""
        fields = {key: str(getattr(self, key)) for key in KEYS}
        fields["period"] = self.period
        if self.period == CUSTOM:
            fields |= {"from": self.start.isoformat(), "to": self.end.isoformat()}
        if self.by_due:
            fields["basis"] = "due"
        return {key: value for key, value in fields.items() if value}

    def ask(self, metrics: tuple[str, ...], *by: By) -> Question:
        fields = asdict(self)
        fields.pop("period")
        return Question(metrics, by, **fields)


def named(period: str, today: date) -> tuple[date, date]:
    """The days of a named period; one that is not over ends today."""
    first = today.replace(day=1)
    match period:
        case "this_week":
            return today - timedelta(today.weekday()), today
        case "this_month":
            return first, today
        case "last_month":
            end = first - timedelta(1)
            return end.replace(day=1), end
        case "this_year":
            return today.replace(month=1, day=1), today
        case "twelve":
            return months_back(first, 11), today
    return months_back(first, 2), today


def months_back(first: date, months: int) -> date:
    """The first day of the month so many months before."""
    place = first.year * 12 + first.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
