"""Reports that tell nearly the same story, found among all others by their marks. For the office's eyes, never for another parent's."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.sealing import keyring
from storage.tables.reports import report
from storage.tables.similarity import similar_mark
from storage.vocabulary import Status

# A mark of so many reports is a greeting or a form letter: it tells nothing, and following it would take long.
TOO_COMMON = 500
MARK_BYTES = 4


@dataclass(frozen=True)
class Alike:
    """Another report and the share of both stories that is the same, from 0 to 1."""

    report_id: int
    number: str
    category: str
    status: Status
    filed_at: datetime
    likeness: float


def keep(tx: Connection, report_id: int, marks: Collection[int]) -> None:
    """Remember the marks of a report's story."""
    rows = [{"mark": mark, "report_id": report_id, "among": len(marks)} for mark in _blind(tx, marks)]
    if rows:
        tx.execute(sa.insert(similar_mark), rows)


def forget(tx: Connection, report_id: int) -> None:
    """Nothing is like this report any more: it was sealed, or its words were erased."""
    tx.execute(sa.delete(similar_mark).where(similar_mark.c.report_id == report_id))


def alike(tx: Connection, report_id: int, *, at_least: float, limit: int) -> list[Alike]:
    """The reports most like this one, the nearest first; neither sealed ones, nor merged ones, nor its own twin."""
    shared = _shared(report_id).subquery("shared")
    likeness = (1.0 * shared.c.together / (shared.c.own + shared.c.among - shared.c.together)).label("likeness")
    query = (
        sa.select(report.c.id, report.c.number, report.c.category, report.c.status, report.c.filed_at, likeness)
        .join(shared, shared.c.report_id == report.c.id)
        .where(
            likeness >= at_least,
            report.c.sealed == 0,
            report.c.status != Status.MERGED,
            sa.func.coalesce(report.c.twin_id, 0) != report_id,
        )
    )
    rows = tx.execute(query.order_by(likeness.desc(), report.c.id.desc()).limit(limit))
    return [Alike(row.id, row.number, row.category, Status(row.status), row.filed_at, float(row.likeness)) for row in rows]


def _shared(report_id: int) -> sa.Select[tuple[int, int, int, int]]:
    """Every report with marks of this one, and how many: along the marks, however many reports there are."""
    own, other, holder = (similar_mark.alias(name) for name in ("own", "other", "holder"))
    common = sa.select(holder.c.mark).where(holder.c.mark == own.c.mark).limit(1).offset(TOO_COMMON).scalar_subquery()
    return (
        sa.select(other.c.report_id, other.c.among, own.c.among.label("own"), sa.func.count().label("together"))
        .select_from(own.join(other, other.c.mark == own.c.mark))
        .where(own.c.report_id == report_id, other.c.report_id != report_id, common.is_(None))
        .group_by(other.c.report_id, other.c.among, own.c.among)
    )


def _blind(tx: Connection, marks: Iterable[int]) -> set[int]:
    # As wide as the mark itself: enough to tell marks apart, and too little to lead back to the words without the key.
    key = keyring(tx).derived("similarity")
    return {int.from_bytes(blake2b(mark.to_bytes(MARK_BYTES), key=key, digest_size=MARK_BYTES).digest()) for mark in marks}
