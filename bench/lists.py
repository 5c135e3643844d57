"""The lists people wait for, over as many reports: what waits for a department, what is overdue, an institution's reports, one number."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import queues, refunds, reports, searching
from storage.metrics import standing
from storage.metrics.questions import Question
from storage.people import Actor
from storage.rules import rules
from storage.tables.mail import data_key
from storage.tables.reports import assignment, clock, number_series, report
from storage.tables.stats import stat_refund
from storage.vocabulary import Role

REPEATS = 21
# A list is a screen of lines; some hand out 200, or everything that is open, and build each line for the page.
LIST_MS, FEW_MS, PAGE_MS, BOARD_MS, COUNT_MS = 1.0, 2.5, 15.0, 12.0, 50.0
# Of so many reports one is open; the newest ones.
OPEN_AMONG = 300
# Of so many answers one says that money came back.
REFUND_AMONG = 3
BETWEEN = timedelta(seconds=90)
STORY = b"s" * 400
PREFIX, FIRST_DAY, A_DAY = "WG-SJ", date(2023, 12, 1), 960
INSTITUTIONS = 20_000


@dataclass(frozen=True)
class Measured:
    """One list, or a count of what stands: milliseconds of processor time, and the index it must be read along."""

    name: str
    milliseconds: float
    limit: float
    index: str
    along_index: bool

    @property
    def missed(self) -> bool:
        return self.milliseconds > self.limit or not self.along_index


def measured(tx: Connection, number: int, now: datetime) -> list[Measured]:
    """Each of them, over so many reports."""
    fill(tx, number, now)
    department = next(iter(sorted(rules(tx).departments.by_key)))
    quarter = Question((), start=now.date() - timedelta(days=90), end=now.date())
    whole, office, head = _number(number // 2), Actor(Role.OFFICE, 1), Actor(Role.HEAD, 2, department)
    waiting = sa.select(assignment.c.id, assignment.c.report_id).where(assignment.c.department == department)
    waiting = waiting.where(assignment.c.status == "pending_sign").order_by(assignment.c.dispatched_at).limit(50)
    of_one = sa.select(report.c.id, report.c.number).where(report.c.institution_id == 77).limit(50)
    lists: tuple[tuple[str, float, Callable[[], object], str], ...] = (
        ("a department's queue", LIST_MS, lambda: tx.execute(waiting).all(), "ix_assignment_queue"),
        ("a department's board, all it has open", BOARD_MS, lambda: queues.of_department(tx, head), "ix_assignment_open"),
        ("overdue, the longest first", LIST_MS, lambda: standing.overdue(tx, now), "ix_clock_due"),
        ("overdue of one department", LIST_MS, lambda: standing.overdue(tx, now, department), "ix_clock_due"),
        ("an institution's reports", LIST_MS, lambda: tx.execute(of_one).all(), "ix_report_institution"),
        ("one number", LIST_MS, lambda: reports.by_number(tx, whole), "autoindex_report"),
        ("search by a whole number", LIST_MS, lambda: searching.search(tx, office, text=whole), "autoindex_report"),
        ("search by day and number", FEW_MS, lambda: searching.search(tx, office, text=whole[10:]), "autoindex_report"),
        ("search by a number of any day", PAGE_MS, lambda: searching.search(tx, office, text=whole[-4:]), "autoindex_report"),
        ("search in a department by day and number", FEW_MS, lambda: searching.search(tx, head, text=whole[10:]), "autoindex_report"),
        ("search by category, a page of 200", PAGE_MS, lambda: searching.search(tx, office, category="sham_closure"), "ix_report_category"),
        ("search by town, none", LIST_MS, lambda: searching.search(tx, office, town="nowhere"), "ix_report_town"),
        ("search by status, a page of 200", PAGE_MS, lambda: searching.search(tx, office, status="closed"), "ix_report_status"),
        ("search in a department, a page of 200", PAGE_MS, lambda: searching.search(tx, head), "ix_assignment_department"),
        ("what was refunded in a quarter", COUNT_MS, lambda: refunds.refunded(tx, quarter), "ix_stat_refund_approved"),
        ("how things stand today", COUNT_MS, lambda: standing.today(tx, now), "ix_assignment_queue"),
        ("how one department stands today", COUNT_MS, lambda: standing.today(tx, now, department), "ix_assignment_queue"),
    )
    return [Measured(name, milliseconds(act, REPEATS), limit, index, index in plan(tx, act)) for name, limit, act, index in lists]


def fill(tx: Connection, number: int, now: datetime) -> None:
    """So many reports with a lead and its answer's clock each; the newest are open, and some of them late."""
    key = tx.execute(sa.insert(data_key).values(wrapped=b"k", wrapping_key="k", created_at=now).returning(data_key.c.id)).scalar_one()
    departments = sorted(rules(tx).departments.by_key)
    first, since = number - number // OPEN_AMONG, int((now - BETWEEN * number).timestamp())
    step = int(BETWEEN.total_seconds())
    _insert(tx, report, (_report(one, since + one * step, int(key), is_open=one >= first) for one in range(number)))
    _insert(tx, assignment, (_assignment(one, since + one * step, departments, is_open=one >= first) for one in range(number)))
    _insert(tx, stat_refund, (_refund(one, since + one * step, departments) for one in range(0, first, REFUND_AMONG)))
    _insert(tx, number_series, ({"day": _day(one), "last": A_DAY} for one in range(0, number, A_DAY)))
    _insert(tx, clock, (_clock(one, since + one * step, is_open=one >= first) for one in range(number)))


def _report(one: int, at: int, key: int, *, is_open: bool) -> dict[str, Any]:
    return {
        "id": one + 1,
        "number": _number(one),
        "code_hash": one.to_bytes(32, "big"),
        "source": "chat",
        "channel": "web",
        "nature": "T",
        "category": "sham_closure",
        "secondary": "[]",
        "regulator": "edu",
        "level": "P2",
        "status": "handling" if is_open else "closed",
        "sealed": 0,
        "auto": 1,
        "data_key_id": key,
        "story": STORY,
        "story_digest": b"d",
        "institution_id": one % INSTITUTIONS + 1,
        "filed_at": at,
        "closed_at": None if is_open else at + 86_400,
    }


def _assignment(one: int, at: int, departments: list[str], *, is_open: bool) -> dict[str, Any]:
    return {
        "id": one + 1,
        "report_id": one + 1,
        "department": departments[one % len(departments)],
        "part": "lead",
        "status": "pending_sign" if is_open else "done",
        "dispatched_at": at,
        "ended_at": None if is_open else at + 86_400,
    }


def _refund(one: int, at: int, departments: list[str]) -> dict[str, Any]:
    return {
        "report_id": one + 1,
        "approved_at": at + 86_400,
        "yuan": 6000,
        "department": departments[one % len(departments)],
        "category": "refund_dispute",
        "town": "",
        "level": "P2",
        "source": "chat",
    }


def _clock(one: int, at: int, *, is_open: bool) -> dict[str, Any]:
    due = at + 3 * 86_400
    return {
        "report_id": one + 1,
        "assignment_id": one + 1,
        "kind": "reply",
        "unit": "work_day",
        "amount": 10,
        "started_at": at,
        "due_original": due,
        "due_at": due,
        "provisional": 0,
        "stopped_at": None if is_open else at + 86_400,
    }


def _insert(tx: Connection, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    names = ", ".join(first)
    statement = f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(first))})"
    driver: Any = tx.connection.driver_connection
    driver.execute(statement, tuple(first.values()))
    driver.executemany(statement, (tuple(row.values()) for row in rows))


def _number(one: int) -> str:
    return f"{PREFIX}-{_day(one)}-{one % A_DAY + 1:04d}"


def _day(one: int) -> str:
    return f"{FIRST_DAY + timedelta(one // A_DAY):%Y%m%d}"


def plan(tx: Connection, act: Callable[[], object]) -> str:
    """How the database goes about each statement of this act."""
    seen: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        seen.append((statement, parameters))

    sa.event.listen(tx, "before_cursor_execute", listen)
    act()
    sa.event.remove(tx, "before_cursor_execute", listen)
    driver: Any = tx.connection.driver_connection
    return "\n".join(str(row[3]) for one, given in seen for row in driver.execute(f"EXPLAIN QUERY PLAN {one}", given).fetchall())


def milliseconds(act: Callable[[], object], repeats: int) -> float:
    """The median of several, after one to warm up."""
    act()
    taken = []
    for _ in range(repeats):
        began = time.process_time()
        act()
        taken.append((time.process_time() - began) * 1000)
    return median(taken)
