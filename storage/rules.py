"""The city's times and limits, loaded once and handed to every act: `rules(tx)`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from storage import policy
from storage.departments import Departments
from storage.policy import PolicyUnreadable, Section
from storage.vocabulary import ClockKind, Level, Nature
from storage.worktime import Calendar, OfficialYear


class Unit(StrEnum):
    MINUTE = "minute"
    WORK_MINUTE = "work_minute"
    WORK_DAY = "work_day"
    DAY = "day"


MARKS = ("S", "V", "P", "M", "D")


@dataclass(frozen=True)
class Span:
    """So much time: "5 work_day"."""

    amount: int
    unit: Unit

    @property
    def is_working_time(self) -> bool:
        return self.unit in (Unit.WORK_MINUTE, Unit.WORK_DAY)


@dataclass(frozen=True)
class Deadline:
    """How long something may take, by level, and where that number comes from (domain §8)."""

    label: str
    starts: str
    source: str
    mark: str
    limit: Mapping[Level, Span]

    @property
    def is_default(self) -> bool:
        """No official source: shown as 默认值."""
        return self.mark == "D"


@dataclass(frozen=True)
class Statutory:
    """A limit set by law, shown beside ours and never overwritten by it."""

    key: str
    label: str
    natures: tuple[Nature, ...]
    limit: Span
    starts: str
    source: str
    mark: str


@dataclass(frozen=True)
class Reminders:
    """When an unfinished clock speaks up, by level: after a share of its time, before its end, and after it."""

    half_percent: int
    before: Mapping[Level, Span]
    urge: Mapping[Level, Span]
    circular: Mapping[Level, Span]


@dataclass(frozen=True)
class Rules:
    """Everything of the rule book that storage needs. Nothing in it changes while the service runs."""

    calendar: Calendar
    departments: Departments
    prefix: str
    deadlines: Mapping[ClockKind, Deadline]
    replies: Mapping[Nature, Deadline]
    return_window: Deadline
    extension_window: Deadline
    reminders: Reminders
    limits: Mapping[str, int]
    inform: Mapping[Level, tuple[str, ...]]
    statutory: tuple[Statutory, ...]
    # Categories only the discipline inspection answers for: a report of one is sealed, whoever files it.
    sealed_categories: frozenset[str]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read deadlines, holidays, departments and who leads which category; PolicyUnreadable names what is wrong and where."""
        departments = Departments.load(folder / "departments.toml")
        file = policy.load(folder / "deadlines.toml")
        clocks = file.section("clock")
        by_nature = clocks.section("reply")
        simple: list[ClockKind] = [kind for kind in ClockKind if kind not in (ClockKind.REPLY, ClockKind.ASSIST)]
        deadlines: dict[ClockKind, Deadline] = {kind: _deadline(clocks.section(kind)) for kind in simple}
        deadlines[ClockKind.ASSIST] = _deadline(clocks.section(ClockKind.ASSIST), "before_lead")
        windows = file.section("window")
        read = cls(
            calendar=load_calendar(folder / "holidays.toml"),
            departments=departments,
            prefix=file.section("number").text("prefix"),
            deadlines=deadlines,
            replies={nature: _deadline(by_nature.section(nature)) for nature in Nature},
            return_window=_deadline(windows.section("return")),
            extension_window=_deadline(windows.section("extension")),
            reminders=_reminders(file.section("remind")),
            limits=_limits(file.section("limits")),
            inform=_informed(file.section("inform")),
            statutory=tuple(_statutory(row) for row in file.sections("statutory")),
            sealed_categories=_led_by(folder / "categories.toml", departments.discipline),
        )
        for section in (clocks, by_nature, windows, file):
            section.finish()
        return read

    def deadline(self, kind: ClockKind, nature: Nature) -> Deadline:
        """The row of the table that this clock follows."""
        return self.replies[nature] if kind is ClockKind.REPLY else self.deadlines[kind]

    def due(self, start: datetime, span: Span) -> datetime:
        """When a span that starts now ends. The first day does not count (民法典 201)."""
        match span.unit:
            case Unit.MINUTE:
                return start + timedelta(minutes=span.amount)
            case Unit.WORK_MINUTE:
                return self.calendar.add_working_seconds(start, span.amount * 60)
            case Unit.WORK_DAY:
                return self.calendar.add_working_days(start, span.amount)
            case Unit.DAY:
                return self._end_of_day(self.calendar.local_day(start) + timedelta(days=span.amount))

    def before(self, due: datetime, span: Span) -> datetime:
        """The latest moment that lies at least a span before `due`."""
        match span.unit:
            case Unit.WORK_MINUTE:
                return self.calendar.add_working_seconds(due, -span.amount * 60)
            case Unit.WORK_DAY:
                return self.calendar.add_working_seconds(due, -span.amount * self.calendar.seconds_per_day)
            case Unit.MINUTE:
                return due - timedelta(minutes=span.amount)
            case Unit.DAY:
                return due - timedelta(days=span.amount)

    def statutory_for(self, nature: Nature) -> tuple[Statutory, ...]:
        """The legal limits that can bear on a report of this nature, for an officer to keep in mind."""
        return tuple(one for one in self.statutory if nature in one.natures)

    def _end_of_day(self, day: date) -> datetime:
        return datetime.combine(day, time(23, 59, 59), self.calendar.zone)


def rules(tx: Connection) -> Rules:
    """The rules this connection was opened with."""
    found: Rules | None = tx.info["rules"]
    if found is None:
        raise RulesMissing
    return found


class RulesMissing(Exception):
    """The database was opened without a rule book; acts on reports need one."""


def load_calendar(path: Path) -> Calendar:
    """Read holidays.toml."""
    file = policy.load(path)
    official = file.section("official")
    years = {int(year): _year(official.section(year), int(year)) for year in official.keys()}  # noqa: SIM118
    fixed = frozenset((day.month, day.day) for text in file.texts("fixed_holidays") for day in _days(file, text, 2000))
    hours = [_hours(file, text) for text in file.texts("hours")]
    calendar = Calendar(years, fixed_holidays=fixed, hours=hours, utc_offset=timedelta(hours=file.number("utc_offset_hours")))
    file.finish()
    return calendar


def _led_by(path: Path, department: str) -> frozenset[str]:
    file = policy.load(path)
    return frozenset(key for key in file.keys() if file.section(key).text("lead") == department)  # noqa: SIM118


def _year(row: Section, year: int) -> OfficialYear:
    holidays = frozenset(day for text in row.texts("holidays") for day in _days(row, text, year))
    makeup = frozenset(day for text in row.texts("makeup") for day in _days(row, text, year))
    row.finish()
    return OfficialYear(holidays, makeup)


def _days(row: Section, text: str, year: int) -> list[date]:
    first, _, last = text.partition("/")
    try:
        start, end = (date.fromisoformat(f"{year}-{part}") for part in (first, last or first))
    except ValueError:
        raise row.fault(text, 'must be a day "MM-DD" or days "MM-DD/MM-DD"') from None
    return [start + timedelta(days) for days in range((end - start).days + 1)]


def _hours(file: Section, text: str) -> tuple[time, time]:
    try:
        start, end = (time.fromisoformat(part) for part in text.split("-"))
    except ValueError:
        raise file.fault("hours", 'must be spans like "08:30-12:00"') from None
    return start, end


def _deadline(row: Section, limit: str = "limit") -> Deadline:
    mark = row.text("mark")
    if mark not in MARKS:
        raise row.fault("mark", f"must be one of {', '.join(MARKS)}")
    found = Deadline(row.text("label"), row.text("starts"), row.text("source"), mark, _levels(row, limit))
    row.finish()
    return found


def _levels(row: Section, key: str) -> Mapping[Level, Span]:
    table = row.section(key)
    found = {level: span(table, level) for level in Level}
    table.finish()
    return found


def span(row: Section, key: str) -> Span:
    """One entry like "5 work_day"."""
    amount, _, unit = row.text(key).partition(" ")
    if not amount.isdecimal() or int(amount) < 1 or unit not in tuple(Unit):
        raise row.fault(key, f'must be a number above zero and one of {", ".join(Unit)}, like "5 work_day"')
    return Span(int(amount), Unit(unit))


def _reminders(row: Section) -> Reminders:
    found = Reminders(row.number("half_percent"), _levels(row, "before"), _levels(row, "urge"), _levels(row, "circular"))
    row.text("source"), row.text("mark")
    row.finish()
    return found


LIMITS = ("callback_tries", "rectify_days", "archive_days", "spot_check_percent", "spot_check_least", "merge_days")


def _limits(row: Section) -> Mapping[str, int]:
    found = {key: row.number(key) for key in LIMITS}
    row.finish()
    return found


def _informed(row: Section) -> Mapping[Level, tuple[str, ...]]:
    found = {level: row.texts(level, []) for level in Level}
    row.finish()
    return found


def _statutory(row: Section) -> Statutory:
    natures = row.texts("natures")
    if not all(nature in tuple(Nature) for nature in natures):
        raise row.fault("natures", f"must be of {', '.join(Nature)}")
    found = Statutory(
        row.text("key"),
        row.text("label"),
        tuple(map(Nature, natures)),
        span(row, "limit"),
        row.text("starts"),
        row.text("source"),
        row.text("mark"),
    )
    row.finish()
    return found


__all__ = ["Deadline", "PolicyUnreadable", "Reminders", "Rules", "RulesMissing", "Span", "Statutory", "Unit", "load_calendar", "rules"]
