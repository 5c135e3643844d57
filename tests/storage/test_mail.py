"""Inbox, drafts and outbox on both engines: kept before acknowledged, once, in order, and sealed."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from storage import addressees, drafts, inbox, outbox
from storage.addressees import Address
from storage.database import Database
from storage.drafts import NOTHING, DraftChanged
from storage.sealing import destroy_key
from tests.clock import Now

WEEK = timedelta(days=7)
MOTHER = Address.of("web", "mother-7781")


async def test_an_event_delivered_twice_is_kept_once(database: Database, now: Now) -> None:
    first = await database.write(inbox.put, "e1", MOTHER, "补课", now())
    again = await database.write(inbox.put, "e1", MOTHER, "补课", now())
    assert (first.is_new, again.is_new, again.id) == (True, False, first.id)


async def test_unfinished_events_come_back_oldest_first(database: Database, now: Now) -> None:
    ids = [(await database.write(inbox.put, f"e{n}", MOTHER, f"第{n}句", now())).id for n in range(3)]
    await database.write(inbox.finish, ids[1], "handled", now())
    assert [event.payload for event in await database.read(inbox.unfinished)] == ["第0句", "第2句"]


async def test_an_event_is_finished_only_once(database: Database, now: Now) -> None:
    kept = await database.write(inbox.put, "e1", MOTHER, "补课", now())
    assert await database.write(inbox.finish, kept.id, "handled", now())
    assert not await database.write(inbox.finish, kept.id, "handled", now())


async def test_a_draft_moved_by_somebody_else_is_not_overwritten(database: Database, now: Now) -> None:
    person = (await database.write(inbox.put, "e1", MOTHER, "补课", now())).addressee
    await database.write(drafts.save, person, {"story": "一"}, read=NOTHING, at=now(), keep=WEEK)
    read = await database.read(drafts.load, person)
    await database.write(drafts.save, person, {"story": "二"}, read=read, at=now(), keep=WEEK)
    with pytest.raises(DraftChanged):
        await database.write(drafts.save, person, {"story": "三"}, read=read, at=now(), keep=WEEK)
    with pytest.raises(DraftChanged):
        await database.write(drafts.save, person, {"story": "四"}, read=NOTHING, at=now(), keep=WEEK)
    assert (await database.read(drafts.load, person)).content == {"story": "二"}


async def test_drafts_nobody_came_back_to_expire(database: Database, now: Now) -> None:
    person = (await database.write(inbox.put, "e1", MOTHER, "补课", now())).addressee
    await database.write(drafts.save, person, {"story": "一"}, read=NOTHING, at=now(), keep=WEEK)
    assert await database.write(drafts.expire, now.move(days=6)) == 0
    assert await database.write(drafts.expire, now.move(days=1)) == 1


async def test_a_person_gets_messages_one_after_another(database: Database, now: Now) -> None:
    person = (await database.write(inbox.put, "e1", MOTHER, "补课", now())).addressee
    for n in range(2):
        await database.write(outbox.tell, person.id, {"text": f"{n}"}, dedupe_key=f"m{n}", at=now())
    (first,) = await database.write(outbox.lease, ["web"], now(), 10)
    assert first.message.payload == {"text": "0"}
    assert first.address.value.reveal() == "mother-7781"
    assert await database.write(outbox.lease, ["web"], now(), 10) == []
    await database.write(outbox.settle, first.message.id, now(), "ref")
    (second,) = await database.write(outbox.lease, ["web"], now(), 10)
    assert second.message.payload == {"text": "1"}


async def test_a_lease_that_ended_is_taken_again(database: Database, now: Now) -> None:
    person = (await database.write(inbox.put, "e1", MOTHER, "补课", now())).addressee
    await database.write(outbox.tell, person.id, {"text": "a"}, dedupe_key="m", at=now())
    await database.write(outbox.lease, ["web"], now(), 10)
    (again,) = await database.write(outbox.lease, ["web"], now.move(minutes=2), 10)
    assert again.message.attempts == 2


async def test_nothing_more_is_sent_to_somebody_who_blocked_us(database: Database, now: Now) -> None:
    person = (await database.write(inbox.put, "e1", MOTHER, "补课", now())).addressee
    await database.write(outbox.tell, person.id, {"text": "a"}, dedupe_key="m", at=now())
    await database.write(outbox.give_up, person.id, now(), "blocked")
    assert await database.write(outbox.lease, ["web"], now.move(days=1), 10) == []
    assert await database.read(outbox.oldest_waiting, ["web"]) is None


async def test_who_was_erased_holds_up_nobody(database: Database, now: Now) -> None:
    erased = (await database.write(inbox.put, "e1", MOTHER, "补课", now())).addressee
    other = (await database.write(inbox.put, "e2", Address.of("web", "father"), "补课", now())).addressee
    for person in (erased, other):
        await database.write(outbox.tell, person.id, {"text": "a"}, dedupe_key=f"m{person.id}", at=now())
    await database.write(destroy_key, erased.key_id, now())
    assert [leased.message.addressee_id for leased in await database.write(outbox.lease, ["web"], now(), 10)] == [other.id]
    assert await database.read(outbox.after, erased.id, 0) == []
    assert [event.addressee for event in await database.read(inbox.unfinished)] == [other]


async def test_a_notice_written_twice_is_said_once(database: Database, now: Now) -> None:
    person = (await database.write(inbox.put, "e1", MOTHER, "补课", now())).addressee
    assert await database.write(outbox.tell, person.id, {"text": "a"}, dedupe_key="m", at=now())
    assert await database.write(outbox.tell, person.id, {"text": "a"}, dedupe_key="m", at=now()) is None


async def test_an_act_that_raises_leaves_no_trace_and_spoils_no_other(database: Database, now: Now) -> None:
    def put_and_fail(tx: Connection) -> None:
        inbox.put(tx, "lost", MOTHER, "x", now())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(put_and_fail)
    assert await database.read(addressees.recall, MOTHER) is None
    assert (await database.write(inbox.put, "kept", MOTHER, "x", now())).is_new


async def test_a_read_cannot_write(database: Database, now: Now) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"):
        await database.read(inbox.put, "e1", MOTHER, "x", now())
