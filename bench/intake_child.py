"""A service that is about to be killed: real front door, real database, real filing, and a delivery that notes what it sent.

Started once, it forks a child for every job it reads, lets it live for the given time and kills it: imports are paid for once.
"""

import asyncio
import gc
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bench.walker import Note, walk
from bot import reception
from bot.delivery import Delivery
from bot.reception import Reception, Waiting
from handlers.dialogue import Incoming, Reply
from handlers.notices import Wording
from handlers.parent import Parent
from handlers.policy import Policy
from nlp.reader import Reader
from storage import drafts, reports
from storage.addressees import Addressee
from storage.database import Database
from storage.drafts import StoredDraft
from storage.reports import Route, Submission
from storage.rules import Rules
from storage.sealing import Keyring
from storage.vocabulary import Level, Nature, Source

POLICY = Path(__file__).parents[1] / "policy" / "wugang"
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
PATIENCE = 600
# Each life begins after the leases of the last one have ended.
LIFE = timedelta(minutes=5)

Job = Mapping[str, Any]


class Filing:
    """The shortest conversation that writes everything a real one writes: every message is a report."""

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> StoredDraft:  # noqa: ARG002
        return stored

    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: StoredDraft, at: datetime) -> list[Reply]:
        content = {"turns": prepared.content.get("turns", 0) + 1}
        drafts.save(tx, person, content, read=prepared, at=at, keep=WEEK)
        filed = reports.file(tx, replace(_submission(), story=incoming.text, reporter=person.id), at)
        return [Reply(filed.number)]


class Sound(Reception):
    """As it is."""

    async def take(self, incoming: Incoming, note: Note) -> int:
        kept = await self.receive(incoming)
        note("acknowledged", incoming.id)
        return kept


class AcknowledgesFirst(Sound):
    """Planted fault: says thank you before anything is kept."""

    async def take(self, incoming: Incoming, note: Note) -> int:
        note("acknowledged", incoming.id)
        return await self.receive(incoming)


class TwoTransactions(Sound):
    """Planted fault: files in one transaction, marks the message and answers in another."""

    async def _answer(self, waiting: Waiting) -> None:
        stored = await self._database.read(drafts.load, waiting.person)
        at = self._clock()
        replies = await self._database.write(self._conversation.answer, waiting.person, waiting.incoming, stored, at)
        await self._database.write(reception._settle, waiting, replies, reception.HANDLED, at)


class Forgetful(Sound):
    """Planted fault: does not know a message it has seen before."""

    async def take(self, incoming: Incoming, note: Note) -> int:
        kept = await self.receive(replace(incoming, id=uuid4().hex))
        note("acknowledged", incoming.id)
        return kept


FAULTY = {"acknowledges_first": AcknowledgesFirst, "two_transactions": TwoTransactions, "forgetful": Forgetful}
PARENTS = "parents"


class Notes:
    """What the world outside has seen. Appended line by line, so that a kill tears nothing."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, kind: str, what: str) -> None:
        os.write(self._file, f"{kind} {what}\n".encode())


class Phone:
    """The channel that sends: noting it down is all."""

    name = "web"

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def send(self, address: str, reply: Reply) -> str:  # noqa: ARG002
        self._notes.write("sent", fingerprint(reply))
        return ""


@dataclass(frozen=True)
class City:
    """What every life needs and no kill destroys: loaded once, before the first fork."""

    rules: Rules
    policy: Policy
    reader: Reader

    @classmethod
    def load(cls) -> Self:
        return cls(Rules.load(POLICY), Policy.load(POLICY), Reader.load(POLICY))


def fingerprint(reply: Reply) -> str:
    """Recognises a message outside, where its words have no business."""
    return sha256(reply.text.encode()).hexdigest()[:16]


async def live(job: Job, city: City) -> None:
    """Take up what was cut off, take in what comes, answer and deliver all of it."""
    at, notes = START + LIFE * job["life"], Notes(job["notes"])
    database = await Database.open(job["url"], keyring=Keyring.for_tests(), rules=city.rules)
    wording = Wording(city.policy, ZONE)
    conversation = Parent(city.policy, city.reader, zone=ZONE) if job["variant"] == PARENTS else Filing()
    variant = FAULTY.get(job["variant"], Sound)
    # It is never the message's fault that it is killed here, so none is given up.
    door = variant(database, conversation, wording, clock=lambda: at, zone=ZONE, apology="sorry", tries=sys.maxsize)
    delivery = Delivery(database, {Phone.name: Phone(notes)}, wording, clock=lambda: at)
    await door.replay()
    stopping = asyncio.Event()
    sending = asyncio.create_task(delivery.run(stopping))
    write = walk if job["variant"] == PARENTS else _write
    await asyncio.gather(*(write(door, task, notes.write) for task in job["tasks"]))
    await door.drain(PATIENCE)
    stopping.set()
    delivery.wake()
    await sending
    while await delivery.drain_once():
        pass
    await database.close()


async def _write(door: Sound, task: str, note: Note) -> None:
    """One message, from one of a few people who write much."""
    person, _, _ = task.partition("-")
    await door.answered(await door.take(Incoming(task, "web", person, text=task), note))


def _submission() -> Submission:
    return Submission(
        source=Source.CHAT,
        channel="web",
        reporter=None,
        story="",
        facts={},
        reading={},
        category="sham_closure",
        secondary=(),
        nature=Nature.TIPOFF,
        level=Level.P2,
        regulator="edu",
        route=Route("auto", "edu", ("market_reg",)),
    )


def main() -> None:
    city = City.load()
    # What is loaded stays shared with every child, instead of being copied page by page.
    gc.freeze()
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            asyncio.run(live(job, city))
            os._exit(0)
        if job["seconds"] is not None:
            time.sleep(job["seconds"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
