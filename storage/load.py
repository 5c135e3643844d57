"""How much waits and how much is kept, in numbers for the operator; nothing here tells about any report."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import evidence
from storage.tables.mail import draft, inbox, outbox
from storage.tables.reports import event, report


@dataclass(frozen=True)
class Load:
    """`oldest` is when the longest waiting unanswered message came in."""

    reports: int
    events: int
    drafts: int
    unanswered: int
    oldest: datetime | None
    undelivered: int
    failed: int
    evidence_bytes: int


def load(tx: Connection, push_channels: list[str]) -> Load:
    """One look. What waits for a web page to fetch it is not undelivered, so only channels that push are counted."""
    waiting = sa.and_(outbox.c.state == "waiting", outbox.c.channel.in_(push_channels))
    return Load(
        reports=_count(tx, report),
        events=_count(tx, event),
        drafts=_count(tx, draft),
        unanswered=_count(tx, inbox, inbox.c.done_at.is_(None)),
        oldest=tx.execute(sa.select(sa.func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None))).scalar_one(),
        undelivered=_count(tx, outbox, waiting),
        failed=_count(tx, inbox, inbox.c.outcome == "failed"),
        evidence_bytes=evidence.total_bytes(tx),
    )


def _count(tx: Connection, table: sa.Table, where: sa.ColumnElement[bool] | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(table)
    return int(tx.execute(query if where is None else query.where(where)).scalar_one())
