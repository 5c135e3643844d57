"""Kills the service at random moments of intake and counts what was lost, doubled or half-written. Run `python -m bench.kill [times]`."""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from bench.intake_child import POLICY
from storage import migrations, reports
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from storage.tables.mail import draft, inbox, outbox
from storage.tables.reports import event, report

TIMES = 1_000
MESSAGES = 4
SENDERS = 3
# How often an acknowledgement is lost on its way, so that the sender writes the same again.
LOST_THANKS = 0.2


class DiedByItself(Exception):
    """The service ended with an error of its own; nothing can be said about kills."""


@dataclass(frozen=True)
class Verdict:
    """What many kills did. Sent twice is allowed, and counted; everything else must be nought."""

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    half_written: int
    never_sent: int
    sent_twice: int

    @property
    def is_clean(self) -> bool:
        return (self.lost, self.doubled, self.half_written, self.never_sent) == (0, 0, 0, 0)


class World:
    """Everybody outside the service: they write, and whoever heard no thanks writes the same again, in any order."""

    def __init__(self, folder: Path, variant: str, chance: random.Random) -> None:
        self.url = f"sqlite+aiosqlite:///{folder / 'tipline.db'}"
        self._notes, self._variant, self._chance = folder / "notes", variant, chance
        self._notes.touch()
        self.written: list[str] = []
        self.lives = 0

    def job(self, seconds: float | None, fresh: int) -> str:
        start = len(self.written)
        self.written += [f"p{number % SENDERS}-{number}" for number in range(start, start + fresh)]
        thanked = self.seen("acknowledged").keys()
        pending = [event for event in self.written if event not in thanked]
        pending += [event for event in self.written[-2 * MESSAGES :] if event in thanked and self._chance.random() < LOST_THANKS]
        self._chance.shuffle(pending)
        self.lives += 1
        return json.dumps(
            {
                "url": self.url,
                "notes": str(self._notes),
                "variant": self._variant,
                "events": pending,
                "life": self.lives,
                "seconds": seconds,
            }
        )

    def seen(self, kind: str) -> Counter[str]:
        lines = (line.split() for line in self._notes.read_text().splitlines())
        return Counter(what for noted, what in lines if noted == kind)


def run(kills: int, variant: str = "sound", seed: int = 1) -> Verdict:
    """Kill it so often, let it finish once, and judge."""
    with tempfile.TemporaryDirectory(prefix="tipline-kill-") as folder, _service() as service:
        chance = random.Random(seed)  # noqa: S311 - chance that can be repeated is wanted
        world = World(Path(folder), variant, chance)
        asyncio.run(migrations.upgrade(world.url))
        undisturbed = _timed(service, world)
        for _ in range(kills):
            _tell(service, world.job(chance.uniform(0, undisturbed), MESSAGES))
        if _tell(service, world.job(None, 0)) != 0:
            raise DiedByItself(variant)
        return asyncio.run(_judge(world, kills))


def _timed(service: "subprocess.Popen[str]", world: World) -> float:
    """Seconds one life takes when nobody ends it; the first answer waits for the imports and does not count."""
    for fresh in (0, MESSAGES):
        started = time.perf_counter()
        if _tell(service, world.job(None, fresh)) != 0:
            raise DiedByItself
    return time.perf_counter() - started


@contextmanager
def _service() -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "bench.intake_child"]
    root = POLICY.parents[1]
    with subprocess.Popen(  # noqa: S603 - the command is ours
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as service:
        try:
            yield service
        finally:
            if service.stdin:
                service.stdin.close()


def _tell(service: "subprocess.Popen[str]", job: str) -> int:
    """Let the service live through this job; returns how it ended."""
    if service.stdin is None or service.stdout is None:
        raise DiedByItself
    service.stdin.write(job + "\n")
    service.stdin.flush()
    return int(service.stdout.readline())


async def _judge(world: World, kills: int) -> Verdict:
    database = await Database.open(world.url, keyring=Keyring.for_tests(), rules=Rules.load(POLICY))
    try:
        return await database.read(_inspect, world, kills)
    finally:
        await database.close()


def _inspect(tx: Connection, world: World, kills: int) -> Verdict:
    filed = Counter(reports.contents(tx, report_id).story for report_id in tx.execute(sa.select(report.c.id)).scalars())
    acknowledged, sent = world.seen("acknowledged"), world.seen("sent")
    numbers = tx.execute(sa.select(report.c.number)).scalars().all()
    return Verdict(
        kills=kills,
        acknowledged=len(acknowledged),
        lost=len(acknowledged.keys() - filed.keys()),
        doubled=sum(filed.values()) - len(filed),
        half_written=sum(_halves(tx)),
        never_sent=len(set(numbers) - sent.keys()),
        sent_twice=sum(count > 1 for count in sent.values()),
    )


def _halves(tx: Connection) -> Iterator[int]:
    """Counts of whatever exists without its other half."""
    replies = sa.select(sa.func.count()).where(outbox.c.cause_id == inbox.c.id).scalar_subquery()
    history = sa.select(sa.func.count()).where(event.c.report_id == report.c.id).scalar_subquery()
    for query in (
        sa.select(sa.func.count()).select_from(inbox).where(inbox.c.done_at.is_(None)),
        sa.select(sa.func.count()).select_from(inbox).where(replies != 1),
        sa.select(sa.func.count()).select_from(report).where(history == 0),
    ):
        yield tx.execute(query).scalar_one()
    filed = tx.execute(sa.select(sa.func.count()).select_from(report)).scalar_one()
    turns = tx.execute(sa.select(sa.func.sum(draft.c.version))).scalar_one() or 0
    yield abs(filed - turns)
    yield int(tx.execute(sa.text("PRAGMA integrity_check")).scalar_one() != "ok")
    yield len(tx.execute(sa.text("PRAGMA foreign_key_check")).all())


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    sys.stdout.write(json.dumps({"variant": "sound", **asdict(run(times))}) + "\n")
    for variant in ("acknowledges_first", "two_transactions", "forgetful"):
        sys.stdout.write(json.dumps({"variant": variant, **asdict(run(min(times, 50), variant))}) + "\n")


if __name__ == "__main__":
    main()
