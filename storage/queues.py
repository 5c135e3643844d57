"""What waits for whom: open assignments of a department, and the decisions of the office."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.people import Actor
from storage.rules import rules
from storage.tables.reports import assignment, clock, extension, report
from storage.vocabulary import AssignmentStatus, ClockKind, Level, Nature, Part, Status

_OF_CLOCK = (clock.c.report_id, clock.c.assignment_id, clock.c.kind, clock.c.due_at, clock.c.due_original, clock.c.paused_at)
WAITS_FOR_OFFICE = (Status.TRIAGE, Status.DISPATCHED, Status.NEED_INFO, Status.HANDLING, Status.REPLIED)


@dataclass(frozen=True)
class Waiting:
    """One line of a queue: a report at a department, or a report that no department has yet."""

    report_id: int
    number: str
    category: str
    nature: Nature
    level: Level
    status: Status
    town: str | None
    filed_at: datetime
    escalated: bool
    insufficient: bool
    assignment_id: int | None
    department: str | None
    part: Part | None
    step: AssignmentStatus | None
    officer_id: int | None
    extension_open: bool
    clock: ClockKind | None = None
    due_at: datetime | None = None
    due_original: datetime | None = None
    paused: bool = False


def of_department(tx: Connection, by: Actor) -> list[Waiting]:
    """Every open assignment of this person's department, the most pressing first."""
    here = with_assignments().where(assignment.c.department == by.department, assignment.c.ended_at.is_(None), report.c.sealed == 0)
    return _pressing(allowed(tx, by, timed(tx, tx.execute(here).all())))


def of_office(tx: Connection, by: Actor) -> list[Waiting]:
    """Every open assignment of every department, and every report that waits to be sorted or called back."""
    open_ones = with_assignments().where(assignment.c.ended_at.is_(None), report.c.sealed == 0)
    nobodys = bare().where(report.c.status.in_([str(one) for one in WAITS_FOR_OFFICE]), report.c.sealed == 0, ~_has_open())
    rows = [*tx.execute(open_ones).all(), *tx.execute(nobodys).all()]
    return _pressing(allowed(tx, by, timed(tx, rows)))


def sealed(tx: Connection) -> list[Waiting]:
    """The sealed reports; for the discipline inspection alone."""
    rows = tx.execute(bare().where(report.c.sealed == 1).order_by(report.c.id.desc())).all()
    return [_read(row) for row in rows]


def _columns() -> tuple[Any, ...]:
    names = ("id", "number", "category", "nature", "level", "status", "town", "filed_at", "escalated", "insufficient", "about")
    return tuple(report.c[name] for name in names)


def with_assignments() -> sa.Select[Any]:
    return _with_assignment().select_from(report.join(assignment, report.c.id == assignment.c.report_id))


def led() -> sa.Select[Any]:
    """Every report once, with whoever leads it now."""
    leads = sa.and_(report.c.id == assignment.c.report_id, assignment.c.part == Part.LEAD, assignment.c.ended_at.is_(None))
    return _with_assignment().select_from(report.outerjoin(assignment, leads))


def _with_assignment() -> sa.Select[Any]:
    waiting = sa.exists().where(extension.c.assignment_id == assignment.c.id, extension.c.decided_at.is_(None))
    own = (assignment.c.id, assignment.c.department, assignment.c.part, assignment.c.status, assignment.c.officer_id)
    labels = ("assignment_id", "department", "part", "step", "officer_id")
    named = (column.label(label) for column, label in zip(own, labels, strict=True))
    return sa.select(*_columns(), *named, waiting.label("extension_open"))


def bare() -> sa.Select[Any]:
    nothing = (sa.null().label(name) for name in ("assignment_id", "department", "part", "step", "officer_id"))
    return sa.select(*_columns(), *nothing, sa.literal(0).label("extension_open")).select_from(report)


def _has_open() -> sa.ColumnElement[bool]:
    return sa.exists().where(assignment.c.report_id == report.c.id, assignment.c.ended_at.is_(None))


def timed(tx: Connection, rows: Sequence[Any]) -> list[tuple[Any, Waiting]]:
    """Each line with the clock that ends first: an assignment's own, or the report's."""
    wanted = sorted({row.id for row in rows})
    running = sa.select(*_OF_CLOCK).where(clock.c.report_id.in_(wanted), clock.c.stopped_at.is_(None)).order_by(clock.c.due_at)
    first: dict[tuple[int, int | None], Any] = {}
    for one in tx.execute(running):
        first.setdefault((one.report_id, one.assignment_id), one)
    return [(row, _read(row, first.get((row.id, row.assignment_id)))) for row in rows]


def allowed(tx: Connection, by: Actor, lines: Iterable[tuple[Any, Waiting]]) -> list[Waiting]:
    """Without the reports that are about this person's own corridor (domain §9 密级隔离)."""
    family = rules(tx).departments.family(by.department) if by.department else frozenset()
    return [line for row, line in lines if not family.intersection(row.about)]


def _pressing(lines: list[Waiting]) -> list[Waiting]:
    return sorted(lines, key=lambda line: (line.due_at is None, line.due_at or line.filed_at, line.report_id))


def _read(row: Any, timed: Any = None) -> Waiting:
    return Waiting(
        report_id=row.id,
        number=row.number,
        category=row.category,
        nature=Nature(row.nature),
        level=Level(row.level),
        status=Status(row.status),
        town=row.town,
        filed_at=row.filed_at,
        escalated=row.escalated,
        insufficient=row.insufficient,
        assignment_id=row.assignment_id,
        department=row.department,
        part=Part(row.part) if row.part else None,
        step=AssignmentStatus(row.step) if row.step else None,
        officer_id=row.officer_id,
        extension_open=bool(row.extension_open),
        clock=ClockKind(timed.kind) if timed else None,
        due_at=timed.due_at if timed else None,
        due_original=timed.due_original if timed else None,
        paused=bool(timed and timed.paused_at),
    )
