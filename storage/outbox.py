"""What goes out: written in the transaction that caused it, delivered after the commit, per person in order, at least once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import addressees
from storage.addressees import Address
from storage.sealing import KeyDestroyed, open_text, open_texts, seal
from storage.tables.mail import addressee, outbox

LEASE = timedelta(seconds=60)
WAITING, SENT, UNDELIVERABLE = "waiting", "sent", "undeliverable"
# Made once: they run for everyone who is told of a move.
_WRITTEN = sa.select(outbox.c.id).where(outbox.c.dedupe_key == sa.bindparam("dedupe_key"))
_WRITE = sa.insert(outbox).returning(outbox.c.id)


@dataclass(frozen=True)
class Outgoing:
    """One message to a person, opened. `id` grows, so it is also the order people read in."""

    id: int
    addressee_id: int
    payload: Mapping[str, Any]
    created_at: datetime
    attempts: int = 0
    reference: str | None = None


@dataclass(frozen=True)
class Leased:
    """A message taken for sending until the lease ends, with the address it goes to."""

    message: Outgoing
    address: Address


def tell(
    tx: Connection,
    addressee_id: int,
    payload: Mapping[str, Any],
    *,
    dedupe_key: str,
    at: datetime,
    cause_id: int | None = None,
    not_before: datetime | None = None,
) -> int | None:
    """Write a message for this person; None when the same `dedupe_key` was written before, so an act repeated says it once."""
    if tx.execute(_WRITTEN, {"dedupe_key": dedupe_key}).one_or_none() is not None:
        return None
    person = addressees.get(tx, addressee_id)
    row = {
        "addressee_id": addressee_id,
        "channel": person.channel,
        "cause_id": cause_id,
        "dedupe_key": dedupe_key,
        "payload": seal(tx, person.key_id, _place(dedupe_key), json.dumps(payload, ensure_ascii=False)),
        "created_at": at,
        "not_before": not_before or at,
    }
    return int(tx.execute(_WRITE, row).scalar_one())


def was_told(tx: Connection, dedupe_keys: Sequence[str]) -> bool:
    """Whether a message was ever written under one of these keys, as long as it is kept."""
    return tx.execute(sa.select(outbox.c.id).where(outbox.c.dedupe_key.in_(dedupe_keys)).limit(1)).one_or_none() is not None


def lease(tx: Connection, channels: Sequence[str], at: datetime, limit: int) -> list[Leased]:
    """Take up to `limit` messages that are due, at most one a person: the next only once this one is settled."""
    first = (
        sa.select(sa.func.min(outbox.c.id))
        .join(addressee, addressee.c.id == outbox.c.addressee_id)
        .where(outbox.c.state == WAITING, outbox.c.channel.in_(channels), addressee.c.gone_at.is_(None))
        .group_by(outbox.c.addressee_id)
    )
    due = (
        sa.select(outbox.c.id)
        .where(outbox.c.id.in_(first), outbox.c.not_before <= at, sa.or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= at))
        .order_by(outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = tx.execute(due).scalars().all()
    taken = sa.update(outbox).where(outbox.c.id.in_(ids)).values(leased_until=at + LEASE, attempts=outbox.c.attempts + 1)
    rows = tx.execute(taken.returning(*outbox.c)).all() if ids else []
    return [leased for row in sorted(rows, key=lambda row: row.id) if (leased := _leased(tx, row, at))]


def settle(tx: Connection, message_id: int, at: datetime, reference: str = "") -> None:
    """It went out; `reference` is the channel's own id of it, for editing later."""
    _end(tx, message_id, state=SENT, settled_at=at, reference=reference or None)


def drop(tx: Connection, message_id: int, at: datetime, failure: str) -> None:
    """The channel will never take this one message; those after it must not wait behind it."""
    _end(tx, message_id, state=UNDELIVERABLE, settled_at=at, failure=failure)


def space(tx: Connection, addressee_id: int, until: datetime) -> None:
    """Nothing more to this person before then: some networks allow so many messages a minute to one chat."""
    waiting = sa.update(outbox).where(outbox.c.addressee_id == addressee_id, outbox.c.state == WAITING, outbox.c.not_before < until)
    tx.execute(waiting.values(not_before=until))


def retry_later(tx: Connection, message_id: int, not_before: datetime, failure: str) -> None:
    """It did not go out this time; `failure` names the kind of error and never quotes the message."""
    tx.execute(
        sa.update(outbox)
        .where(outbox.c.id == message_id, outbox.c.state == WAITING)
        .values(not_before=not_before, leased_until=None, failure=failure)
    )


def give_up(tx: Connection, addressee_id: int, at: datetime, failure: str) -> None:
    """This person can never be reached there: everything waiting for them ends."""
    addressees.mark_gone(tx, addressee_id, at)
    waiting = sa.update(outbox).where(outbox.c.addressee_id == addressee_id, outbox.c.state == WAITING)
    tx.execute(waiting.values(state=UNDELIVERABLE, settled_at=at, failure=failure, leased_until=None))


def after(tx: Connection, addressee_id: int, last_id: int) -> list[Outgoing]:
    """What this person has not read yet, on a channel that fetches (the web page)."""
    return _read(tx, outbox.c.addressee_id == addressee_id, outbox.c.id > last_id)


def answers_to(tx: Connection, inbox_id: int) -> list[Outgoing]:
    """The replies one event brought, the same however often it is asked."""
    return _read(tx, outbox.c.cause_id == inbox_id)


def fetched(tx: Connection, addressee_id: int, up_to: int, at: datetime) -> None:
    """The page has shown everything up to this id."""
    shown = sa.update(outbox).where(outbox.c.addressee_id == addressee_id, outbox.c.id <= up_to, outbox.c.state == WAITING)
    tx.execute(shown.values(state=SENT, settled_at=at))


def oldest_waiting(tx: Connection, channels: Sequence[str]) -> datetime | None:
    """When the message waiting longest on these channels was due; None when nothing waits."""
    query = sa.select(sa.func.min(outbox.c.not_before)).join(addressee, addressee.c.id == outbox.c.addressee_id)
    waiting = (outbox.c.state == WAITING, outbox.c.channel.in_(channels), addressee.c.gone_at.is_(None))
    oldest: datetime | None = tx.execute(query.where(*waiting)).scalar_one_or_none()
    return oldest


def _leased(tx: Connection, row: "sa.Row[Any]", at: datetime) -> Leased | None:
    try:
        person = addressees.get(tx, row.addressee_id)
        text = open_text(tx, person.key_id, _place(row.dedupe_key), row.payload)
        return Leased(_opened(row, text), addressees.reach(tx, row.addressee_id))
    except KeyDestroyed:
        # The person was erased while something waited for them: there is nobody left to tell, and nobody else may wait for it.
        drop(tx, row.id, at, "erased")
        return None


def _read(tx: Connection, *conditions: sa.ColumnElement[bool]) -> list[Outgoing]:
    """What can still be read; of an erased person, nothing."""
    query = sa.select(outbox, addressee.c.data_key_id).join(addressee, addressee.c.id == outbox.c.addressee_id)
    rows = tx.execute(query.where(*conditions).order_by(outbox.c.id)).all()
    texts = open_texts(tx, [(row.data_key_id, _place(row.dedupe_key), row.payload) for row in rows])
    return [_opened(row, text) for row, text in zip(rows, texts, strict=True) if text is not None]


def _opened(row: "sa.Row[Any]", text: str) -> Outgoing:
    return Outgoing(row.id, row.addressee_id, json.loads(text), row.created_at, row.attempts, row.reference)


def _end(tx: Connection, message_id: int, **values: object) -> None:
    tx.execute(sa.update(outbox).where(outbox.c.id == message_id, outbox.c.state == WAITING).values(leased_until=None, **values))


def _place(dedupe_key: str) -> str:
    return f"outbox.payload:{dedupe_key}"
