"""The disk fills up: people are told so, what they were told is kept stays kept, and it goes on once there is room."""

import asyncio
from itertools import count

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import inbox
from storage.addressees import Address
from storage.database import Database
from storage.outages import Unavailable
from tests.clock import Now

LETTER = "机构关门了，学费退不出来。" * 300
ROOM_FOR_SOME = 40


def _limit(tx: Connection, pages: int | None) -> None:
    """Leave room for this many more pages; None lifts the limit."""
    used = tx.execute(sa.text("PRAGMA page_count")).scalar_one()
    tx.execute(sa.text(f"PRAGMA max_page_count = {used + pages if pages else 2**31 - 2}"))


def _stored(tx: Connection) -> set[str]:
    return set(tx.execute(sa.text("SELECT event_id FROM inbox")).scalars())


def _is_sound(tx: Connection) -> bool:
    return tx.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"


async def _send_until_refused(database: Database, now: Now, senders: int) -> tuple[set[str], int]:
    """Several people write at once until nobody is taken any more."""
    acknowledged: set[str] = set()
    refused = 0
    for turn in count():
        events = [f"{turn}-{sender}" for sender in range(senders)]
        puts = [database.write(inbox.put, event, Address.of("web", event), LETTER, now()) for event in events]
        answers = await asyncio.gather(*puts, return_exceptions=True)
        for event, answer in zip(events, answers, strict=True):
            if isinstance(answer, BaseException):
                assert isinstance(answer, Unavailable)
                refused += 1
            else:
                acknowledged.add(event)
        if refused:
            return acknowledged, refused
    raise AssertionError


@pytest.mark.parametrize("senders", [1, 20])
async def test_a_full_disk_loses_nothing_it_acknowledged_and_invents_nothing(embedded: Database, now: Now, senders: int) -> None:
    await embedded.write(_limit, ROOM_FOR_SOME)
    acknowledged, refused = await _send_until_refused(embedded, now, senders)
    assert refused
    assert await embedded.read(_stored) == acknowledged
    assert await embedded.read(_is_sound)


async def test_writing_goes_on_by_itself_once_there_is_room(embedded: Database, now: Now) -> None:
    await embedded.write(_limit, ROOM_FOR_SOME)
    acknowledged, _ = await _send_until_refused(embedded, now, 5)
    await embedded.write(_limit, None)
    kept = await embedded.write(inbox.put, "afterwards", Address.of("web", "father"), LETTER, now())
    assert kept.is_new
    assert await embedded.read(_stored) == acknowledged | {"afterwards"}
