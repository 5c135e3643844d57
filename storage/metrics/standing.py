"""How things stand at this moment: what waits where, what is late, and where reports are gathering. Read from the record itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.rules import rules
from storage.tables.institutions import institution
from storage.tables.reports import assignment, clock, report
from storage.vocabulary import AssignmentStatus, ClockKind, Nature, Status

ANSWER_CLOCKS = (ClockKind.REPLY, ClockKind.REDO, ClockKind.ASSIST)
LISTED = 50


@dataclass(frozen=True)
class Late:
    """One assignment whose answer or opinion is overdue."""

    number: str
    department: str
    part: str
    category: str
    level: str
    town: str | None
    due_at: datetime


@dataclass(frozen=True)
class Fresh:
    """A report just filed, as far as gatherings go. `reporter` tells people apart and says nobody's name."""

    number: str
    institution: str | None
    category: str
    town: str | None
    reporter: str
    filed_at: datetime


def today(tx: Connection, at: datetime, department: str = "") -> Mapping[str, int]:
    """What waits now, by what it waits for; of one department, or of all."""
    steps = _steps(tx, department)
    due = _due(tx, at, department)
    told = {
        "to_sign": steps.get(AssignmentStatus.PENDING_SIGN, 0),
        "working": steps.get(AssignmentStatus.CLAIMED, 0) + steps.get(AssignmentStatus.WORKING, 0),
        "soon": due[0],
        "overdue": due[1],
        "returns": steps.get(AssignmentStatus.RETURN_REVIEW, 0),
        "to_review": steps.get(AssignmentStatus.SUBMITTED, 0),
    }
    if department:
        return told
    return {"received": _received(tx, at), "triage": _standing(tx, Status.TRIAGE), **told, "to_call_back": _standing(tx, Status.REPLIED)}


def overdue(tx: Connection, at: datetime, department: str = "", *, limit: int = LISTED) -> list[Late]:
    """Overdue assignments, the longest overdue first."""
    query = _answers(sa.select(clock.c.due_at, assignment, report), department).where(clock.c.due_at < at)
    own = (clock.c.due_at, assignment.c.department, assignment.c.part)
    rows = tx.execute(
        query.with_only_columns(*own, *(report.c[name] for name in ("number", "category", "level", "town")))
        .order_by(clock.c.due_at)
        .limit(limit)
    )
    return [Late(row.number, row.department, row.part, row.category, row.level, row.town, row.due_at) for row in rows]


def began(tx: Connection) -> date | None:
    """The day of the first report: before it there is nothing to compare with."""
    first = tx.execute(sa.select(report.c.filed_at).order_by(report.c.id).limit(1)).scalar_one_or_none()
    return rules(tx).calendar.local_day(first) if first else None


def fresh(tx: Connection, at: datetime, *, hours: int) -> list[Fresh]:
    """Complaints and tip-offs of so many hours. One without a known reporter counts for one person."""
    own = (report.c[name] for name in ("id", "number", "category", "town", "reporter_id", "filed_at"))
    query = (
        sa.select(*own, institution.c.name)
        .outerjoin(institution, institution.c.id == report.c.institution_id)
        .where(
            report.c.filed_at >= at - timedelta(hours=hours),
            report.c.filed_at <= at,
            report.c.sealed == 0,
            report.c.nature.in_([str(nature) for nature in (Nature.COMPLAINT, Nature.TIPOFF)]),
        )
        .order_by(report.c.id)
    )
    return [
        Fresh(row.number, row.name, row.category, row.town, f"p{row.reporter_id}" if row.reporter_id else f"r{row.id}", row.filed_at)
        for row in tx.execute(query)
    ]


def _steps(tx: Connection, department: str) -> Mapping[str, int]:
    # Named departments and statuses let the queue's index answer; ended assignments are never walked over.
    waiting = (AssignmentStatus.PENDING_SIGN, AssignmentStatus.CLAIMED, AssignmentStatus.WORKING, AssignmentStatus.SUBMITTED)
    statuses = [str(status) for status in (*waiting, AssignmentStatus.RETURN_REVIEW)]
    keys = [department] if department else sorted(rules(tx).departments.by_key)
    query = (
        sa.select(assignment.c.status, sa.func.count().label("number"))
        .join(report, report.c.id == assignment.c.report_id)
        .where(assignment.c.department.in_(keys), assignment.c.status.in_(statuses), report.c.sealed == 0)
        .group_by(assignment.c.status)
    )
    return {row.status: row.number for row in tx.execute(query)}


def _due(tx: Connection, at: datetime, department: str) -> tuple[int, int]:
    soon = rules(tx).calendar.add_working_days(at, 1)
    late = sa.func.sum(sa.case((clock.c.due_at < at, 1), else_=0))
    query = _answers(sa.select(clock.c.id), department).where(clock.c.due_at <= soon).with_only_columns(sa.func.count(), late)
    number, overdue_ones = tx.execute(query).one()
    return number - (overdue_ones or 0), overdue_ones or 0


def _answers(query: "sa.Select[tuple[object]]", department: str) -> "sa.Select[tuple[object]]":
    """Running clocks of answers and opinions, with their assignment and report; a paused one is not late."""
    query = (
        query.select_from(clock)
        .join(assignment, assignment.c.id == clock.c.assignment_id)
        .join(report, report.c.id == clock.c.report_id)
        .where(
            clock.c.stopped_at.is_(None),
            clock.c.paused_at.is_(None),
            clock.c.kind.in_([str(kind) for kind in ANSWER_CLOCKS]),
            report.c.sealed == 0,
        )
    )
    # Wrapped so that no index on it is chosen: running clocks are few, a department's assignments of all years are many.
    return query.where(sa.func.coalesce(assignment.c.department, "") == department) if department else query


def _received(tx: Connection, at: datetime) -> int:
    midnight = at.astimezone(rules(tx).calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    query = sa.select(sa.func.count()).where(report.c.filed_at >= midnight, report.c.filed_at <= at, report.c.sealed == 0)
    return int(tx.execute(query).scalar_one())


def _standing(tx: Connection, status: Status) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(report).where(report.c.status == status)).scalar_one())
