"""A conversation small enough to read at a glance, for tests of what stands around a conversation."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.reception import Reception
from handlers.dialogue import Incoming, Reply
from storage import drafts
from storage.addressees import Addressee
from storage.database import Database
from storage.drafts import StoredDraft
from tests.clock import Now

ZONE = ZoneInfo("Asia/Shanghai")


class Counting:
    """Repeats what was said with its place in the talk; the word `boom` breaks it. `weight` makes its drafts heavy."""

    def __init__(self, weight: int = 0) -> None:
        self._weight = weight

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> int:
        if incoming.text == "boom":
            raise ZeroDivisionError
        return int(stored.content.get("turns", 0)) + 1

    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: int, at: datetime) -> list[Reply]:
        content = {"turns": prepared, "weight": "x" * self._weight}
        drafts.save(tx, person, content, read=drafts.load(tx, person), at=at, keep=timedelta(days=7))
        return [Reply(f"{prepared}: {incoming.text}")]


def wording(payload: Mapping[str, Any], channel: str) -> Reply:
    return Reply.from_dict(payload)


def a_reception(database: Database, now: Now, conversation: Counting | None = None) -> Reception:
    return Reception(database, conversation or Counting(), wording, clock=now, zone=ZONE, apology="对不起")


def said(text: str, number: int = 1, who: str = "mother", channel: str = "web") -> Incoming:
    return Incoming(id=f"{who}{number}", channel=channel, address=who, text=text)


async def heard(reception: Reception, incoming: Incoming) -> list[str]:
    return [stored.reply.text for stored in await reception.answered(await reception.receive(incoming))]
