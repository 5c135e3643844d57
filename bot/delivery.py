"""Delivery: takes what the outbox holds for channels that must be pushed to, sends it in order, and marks it."""

import asyncio
import logging
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection

from handlers.dialogue import Reply
from storage import outbox
from storage.database import Database
from storage.outages import Unavailable
from storage.outbox import Leased, Outgoing

log = logging.getLogger(__name__)

BATCH = 50
POLL_SECONDS = 0.5
SEND_SECONDS = 30.0
# What is leased must be sent before the lease ends and another worker takes it.
START_SECONDS = 20.0
LONGEST_PAUSE = timedelta(minutes=10)
DOUBLINGS = 10


class TryLater(Exception):
    """The channel asks for patience: nothing more to this person for `after` seconds."""

    def __init__(self, after: float) -> None:
        super().__init__(after)
        self.after = after


class Unreachable(Exception):
    """This person blocked us or is gone; nothing sent there will ever arrive."""


class Unsendable(Exception):
    """The channel refuses this one message for what it is; trying again cannot help."""


class Channel(Protocol):
    """A channel that is pushed to. `send` returns the channel's own id of the message; it translates and nothing else."""

    name: str

    async def send(self, address: str, reply: Reply) -> str: ...


@dataclass(frozen=True)
class Pace:
    """How fast a network lets one sender speak: messages a second to everyone, and the least span between two to one person."""

    per_second: float = math.inf
    between: timedelta = timedelta()


class Delivery:
    """Sends at least once and in order for each person. A crash between sending and marking repeats one message, which is harmless."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        wording: Callable[[Mapping[str, Any], str], Reply],
        *,
        clock: Callable[[], datetime],
        paces: Mapping[str, Pace] | None = None,
    ) -> None:
        self._database, self._channels, self._wording, self._clock = database, channels, wording, clock
        self._paces = paces or {}
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something was written to the outbox just now: look at once."""
        self._woken.set()

    async def run(self, stopping: asyncio.Event) -> None:
        """Drain until told to stop; the messages being sent are finished first. A slow channel does not hold up another."""
        await asyncio.gather(*(self._run(name, stopping) for name in self._channels))

    async def drain_once(self) -> int:
        """Send one batch on every channel; returns how many messages were tried."""
        return sum(await asyncio.gather(*(self._drain(name) for name in self._channels)))

    async def _run(self, channel: str, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                sent = await self._drain(channel)
            except Unavailable as outage:
                log.warning("delivery on %s waits for the database: %s", channel, outage)
                sent = 0
            if not sent:
                await self._rest()

    async def _rest(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)
        self._woken.clear()

    async def _drain(self, channel: str) -> int:
        pace = self._paces.get(channel, Pace())
        limit = int(max(1.0, min(BATCH, pace.per_second * START_SECONDS)))
        leased = await self._database.write(outbox.lease, [channel], self._clock(), limit)
        async with asyncio.TaskGroup() as sending:
            for place, one in enumerate(leased):
                if place:
                    await asyncio.sleep(1 / pace.per_second)
                sending.create_task(self._send(one, pace))
        return len(leased)

    async def _send(self, leased: Leased, pace: Pace) -> None:
        try:
            await self._settle(leased.message, pace, await self._sent(leased))
        except Unavailable as outage:
            # It went out and could not be marked: when the lease ends it is sent again, which is harmless.
            log.warning("message %s was not marked: %s", leased.message.id, outage)

    async def _sent(self, leased: Leased) -> str | Exception:
        """The channel's own id of the message, or why it did not go out."""
        channel = leased.address.channel
        try:
            reply = self._wording(leased.message.payload, channel)
            async with asyncio.timeout(SEND_SECONDS):
                return await self._channels[channel].send(leased.address.value.reveal(), reply)
        except Exception as failure:  # noqa: BLE001 - whatever a network does, the message waits and is tried again
            return failure

    async def _settle(self, message: Outgoing, pace: Pace, outcome: str | Exception) -> None:
        at, write = self._clock(), self._database.write
        match outcome:
            case str():
                await write(_mark, message, at, outcome, pace.between)
            case TryLater():
                await write(outbox.retry_later, message.id, _later(at, outcome.after), "asked to wait")
            case Unreachable():
                await write(outbox.give_up, message.addressee_id, at, "unreachable")
            case Unsendable():
                log.error("message %s was refused by its channel", message.id)
                await write(outbox.drop, message.id, at, "refused")
            case _:
                # Only the kind of failure is kept: a library's text may quote the message or the token.
                kind = type(outcome).__name__
                log.warning("message %s not delivered: %s", message.id, kind)
                pause = min(2.0 ** min(message.attempts, DOUBLINGS), LONGEST_PAUSE.total_seconds())
                await write(outbox.retry_later, message.id, _later(at, pause), kind)


def _mark(tx: Connection, message: Outgoing, at: datetime, reference: str, between: timedelta) -> None:
    outbox.settle(tx, message.id, at, reference)
    if between:
        outbox.space(tx, message.addressee_id, _later(at, between.total_seconds()))


def _later(at: datetime, seconds: float) -> datetime:
    # Times are stored in whole seconds, rounded down; one more, so that a network asking for patience gets all of it.
    return at + timedelta(seconds=math.ceil(seconds) + 1)
