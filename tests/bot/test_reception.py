"""The front door: kept before acknowledged, one answer each, in order for each sender, whatever happens in between."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.reception import TRIES, Reception
from handlers.dialogue import Incoming
from storage import inbox
from storage.addressees import Address
from storage.database import Database
from storage.drafts import StoredDraft
from tests.bot.counting import Counting, a_reception, heard, said
from tests.clock import Now


@pytest.fixture
def reception(database: Database, now: Now) -> Reception:
    return a_reception(database, now)


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


class Quoting(Counting):
    """Breaks with an error that quotes what was said, as many libraries' errors do."""

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> int:
        raise ValueError(incoming.text)


async def test_no_error_carries_what_a_parent_wrote_into_the_log(database: Database, now: Now, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        assert await heard(a_reception(database, now, Quoting()), said("张老师电话13800000000")) == ["对不起"]
    assert "ValueError" in caplog.text
    assert "张老师" not in caplog.text


async def test_a_message_that_kept_ending_the_process_is_apologised_for_and_kept(
    reception: Reception, database: Database, now: Now
) -> None:
    kept = await database.write(inbox.put, "mother1", Address.of("web", "mother"), said("a").to_json(), now())
    for _ in range(TRIES):
        await database.write(inbox.try_again, kept.id)
    await reception.replay()
    assert [stored.reply.text for stored in await reception.answered(kept.id)] == ["对不起"]
    assert await database.read(_is_payload_kept, kept.id)
    assert await heard(reception, said("b", 2)) == ["1: b"]


async def test_two_workers_keep_the_order_in_which_one_person_wrote(database: Database, now: Now) -> None:
    one, other = a_reception(database, now), a_reception(database, now)
    first = await database.write(inbox.put, "mother1", Address.of("web", "mother"), said("a").to_json(), now())
    second = await other.receive(said("b", 2))
    await one.replay()
    answers = [[stored.reply.text for stored in await worker.answered(kept)] for worker, kept in ((one, first.id), (other, second))]
    assert answers == [["1: a"], ["2: b"]]


async def test_two_workers_who_take_up_the_same_message_answer_it_once(database: Database, now: Now) -> None:
    workers = [a_reception(database, now) for _ in range(2)]
    kept = await database.write(inbox.put, "mother1", Address.of("web", "mother"), said("a").to_json(), now())
    await asyncio.gather(*(worker.replay() for worker in workers))
    for worker in workers:
        assert [stored.reply.text for stored in await worker.answered(kept.id)] == ["1: a"]


async def test_a_full_disk_delays_an_answer_and_loses_nothing(embedded: Database, now: Now) -> None:
    reception = a_reception(embedded, now, Counting(weight=2_000_000))
    await embedded.write(_limit_pages, 100)
    with warned() as warning:
        kept = await reception.receive(said("a"))
        await warning.wait()
    await embedded.write(_limit_pages, 2**31)
    assert [stored.reply.text for stored in await reception.answered(kept)] == ["1: a"]


@contextmanager
def warned() -> Iterator[asyncio.Event]:
    """Set as soon as reception writes anything into its log."""
    happened = asyncio.Event()

    def notice(record: logging.LogRecord) -> bool:
        happened.set()
        return True

    log = logging.getLogger("bot.reception")
    log.addFilter(notice)
    try:
        yield happened
    finally:
        log.removeFilter(notice)


def _limit_pages(tx: Connection, room: int) -> None:
    used = tx.execute(sa.text("PRAGMA page_count")).scalar_one()
    tx.execute(sa.text(f"PRAGMA max_page_count = {min(used + room, 2**31 - 2)}"))


def _is_payload_kept(tx: Connection, inbox_id: int) -> bool:
    return tx.execute(sa.text("SELECT payload FROM inbox WHERE id = :id"), {"id": inbox_id}).scalar_one() is not None
