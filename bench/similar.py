"""How fast similar reports are found among 100,000 whose stories share the phrases that people share."""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import migrations, reports, similarity
from storage.database import Database
from storage.reports import Route, Submission
from storage.rules import Rules
from storage.sealing import Keyring
from storage.tables.reports import report
from storage.tables.similarity import similar_mark
from storage.vocabulary import Level, Nature, Source

POLICY = Path(__file__).parents[1] / "policy" / "wugang"
NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
# As many marks as a letter of two hundred characters keeps; some belong to phrases that very many write.
MARKS, PHRASES, FROM_PHRASES = 25, 2_000, 5
MARK_SPACE = 1 << 32
LIMIT_MS = 10.0
LOOKS, REPEATS = 400, 3
BATCH = 10_000


def story(chance: random.Random) -> frozenset[int]:
    """Marks as letters have them: a few of common phrases, the more common the fewer there are of them, the rest its own."""
    phrases = (int(PHRASES * chance.random() ** 3) for _ in range(FROM_PHRASES))
    return frozenset([*phrases, *(chance.randrange(PHRASES, MARK_SPACE) for _ in range(MARKS - FROM_PHRASES))])


def fill(tx: Connection, reports_there: int, chance: random.Random) -> None:
    """So many reports, copies of one in everything but their marks."""
    made = reports.file(tx, SUBMISSION, NOW)
    row = tx.execute(sa.select(report).where(report.c.id == made.report_id)).one()._mapping
    for first in range(0, reports_there, BATCH):
        numbers = range(first, min(first + BATCH, reports_there))
        copies = [{**row, "id": one + 10, "number": f"B-{one}", "code_hash": one.to_bytes(16)} for one in numbers]
        tx.execute(sa.insert(report), copies)
        tx.execute(sa.insert(similar_mark), list(_rows(copies, chance)))


def _rows(copies: list[dict[str, object]], chance: random.Random) -> Iterator[dict[str, object]]:
    for copy in copies:
        marks = story(chance)
        yield from ({"mark": mark, "report_id": copy["id"], "among": len(marks)} for mark in marks)


def look(tx: Connection, ids: list[int]) -> list[float]:
    """How long each search took, in milliseconds; the best of a few, for the machine may be busy with something else."""
    spent = []
    for one in ids:
        again = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            similarity.alike(tx, one, at_least=0.2, limit=5)
            again.append(1000 * (time.perf_counter() - start))
        spent.append(min(again))
    return spent


async def measure(reports_there: int) -> float:
    chance = random.Random(11)  # noqa: S311 - a workload, not a secret
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/bench.db"
        await migrations.upgrade(url)
        database = await Database.open(url, keyring=Keyring.for_tests(), rules=Rules.load(POLICY))
        await database.write(fill, reports_there, chance)
        ids = [chance.randrange(10, 10 + reports_there) for _ in range(LOOKS)]
        spent = await database.write(look, ids)
        await database.close()
    half, most = quantiles(spent, n=100)[49], quantiles(spent, n=100)[98]
    print(f"{reports_there:,} reports of {MARKS} marks: median {half:.2f} ms, p99 {most:.2f} ms, worst {max(spent):.2f} ms")
    return most


SUBMISSION = Submission(
    source=Source.CHAT,
    channel="web",
    reporter=None,
    story="-",
    facts={},
    reading={},
    category="hidden_venue",
    secondary=(),
    nature=Nature.TIPOFF,
    level=Level.P2,
    regulator="subject",
    route=Route("auto", "edu", ()),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.similar", description=__doc__)
    parser.add_argument("--reports", type=int, default=100_000)
    return int(asyncio.run(measure(parser.parse_args().reports)) > LIMIT_MS)


if __name__ == "__main__":
    raise SystemExit(main())
