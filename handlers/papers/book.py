"""papers.toml: what the ledgers and papers are called, their columns, and how times and blanks are written in them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from handlers import tables
from handlers.policy import Policy
from handlers.tables import PolicyUnreadable, Row
from storage.policy import parse

FILE = "papers.toml"

# What a cell of a ledger may hold.
Cell = str | int | date | datetime | None


class Kind(StrEnum):
    """How a column's cells are written."""

    ROW = "row"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    YUAN = "yuan"
    COUNT = "count"
    FLAG = "flag"


@dataclass(frozen=True)
class Column:
    """One column of a ledger; `total` adds it up in the last line."""

    key: str
    head: str
    kind: Kind
    width: int
    total: bool


@dataclass(frozen=True)
class Layout:
    """One ledger: its title, its columns, and words of its own."""

    key: str
    title: str
    file: str
    basis: str
    columns: tuple[Column, ...]
    words: Mapping[str, str]


@dataclass(frozen=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The first moment of it, and the first one after it."""
        first = datetime(self.start.year, self.start.month, self.start.day, tzinfo=zone)
        last = datetime(self.end.year, self.end.month, self.end.day, tzinfo=zone)
        return first, last + timedelta(days=1)


@dataclass(frozen=True)
class PaperBook:
    """Loaded once and checked whole. `words` are the labels of the workbench; `texts` the sentences of the papers.

    `facts`: what may be restated of a report, under its official name; `plain`: categories that accuse nobody.
    """

    folder: Path
    policy: Policy
    zone: tzinfo
    ledgers: Mapping[str, Layout]
    annex: Layout
    fonts: Mapping[str, str]
    facts: Mapping[str, str]
    plain: frozenset[str]
    texts: Mapping[str, Mapping[str, Any]]
    words: Mapping[str, Mapping[str, str]]
    towns: Mapping[str, str]
    shorts: Mapping[str, str]

    @classmethod
    def load(cls, policy: Policy, zone: tzinfo) -> Self:
        path = policy.folder / FILE
        file = tables.load(path)
        ledgers = {key: _layout(key, row) for key, row in file.row("ledger").rows().items()}
        restating = file.row("restating")
        named = restating.row("facts")
        facts = {key: named.text(key) for key in named.keys()}  # noqa: SIM118 - a section, not a dict
        plain = restating.texts("plain")
        _check(facts, policy.questions.by_key, "[restating.facts]", "questions.toml")
        _check(plain, policy.topics, "[restating] plain", "categories.toml")
        texts = parse(path)
        words = parse(policy.folder / "desk.toml")
        annex = _layout("annex", file.row("annex"))
        towns = {key: row.text("name") for key, row in tables.load(policy.folder / "towns.toml").rows().items()}
        shorts = {key: row.text("short") for key, row in tables.load(policy.folder / "departments.toml").rows().items()}
        return cls(policy.folder, policy, zone, ledgers, annex, texts["fonts"], facts, frozenset(plain), texts, words, towns, shorts)

    def word(self, section: str, key: str, **fields: object) -> str:
        """One sentence of the papers, filled."""
        return str(self.texts[section][key]).format(**fields)

    def blank(self, what: str) -> str:
        """A place that only a person can fill: marked, so that nobody overlooks it."""
        return self.word("office", "blank", what=what)

    def unit(self, department: str) -> str:
        """A department's full name, as it signs."""
        return f"{self.texts['office']['city']}{self.policy.department(department)}"

    def short(self, department: str) -> str:
        """The same for a narrow column."""
        return self.shorts[department]

    def day(self, at: date) -> str:
        """A day as official papers write it."""
        day = at.astimezone(self.zone).date() if isinstance(at, datetime) else at
        return self.word("office", "day", year=day.year, month=day.month, day=day.day)

    def minute(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        fields = {"year": local.year, "month": local.month, "day": local.day, "hour": local.hour, "minute": local.minute}
        return self.word("office", "minute", **fields)

    def period(self, period: Period) -> str:
        """A whole year or month by its name; otherwise from day to day, the year said once if it is one."""
        start, end = period.start, period.end
        if period == Period(date(start.year, 1, 1), date(start.year, 12, 31)):
            return self.word("office", "whole_year", year=start.year)
        if start.day == 1 and (start.year, start.month) == (end.year, end.month) and (end + timedelta(days=1)).day == 1:
            return self.word("office", "month", year=start.year, month=start.month)
        same = start.year == end.year
        until = self.word("office", "day_of_year", month=end.month, day=end.day) if same else self.day(end)
        return self.word("office", "period", start=self.day(start), end=until)

    def today(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def label(self, kind: str, key: str | None) -> str:
        """What the workbench calls it; nothing for nothing."""
        return self.words[kind][str(key)] if key else ""

    def town(self, key: str | None) -> str:
        return self.towns.get(key or "", "")


def _check(keys: Collection[str], known: Collection[str], place: str, file: str) -> None:
    """Whatever papers.toml names stands in the file it is named after."""
    for key in keys:
        if key not in known:
            raise PolicyUnreadable(f"{FILE}: {place}: no [{key}] in {file}; correct its name or remove it.")


def _layout(key: str, row: Row) -> Layout:
    columns = tuple(_column(Row.of(one)) for one in row.sections("columns"))
    known = {"columns", "title", "file", "basis"}
    words = {name: row.text(name) for name in row.keys() if name not in known}  # noqa: SIM118 - a section, not a dict
    return Layout(key, row.text("title"), row.text("file"), row.text("basis"), columns, words)


def _column(row: Row) -> Column:
    kind = row.text("kind")
    if kind not in tuple(Kind):
        raise row.fault("kind", f"must be one of {', '.join(Kind)}")
    return Column(row.text("key"), row.text("head"), Kind(kind), row.number("width"), row.flag("total"))
