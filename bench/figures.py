"""How fast figures answer at a million reports and more: each question against a plain scan of the same rows, in one run."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from bench import lists
from storage import migrations
from storage.database import sqlite_engine
from storage.metrics import chunks, facts
from storage.metrics.cells import KINDS
from storage.metrics.definitions import BY_KEY, METRICS, Span, Unit
from storage.metrics.fold import Flag
from storage.metrics.packs import TYPES, Column
from storage.metrics.pauses import Ruler
from storage.metrics.questions import By, Question, ask
from storage.rules import Rules
from storage.sealing import Keyring
from storage.tables.reports import event
from storage.tables.stats import stat_chunk, stat_fact, stat_name

POLICY = Path(__file__).parents[1] / "policy" / "wugang"
MONTHS, DEPARTMENTS, CATEGORIES, TOWNS = 36, 20, 12, 14
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
FRESH = 21 * 86_400
REPEATS = 7
MOVES = 300
EVERY_TASK = tuple(metric.key for metric in METRICS if metric.unit is not Unit.REPORTS)
YEAR = date(2025, 12, 1), date(2026, 11, 25)

QUESTIONS = {
    "a year, department x category x month, three spans": Question(
        ("sign_timely_rate", "t_sign", "t_first", "t_close"), (By.DEPARTMENT, By.CATEGORY, By.MONTH), *YEAR
    ),
    "a year by department, the overview's figures": Question(("t_sign", "t_first", "t_reply", "sign_timely_rate"), (By.DEPARTMENT,), *YEAR),
    "a month by department, every figure": Question(EVERY_TASK, (By.DEPARTMENT,), date(2026, 10, 1), date(2026, 10, 31)),
    "a year, one department by officer": Question(("t_sign", "close_rate"), (By.OFFICER,), *YEAR, department="d3"),
    "a year, one town and level by week": Question(("t_reply", "on_time_rate"), (By.WEEK,), *YEAR, town="t2", level="P2"),
    "a year by the due day, one category": Question(("on_time_rate",), (By.DEPARTMENT,), *YEAR, by_due=True, category="c4"),
    "a year, received and closed by week": Question(("received", "closed"), (By.WEEK,), *YEAR),
    "three years by month, signing": Question(("t_sign",), (By.MONTH,), date(2023, 12, 1), date(2026, 11, 25)),
}


# What a question may take, by the number of reports it is asked of; at the first also against a scan.
GOALS_MS = {1_000_000: 50.0, 5_000_000: 120.0}
SHARE_OF_SCAN, SHARE_OF_MOVE = 0.5, 0.1


@dataclass(frozen=True)
class Measured:
    """Milliseconds of processor time: the answer, a scan that adds up every number the answer is made of, one that adds up a single one."""

    name: str
    milliseconds: float
    scan: float
    least_scan: float

    def missed(self, reports: int) -> bool:
        """Whether a goal that stands for so many reports is not reached."""
        too_slow = self.milliseconds > GOALS_MS.get(reports, float("inf"))
        return too_slow or (reports == min(GOALS_MS) and self.milliseconds > SHARE_OF_SCAN * self.scan)


def run(reports: int) -> list[Measured]:
    """Every question, and the scan of the rows it is about."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "figures.db"
        asyncio.run(migrations.upgrade(f"sqlite+aiosqlite:///{path}"))
        engine = sqlite_engine(path)
        with engine.connect() as tx:
            tx.info.update({"keyring": Keyring.for_tests(), "rules": Rules.load(POLICY)})
            with tx.begin():
                fill(tx, reports)
            with tx.begin():
                return [_measured(tx, name, question) for name, question in QUESTIONS.items()]


def _measured(tx: Connection, name: str, question: Question) -> Measured:
    answer = lists.milliseconds(lambda: ask(tx, question, NOW), REPEATS)
    columns, single = (lists.milliseconds(partial(scan, tx, question, names), REPEATS) for names in (_numbers(question), ["sign_work"]))
    return Measured(name, answer, columns, single)


def _numbers(question: Question) -> list[str]:
    """The stored numbers that the figures of a question are made of; what they are grouped by is left out."""
    metrics = [BY_KEY[key] for key in question.metrics]
    spans = [f"{metric.span}_{kind}" for metric in metrics if isinstance(metric, Span) for kind in KINDS]
    return [*dict.fromkeys(spans), "flags"]


def fill(tx: Connection, reports: int) -> None:
    """So many reports with a lead each, spread over three years; packs and rows hold the same numbers."""
    dice = np.random.default_rng(7)
    codes = _names(tx)
    ruler = Ruler(tx.info["rules"].calendar)
    share = reports // (MONTHS * DEPARTMENTS)
    first_id = 1
    for month, start, end in _months():
        for department in range(DEPARTMENTS):
            _chunk(tx, month, f"d{department}", _columns(dice, codes, ruler, (start, end), share, first_id, whole=False))
        _chunk(tx, month, "", _columns(dice, codes, ruler, (start, end), share * DEPARTMENTS, first_id, whole=True))
        first_id += share * DEPARTMENTS


def scan(tx: Connection, question: Question, numbers: list[str]) -> None:
    """The plain way: read the rows of the period and add them up."""
    whole = {"received", "closed"} >= set(question.metrics)
    months = (question.start.year * 100 + question.start.month, question.end.year * 100 + question.end.month)  # type: ignore[union-attr]
    chunks = sa.select(stat_chunk.c.id).where(stat_chunk.c.month.between(*months), (stat_chunk.c.department == "") == whole)
    if question.department:
        chunks = chunks.where(stat_chunk.c.department == question.department)
    rows = sa.select(sa.func.count(), *(sa.func.sum(stat_fact.c[name]) for name in numbers)).where(stat_fact.c.chunk_id.in_(chunks))
    tx.execute(rows).one()


def _columns(  # noqa: PLR0917 - what the numbers are made of
    dice: np.random.Generator, codes: dict[str, int], ruler: Ruler, span: tuple[int, int], size: int, first_id: int, *, whole: bool
) -> dict[str, Column]:
    started = np.sort(dice.integers(*span, size))
    columns: dict[str, Column] = {name: np.zeros(size, dtype=kind) for name, kind in TYPES.items()}
    columns["started"][:] = started
    columns["report_id"][:] = np.arange(first_id, first_id + size)
    columns["assignment_id"][:] = 0 if whole else columns["report_id"]
    columns["part"][:] = 0 if whole else 1
    for name, key, number in (("category", "c", CATEGORIES), ("town", "t", TOWNS), ("level", "P", 4)):
        columns[name][:] = np.array([codes[f"{key}{one}"] for one in range(number)])[dice.integers(0, number, size)]
    columns["officer"][:] = dice.integers(1, 9, size)
    # A tenth of the last month is open, and always some that nobody finishes.
    age = int(NOW.timestamp()) - started
    ended = dice.random(size) < np.where(age < FRESH, 0.7, 0.999)
    for name, scale in (("sign", 9_000), ("first", 40_000), ("reply", 100_000), ("close", 130_000)):
        taken = dice.exponential(scale, size).astype(np.int64) + 60
        columns[f"{name}_work"][:] = np.where(ended, taken, -1)
        columns[f"{name}_clock"][:] = np.where(ended, taken * 4, -1)
    columns["held_work"][:] = columns["held_clock"][:] = -1
    for name, seconds in (("sign_due", 86_400), ("contact_due", 172_800), ("due", 1_200_000), ("due_original", 1_200_000)):
        columns[name][:] = 0 if whole else started + seconds
    flags = dice.integers(0, 1 << 17, size) & ~int(Flag.OUT | Flag.GONE | Flag.ENDED)
    columns["flags"][:] = flags | np.where(ended, int(Flag.ENDED | Flag.DONE), 0)
    base = ruler.base(span[0])
    columns["work_base"][:] = base + (started - span[0]) // 5
    return columns


def _chunk(tx: Connection, month: int, department: str, columns: dict[str, Column]) -> None:
    chunk_id = chunks.make(tx, month, department)
    chunks.pack(tx, chunk_id, columns)
    names = list(columns)
    statement = f"INSERT INTO stat_fact (chunk_id, {', '.join(names)}) VALUES ({chunk_id}, {', '.join('?' * len(names))})"
    rows = zip(*(columns[name].tolist() for name in names), strict=True)
    tx.connection.driver_connection.executemany(statement, rows)  # type: ignore[union-attr]


def _names(tx: Connection) -> dict[str, int]:
    keys = [f"c{one}" for one in range(CATEGORIES)] + [f"t{one}" for one in range(TOWNS)] + [f"P{one}" for one in range(4)]
    for key in ("", *keys):
        tx.execute(sa.insert(stat_name).values(name=key))
    return {row.name: row.id for row in tx.execute(sa.select(stat_name))}


def _months() -> Iterator[tuple[int, int, int]]:
    zone = Rules.load(POLICY).calendar.zone
    for place in range(2023 * 12 + 11, 2023 * 12 + 11 + MONTHS):
        start, end = (datetime(at // 12, at % 12 + 1, 1, tzinfo=zone) for at in (place, place + 1))
        yield start.year * 100 + start.month, int(start.timestamp()), min(int(end.timestamp()), int(NOW.timestamp()))


def move_cost() -> tuple[float, float]:
    """Seconds of processor time for a thousand marks, and for a thousand events without them."""
    from tests.storage.cases import a_report

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "moves.db"
        asyncio.run(migrations.upgrade(f"sqlite+aiosqlite:///{path}"))
        with sqlite_engine(path).connect() as tx:
            tx.info.update({"keyring": Keyring.for_tests(), "rules": Rules.load(POLICY)})
            with tx.begin():
                began = time.process_time()
                for _ in range(MOVES):
                    a_report(tx, NOW)
                filed = time.process_time() - began
                events_each = int(tx.execute(sa.select(sa.func.count()).select_from(event)).scalar_one()) / MOVES
                began = time.process_time()
                for number in range(MOVES):
                    facts.mark(tx, number % MOVES + 1)
                marked = (time.process_time() - began) * events_each
    return marked, filed


def list_times(number: int) -> list[lists.Measured]:
    """The lists, over a database of their own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lists.db"
        asyncio.run(migrations.upgrade(f"sqlite+aiosqlite:///{path}"))
        with sqlite_engine(path).connect() as tx:
            tx.info.update({"keyring": Keyring.for_tests(), "rules": Rules.load(POLICY)})
            with tx.begin():
                return lists.measured(tx, number, NOW)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--reports", type=int, default=min(GOALS_MS), help="the second goal is for 5000000: some 10 GB of disk, 10 minutes"
    )
    reports = options.parse_args().reports
    missed = []
    print("     answer  of a scan of its numbers (and of a single one)")
    for one in run(reports):
        of_scan, of_least = (f"{one.milliseconds / scanned:5.2f} x {scanned:4.0f} ms" for scanned in (one.scan, one.least_scan))
        print(f"{one.milliseconds:8.1f} ms  {of_scan}  ({of_least})  {one.name}", flush=True)
        missed += [one.name] if one.missed(reports) else []
    for told in list_times(min(reports, *GOALS_MS)):
        print(f"{told.milliseconds:8.2f} ms  {'along' if told.along_index else 'NOT along'} {told.index}  {told.name}")
        missed += [told.name] if told.missed else []
    marked, filed = move_cost()
    share = marked / (filed - marked)
    print(f"Keeping facts up costs {share:.1%} of filing a report ({MOVES} filed, their events marked).")
    missed += ["the cost of keeping facts up"] if share > SHARE_OF_MOVE else []
    print(f"Missed: {'; '.join(missed)}." if missed else "Every goal reached.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
