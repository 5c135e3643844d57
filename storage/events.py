"""The history of a report: append-only, hash-chained, and the only source of every figure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import chain
from storage.metrics import facts
from storage.people import Actor
from storage.sealing import KeyDestroyed, open_text, seal
from storage.tables.reports import event, report
from storage.vocabulary import EventKind, Role, Status

NOTHING: Mapping[str, Any] = MappingProxyType({})

# Made once: these run with every move.
_OF_REPORT = event.c.report_id == sa.bindparam("report_id")
_NEWEST = sa.select(event.c.seq, event.c.to_status, event.c.at).where(_OF_REPORT).order_by(event.c.seq.desc()).limit(1)
_DATA_KEY = sa.select(report.c.data_key_id).where(report.c.id == sa.bindparam("report_id"))
_INSERT = sa.insert(event).returning(event.c.id)


@dataclass(frozen=True)
class Event:
    """One thing that happened. `from_status` and `to_status` are the report's; an assignment's own step is in `details`."""

    id: int
    report_id: int
    seq: int
    assignment_id: int | None
    kind: EventKind
    by: Actor
    at: datetime
    from_status: Status | None
    to_status: Status
    details: Mapping[str, Any]
    reason: str | None = field(repr=False, default=None)


def moment(tx: Connection, report_id: int, at: datetime) -> datetime:
    """When an act on this report happens: now, in whole seconds, but never before what happened last, even if the clock steps back."""
    now = at.replace(microsecond=0)
    last = _last(tx, report_id)
    return max(now, last.at) if last else now


def append(
    tx: Connection,
    report_id: int,
    kind: EventKind,
    by: Actor,
    at: datetime,
    *,
    to_status: Status,
    assignment_id: int | None = None,
    reason: str | None = None,
    details: Mapping[str, Any] = NOTHING,
) -> Event:
    """Write down what happened. `details` may hold keys and numbers, never what a person wrote: that is `reason`, which is sealed."""
    previous_hash = chain.head(tx, event)
    last = _last(tx, report_id)
    seq, from_status = (last.seq + 1, last.to_status) if last else (1, None)
    when = max(at.replace(microsecond=0), last.at) if last else at.replace(microsecond=0)
    sealed = seal(tx, _key(tx, report_id), _place(report_id, seq), reason) if reason else None
    row = {
        "report_id": report_id,
        "seq": seq,
        "assignment_id": assignment_id,
        "kind": str(kind),
        "role": str(by.role),
        "officer_id": by.officer_id,
        "department": by.department,
        "at": when,
        "from_status": from_status,
        "to_status": str(to_status),
        "reason": sealed,
        "details": dict(details),
    }
    event_id = int(tx.execute(_INSERT, {**row, "previous_hash": previous_hash, "hash": link(previous_hash, row)}).scalar_one())
    facts.mark(tx, report_id)
    return Event(
        event_id, report_id, seq, assignment_id, kind, by, when, Status(from_status) if from_status else None, to_status, details, reason
    )


def link(previous_hash: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of an event's row as it stands in the table; whoever checks the history calls this too."""
    names = (
        "report_id",
        "seq",
        "assignment_id",
        "kind",
        "role",
        "officer_id",
        "department",
        "from_status",
        "to_status",
        "reason",
        "details",
    )
    return chain.link(previous_hash, int(row["at"].timestamp()), *(row[name] for name in names))


def history(tx: Connection, report_id: int) -> list[Event]:
    """Everything that happened to this report, oldest first, reasons opened. For those who may read the report."""
    key = _key(tx, report_id)
    rows = tx.execute(sa.select(event).where(event.c.report_id == report_id).order_by(event.c.seq))
    return [_read(tx, row, key) for row in rows]


def _read(tx: Connection, row: Any, key: int) -> Event:
    return Event(
        row.id,
        row.report_id,
        row.seq,
        row.assignment_id,
        EventKind(row.kind),
        Actor(Role(row.role), row.officer_id, row.department),
        row.at,
        Status(row.from_status) if row.from_status else None,
        Status(row.to_status),
        row.details,
        _reason(tx, row, key),
    )


def _reason(tx: Connection, row: Any, key: int) -> str | None:
    """Why, in the officer's words; of an erased case nothing is left to read, and the history still stands."""
    if row.reason is None:
        return None
    try:
        return open_text(tx, key, _place(row.report_id, row.seq), row.reason)
    except KeyDestroyed:
        return None


def _last(tx: Connection, report_id: int) -> Any:
    return tx.execute(_NEWEST, {"report_id": report_id}).one_or_none()


def _key(tx: Connection, report_id: int) -> int:
    return int(tx.execute(_DATA_KEY, {"report_id": report_id}).scalar_one())


def _place(report_id: int, seq: int) -> str:
    return f"event.reason:{report_id}.{seq}"
