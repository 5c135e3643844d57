"""Early warnings in the risk ledger: reports that gather open a line by themselves, and what a settled line counted counts no more."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import institutions, risks
from storage.people import SYSTEM
from storage.tables.institutions import institution
from storage.tables.ledgers import risk, risk_report
from storage.tables.reports import report
from storage.vocabulary import RiskKind, RiskLevel

OPEN = risk.c.settled_at.is_(None)


@dataclass(frozen=True)
class Warned:
    """Reports that came together, as the ledger tells it: on an institution, or on one category in one town."""

    institution: str
    category: str
    town: str
    numbers: tuple[str, ...]
    kind: RiskKind
    level: RiskLevel
    why: str


def settled(tx: Connection) -> frozenset[tuple[str, str, str, str]]:
    """What settled lines have counted: institution, category, town and number of each report. No new line begins with one of these."""
    query = (
        sa.select(institution.c.name, risk.c.category, risk.c.town, report.c.number)
        .select_from(risk_report.join(risk).join(report, report.c.id == risk_report.c.report_id))
        .outerjoin(institution, institution.c.id == risk.c.institution_id)
        .where(risk.c.settled_at.is_not(None))
    )
    return frozenset((row.name or "", row.category or "", row.town or "", row.number) for row in tx.execute(query))


def warn(tx: Connection, warned: Warned, at: datetime) -> int:
    """Open the line of this gathering, or let it grow; its id. An open line of the office's own on the same is joined, its words kept."""
    place = institutions.find(tx, warned.institution) if warned.institution else None
    about = f"institution/{place}" if place else f"matter/{warned.category}/{warned.town}"
    line = _standing(tx, about, place, warned.kind)
    reports = set(tx.execute(sa.select(report.c.id).where(report.c.number.in_(warned.numbers))).scalars())
    if line is None:
        return _open(tx, warned, at, place=place, about=about, reports=reports)
    fresh = reports - set(tx.execute(sa.select(risk_report.c.report_id).where(risk_report.c.risk_id == line.id)).scalars())
    if fresh:
        # What the office wrote stays; what the last warning said is out of date.
        why = line.why if line.opened_by else warned.why
        tx.execute(sa.update(risk).where(risk.c.id == line.id).values(why=why, about=line.about or about))
        _count(tx, line.id, fresh)
        risks.remember(tx, line.id, SYSTEM, at, step="grown" if line.about else "joined", note=warned.why)
    return int(line.id)


def _standing(tx: Connection, about: str, place: int | None, kind: RiskKind) -> Any:
    """The open line of this gathering, or the one on the same risk of the same institution."""
    lines = tx.execute(sa.select(risk).where(OPEN, risk.c.about == about).with_for_update()).one_or_none()
    if lines is not None or place is None:
        return lines
    own = sa.select(risk).where(OPEN, risk.c.institution_id == place, sa.or_(risk.c.about.is_not(None), risk.c.kind == kind))
    return tx.execute(own.order_by(risk.c.id).limit(1).with_for_update()).one_or_none()


def _open(tx: Connection, warned: Warned, at: datetime, *, place: int | None, about: str, reports: Collection[int]) -> int:
    row = {
        "institution_id": place,
        "about": about,
        "category": None if place else warned.category,
        "town": None if place else warned.town,
        "kind": str(warned.kind),
        "level": str(warned.level),
        "why": warned.why,
        "opened_at": at,
    }
    made = int(tx.execute(sa.insert(risk).values(row).returning(risk.c.id)).scalar_one())
    _count(tx, made, reports)
    risks.remember(tx, made, SYSTEM, at, step="opened", note=warned.why)
    risks.raise_institution(tx, place)
    return made


def _count(tx: Connection, risk_id: int, reports: Collection[int]) -> None:
    tx.execute(sa.insert(risk_report), [{"risk_id": risk_id, "report_id": one} for one in sorted(reports)])
