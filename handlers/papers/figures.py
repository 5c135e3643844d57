"""The one place where papers get their figures: from the same facts as the overview, in one consistent moment."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from sqlalchemy import Connection

from handlers.papers.book import PaperBook, Period
from handlers.papers.totals import Done, totals
from storage import problems, works
from storage.database import Database
from storage.metrics import keeping
from storage.metrics.questions import By, Group, Question, Share, Timing, ask
from storage.problems import Problem

OF_REPORTS = ("received", "closed")
OF_TASKS = (
    "assigned",
    "close_rate",
    "on_time_rate",
    "sign_timely_rate",
    "satisfy_rate",
    "solve_rate",
    "return_rate",
    "return_wrong_rate",
    "overdue_cnt",
    "t_reply",
)


@dataclass(frozen=True)
class Line:
    """One department's figures, or everybody's together. `in_time` and `late` are of the done ones."""

    department: str
    assigned: int
    in_time: int
    close: Share
    on_time: Share
    sign: Share
    satisfied: Share
    solved: Share
    returns: Share
    wrong_returns: Share
    overdue: int
    mean_seconds: int | None

    @classmethod
    def nothing(cls, department: str) -> Self:
        """A department that had nothing to do."""
        none = Share(0, 0)
        return cls(department, 0, 0, none, none, none, none, none, none, none, overdue=0, mean_seconds=None)

    @property
    def done(self) -> int:
        return self.close.of

    @property
    def late(self) -> int:
        return self.done - self.in_time

    @property
    def open(self) -> int:
        return self.assigned - self.done

    @property
    def unhappy(self) -> int:
        return self.satisfied.among - self.satisfied.of


@dataclass(frozen=True)
class Topic:
    """One category: how many reports of it came, and how many of them are closed."""

    category: str
    received: int
    closed: int


@dataclass(frozen=True)
class Figures:
    """Everything a circular, a monthly sheet or a summary counts."""

    received: int
    closed: int
    whole: Line
    lines: tuple[Line, ...]
    topics: tuple[Topic, ...]
    done: Done
    totals: Mapping[str, int]
    problems: tuple[Problem, ...]
    overdue_problems: Mapping[str, int]

    def line(self, department: str) -> Line | None:
        return next((line for line in self.lines if line.department == department), None)


async def gather(database: Database, book: PaperBook, period: Period, at: datetime) -> Figures:
    """The figures of this period, after everything that moved has been counted in."""
    while not await database.read(keeping.is_current):
        while await database.write(keeping.catch_up):
            pass
    return await database.read(_gathered, book, period, at)


def _gathered(tx: Connection, book: PaperBook, period: Period, at: datetime) -> Figures:
    start, end = period.bounds(book.zone)
    by_department = ask(tx, _question(period, OF_TASKS, By.DEPARTMENT), at)
    whole, reports = ask(tx, _question(period, OF_TASKS), at)[0], ask(tx, _question(period, OF_REPORTS), at)[0]
    in_time = works.done_in_time(tx, start, end)
    lines = tuple(_line(group, str(group.key[0]), in_time.get(str(group.key[0]), 0)) for group in by_department)
    known = problems.ledger(tx)
    today = book.today(at)
    done = Done(works.done(tx, start, end), works.visits(tx, start, end), *_chosen(book))
    return Figures(
        received=_count(reports, "received"),
        closed=_count(reports, "closed"),
        whole=_line(whole, "", sum(line.in_time for line in lines)),
        lines=tuple(line for line in lines if line.assigned or line.returns.of),
        topics=_topics(ask(tx, _question(period, OF_REPORTS, By.CATEGORY), at)),
        done=done,
        totals=totals(done),
        problems=tuple(one for one in known if start <= one.found_at < end),
        overdue_problems=Counter(one.department for one in known if _is_overdue(one, today)),
    )


def _question(period: Period, metrics: tuple[str, ...], *by: By) -> Question:
    return Question(metrics, by, period.start, period.end)


def _line(group: Group, department: str, in_time: int) -> Line:
    timing = group.values["t_reply"]
    return Line(
        department=department,
        assigned=_count(group, "assigned"),
        in_time=in_time,
        close=_share(group, "close_rate"),
        on_time=_share(group, "on_time_rate"),
        sign=_share(group, "sign_timely_rate"),
        satisfied=_share(group, "satisfy_rate"),
        solved=_share(group, "solve_rate"),
        returns=_share(group, "return_rate"),
        wrong_returns=_share(group, "return_wrong_rate"),
        overdue=_count(group, "overdue_cnt"),
        mean_seconds=timing.work.mean.seconds if isinstance(timing, Timing) and timing.work else None,
    )


def _topics(groups: Sequence[Group]) -> tuple[Topic, ...]:
    found = [Topic(str(group.key[0]), _count(group, "received"), _count(group, "closed")) for group in groups]
    return tuple(sorted(found, key=lambda topic: (-topic.received, topic.category)))


def _count(group: Group, key: str) -> int:
    value = group.values[key]
    return value if isinstance(value, int) else 0


def _share(group: Group, key: str) -> Share:
    value = group.values[key]
    return value if isinstance(value, Share) else Share(0, 0)


def _chosen(book: PaperBook) -> tuple[Sequence[str], Sequence[str]]:
    return book.texts["totals"]["unlicensed"], book.texts["totals"]["persons"]


def _is_overdue(problem: Problem, today: date) -> bool:
    return problem.struck_off_at is None and problem.is_overdue(today)
