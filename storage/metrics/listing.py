"""Reports as outsiders with a token may list them: keys, times and outcomes, nothing that leads to a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables.reports import assignment, report


@dataclass(frozen=True)
class PlainReport:
    """One report without story, place, institution, reporter, channel or attachments. `id` grows, so it is also the page mark."""

    id: int
    number: str
    nature: str
    category: str
    level: str
    town: str | None
    status: str
    disposition: str | None
    filed_at: datetime
    closed_at: datetime | None
    departments: tuple[str, ...]


def plain_reports(tx: Connection, after: int, limit: int, department: str | None = None) -> list[PlainReport]:
    """The next reports by number of filing, sealed ones left out; of one department, those it has or had."""
    query = sa.select(report).where(report.c.id > after, report.c.sealed == 0).order_by(report.c.id).limit(limit)
    if department:
        query = query.where(sa.exists().where(assignment.c.report_id == report.c.id, assignment.c.department == department))
    rows = tx.execute(query).all()
    who = sa.select(assignment.c.report_id, assignment.c.department).where(assignment.c.report_id.in_([row.id for row in rows]))
    involved: dict[int, list[str]] = {}
    for one in tx.execute(who.order_by(assignment.c.id)):
        involved.setdefault(one.report_id, []).append(one.department)
    return [_plain(row, tuple(dict.fromkeys(involved.get(row.id, ())))) for row in rows]


def _plain(row: Any, departments: tuple[str, ...]) -> PlainReport:
    kept = {name: getattr(row, name) for name in PlainReport.__dataclass_fields__ if name != "departments"}
    return PlainReport(**kept, departments=departments)
