"""Takes in what a Telegram bot heard: files first, then the message, and only then may it be acknowledged."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.channels.telegram import Adapter, Fetch, FileGone, NotKept
from handlers.dialogue import Incoming, Reply
from handlers.evidence.accepting import FileRefused, Why
from handlers.texts import Texts

log = logging.getLogger(__name__)

# A file Telegram does not hand out after so many tries is given up, and the person is asked to send it again.
FETCHES = 5


class Receives(Protocol):
    """The front door."""

    async def receive(self, incoming: Incoming) -> int: ...


class Stored(Protocol):
    """A file that is safely kept."""

    @property
    def id(self) -> int: ...


class Keeps(Protocol):
    """Where files of evidence go."""

    async def receive(self, channel: str, address: str, content: bytes, *, album: str = "") -> Stored: ...


class TelegramDoor:
    """One bot's door. Everything a person sends is either kept, or refused in words."""

    def __init__(self, bot: Adapter, reception: Receives, evidence: Keeps | None, texts: Texts) -> None:
        self._bot, self._reception, self._evidence, self._texts = bot, reception, evidence, texts
        self._failed: dict[str, int] = {}

    async def receive(self, incoming: Incoming, files: Sequence[Fetch] = ()) -> None:
        """Keep it, or NotKept."""
        try:
            attachments = [kept for fetch in files if (kept := await self._file(incoming, fetch)) is not None]
            if files and not attachments and not incoming.text:
                return
            await self._reception.receive(replace(incoming, attachments=tuple(attachments)))
        except Exception as failure:
            # Only the kind of failure is logged: an error of a library may quote the token or the person.
            log.warning("update %s is not kept yet: %s", incoming.id, type(failure).__name__)
            raise NotKept from failure
        self._failed.pop(incoming.id, None)

    async def _file(self, incoming: Incoming, fetch: Fetch) -> int | None:
        if self._evidence is None:
            return None
        try:
            content = await self._fetched(incoming, fetch)
            return (await self._evidence.receive(incoming.channel, incoming.address, content, album=incoming.album)).id
        except FileGone:
            await self._say(incoming, "file_refused.too_large")
        except FileRefused as refused:
            await self._say(incoming, f"file_refused.{refused.why}")
        return None

    async def _fetched(self, incoming: Incoming, fetch: Fetch) -> bytes:
        try:
            return await fetch()
        except FileGone:
            raise
        except Exception as failure:
            tries = self._failed[incoming.id] = self._failed.get(incoming.id, 0) + 1
            if tries < FETCHES:
                raise
            del self._failed[incoming.id]
            raise FileRefused(Why.DAMAGED) from failure

    async def _say(self, incoming: Incoming, key: str) -> None:
        """Told at once and not through the outbox: the file is in the person's hand now, and nothing depends on it."""
        text = self._texts.say("telegram.refused_file", why=self._texts.say(key))
        try:
            await self._bot.send(incoming.address, Reply(text))
        except Exception as failure:  # noqa: BLE001 - whatever the network does, the message itself is kept
            log.warning("a refusal was not delivered: %s", type(failure).__name__)
