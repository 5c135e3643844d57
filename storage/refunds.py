"""Money that came back: what the approved answers say was refunded, never what was asked for or hoped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.metrics.grouping import By
from storage.metrics.questions import Question
from storage.rules import rules
from storage.tables.reports import assignment, handling, report
from storage.tables.stats import stat_refund
from storage.vocabulary import AssignmentStatus, Part

GROUPS = frozenset({By.DEPARTMENT, By.CATEGORY, By.TOWN, By.LEVEL, By.SOURCE})


@dataclass(frozen=True)
class Refunded:
    """So much money, to the reporters of so many reports."""

    key: str
    yuan: int
    reports: int


def is_last() -> sa.ColumnElement[bool]:
    """Whether this is the last approved answer of its report: what was done again tells a refund once more, and it was not paid twice."""
    later, of_later = handling.alias(), assignment.alias()
    told_again = (
        sa.select(sa.literal(1))
        .select_from(later.join(of_later, of_later.c.id == later.c.assignment_id))
        .where(
            of_later.c.report_id == assignment.c.report_id,
            of_later.c.part == Part.LEAD,
            of_later.c.status == AssignmentStatus.DONE,
            later.c.id > handling.c.id,
        )
    )
    return ~told_again.exists()


def keep(tx: Connection, report_ids: Sequence[int]) -> None:
    """Write down anew what was refunded to the reporters of these reports. Sealed ones are not in it."""
    tx.execute(sa.delete(stat_refund).where(stat_refund.c.report_id.in_(report_ids)))
    told = (
        sa.select(
            assignment.c.report_id,
            assignment.c.done_at,
            handling.c.refund_yuan,
            assignment.c.department,
            report.c.category,
            sa.func.coalesce(report.c.town, ""),
            report.c.level,
            report.c.source,
        )
        .select_from(
            handling.join(assignment, assignment.c.id == handling.c.assignment_id).join(report, report.c.id == assignment.c.report_id)
        )
        .where(
            assignment.c.report_id.in_(report_ids),
            handling.c.refund_yuan > 0,
            assignment.c.part == Part.LEAD,
            assignment.c.status == AssignmentStatus.DONE,
            report.c.sealed == 0,
            is_last(),
        )
    )
    tx.execute(sa.insert(stat_refund).from_select(list(stat_refund.c), told))


def refunded(tx: Connection, question: Question, by: By | None = None) -> list[Refunded]:
    """By the day the answer was approved, whatever basis the question has; the largest sum first. What is kept must be current."""
    zone = rules(tx).calendar.zone
    kept = stat_refund.c
    key = kept[by] if by else sa.literal("")
    query = sa.select(key.label("key"), sa.func.sum(kept.yuan).label("yuan"), sa.func.count().label("reports")).group_by(key)
    for name in GROUPS:
        if wanted := getattr(question, name):
            query = query.where(kept[name] == wanted)
    if question.start:
        query = query.where(kept.approved_at >= _midnight(question.start, zone))
    if question.end:
        query = query.where(kept.approved_at < _midnight(question.end + timedelta(days=1), zone))
    found = [Refunded(row.key, int(row.yuan), row.reports) for row in tx.execute(query)]
    return sorted(found, key=lambda one: (-one.yuan, one.key))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
