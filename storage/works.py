"""What departments did in a period, for circulars and summaries: answers approved, inspections made, and whether they were in time."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import refunds
from storage.metrics.fold import OUT
from storage.sealing import KeyDestroyed, open_text
from storage.tables.ledgers import inspection, inspection_department
from storage.tables.reports import assignment, clock, handling, report
from storage.vocabulary import AssignmentStatus, ClockKind, Disposition, Measure, Nature, Part

ANSWER_CLOCKS = (ClockKind.REPLY, ClockKind.REDO, ClockKind.ASSIST)


@dataclass(frozen=True)
class Work:
    """One approved answer of a lead: how it ended, what was done, and how many people went there."""

    department: str
    category: str
    nature: Nature
    institution_id: int | None
    disposition: Disposition
    measures: tuple[Measure, ...]
    inspected: bool
    people: int
    refund_yuan: int
    fine_yuan: int
    evacuated: int


@dataclass(frozen=True)
class Visit:
    """One joint inspection."""

    departments: tuple[str, ...]
    institution_id: int | None
    people: int


def done(tx: Connection, start: datetime, end: datetime) -> list[Work]:
    """Answers approved in the period, each by its last record, no sealed ones. Of what was done again the last one tells the money."""
    newest = sa.select(sa.func.max(handling.c.id)).group_by(handling.c.assignment_id)
    query = (
        sa.select(
            handling,
            refunds.is_last().label("is_last"),
            assignment.c.department,
            report.c.category,
            report.c.nature,
            report.c.institution_id,
            report.c.data_key_id,
        )
        .join(assignment, assignment.c.id == handling.c.assignment_id)
        .join(report, report.c.id == assignment.c.report_id)
        .where(
            handling.c.id.in_(newest),
            assignment.c.part == Part.LEAD,
            assignment.c.status == AssignmentStatus.DONE,
            assignment.c.done_at >= start,
            assignment.c.done_at < end,
            report.c.sealed == 0,
        )
        .order_by(handling.c.id)
    )
    return [_work(tx, row) for row in tx.execute(query).all()]


def visits(tx: Connection, start: datetime, end: datetime) -> list[Visit]:
    """Joint inspections made in the period."""
    query = sa.select(inspection).where(inspection.c.inspected_at >= start, inspection.c.inspected_at < end).order_by(inspection.c.id)
    together = sa.select(inspection_department.c.department).where(inspection_department.c.inspection_id == sa.bindparam("id"))
    return [
        Visit(
            tuple(tx.execute(together, {"id": row.id}).scalars()),
            row.institution_id,
            _people(tx, row.data_key_id, f"inspection.content:{row.id}", row.content),
        )
        for row in tx.execute(query).all()
    ]


def done_in_time(tx: Connection, start: datetime, end: datetime) -> dict[str, int]:
    """By department: assignments dispatched in the period, done, and handed in (or waived) no later than was due."""
    newest = sa.select(sa.func.max(clock.c.id)).where(clock.c.kind.in_(ANSWER_CLOCKS)).group_by(clock.c.assignment_id)
    query = (
        sa.select(assignment.c.department, sa.func.count().label("number"))
        .join(clock, clock.c.assignment_id == assignment.c.id)
        .join(report, report.c.id == assignment.c.report_id)
        .where(
            clock.c.id.in_(newest),
            assignment.c.dispatched_at >= start,
            assignment.c.dispatched_at < end,
            assignment.c.status == AssignmentStatus.DONE,
            sa.func.coalesce(assignment.c.submitted_at, assignment.c.ended_at) <= clock.c.due_at,
            report.c.sealed == 0,
            report.c.status.not_in(OUT),
        )
        .group_by(assignment.c.department)
    )
    return {row.department: row.number for row in tx.execute(query)}


def _work(tx: Connection, row: Any) -> Work:
    place = f"handling.content:{row.assignment_id}.{row.round}"
    return Work(
        department=row.department,
        category=row.category,
        nature=Nature(row.nature),
        institution_id=row.institution_id,
        disposition=Disposition(row.disposition),
        measures=tuple(map(Measure, row.measures)),
        inspected=row.inspected_at is not None,
        people=_people(tx, row.data_key_id, place, row.content),
        refund_yuan=(row.refund_yuan or 0) if row.is_last else 0,
        fine_yuan=row.fine_yuan or 0,
        evacuated=row.evacuated or 0,
    )


def _people(tx: Connection, key: int, place: str, content: bytes | None) -> int:
    """How many went; their names stay sealed. None are left of an erased case."""
    if content is None:
        return 0
    try:
        return len(json.loads(open_text(tx, key, place, content))["people"])
    except KeyDestroyed:
        return 0
