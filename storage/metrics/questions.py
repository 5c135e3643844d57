"""One question to the figures, and its answer: which metrics, of which facts, grouped by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from storage.metrics import ranks
from storage.metrics.definitions import BY_KEY, Count, Metric, Rate, Unit, in_unit
from storage.metrics.fold import Flag
from storage.metrics.frame import Frame, Scope
from storage.metrics.packs import Column
from storage.metrics.ranks import Spread
from storage.rules import rules

EPOCH = date(1970, 1, 1)
WITHIN_REACH = 4_000_000


class By(StrEnum):
    """What an answer can be grouped by."""

    DEPARTMENT = "department"
    CATEGORY = "category"
    TOWN = "town"
    LEVEL = "level"
    CHANNEL = "channel"
    SOURCE = "source"
    OFFICER = "officer"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


KEYED = (By.CATEGORY, By.TOWN, By.LEVEL, By.CHANNEL, By.SOURCE)


@dataclass(frozen=True)
class Question:
    """`start` to `end`, both days included, by the day of dispatch (口径 A) or of the due time (口径 B). Empty filters let all pass."""

    metrics: tuple[str, ...]
    by: tuple[By, ...] = ()
    start: date | None = None
    end: date | None = None
    by_due: bool = False
    department: str = ""
    category: str = ""
    town: str = ""
    level: str = ""
    channel: str = ""
    source: str = ""
    officer: int = 0


class Share(NamedTuple):
    """So many of so many."""

    of: int
    among: int

    @property
    def share(self) -> float | None:
        """None when there is nothing to have a share of: shown as a dash, never as nought."""
        return self.of / self.among if self.among else None


class Timing(NamedTuple):
    """Finished and open ones, and how long they took (at least), by the clock and in working time; None when there are none."""

    finished: int
    open: int
    clock: Spread | None
    work: Spread | None

    @property
    def number(self) -> int:
        return self.finished + self.open


Value = int | Share | Timing
Key = str | int | date


@dataclass(frozen=True)
class Group:
    """One line of an answer. Keys of days, weeks and months are their first day."""

    key: tuple[Key, ...]
    values: Mapping[str, Value] = field(default_factory=dict)


def ask(tx: Connection, question: Question, at: datetime) -> list[Group]:
    """The answer, sorted by its keys; without grouping, one line even when there is nothing. Facts must be current."""
    found: dict[tuple[Key, ...], dict[str, Value]] = {} if question.by else {(): {}}
    for of_reports in (False, True):
        metrics = [BY_KEY[key] for key in question.metrics if (BY_KEY[key].unit is Unit.REPORTS) is of_reports]
        if metrics and not (of_reports and _is_of_departments(question)):
            frame = Frame(tx, _scope(tx, question, of_reports=of_reports), at)
            for key, values in _grouped(frame, question, metrics):
                found.setdefault(key, {}).update(values)
    for values in found.values():
        values.update({key: _nothing(BY_KEY[key]) for key in question.metrics if key not in values and _applies(key, question)})
    return [Group(key, found[key]) for key in sorted(found)]


def _is_of_departments(question: Question) -> bool:
    return bool(question.department or question.officer or {By.DEPARTMENT, By.OFFICER} & set(question.by))


def _applies(key: str, question: Question) -> bool:
    """A report belongs to no one department or officer: figures of reports are left out of such an answer, not shown as nought."""
    return BY_KEY[key].unit is not Unit.REPORTS or not _is_of_departments(question)


def _grouped(frame: Frame, question: Question, metrics: Sequence[Metric]) -> list[tuple[tuple[Key, ...], dict[str, Value]]]:
    if not frame.size:
        return []
    groups, keys = _groups(frame, question)
    lines: list[dict[str, Value]] = [{} for _ in keys]
    units: dict[Unit, Column] = {}
    for metric in metrics:
        if metric.unit not in units:
            units[metric.unit] = in_unit(metric.unit)(frame)
        for line, value in zip(lines, _values(frame, metric, groups, units[metric.unit], len(keys)), strict=True):
            line[metric.key] = value
    return list(zip(keys, lines, strict=True))


def _values(frame: Frame, metric: Metric, groups: Column, unit: Column, size: int) -> Sequence[Value]:
    if isinstance(metric, Count):
        return ranks.counts(groups, unit & metric.of(frame), size)
    if isinstance(metric, Rate):
        among = unit & metric.among(frame)
        return list(map(Share, ranks.counts(groups, among & metric.of(frame), size), ranks.counts(groups, among, size)))
    base = unit & metric.of(frame)
    ended = frame[f"{metric.span}_clock"] >= 0
    rows = np.flatnonzero(base & (ended | ~frame.has(Flag.ENDED)))
    order = ranks.by_group(groups[rows])
    rows = rows if order is None else rows[order]
    within, still_open = groups[rows], ~ended[rows]
    waiting = rows[still_open]
    spreads = []
    for kind in ("clock", "work"):
        amounts = frame[f"{metric.span}_{kind}"][rows]
        if len(waiting):
            amounts[still_open] = frame.so_far(kind, waiting)
        spreads.append(ranks.spreads(within, amounts, still_open, size))
    finished, unfinished = ranks.counts(within, ~still_open, size), ranks.counts(within, still_open, size)
    return list(map(Timing, finished, unfinished, *spreads))


def _groups(frame: Frame, question: Question) -> tuple[Column, list[tuple[Key, ...]]]:
    """For each fact the number of its group, and each group's keys."""
    joined = np.zeros(frame.size, dtype=np.int64)
    steps: list[tuple[By, int, int]] = []
    for by in question.by:
        numbers = _numbers(frame, by, due=question.by_due)
        low, high = int(numbers.min()), int(numbers.max())
        steps.append((by, low, high - low + 1))
        joined = joined * (high - low + 1) + (numbers - low)
    whole = int(np.prod([size for *_, size in steps], dtype=object)) if steps else 1
    if whole <= WITHIN_REACH:
        present = np.flatnonzero(np.bincount(joined, minlength=whole))
        place = np.zeros(whole, dtype=np.int64)
        place[present] = np.arange(len(present))
        groups = place[joined]
    else:
        present, groups = np.unique(joined, return_inverse=True)
    return groups, [_keys(frame, steps, int(number)) for number in present]


def _numbers(frame: Frame, by: By, *, due: bool) -> Column:
    time_column = "due" if due else "started"
    match by:
        case By.DEPARTMENT:
            return frame.department_numbers()
        case By.DAY:
            return frame.days(time_column)
        case By.WEEK:
            return frame.weeks(time_column)
        case By.MONTH:
            return frame.months(time_column)
    return frame[by].astype(np.int64)


def _keys(frame: Frame, steps: Sequence[tuple[By, int, int]], number: int) -> tuple[Key, ...]:
    keys: list[Key] = []
    for by, low, size in reversed(steps):
        number, rest = divmod(number, size)
        keys.append(_key(frame, by, rest + low))
    return tuple(reversed(keys))


def _key(frame: Frame, by: By, number: int) -> Key:
    match by:
        case By.DEPARTMENT:
            return str(frame.departments[number])
        case By.OFFICER:
            return number
        case By.DAY | By.WEEK:
            return EPOCH + timedelta(number)
        case By.MONTH:
            return date(1970 + number // 12, number % 12 + 1, 1)
    return str(frame.codes[number])


def _scope(tx: Connection, question: Question, *, of_reports: bool) -> Scope:
    zone = rules(tx).calendar.zone
    bounds: dict[str, int] = {}
    if question.start:
        bounds["start"] = int(datetime.combine(question.start, time(), zone).timestamp())
    if question.end:
        bounds["end"] = int(datetime.combine(question.end + timedelta(1), time(), zone).timestamp())
    keys = {str(by): getattr(question, by) for by in KEYED if getattr(question, by)}
    # A report has no due time and no officer of its own: it is placed by the day it was filed.
    by_due = question.by_due and not of_reports
    return Scope(of_reports, by_due, department=question.department, officer=question.officer, keys=keys, **bounds)


def _nothing(metric: Metric) -> Value:
    match metric:
        case Count():
            return 0
        case Rate():
            return Share(0, 0)
    return Timing(0, 0, None, None)
