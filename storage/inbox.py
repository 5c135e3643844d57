"""What came in, kept before it is acknowledged: each event of a channel once, unfinished ones are taken up again at start."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from storage import addressees
from storage.addressees import Address, Addressee
from storage.sealing import KeyDestroyed, open_text, seal
from storage.tables.mail import inbox

# Made once: they run with every message.
_SAME = (inbox.c.channel, inbox.c.event_id)
_PUT = {
    name: kind.insert(inbox).on_conflict_do_nothing(index_elements=_SAME).returning(inbox.c.id)
    for name, kind in (("sqlite", sqlite), ("postgresql", postgresql))
}
_KNOWN = sa.select(inbox.c.id).where(inbox.c.channel == sa.bindparam("channel"), inbox.c.event_id == sa.bindparam("event_id"))
_DONE = sa.select(inbox.c.done_at).where(inbox.c.id == sa.bindparam("id"))
_END = (
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("of"), inbox.c.done_at.is_(None))
    .values(done_at=sa.bindparam("at"), outcome=sa.bindparam("how"))
)
_END_AND_EMPTY = _END.values(payload=None)
_EARLIER = (
    sa.select(inbox.c.id)
    .where(inbox.c.addressee_id == sa.bindparam("person"), inbox.c.id < sa.bindparam("id"), inbox.c.done_at.is_(None))
    .limit(1)
)


@dataclass(frozen=True)
class Kept:
    """An event that is safely ours. `is_new` is false when the channel delivered it again."""

    id: int
    addressee: Addressee
    is_new: bool


@dataclass(frozen=True)
class Unfinished:
    """An event whose handling was cut off."""

    id: int
    addressee: Addressee
    payload: str
    received_at: datetime


def put(tx: Connection, event_id: str, sender: Address, payload: str, at: datetime) -> Kept:
    """Keep the event. After the commit it may be acknowledged to the channel: it can no longer be lost."""
    person = addressees.remember(tx, sender, at)
    place = f"inbox.payload:{sender.channel}:{event_id}"
    row = {
        "channel": sender.channel,
        "event_id": event_id,
        "addressee_id": person.id,
        "payload": seal(tx, person.key_id, place, payload),
        "received_at": at,
    }
    made = tx.execute(_PUT[tx.dialect.name], row).scalar_one_or_none()
    if made is None:
        return Kept(tx.execute(_KNOWN, {"channel": sender.channel, "event_id": event_id}).scalar_one(), person, is_new=False)
    addressees.mark_back(tx, person.id)
    return Kept(made, person, is_new=True)


def finish(tx: Connection, inbox_id: int, outcome: str, at: datetime, *, keep_payload: bool = False) -> bool:
    """Mark the event handled, in the transaction that handled it; false when it already was, and then nothing may be done twice.

    The payload is emptied, since what it said now lives in the draft or the report; one that failed keeps it for the operator.
    """
    ending = _END if keep_payload else _END_AND_EMPTY
    return tx.execute(ending, {"of": inbox_id, "at": at, "how": outcome}).rowcount == 1


def is_finished(tx: Connection, inbox_id: int) -> bool:
    return tx.execute(_DONE, {"id": inbox_id}).scalar_one() is not None


def has_earlier(tx: Connection, inbox_id: int, person: Addressee) -> bool:
    """Whether something this person wrote before is still unanswered, by another worker for instance."""
    return tx.execute(_EARLIER, {"id": inbox_id, "person": person.id}).scalar_one_or_none() is not None


def try_again(tx: Connection, inbox_id: int) -> int:
    """Count one more attempt at an event that was cut off; returns how many that makes."""
    counted = sa.update(inbox).where(inbox.c.id == inbox_id).values(tries=inbox.c.tries + 1)
    return int(tx.execute(counted.returning(inbox.c.tries)).scalar_one())


def unfinished(tx: Connection) -> list[Unfinished]:
    """Every event not yet handled, oldest first: the order each sender wrote them in. Of an erased person nothing is left to handle."""
    rows = tx.execute(sa.select(inbox).where(inbox.c.done_at.is_(None)).order_by(inbox.c.id)).all()
    people = {person_id: addressees.get(tx, person_id) for person_id in {row.addressee_id for row in rows}}
    return [event for row in rows if (event := _opened(tx, row, people[row.addressee_id]))]


def _opened(tx: Connection, row: "sa.Row[Any]", person: Addressee) -> Unfinished | None:
    try:
        payload = open_text(tx, person.key_id, f"inbox.payload:{row.channel}:{row.event_id}", row.payload)
    except KeyDestroyed:
        return None
    return Unfinished(row.id, person, payload, row.received_at)
