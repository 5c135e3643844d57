"""Delivery: in order for each person, patient with networks, and one person's or channel's trouble is nobody else's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.delivery import Delivery, Pace, TryLater, Unreachable, Unsendable
from handlers.dialogue import Reply
from storage import outbox
from storage.database import Database
from tests.bot.counting import a_reception, heard, said, wording
from tests.clock import Now


@dataclass
class Postman:
    """A channel that fails as it is told to, or waits at a closed gate."""

    name: str = "web"
    failures: list[Exception] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, address: str, reply: Reply) -> str:
        if self.gate:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, reply.text))
        self.came.set()
        return str(len(self.sent))


def a_delivery(database: Database, now: Now, *postmen: Postman, pace: Pace | None = None) -> Delivery:
    paces = {postman.name: pace for postman in postmen} if pace else None
    return Delivery(database, {postman.name: postman for postman in postmen}, wording, clock=now, paces=paces)


async def written(database: Database, now: Now, count: int, channel: str = "web") -> None:
    """The mother wrote so often, so as many answers wait for her."""
    reception = a_reception(database, now)
    for number in range(count):
        await heard(reception, said(f"{number}", number, channel=channel))


async def test_the_order_survives_failures(database: Database, now: Now) -> None:
    await written(database, now, 2)
    postman = Postman(failures=[TryLater(5), ConnectionError()])
    delivery = a_delivery(database, now, postman)
    for seconds in (0, 6, 60, 1):
        now.move(seconds=seconds)
        await delivery.drain_once()
    assert postman.sent == [("mother", "1: 0"), ("mother", "2: 1")]


async def test_a_network_that_asks_for_patience_gets_all_of_it(database: Database, now: Now) -> None:
    await written(database, now, 1)
    postman = Postman(failures=[TryLater(4.2)])
    delivery = a_delivery(database, now, postman)
    now.move(milliseconds=900)
    await delivery.drain_once()
    now.move(seconds=4, milliseconds=150)
    assert await delivery.drain_once() == 0
    now.move(seconds=2)
    assert await delivery.drain_once() == 1


async def test_a_message_the_channel_refuses_does_not_hold_up_the_next(database: Database, now: Now) -> None:
    await written(database, now, 2)
    postman = Postman(failures=[Unsendable()])
    delivery = a_delivery(database, now, postman)
    await delivery.drain_once()
    await delivery.drain_once()
    assert postman.sent == [("mother", "2: 1")]
    assert await database.read(outbox.oldest_waiting, ["web"]) is None


async def test_somebody_who_blocked_us_is_left_alone_until_they_write_again(database: Database, now: Now) -> None:
    await written(database, now, 1)
    postman = Postman(failures=[Unreachable()])
    delivery = a_delivery(database, now, postman)
    await delivery.drain_once()
    assert await database.read(outbox.oldest_waiting, ["web"]) is None
    await heard(a_reception(database, now), said("b", 2))
    await delivery.drain_once()
    assert postman.sent == [("mother", "2: b")]


async def test_a_person_is_not_flooded_where_the_network_forbids_it(database: Database, now: Now) -> None:
    await written(database, now, 2)
    postman = Postman()
    delivery = a_delivery(database, now, postman, pace=Pace(between=timedelta(seconds=3)))
    await delivery.drain_once()
    assert await delivery.drain_once() == 0
    now.move(seconds=4)
    assert await delivery.drain_once() == 1


async def test_a_channel_that_hangs_holds_up_no_other(database: Database, now: Now) -> None:
    await written(database, now, 1, "slow")
    await written(database, now, 1, "quick")
    gate = asyncio.Event()
    slow, quick = Postman("slow", gate=gate), Postman("quick")
    async with running(a_delivery(database, now, slow, quick)):
        await quick.came.wait()
        assert slow.sent == []
        gate.set()
    assert slow.sent == [("mother", "1: 0")]


async def test_messages_for_a_page_that_fetches_are_left_to_it(database: Database, now: Now) -> None:
    await written(database, now, 1, "web")
    assert await a_delivery(database, now, Postman("telegram")).drain_once() == 0


@asynccontextmanager
async def running(delivery: Delivery) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    task = asyncio.create_task(delivery.run(stopping))
    yield
    stopping.set()
    await task
