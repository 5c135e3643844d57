"""重复件: one report is merged into another of the same matter; each reporter keeps number, progress and callback (domain §8)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import dispatching, moves
from storage.errors import NoSuchReport, SelfMerge
from storage.people import Actor
from storage.rules import rules
from storage.tables.reports import report
from storage.vocabulary import Disposition, EventKind, Status

CLOSED = (Status.CLOSED, Status.ARCHIVED, Status.REJECTED, Status.MERGED, Status.WITHDRAWN, Status.SEALED)


@dataclass(frozen=True)
class Candidate:
    """A report that may be about the same matter; the office decides."""

    report_id: int
    number: str
    filed_at: datetime


def merge(tx: Connection, report_id: int, into: int, by: Actor, at: datetime) -> None:
    """Merge a report that nobody works on yet into the main one. New facts are no duplicate: that is for the office to see.

    SelfMerge when the main one is itself merged, over, or the same report. Reports merged into this one follow it.
    """
    # Both are held in the order of their numbers, so that two mergings crossing each other cannot wait for one another.
    both = {one: moves.hold(tx, one, at) for one in sorted({report_id, into})}
    held, main = both[report_id], both[into]
    if main.report.sealed:
        raise NoSuchReport
    if report_id == into or main.status in CLOSED:
        raise SelfMerge
    moves.hold_merged(tx, report_id)
    dispatching.end_all(tx, held, by, EventKind.MERGED)
    values = {"merged_into_id": into, "disposition": str(Disposition.DUPLICATE)}
    held = moves.turn(tx, held, "merge", by, EventKind.MERGED, values=values, details={"into": into})
    tx.execute(sa.update(report).where(report.c.merged_into_id == report_id).values(merged_into_id=into))
    moves.note(tx, main, EventKind.LINKED, by, details={"merged": report_id})


def candidates(tx: Connection, report_id: int) -> list[Candidate]:
    """Open reports on the same institution in the same town, filed within the city's span of days, oldest first (domain §8 重复件)."""
    own = tx.execute(sa.select(report).where(report.c.id == report_id)).one()
    if own.institution_id is None or own.sealed:
        return []
    days = timedelta(days=rules(tx).limits["merge_days"])
    near = sa.select(report).where(
        report.c.id != report_id,
        report.c.institution_id == own.institution_id,
        report.c.town == own.town,
        report.c.filed_at.between(own.filed_at - days, own.filed_at + days),
        report.c.status.not_in([str(status) for status in CLOSED]),
    )
    return [Candidate(row.id, row.number, row.filed_at) for row in tx.execute(near.order_by(report.c.id))]
