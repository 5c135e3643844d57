"""One question to the figures, and its answer: which metrics, of which facts, grouped by what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection

from storage.metrics import chunks, names
from storage.metrics.answers import Grouped, Line, Share, Timing, Value, figure, nothing
from storage.metrics.cells import Cells, month_number
from storage.metrics.chunks import Scope
from storage.metrics.definitions import BY_KEY, Metric, Unit, touched
from storage.metrics.frame import Frame, Moment
from storage.metrics.grouping import By, Grouping, Key
from storage.rules import rules

__all__ = ["By", "Group", "Key", "Question", "Share", "Timing", "Value", "ask"]

FILTERS = (By.CATEGORY, By.TOWN, By.LEVEL, By.CHANNEL, By.SOURCE)
# What cells can tell apart; anything finer is counted fact by fact.
OF_CELLS = frozenset({By.DEPARTMENT, By.CATEGORY, By.MONTH})
UNKNOWN = 0


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


class Group(NamedTuple):
    """One line of an answer. Keys of days, weeks and months are their first day."""

    key: tuple[Key, ...]
    values: Mapping[str, Value]


def ask(tx: Connection, question: Question, at: datetime) -> list[Group]:
    """The answer, sorted by its keys; without grouping, one line even when there is nothing. Facts must be current."""
    wanted = [key for key in question.metrics if _applies(key, question)]
    kinds: list[list[Metric]] = [[], []]
    for key in wanted:
        kinds[BY_KEY[key].unit is Unit.REPORTS].append(BY_KEY[key])
    answers = [_answered(tx, question, kind, at, of_reports=bool(place)) for place, kind in enumerate(kinds) if kind]
    if len(answers) == 1 and (question.by or answers[0]):
        return sorted(answers[0], key=itemgetter(0))
    found: dict[tuple[Key, ...], dict[str, Value]] = {} if question.by else {(): {}}
    for group in chain.from_iterable(answers):
        found.setdefault(group.key, {}).update(group.values)
    blank = {key: nothing(BY_KEY[key]) for key in wanted}
    return [Group(key, {**blank, **found[key]}) for key in sorted(found)]


def _is_of_departments(question: Question) -> bool:
    return bool(question.department or question.officer or {By.DEPARTMENT, By.OFFICER} & set(question.by))


def _is_of_names(question: Question) -> bool:
    return bool(set(FILTERS) & set(question.by)) or any(getattr(question, by) for by in FILTERS)


def _applies(key: str, question: Question) -> bool:
    """A report belongs to no one department or officer: figures of reports are left out of such an answer, not shown as nought."""
    return BY_KEY[key].unit is not Unit.REPORTS or not _is_of_departments(question)


def _answered(tx: Connection, question: Question, metrics: Sequence[Metric], at: datetime, *, of_reports: bool) -> list[Group]:
    calendar, known = rules(tx).calendar, names.known(tx) if _is_of_names(question) else {}
    scope = _scope(tx, question, known, of_reports=of_reports)
    there = chunks.find(tx, scope, calendar.zone)
    # Settled facts of whole months are counted already, when cells tell apart what is asked; the rest is looked at one by one.
    counted = [chunk for chunk in there if chunk.inside] if _cells_tell(question, scope) else []
    single = [chunk for chunk in there if not chunk.inside] if counted else there
    cells = Cells(
        tx,
        {chunk.id: (chunk.place, month_number(chunk.month)) for chunk in counted},
        each=By.CATEGORY in question.by,
        category=(scope.codes or {}).get(By.CATEGORY),
    )
    frames = chunks.facts(tx, there, single, scope, expected=_columns(question, metrics, scope), moment=Moment.of(at, calendar))
    every: tuple[Cells | Frame, ...] = (cells, *frames)
    sources = [source for source in every if source.size]
    if not sources:
        return []
    departments = list(dict.fromkeys(chunk.department for chunk in there))
    east = int(calendar.zone.utcoffset(None).total_seconds())
    grouping = Grouping(question.by, "due" if scope.by_due else "started", east, departments, known)
    groups, keys = grouping.groups(sources)
    numbered = list(zip(sources, groups, strict=True))
    grouped = Grouped(
        [(one, numbers) for one, numbers in numbered if isinstance(one, Cells)],
        [(one, numbers) for one, numbers in numbered if isinstance(one, Frame)],
        len(keys),
    )
    figures = {metric.key: figure(grouped, metric) for metric in metrics}
    return [Group(key, Line(figures, place)) for place, key in enumerate(keys)]


def _columns(question: Question, metrics: Sequence[Metric], scope: Scope) -> list[str]:
    """What will surely be looked at when facts are counted one by one."""
    time = "due" if scope.by_due else "started"
    # Whole months need no moment of each fact, unless it is grouped by one.
    by = [time if one in (By.DAY, By.WEEK) else str(one) for one in question.by]
    looked_at = [name for metric in metrics for name in touched(metric)]
    return list(dict.fromkeys((*by, *(scope.codes or {}), *looked_at, *(["due"] if scope.by_due else []))))


def _cells_tell(question: Question, scope: Scope) -> bool:
    return not scope.by_due and OF_CELLS.issuperset(question.by) and set(scope.codes or {}) <= {By.CATEGORY}


def _scope(tx: Connection, question: Question, known: Mapping[int, str], *, of_reports: bool) -> Scope:
    zone = rules(tx).calendar.zone
    bounds: dict[str, int] = {}
    if question.start:
        bounds["start"] = int(datetime.combine(question.start, time(), zone).timestamp())
    if question.end:
        bounds["end"] = int(datetime.combine(question.end + timedelta(1), time(), zone).timestamp())
    numbers = {name: number for number, name in known.items()}
    codes = {str(by): numbers.get(getattr(question, by), UNKNOWN) for by in FILTERS if getattr(question, by)}
    if question.officer:
        codes[By.OFFICER] = question.officer
    # A report has no due time and no officer of its own: it is placed by the day it was filed.
    return Scope(of_reports, question.by_due and not of_reports, department=question.department, codes=codes, **bounds)
