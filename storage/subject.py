"""Everything kept about one reporter in one report, for the reporter: who asks with number and code gets it all (个人信息保护法 45)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import accesses, events, followup, proof, reports, retention, talk
from storage.accesses import Action
from storage.followup import ReporterView
from storage.people import CITIZEN
from storage.reports import Contact, Contents
from storage.retention import Scope
from storage.sealing import KeyDestroyed, keyring
from storage.tables.reports import attachment


@dataclass(frozen=True)
class File:
    """One file the reporter sent."""

    kind: str
    size: int
    sent_at: datetime


@dataclass(frozen=True)
class Kept:
    """What we hold, for the reporter to read; `words` are None when the case was erased."""

    view: ReporterView
    words: Contents | None = field(repr=False)
    contact: Contact | None = field(repr=False)
    files: tuple[File, ...]


def kept(tx: Connection, number: str, code: str, at: datetime) -> Kept | None:
    """The same as the copy, as far as a reporter may know it, to be read on a page."""
    report_id = reports.find(tx, number, code)
    if report_id is None:
        return None
    accesses.record(tx, CITIZEN, Action.EXPORT, at, allowed=True, report_id=report_id)
    try:
        words = reports.contents(tx, report_id)
    except KeyDestroyed:
        words = None
    return Kept(followup.view_for_reporter(tx, report_id), words, reports.contact_of(tx, report_id), tuple(_files(tx, report_id)))


def copy(tx: Connection, number: str, code: str, at: datetime) -> dict[str, Any] | None:
    """What we hold, as plain values; None when number and code do not belong together. That it was asked for stays on record."""
    report_id = reports.find(tx, number, code)
    if report_id is None:
        return None
    accesses.record(tx, CITIZEN, Action.EXPORT, at, allowed=True, report_id=report_id)
    found, who = reports.get(tx, report_id), reports.contact_of(tx, report_id)
    try:
        words = reports.contents(tx, report_id)
        signed = proof.of(tx, report_id).to_dict()
        said = [{"at": one.at.isoformat(), "mine": one.from_reporter, "text": one.text} for one in talk.said(tx, report_id, internal=False)]
    except KeyDestroyed:
        words, said, signed = None, [], None
    return {
        "number": found.number,
        "filed_at": found.filed_at.isoformat(),
        "status": str(found.status),
        "category": found.category,
        "proof": signed,
        "proof_key": proof.public_key(keyring(tx)),
        "story": words.story if words else None,
        "facts": dict(words.facts) if words else None,
        "contact": {"name": who.name, "phone": who.phone, "wants_reply": who.wants_reply} if who else None,
        "messages": said,
        "files": [{"kind": one.kind, "bytes": one.size, "sent_at": one.sent_at.isoformat()} for one in _files(tx, report_id)],
        # What departments settle among themselves stays inside, here as on the page.
        "steps": [
            {"at": one.at.isoformat(), "what": str(one.kind)} for one in events.history(tx, report_id) if one.kind in followup.PUBLIC
        ],
    }


def erase(tx: Connection, number: str, code: str, at: datetime) -> bool:
    """Erase who filed it, because they ask; the report itself goes on, as the law wants it kept. False: number and code do not match."""
    report_id = reports.find(tx, number, code)
    if report_id is None:
        return False
    retention.erase_identity(tx, report_id, at, Scope.REQUEST)
    return True


def _files(tx: Connection, report_id: int) -> Iterator[File]:
    own = sa.select(attachment).where(
        attachment.c.report_id == report_id, attachment.c.added_by.is_(None), attachment.c.removed_at.is_(None)
    )
    return (File(row.kind, row.size, row.added_at) for row in tx.execute(own.order_by(attachment.c.id)))
