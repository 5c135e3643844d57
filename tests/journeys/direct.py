"""The driver without a channel: the front door itself, on a real database."""

import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from bot.reception import Reception, StoredReply
from handlers.dialogue import Incoming
from handlers.notices import Wording
from handlers.parent import Parent
from handlers.policy import Policy
from tests.journeys.world import World
from tests.phone import Line, Shown, shown

ZONE = ZoneInfo("Asia/Shanghai")


@asynccontextmanager
async def direct(world: World) -> AsyncIterator[Callable[[], Line]]:
    """New people by the call, all talking to one front door."""
    wording = Wording(world.policy, ZONE)
    parent = Parent(world.policy, world.reader, zone=ZONE)
    reception = Reception(world.database, parent, wording, clock=world.now, zone=ZONE, apology="出错了")
    people = itertools.count()
    yield lambda: DirectLine(reception, world.policy, f"person-{next(people)}")
    await reception.drain(5)


class DirectLine:
    def __init__(self, reception: Reception, policy: Policy, address: str) -> None:
        self._reception, self._policy, self._address = reception, policy, address
        self._ids = itertools.count()
        self._seen = 0

    async def open(self) -> list[Shown]:
        return await self._send(start="page")

    async def say(self, text: str) -> list[Shown]:
        return await self._send(text=text)

    async def press(self, key: str) -> list[Shown]:
        return await self._send(choice=key)

    async def send_photo(self, content: bytes, caption: str) -> list[Shown]:
        raise NotImplementedError

    async def look(self) -> list[Shown]:
        return self._show(await self._reception.after("web", self._address, self._seen))

    async def _send(self, **said: str) -> list[Shown]:
        incoming = Incoming(f"{self._address}-{next(self._ids)}", "web", self._address, **said)
        return self._show(await self._reception.answered(await self._reception.receive(incoming)))

    def _show(self, stored: list[StoredReply]) -> list[Shown]:
        self._seen = max([self._seen, *(reply.id for reply in stored)])
        return [shown(one.reply, self._policy) for one in stored]
