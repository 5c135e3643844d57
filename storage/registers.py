"""Rows of 问题台账 and 风险台账 for exporting, in pages by key, with the names that belong to them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.papers import PAGE, Scope
from storage.tables.institutions import institution
from storage.tables.ledgers import problem, risk, risk_report
from storage.tables.reports import report
from storage.tables.staff import officer

Row = sa.Row[Any]


def count_problems(tx: Connection, scope: Scope) -> int:
    return int(tx.execute(_problems(sa.select(sa.func.count()).select_from(problem), scope)).scalar_one())


def problems(tx: Connection, scope: Scope, *, after: int, size: int = PAGE) -> tuple[Sequence[Row], int | None]:
    """Problems found in the period, in the order they were entered, and the id to go on from."""
    joined = problem.outerjoin(institution, institution.c.id == problem.c.institution_id)
    joined = joined.outerjoin(officer, officer.c.id == problem.c.accepted_by)
    names = (institution.c.name.label("institution"), officer.c.name.label("accepted_by_name"))
    query = _problems(sa.select(problem, *names).select_from(joined), scope)
    return _page(tx, query.where(problem.c.id > after).order_by(problem.c.id).limit(size), size)


def count_risks(tx: Connection, scope: Scope) -> int:
    return int(tx.execute(_risks(sa.select(sa.func.count()).select_from(risk), scope)).scalar_one())


def risks(tx: Connection, scope: Scope, *, after: int, size: int = PAGE) -> tuple[Sequence[Row], int | None]:
    """Risks that stood at some time of the period, with the entry of their institution and how many reports are on it, or gathered."""
    on_it = sa.select(sa.func.count()).where(report.c.institution_id == institution.c.id, report.c.sealed == 0).scalar_subquery()
    gathered = sa.select(sa.func.count()).where(risk_report.c.risk_id == risk.c.id).scalar_subquery()
    number = sa.case((risk.c.institution_id.is_not(None), on_it), else_=gathered)
    entry = [column.label(f"of_{column.name}") for column in institution.c if column.name not in risk.c or column.name == "kind"]
    # A gathering in a town has no institution, but its town is known.
    entry.append(sa.func.coalesce(institution.c.town, risk.c.town).label("of_town"))
    query = sa.select(risk, *entry, number.label("reports")).outerjoin(institution, institution.c.id == risk.c.institution_id)
    return _page(tx, _risks(query, scope).where(risk.c.id > after).order_by(risk.c.id).limit(size), size)


def _problems(query: sa.Select[Any], scope: Scope) -> sa.Select[Any]:
    query = query.where(problem.c.found_at >= scope.start, problem.c.found_at < scope.end)
    return query.where(problem.c.department == scope.department) if scope.department else query


def _risks(query: sa.Select[Any], scope: Scope) -> sa.Select[Any]:
    return query.where(risk.c.opened_at < scope.end, sa.or_(risk.c.settled_at.is_(None), risk.c.settled_at >= scope.start))


def _page(tx: Connection, query: sa.Select[Any], size: int) -> tuple[Sequence[Row], int | None]:
    rows = tx.execute(query).all()
    return rows, rows[-1].id if len(rows) == size else None
