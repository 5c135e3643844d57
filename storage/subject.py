"""Everything kept about one reporter in one report, for the reporter: who asks with number and code gets it all (个人信息保护法 45)."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import accesses, events, proof, reports, retention, talk
from storage.accesses import Action
from storage.people import CITIZEN
from storage.retention import Scope
from storage.sealing import KeyDestroyed, keyring
from storage.tables.reports import attachment


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
        "files": _files(tx, report_id),
        "steps": [{"at": one.at.isoformat(), "what": str(one.kind)} for one in events.history(tx, report_id)],
    }


def erase(tx: Connection, number: str, code: str, at: datetime) -> bool:
    """Erase who filed it, because they ask; the report itself goes on, as the law wants it kept. False: number and code do not match."""
    report_id = reports.find(tx, number, code)
    if report_id is None:
        return False
    retention.erase_identity(tx, report_id, at, Scope.REQUEST)
    return True


def _files(tx: Connection, report_id: int) -> list[dict[str, Any]]:
    own = sa.select(attachment).where(
        attachment.c.report_id == report_id, attachment.c.added_by.is_(None), attachment.c.removed_at.is_(None)
    )
    return [{"kind": row.kind, "bytes": row.size, "sent_at": row.added_at.isoformat()} for row in tx.execute(own)]
