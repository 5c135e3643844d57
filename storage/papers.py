"""Rows of the ledgers, read in pages by key, so that a ledger of any length takes the same memory. Never who filed a report."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.reports import GONE
from storage.rules import rules
from storage.sealing import open_texts
from storage.tables.institutions import institution
from storage.tables.reports import assignment, clock, handling, report
from storage.tables.staff import officer
from storage.vocabulary import AssignmentStatus, ClockKind, Part

PAGE = 500
ANSWER_CLOCKS = (ClockKind.REPLY, ClockKind.REDO)
HANDED_ON = (AssignmentStatus.RETURNED, AssignmentStatus.REASSIGNED)


@dataclass(frozen=True)
class Scope:
    """Which reports: filed from `start` until before `end`; of one department, or of all. `reader` is the department that asks."""

    start: datetime
    end: datetime
    reader: str
    department: str | None = None


@dataclass(frozen=True)
class Tip:
    """One line of 线索台账. `facts` are what was said, still to be masked; None when the words were erased."""

    report: Any
    facts: Mapping[str, Any] | None = field(repr=False)
    institution: str | None
    lead: Any | None
    officer: str
    assists: tuple[str, ...]
    due_at: datetime | None
    late: bool
    record: Any | None = field(repr=False)


def count_tips(tx: Connection, scope: Scope) -> int:
    """How many lines there will be at most; reports on the reader's own department are then left out."""
    return int(tx.execute(_wanted(sa.select(sa.func.count()).select_from(report), scope)).scalar_one())


def tips(tx: Connection, scope: Scope, *, after: int, at: datetime, size: int = PAGE) -> tuple[list[Tip], int | None]:
    """The next lines after this report's id, and the id to go on from; None at the end."""
    query = _wanted(sa.select(report), scope).where(report.c.id > after).order_by(report.c.id).limit(size)
    rows = tx.execute(query).all()
    family = rules(tx).departments.family
    mine = [row for row in rows if not any(scope.reader in family(key) for key in row.about)]
    return _lines(tx, mine, at), rows[-1].id if len(rows) == size else None


def _wanted(query: sa.Select[Any], scope: Scope) -> sa.Select[Any]:
    query = query.where(report.c.filed_at >= scope.start, report.c.filed_at < scope.end, report.c.sealed == 0)
    if scope.department is None:
        return query
    held = sa.select(assignment.c.id).where(
        assignment.c.report_id == report.c.id, assignment.c.department == scope.department, assignment.c.status.not_in(GONE)
    )
    return query.where(held.exists())


def _lines(tx: Connection, rows: Sequence[Any], at: datetime) -> list[Tip]:
    ids = [row.id for row in rows]
    tasks = _by(tx, sa.select(assignment).where(assignment.c.report_id.in_(ids)).order_by(assignment.c.id), "report_id")
    leads = {key: _lead(found) for key, found in tasks.items()}
    leading = [one.id for one in leads.values() if one]
    clocks = _newest(tx, clock, leading, clock.c.kind.in_(ANSWER_CLOCKS))
    records = _newest(tx, handling, leading)
    people = _names(tx, officer, {one.officer_id for one in leads.values() if one})
    places = _names(tx, institution, {row.institution_id for row in rows})
    said = _facts(tx, rows)
    found = []
    for row in rows:
        lead = leads.get(row.id)
        answer = clocks.get(lead.id) if lead else None
        found.append(
            Tip(
                report=row,
                facts=said.get(row.id),
                institution=places.get(row.institution_id),
                lead=lead,
                officer=people.get(lead.officer_id, "") if lead else "",
                assists=_assists(tasks.get(row.id, ())),
                due_at=answer.due_at if answer else None,
                late=bool(answer and (answer.stopped_at or answer.paused_at or at) > answer.due_at),
                record=records.get(lead.id) if lead else None,
            )
        )
    return found


def _lead(tasks: Sequence[Any]) -> Any | None:
    """Who leads now, or led last."""
    leads = [one for one in tasks if one.part == Part.LEAD]
    return next((one for one in reversed(leads) if one.status not in HANDED_ON), leads[-1] if leads else None)


def _assists(tasks: Sequence[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.department for one in tasks if one.part == Part.ASSIST and one.status not in HANDED_ON))


def _facts(tx: Connection, rows: Sequence[Any]) -> Mapping[int, Mapping[str, Any]]:
    """What was said, by report; nothing of reports whose words were erased."""
    kept = [row for row in rows if row.facts is not None]
    texts = open_texts(tx, [(row.data_key_id, f"report.facts:{row.number}", row.facts) for row in kept])
    return {row.id: json.loads(text) for row, text in zip(kept, texts, strict=True) if text is not None}


def _newest(tx: Connection, table: sa.Table, assignments: Sequence[int], *where: sa.ColumnElement[bool]) -> dict[int, Any]:
    rows = tx.execute(sa.select(table).where(table.c.assignment_id.in_(assignments), *where).order_by(table.c.id))
    return {row.assignment_id: row for row in rows}


def _names(tx: Connection, table: sa.Table, ids: set[int | None]) -> dict[int, str]:
    return {row.id: row.name for row in tx.execute(sa.select(table.c.id, table.c.name).where(table.c.id.in_(ids - {None})))}


def _by(tx: Connection, query: sa.Select[Any], key: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in tx.execute(query):
        found[getattr(row, key)].append(row)
    return found
