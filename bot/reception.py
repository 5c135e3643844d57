"""The front door: every message from every channel comes through receive()."""

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.guesses import Guesses
from handlers.dialogue import Incoming, Kind, Reply
from storage import addressees, drafts, inbox, outbox
from storage.addressees import Address, Addressee
from storage.database import Database
from storage.drafts import DraftChanged, StoredDraft
from storage.outages import Unavailable

log = logging.getLogger(__name__)

HANDLED, FAILED = "handled", "failed"
ANSWER_PATIENCE = 20.0
NEWS_PATIENCE = 2.0
# The database is full, locked or away: seconds until the next try, the last of them for as long as it takes.
PAUSES = (0.2, 1.0, 5.0, 15.0)
# How long a message waits for an earlier one of the same person that another worker holds, in steps of TURN_SECONDS.
TURNS, TURN_SECONDS = 50, 0.1
# An innocent message can be under way when the process is killed, again and again; eight times in a row it is not innocent.
TRIES = 8


class NotYet(Exception):
    """Another worker is answering this person, or has just done so: look at the draft again."""


class Conversation(Protocol):
    """Whoever answers people: `prepare` is slow and pure, `answer` runs inside the one transaction."""

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> Any: ...
    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: Any, at: datetime) -> list[Reply]: ...


Wording = Callable[[Mapping[str, Any], str], Reply]


@dataclass(frozen=True)
class StoredReply:
    """A message to a person, as the outbox keeps it; ids grow in the order to read."""

    id: int
    reply: Reply


@dataclass(frozen=True)
class Waiting:
    """A message that is safely kept and not yet answered; `again` when an earlier process was cut off over it.

    `place` is the network address it came from, where one is known; it is never written down.
    """

    inbox_id: int
    person: Addressee
    incoming: Incoming
    received_at: datetime
    again: bool = False
    place: str = field(default="", repr=False)


@dataclass(frozen=True)
class Ready:
    """What was worked out from which draft. A patient message lets an earlier one of the same person pass."""

    stored: StoredDraft
    prepared: Any
    is_patient: bool


class Reception:
    """Keeps each message before it is acknowledged, answers each sender in order, and different senders side by side."""

    def __init__(
        self,
        database: Database,
        conversation: Conversation,
        wording: Wording,
        *,
        clock: Callable[[], datetime],
        zone: ZoneInfo,
        apology: str,
        answered: Callable[[], None] = lambda: None,
        tries: int = TRIES,
        guesses: Guesses | None = None,
    ) -> None:
        self._database, self._conversation, self._wording = database, conversation, wording
        self._clock, self._zone, self._apology, self._told = clock, zone, apology, answered
        self._lines: dict[int, deque[Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answers: dict[int, asyncio.Event] = {}
        self._news: dict[int, set[asyncio.Event]] = {}
        self._suspect, self._tries, self._guesses = asyncio.Lock(), tries, guesses

    async def receive(self, incoming: Incoming, *, place: str = "") -> int:
        """Keep the message; after this returns it cannot be lost. The same id again brings the same inbox id and nothing else."""
        if self._guesses and await self._guesses.are_too_many(incoming, place):
            # Kept with the message: a restart answers it no differently.
            incoming = replace(incoming, is_guessing=True)
        sender, at = Address.of(incoming.channel, incoming.address), self._clock()
        kept = await self._database.write(inbox.put, incoming.id, sender, incoming.to_json(), at)
        if kept.is_new:
            self._queue(Waiting(kept.id, kept.addressee, incoming, at, place=place))
        return kept.id

    async def answered(self, inbox_id: int) -> list[StoredReply]:
        """The replies to that message, waiting for them if it is still being answered."""
        answered = self._answers.get(inbox_id)
        if answered:
            try:
                await asyncio.wait_for(answered.wait(), ANSWER_PATIENCE)
            except TimeoutError:
                log.warning("message %s is still being answered", inbox_id)
        return self._worded(await self._database.read(outbox.answers_to, inbox_id), "")

    async def after(self, channel: str, address: str, last_id: int) -> list[StoredReply]:
        """What this person has not read yet; nothing for somebody we never heard of."""
        person = await self._database.read(addressees.recall, Address.of(channel, address))
        if person is None:
            return []
        return self._worded(await self._database.read(outbox.after, person.id, last_id), channel)

    async def news(self, channel: str, address: str) -> None:
        """Return when there may be something new for this person: at once after an answer here, else after a short while."""
        person = await self._database.read(addressees.recall, Address.of(channel, address))
        if person is None:
            await asyncio.sleep(NEWS_PATIENCE)
            return
        rang = asyncio.Event()
        self._news.setdefault(person.id, set()).add(rang)
        try:
            await asyncio.wait_for(rang.wait(), NEWS_PATIENCE)
        except TimeoutError:
            return
        finally:
            self._news[person.id].discard(rang)
            if not self._news[person.id]:
                del self._news[person.id]

    @property
    def is_busy(self) -> bool:
        """Whether anybody is waiting for an answer."""
        return bool(self._lines)

    async def replay(self) -> int:
        """Take up what was kept and not answered when the last process ended; returns how many."""
        unfinished = await self._database.read(inbox.unfinished)
        for event in unfinished:
            self._queue(Waiting(event.id, event.addressee, Incoming.from_json(event.payload), event.received_at, again=True))
        return len(unfinished)

    async def drain(self, seconds: float) -> None:
        """Before stopping: let what is being answered finish; what does not is replayed at the next start."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in list(self._tasks):
            task.cancel()

    def _queue(self, waiting: Waiting) -> None:
        self._answers[waiting.inbox_id] = asyncio.Event()
        line = self._lines.get(waiting.person.id)
        if line is not None:
            line.append(waiting)
            return
        self._lines[waiting.person.id] = deque([waiting])
        task = asyncio.create_task(self._serve(waiting.person.id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, person_id: int) -> None:
        """One sender's line: the next message is looked at only when the one before is answered."""
        line = self._lines[person_id]
        try:
            while line:
                await self._handle(line[0])
                self._answers.pop(line.popleft().inbox_id).set()
                self._told()
                for rang in self._news.get(person_id, ()):
                    rang.set()
        finally:
            del self._lines[person_id]

    async def _handle(self, waiting: Waiting) -> None:
        """Until it is answered, whatever happens to the database; a stop may end it, and then the next start takes it up."""
        step = self._answer_again if waiting.again else self._answer
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                await step(waiting)
                return
            except Unavailable as outage:
                log.warning("message %s waits for the database: %s", waiting.inbox_id, outage)
                await asyncio.sleep(pause)
            except Exception as failure:  # noqa: BLE001 - the one place that catches broadly
                # The draft is as it was, the message is kept, and the person gets an answer.
                log.error("message %s failed: %s", waiting.inbox_id, _trace(failure))  # noqa: TRY400 - a traceback may quote the person
                if step == self._apologise:
                    return
                step = self._apologise

    async def _answer(self, waiting: Waiting) -> None:
        today = waiting.received_at.astimezone(self._zone).date()
        for turn in range(TURNS):
            # The draft is read only now that this sender's turn has come: two quick messages must not both answer question three.
            stored = await self._database.read(drafts.load, waiting.person)
            prepared = await asyncio.to_thread(self._conversation.prepare, waiting.incoming, stored, today)
            try:
                ready = Ready(stored, prepared, turn < TURNS - 1)
                replies = await self._database.write(_step, self._conversation, waiting, ready, self._clock())
                await self._count(waiting, replies)
                return
            except (NotYet, DraftChanged):
                await asyncio.sleep(TURN_SECONDS)
        raise Unavailable("others keep answering this person")

    async def _count(self, waiting: Waiting, replies: list[Reply]) -> None:
        if self._guesses and any(reply.kind is Kind.WRONG_CODE for reply in replies):
            await self._guesses.count(waiting.incoming, waiting.place)

    async def _answer_again(self, waiting: Waiting) -> None:
        # Counted before it is begun, and one at a time: a message that ends the process must not do so at every start,
        # nor take others along.
        async with self._suspect:
            if await self._database.write(inbox.try_again, waiting.inbox_id) > self._tries:
                await self._apologise(waiting)
            else:
                await self._answer(waiting)

    async def _apologise(self, waiting: Waiting) -> None:
        await self._database.write(_settle, waiting, [Reply(self._apology)], FAILED, self._clock())

    def _worded(self, messages: list[outbox.Outgoing], channel: str) -> list[StoredReply]:
        return [StoredReply(message.id, self._wording(message.payload, channel)) for message in messages]


def _step(tx: Connection, conversation: Conversation, waiting: Waiting, ready: Ready, at: datetime) -> list[Reply]:
    """The one transaction: draft, report, events, replies and the end of the message are written together or not at all."""
    addressees.hold(tx, waiting.person.id)
    if inbox.is_finished(tx, waiting.inbox_id):
        return []
    overtaken = not drafts.is_current(tx, waiting.person, ready.stored)
    if overtaken or (ready.is_patient and inbox.has_earlier(tx, waiting.inbox_id, waiting.person)):
        raise NotYet
    replies = conversation.answer(tx, waiting.person, waiting.incoming, ready.prepared, at)
    _settle(tx, waiting, replies, HANDLED, at)
    return replies


def _settle(tx: Connection, waiting: Waiting, replies: list[Reply], outcome: str, at: datetime) -> None:
    if not inbox.finish(tx, waiting.inbox_id, outcome, at, keep_payload=outcome == FAILED):
        return
    for place, reply in enumerate(replies):
        key = f"reply:{waiting.inbox_id}:{place}"
        outbox.tell(tx, waiting.person.id, reply.as_dict(), dedupe_key=key, at=at, cause_id=waiting.inbox_id)


def _trace(failure: BaseException) -> str:
    """What went wrong and where, without the words of the error: they may quote the person."""
    frames = traceback.extract_tb(failure.__traceback__)
    return " < ".join([type(failure).__name__, *(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))])
