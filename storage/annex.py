"""The confidential annex: who filed the reports of a period. Each identity opened leaves its own line in the log, with the reason."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import accesses, reports
from storage.accesses import Action
from storage.people import Actor
from storage.tables.reports import identity, report

MOST = 5_000


class AnnexTooLong(Exception):
    """More identities than anybody can need at once; a shorter period must do."""


@dataclass(frozen=True)
class Identified:
    """One reporter, with the report's number."""

    number: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    wants_reply: bool
    may_disclose: bool


def open_all(tx: Connection, by: Actor, at: datetime, *, start: datetime, end: datetime, reason: str) -> list[Identified]:
    """Open every identity of reports filed in the period that this person may see."""
    query = (
        sa.select(report.c.id, report.c.number)
        .join(identity, identity.c.report_id == report.c.id)
        .where(report.c.filed_at >= start, report.c.filed_at < end, report.c.sealed == 0, identity.c.content.is_not(None))
        .order_by(report.c.id)
        .limit(MOST + 1)
    )
    rows = tx.execute(query).all()
    if len(rows) > MOST:
        raise AnnexTooLong
    found = []
    for row in rows:
        contact = reports.contact_of(tx, row.id) if reports.visible(tx, row.id, by) else None
        if contact is None:
            continue
        accesses.record(tx, by, Action.READ_IDENTITY, at, allowed=True, report_id=row.id, reason=reason)
        found.append(Identified(row.number, contact.name, contact.phone, contact.wants_reply, contact.may_disclose))
    accesses.record(tx, by, Action.EXPORT, at, allowed=True, reason=reason)
    return found
