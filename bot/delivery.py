"""Delivery: takes what the outbox holds for channels that must be pushed to, sends it in order, and marks it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from handlers.dialogue import Reply
from storage import outbox
from storage.database import Database
from storage.outbox import Leased

log = logging.getLogger(__name__)

BATCH = 50
POLL_SECONDS = 0.5
LONGEST_PAUSE = timedelta(minutes=10)


class TryLater(Exception):
    """The channel asks for patience: nothing more to this person for `after` seconds."""

    def __init__(self, after: float) -> None:
        super().__init__(after)
        self.after = after


class Unreachable(Exception):
    """This person blocked us or is gone; nothing sent there will ever arrive."""


class Channel(Protocol):
    """A channel that is pushed to. `send` returns the channel's own id of the message; it translates and nothing else."""

    name: str

    async def send(self, address: str, reply: Reply) -> str: ...


class Delivery:
    """Sends at least once and in order for each person. A crash between sending and marking repeats one message, which is harmless."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        wording: Callable[[Mapping[str, Any], str], Reply],
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._channels, self._wording, self._clock = database, channels, wording, clock

    async def run(self, stopping: asyncio.Event) -> None:
        """Drain until told to stop; the messages being sent are finished first."""
        while not stopping.is_set():
            if not await self.drain_once():
                try:
                    await asyncio.wait_for(stopping.wait(), POLL_SECONDS)
                except TimeoutError:
                    continue

    async def drain_once(self) -> int:
        """Send one batch; returns how many messages were tried."""
        if not self._channels:
            return 0
        leased = await self._database.write(outbox.lease, list(self._channels), self._clock(), BATCH)
        await asyncio.gather(*(self._send(one) for one in leased))
        return len(leased)

    async def _send(self, leased: Leased) -> None:
        message, channel = leased.message, leased.address.channel
        try:
            reply = self._wording(message.payload, channel)
            reference = await self._channels[channel].send(leased.address.value.reveal(), reply)
        except TryLater as patience:
            await self._later(message.id, timedelta(seconds=patience.after), "asked to wait")
        except Unreachable:
            await self._database.write(outbox.give_up, message.addressee_id, self._clock(), "unreachable")
        except Exception as failure:  # noqa: BLE001 - whatever a network does, the message waits and is tried again
            # Only the kind of failure is kept: a library's text may quote the message or the token.
            log.warning("message %s not delivered: %s", message.id, type(failure).__name__)
            await self._later(message.id, min(timedelta(seconds=2 ** min(message.attempts, 10)), LONGEST_PAUSE), type(failure).__name__)
        else:
            await self._database.write(outbox.settle, message.id, self._clock(), reference)

    async def _later(self, message_id: int, pause: timedelta, failure: str) -> None:
        await self._database.write(outbox.retry_later, message_id, self._clock() + pause, failure)
