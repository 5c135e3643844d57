"""Money that came back: what the approved answers say was refunded, never what was asked for or hoped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.metrics.grouping import By
from storage.metrics.questions import Question
from storage.rules import rules
from storage.tables.reports import assignment, handling, report
from storage.vocabulary import AssignmentStatus, Part

_COLUMNS: Mapping[By, "sa.ColumnElement[str | None]"] = {
    By.DEPARTMENT: assignment.c.department,
    By.CATEGORY: report.c.category,
    By.TOWN: report.c.town,
    By.LEVEL: report.c.level,
    By.SOURCE: report.c.source,
}
GROUPS = frozenset(_COLUMNS)


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


def refunded(tx: Connection, question: Question, by: By | None = None) -> list[Refunded]:
    """By the day the answer was approved, whatever basis the question has; the largest sum first. Sealed reports are not in it."""
    zone = rules(tx).calendar.zone
    key = sa.func.coalesce(_COLUMNS[by], "") if by else sa.literal("")
    wanted = {column: getattr(question, str(name)) for name, column in _COLUMNS.items() if getattr(question, str(name))}
    query = (
        sa.select(key.label("key"), sa.func.sum(handling.c.refund_yuan).label("yuan"), sa.func.count().label("reports"))
        .select_from(
            handling.join(assignment, assignment.c.id == handling.c.assignment_id).join(report, report.c.id == assignment.c.report_id)
        )
        .where(
            handling.c.refund_yuan > 0,
            assignment.c.part == Part.LEAD,
            assignment.c.status == AssignmentStatus.DONE,
            report.c.sealed == 0,
            is_last(),
            *(column == value for column, value in wanted.items()),
        )
        .group_by(key)
    )
    if question.start:
        query = query.where(assignment.c.done_at >= _midnight(question.start, zone))
    if question.end:
        query = query.where(assignment.c.done_at < _midnight(question.end + timedelta(days=1), zone))
    found = [Refunded(row.key, int(row.yuan), row.reports) for row in tx.execute(query)]
    return sorted(found, key=lambda one: (-one.yuan, one.key))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
