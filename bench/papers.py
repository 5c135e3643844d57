"""线索台账 of a large city: 100,000 lines into Excel and CSV, in how long and in how much memory. `python -m bench.papers [lines]`."""

import asyncio
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from handlers.papers import ledgers
from handlers.papers.book import PaperBook, Period
from handlers.papers.ledgers import Order
from handlers.policy import Policy
from storage import database as engine
from storage import migrations
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring, new_key, seal
from storage.tables.reports import assignment, clock, report

POLICY = Path("policy/wugang")
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 1, 1, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
LINES = 100_000
BATCH = 2_000
FACTS = {
    "address": "朱兰街道某小区3号楼2单元501",
    "org_name": "星光教育",
    "course": "数学",
    "time_pattern": "每周六上午",
    "amount_yuan": 3000.0,
}
# What a ledger of any length may take. The database's page cache is bounded by itself and for all its readers, so it is kept small here.
MOST_GROWTH_MB, CACHE_KIB = 30, 2_000


def fill(tx: Connection, numbers: range, key: int) -> None:
    """Reports that stand answered; written straight into the tables, since filing each would take the bench an hour."""
    reports, tasks, clocks = [], [], []
    for number in numbers:
        at = START + timedelta(minutes=5 * number)
        name = f"WG-SJ-{at:%Y%m%d}-{number:06d}"
        facts = seal(tx, key, f"report.facts:{name}", json.dumps({**FACTS, "student_count": number % 40}, ensure_ascii=False))
        kind = {"source": "chat", "channel": "web", "nature": "T", "category": "sham_closure", "secondary": [], "regulator": "edu"}
        state = {"level": "P2", "status": "handling", "sealed": False, "auto": True, "about": [], "town": "zhulan", "filed_at": at}
        words = {"code_hash": name.encode(), "data_key_id": key, "facts": facts, "story_digest": b""}
        reports.append({"id": number, "number": name, **kind, **state, **words})
        tasks.append(
            {"id": number, "report_id": number, "department": "edu", "part": "lead", "status": "pending_sign", "dispatched_at": at}
        )
        due = at + timedelta(days=14)
        span = {"unit": "day", "amount": 14, "started_at": at, "due_original": due, "due_at": due, "provisional": False}
        clocks.append({"report_id": number, "assignment_id": number, "kind": "reply", **span})
    tx.execute(sa.insert(report), reports)
    tx.execute(sa.insert(assignment), tasks)
    tx.execute(sa.insert(clock), clocks)


async def prepare(url: str, lines: int) -> None:
    await migrations.upgrade(url)
    database = await Database.open(url, keyring=Keyring.for_tests(), rules=Rules.load(POLICY))
    key = await database.write(new_key, START)
    for first in range(1, lines + 1, BATCH):
        await database.write(fill, range(first, min(first + BATCH, lines + 1)), key)
    await database.close()


async def write(url: str, path: Path) -> tuple[int, float, float]:
    """How many lines, in how many seconds, and by how many megabytes the process grew."""
    database = await Database.open(url, keyring=Keyring.for_tests(), rules=Rules.load(POLICY))
    book = PaperBook.load(Policy.load(POLICY), ZONE)
    order = Order("tips", YEAR, "shuangjian_office")

    async def progress(_done: int) -> None:
        resident.append(_resident())

    resident, began = [_resident()], time.perf_counter()
    count = await ledgers.write(database, book, order, path, at=START + timedelta(days=400), progress=progress)
    took = time.perf_counter() - began
    await database.close()
    return count, took, max(resident) - resident[0]


def measure(url: str, path: Path) -> str:
    engine.CACHE_KIB = CACHE_KIB
    count, took, grown = asyncio.run(write(url, path))
    size = path.stat().st_size / 1e6
    if grown > MOST_GROWTH_MB:
        raise SystemExit(f"{path.suffix}: grew by {grown:.0f} MB, more than {MOST_GROWTH_MB}")
    return f"{path.suffix[1:]:5} {count:7,} lines  {took:6.1f} s  {count / took:7,.0f} lines/s  grew {grown:5.1f} MB  file {size:5.1f} MB"


def _resident() -> float:
    """Megabytes of this process now. The system's own peak will not do: a child begins with its parent's."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6


def main(lines: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        for size in (lines // 10, lines):
            url = f"sqlite+aiosqlite:///{place}/{size}.db"
            asyncio.run(prepare(url, size))
            for form in ("xlsx", "csv"):
                # A process of its own for each: a peak never comes down again.
                with multiprocessing.get_context("spawn").Pool(1) as pool:
                    sys.stdout.write(pool.apply(measure, (url, Path(place) / f"{size}.{form}")) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)
