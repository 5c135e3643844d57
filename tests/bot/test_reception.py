"""The front door: kept before acknowledged, one answer each, in order for each sender, whatever happens in between."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.delivery import Delivery, TryLater, Unreachable
from bot.reception import Reception
from handlers.dialogue import Incoming, Reply
from storage import drafts, inbox, outbox
from storage.addressees import Address, Addressee
from storage.database import Database
from storage.drafts import StoredDraft
from tests.clock import Now

ZONE = ZoneInfo("Asia/Shanghai")


class Counting:
    """A small conversation: repeats what was said with its place in the talk; the word `boom` breaks it."""

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> int:
        if incoming.text == "boom":
            raise ZeroDivisionError
        return int(stored.content.get("turns", 0)) + 1

    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: int, at: datetime) -> list[Reply]:
        drafts.save(tx, person, {"turns": prepared}, read=drafts.load(tx, person), at=at, keep=timedelta(days=7))
        return [Reply(f"{prepared}: {incoming.text}")]


def wording(payload: Mapping[str, Any], channel: str) -> Reply:
    return Reply.from_dict(payload)


@pytest.fixture
def reception(database: Database, now: Now) -> Reception:
    return Reception(database, Counting(), wording, clock=now, zone=ZONE, apology="对不起")


def said(text: str, number: int = 1, who: str = "mother") -> Incoming:
    return Incoming(id=f"{who}{number}", channel="web", address=who, text=text)


async def heard(reception: Reception, incoming: Incoming) -> list[str]:
    return [stored.reply.text for stored in await reception.answered(await reception.receive(incoming))]


async def test_the_same_message_twice_is_answered_once_and_the_same(reception: Reception) -> None:
    assert await heard(reception, said("a")) == ["1: a"]
    assert await heard(reception, said("a")) == ["1: a"]
    assert await heard(reception, said("b", 2)) == ["2: b"]


async def test_a_burst_from_one_person_is_answered_in_order(reception: Reception) -> None:
    ids = [await reception.receive(said(str(n), n)) for n in range(10)]
    answers = [(await reception.answered(inbox_id))[0].reply.text for inbox_id in ids]
    assert answers == [f"{n + 1}: {n}" for n in range(10)]


async def test_many_people_do_not_wait_for_one_another(reception: Reception) -> None:
    answers = await asyncio.gather(*(heard(reception, said("a", who=f"p{n}")) for n in range(20)))
    assert answers == [["1: a"]] * 20


async def test_a_message_that_breaks_us_gets_an_apology_and_the_draft_stays(reception: Reception, database: Database) -> None:
    await heard(reception, said("a"))
    assert await heard(reception, said("boom", 2)) == ["对不起"]
    assert await heard(reception, said("b", 3)) == ["2: b"]
    assert await database.read(inbox.unfinished) == []


async def test_what_was_kept_before_a_crash_is_answered_after_it(reception: Reception, database: Database, now: Now) -> None:
    sender = Address.of("web", "mother")
    kept = await database.write(inbox.put, "mother1", sender, said("a").to_json(), now())
    assert await reception.replay() == 1
    assert [stored.reply.text for stored in await reception.answered(kept.id)] == ["1: a"]


async def test_a_person_reads_only_their_own_replies(reception: Reception) -> None:
    await heard(reception, said("a"))
    assert [stored.reply.text for stored in await reception.after("web", "mother", 0)] == ["1: a"]
    assert await reception.after("web", "stranger", 0) == []


@dataclass
class Postman:
    """A channel that fails as it is told to."""

    name: str = "web"
    failures: list[Exception] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)

    async def send(self, address: str, reply: Reply) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((address, reply.text))
        return str(len(self.sent))


async def test_delivery_keeps_the_order_through_failures(reception: Reception, database: Database, now: Now) -> None:
    for n in range(2):
        await heard(reception, said(str(n), n))
    postman = Postman(failures=[TryLater(5), ConnectionError()])
    delivery = Delivery(database, {"web": postman}, wording, clock=now)
    for seconds in (0, 6, 60, 1):
        now.move(seconds=seconds)
        await delivery.drain_once()
    assert postman.sent == [("mother", "1: 0"), ("mother", "2: 1")]


async def test_somebody_who_blocked_us_is_left_alone_until_they_write_again(reception: Reception, database: Database, now: Now) -> None:
    await heard(reception, said("a"))
    postman = Postman(failures=[Unreachable()])
    delivery = Delivery(database, {"web": postman}, wording, clock=now)
    await delivery.drain_once()
    assert await database.read(outbox.oldest_waiting, ["web"]) is None
    await heard(reception, said("b", 2))
    await delivery.drain_once()
    assert postman.sent == [("mother", "2: b")]
