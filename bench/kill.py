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
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from bench.intake_child import FAULTY, PARENTS, POLICY, ZONE, fingerprint
from handlers.notices import Wording
from handlers.policy import Policy
from storage import addressees, migrations, reports
from storage import outbox as outbox_rows
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from storage.tables.mail import addressee, draft, inbox, outbox
from storage.tables.reports import clock, event, report

Service = subprocess.Popen[str]

TIMES = 1_000
MESSAGES = 3
FAMILIES = 1
SENDERS = 3
# How often an acknowledgement is lost on its way, so that the sender writes the same again.
LOST_THANKS = 0.2
# After so many kills it may finish once: a busy machine is slower than it was, and would be killed before it gets anywhere.
BREATH = 10


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
        self._notes, self.variant, self._chance = folder / "notes", variant, chance
        self._notes.touch()
        self.written: list[str] = []
        self.lives = 0

    def job(self, seconds: float | None, fresh: int) -> str:
        tasks = self._families(fresh) if self.variant == PARENTS else self._messages(fresh)
        self._chance.shuffle(tasks)
        self.lives += 1
        return json.dumps(
            {
                "url": self.url,
                "notes": str(self._notes),
                "variant": self.variant,
                "tasks": tasks,
                "life": self.lives,
                "seconds": seconds,
            }
        )

    def _messages(self, fresh: int) -> list[str]:
        """Messages to send, each once more than its sender heard thanks for it."""
        start = len(self.written)
        self.written += [f"p{number % SENDERS}-{number}" for number in range(start, start + fresh)]
        thanked = self.seen("acknowledged").keys()
        unsure = [one for one in self.written[-2 * MESSAGES :] if one in thanked and self._chance.random() < LOST_THANKS]
        return [one for one in self.written if one not in thanked] + unsure

    def _families(self, fresh: int) -> list[str]:
        """Parents who are not done yet, and how far each has come."""
        self.written += [f"parent{number}" for number in range(len(self.written), len(self.written) + fresh)]
        finished = self.seen("finished").keys()
        said = Counter(message.partition("-")[0] for message in self.seen("acknowledged"))
        return [f"{one}-{said[one]}" for one in self.written if one not in finished]

    def seen(self, kind: str) -> Counter[str]:
        lines = (line.split() for line in self._notes.read_text().splitlines())
        return Counter(what for noted, what in lines if noted == kind)


def run(service: Service, kills: int, variant: str = "sound", seed: int = 1) -> Verdict:
    """Kill it so often, let it finish once, and judge."""
    with tempfile.TemporaryDirectory(prefix="tipline-kill-") as folder:
        chance = random.Random(seed)  # noqa: S311 - chance that can be repeated is wanted
        world = World(Path(folder), variant, chance)
        asyncio.run(migrations.upgrade(world.url))
        fresh = FAMILIES if variant == PARENTS else MESSAGES
        _finish(service, world, 0)
        for kill in range(kills):
            if kill % BREATH == 0:
                undisturbed = _finish(service, world, fresh)
            _tell(service, world.job(chance.uniform(0, undisturbed), fresh))
        _finish(service, world, 0)
        return asyncio.run(_judge(world, kills))


def _finish(service: Service, world: World, fresh: int) -> float:
    """One life that nobody ends: everything open is finished. Returns the seconds it took."""
    begun = time.perf_counter()
    if _tell(service, world.job(None, fresh)) != 0:
        raise DiedByItself
    return time.perf_counter() - begun


@contextmanager
def started() -> Iterator[Service]:
    """A service to kill. Its imports are paid for once, for any number of lives and variants."""
    command = [sys.executable, "-m", "bench.intake_child"]
    root = POLICY.parents[1]
    with subprocess.Popen(  # noqa: S603 - the command is ours
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as service:
        try:
            yield service
        finally:
            if service.stdin:
                with suppress(BrokenPipeError):
                    service.stdin.close()


def _tell(service: Service, job: str) -> int:
    """Let the service live through this job; returns how it ended."""
    if service.stdin is None or service.stdout is None:
        raise DiedByItself
    try:
        service.stdin.write(job + "\n")
        service.stdin.flush()
        return int(service.stdout.readline())
    except (BrokenPipeError, ValueError) as gone:
        raise DiedByItself from gone


async def _judge(world: World, kills: int) -> Verdict:
    database = await Database.open(world.url, keyring=Keyring.for_tests(), rules=Rules.load(POLICY))
    try:
        return await database.read(_inspect, world, kills)
    finally:
        await database.close()


def _inspect(tx: Connection, world: World, kills: int) -> Verdict:
    parents = world.variant == PARENTS
    acknowledged, sent = world.seen("acknowledged"), world.seen("sent")
    filed, due = (_by_reporter(tx), world.seen("finished")) if parents else (_by_story(tx), acknowledged)
    told = _told(tx)
    return Verdict(
        kills=kills,
        acknowledged=len(acknowledged),
        lost=len(due.keys() - filed.keys()),
        doubled=sum(filed.values()) - len(filed),
        half_written=sum(_halves(tx)) + (0 if parents else _turns_amiss(tx)),
        never_sent=(told - sent).total(),
        sent_twice=(sent - told).total(),
    )


def _told(tx: Connection) -> Counter[str]:
    """Every message there should be outside, as the channel would have shown it."""
    wording, people = Wording(Policy.load(POLICY), ZONE), tx.execute(sa.select(addressee.c.id)).scalars()
    written = (message for person in people for message in outbox_rows.after(tx, person, 0))
    return Counter(fingerprint(wording(message.payload, "web")) for message in written)


def _by_story(tx: Connection) -> Counter[str]:
    return Counter(reports.contents(tx, report_id).story for report_id in tx.execute(sa.select(report.c.id)).scalars())


def _by_reporter(tx: Connection) -> Counter[str]:
    return Counter(addressees.reach(tx, one).value.reveal() for one in tx.execute(sa.select(report.c.reporter_id)).scalars())


def _halves(tx: Connection) -> Iterator[int]:
    """Counts of whatever exists without its other half."""
    replies = sa.exists().where(outbox.c.cause_id == inbox.c.id)
    history = sa.exists().where(event.c.report_id == report.c.id)
    running = sa.exists().where(clock.c.report_id == report.c.id)
    for whole, half in ((inbox, inbox.c.done_at.is_(None)), (inbox, ~replies), (report, ~history), (report, ~running)):
        yield tx.execute(sa.select(sa.func.count()).select_from(whole).where(half)).scalar_one()
    yield int(tx.execute(sa.text("PRAGMA integrity_check")).scalar_one() != "ok")
    yield len(tx.execute(sa.text("PRAGMA foreign_key_check")).all())


def _turns_amiss(tx: Connection) -> int:
    """Every message both moved its sender's draft and filed a report, or did neither."""
    filed = tx.execute(sa.select(sa.func.count()).select_from(report)).scalar_one()
    return abs(filed - (tx.execute(sa.select(sa.func.sum(draft.c.version))).scalar_one() or 0))


def main() -> int:
    times, broken = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES, False
    with started() as service:
        for variant, share in (("sound", 1), (PARENTS, 10), *((faulty, 20) for faulty in FAULTY)):
            verdict = run(service, max(1, times // share), variant)
            sys.stdout.write(json.dumps({"variant": variant, **asdict(verdict)}) + "\n")
            sys.stdout.flush()
            # A planted fault that does not show means that the kills show nothing.
            broken |= verdict.is_clean is (variant in FAULTY)
    return int(broken)


if __name__ == "__main__":
    sys.exit(main())
