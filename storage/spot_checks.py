"""抽查验收: a sample of closed reports that anyone can draw again; what fails is done again (domain §7)."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves, outcomes
from storage.errors import CheckedBefore, NoSuchReport
from storage.people import Actor
from storage.rules import rules
from storage.tables.ledgers import spot_check
from storage.tables.reports import report
from storage.vocabulary import EventKind, Finding, Status

DRAWABLE = (Status.CLOSED, Status.ARCHIVED)


@dataclass(frozen=True)
class SpotCheck:
    """One report of the sample, and what was found."""

    id: int
    period: str
    seed: str
    report_id: int
    number: str
    drawn_at: datetime
    finding: Finding | None
    checked_at: datetime | None


def draw(tx: Connection, by: Actor, at: datetime, *, period: str, seed: str, start: datetime, end: datetime) -> list[int]:
    """Draw the period's sample from reports closed in it: the city's share, and not fewer than its least. The checks' ids.

    The order is by the hash of seed and number: whoever knows the seed can draw the same again.
    """
    moves.office_only("draw", by)
    closed = sa.select(report.c.id, report.c.number).where(
        report.c.status.in_(DRAWABLE), report.c.sealed == 0, report.c.closed_at >= start, report.c.closed_at < end
    )
    found = sorted((_lot(seed, row.number), row.id) for row in tx.execute(closed))
    drawn_before = set(tx.execute(sa.select(spot_check.c.report_id).where(spot_check.c.period == period)).scalars())
    chosen = [one for _, one in found[: sample_size(tx, len(found))] if one not in drawn_before]
    rows = [{"period": period, "seed": seed, "report_id": one, "drawn_at": at} for one in chosen]
    return [int(tx.execute(sa.insert(spot_check).values(row).returning(spot_check.c.id)).scalar_one()) for row in rows]


def sample_size(tx: Connection, closed: int) -> int:
    """How many of so many closed reports are looked at again."""
    limits = rules(tx).limits
    share = -(-closed * limits["spot_check_percent"] // 100)
    return min(closed, max(share, limits["spot_check_least"]))


def judge(tx: Connection, check_id: int, finding: Finding, by: Actor, at: datetime, *, reason: str) -> None:
    """Passed, or failed: then the report is opened again at its lead, with the reason."""
    moves.office_only("judge", by)
    taken = sa.update(spot_check).where(spot_check.c.id == check_id, spot_check.c.finding.is_(None))
    row = tx.execute(taken.values(finding=str(finding), checked_by=by.officer_id, checked_at=at).returning(spot_check)).one_or_none()
    if row is None:
        known = tx.execute(sa.select(spot_check.c.id).where(spot_check.c.id == check_id)).one_or_none()
        raise CheckedBefore if known else NoSuchReport
    moves.note(tx, moves.hold(tx, row.report_id, at), EventKind.SPOT_CHECKED, by, reason=reason, details={"finding": str(finding)})
    if finding is Finding.FAILED:
        outcomes.reopen(tx, row.report_id, by, at, reason=reason)


def drawn(tx: Connection, period: str | None = None) -> list[SpotCheck]:
    """The samples, oldest first; of one period or of all."""
    query = sa.select(spot_check, report.c.number).join(report, report.c.id == spot_check.c.report_id).order_by(spot_check.c.id)
    if period is not None:
        query = query.where(spot_check.c.period == period)
    return [
        SpotCheck(
            row.id,
            row.period,
            row.seed,
            row.report_id,
            row.number,
            row.drawn_at,
            Finding(row.finding) if row.finding else None,
            row.checked_at,
        )
        for row in tx.execute(query)
    ]


def _lot(seed: str, number: str) -> bytes:
    return sha256(f"{seed}:{number}".encode()).digest()
