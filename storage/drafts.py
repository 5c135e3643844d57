"""Unfinished conversations: one draft a person, sealed, versioned, and gone after some days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.addressees import Addressee
from storage.sealing import open_text, seal
from storage.tables.mail import draft


class DraftChanged(Exception):
    """Somebody else moved this draft since it was read; the step must be taken again from what it is now."""


@dataclass(frozen=True)
class StoredDraft:
    """A draft as it was read. `version` is 0 when there is none yet."""

    version: int
    content: Mapping[str, Any]


NOTHING = StoredDraft(0, {})
# Made once: they run with every message.
_LOAD = sa.select(draft.c.version, draft.c.content).where(draft.c.addressee_id == sa.bindparam("person"))
_VERSION = sa.select(draft.c.version).where(draft.c.addressee_id == sa.bindparam("person"))


def load(tx: Connection, person: Addressee) -> StoredDraft:
    """The person's draft, or NOTHING."""
    row = tx.execute(_LOAD, {"person": person.id}).one_or_none()
    if row is None:
        return NOTHING
    return StoredDraft(row.version, json.loads(open_text(tx, person.key_id, _place(person), row.content)))


def is_current(tx: Connection, person: Addressee, read: StoredDraft) -> bool:
    """Whether the draft is still the one that was read."""
    version = tx.execute(_VERSION, {"person": person.id}).scalar_one_or_none()
    return (version or 0) == read.version


def save(tx: Connection, person: Addressee, content: Mapping[str, Any], *, read: StoredDraft, at: datetime, keep: timedelta) -> None:
    """Store what the draft became, or raise DraftChanged when it is no longer what was read."""
    values = {
        "version": read.version + 1,
        "content": seal(tx, person.key_id, _place(person), json.dumps(content, ensure_ascii=False)),
        "updated_at": at,
        "expires_at": at + keep,
    }
    if read.version == 0:
        try:
            with tx.begin_nested():
                tx.execute(sa.insert(draft).values(addressee_id=person.id, **values))
        except sa.exc.IntegrityError as taken:
            raise DraftChanged from taken
        return
    moved = sa.update(draft).where(draft.c.addressee_id == person.id, draft.c.version == read.version).values(values)
    if tx.execute(moved).rowcount != 1:
        raise DraftChanged


def discard(tx: Connection, person: Addressee) -> None:
    tx.execute(sa.delete(draft).where(draft.c.addressee_id == person.id))


def expire(tx: Connection, at: datetime) -> int:
    """Delete drafts nobody came back to; returns how many."""
    return tx.execute(sa.delete(draft).where(draft.c.expires_at <= at)).rowcount


def _place(person: Addressee) -> str:
    return f"draft.content:{person.id}"
