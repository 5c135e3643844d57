"""The driver without a channel: the front door itself, on a real database."""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy import Connection

from bot.reception import Reception, StoredReply
from handlers.dialogue import Incoming
from handlers.notices import Wording
from handlers.parent import Parent
from storage import addressees
from storage.addressees import Address
from storage.sealing import new_key
from storage.tables.reports import attachment
from tests.journeys.world import World
from tests.phone import Line, Shown, shown

ZONE = ZoneInfo("Asia/Shanghai")
CHANNEL = "web"


@asynccontextmanager
async def direct(world: World) -> AsyncIterator[Callable[[], Line]]:
    """New people by the call, all talking to one front door."""
    wording = Wording(world.policy, ZONE)
    parent = Parent(world.policy, world.reader, zone=ZONE)
    reception = Reception(world.database, parent, wording, clock=world.now, zone=ZONE, apology="出错了")
    people = itertools.count()
    yield lambda: DirectLine(reception, world, f"person-{next(people)}")
    await reception.drain(5)


class DirectLine:
    def __init__(self, reception: Reception, world: World, address: str) -> None:
        self._reception, self._policy, self._address = reception, world.policy, address
        self._database, self._now = world.database, world.now
        self._ids = itertools.count()
        self._seen = 0

    async def open(self) -> list[Shown]:
        return await self._send(start="page")

    async def say(self, text: str) -> list[Shown]:
        return await self._send(text=text)

    async def press(self, key: str) -> list[Shown]:
        return await self._send(choice=key)

    async def send_photo(self, content: bytes, caption: str) -> list[Shown]:
        kept = await self._database.write(_keep, Address.of(CHANNEL, self._address), content, self._now())
        return await self._send(text=caption, attachments=(kept,))

    async def look(self) -> list[Shown]:
        return self._show(await self._reception.after(CHANNEL, self._address, self._seen))

    async def _send(self, **said: Any) -> list[Shown]:
        incoming = Incoming(f"{self._address}-{next(self._ids)}", CHANNEL, self._address, **said)
        return self._show(await self._reception.answered(await self._reception.receive(incoming)))

    def _show(self, stored: list[StoredReply]) -> list[Shown]:
        self._seen = max([self._seen, *(reply.id for reply in stored)])
        return [shown(one.reply, self._policy) for one in stored]


def _keep(tx: Connection, sender: Address, content: bytes, at: datetime) -> int:
    """A photo as it lies in the draft's hands, before any report has it."""
    person = addressees.remember(tx, sender, at)
    row = {
        "addressee_id": person.id,
        "kind": "photo",
        "media_type": "image/jpeg",
        "size": len(content),
        "digest": sha256(content).digest(),
        "data_key_id": new_key(tx, at),
        "added_at": at,
    }
    return int(tx.execute(sa.insert(attachment).values(row).returning(attachment.c.id)).scalar_one())
