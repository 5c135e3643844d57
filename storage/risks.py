"""风险台账: what may go wrong at an institution, who answers for it, and how far it is settled (domain §7 一企一策)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.errors import NoSuchReport, NotPermitted
from storage.people import Actor
from storage.tables.institutions import institution
from storage.tables.ledgers import risk, risk_step
from storage.vocabulary import RiskKind, RiskLevel, Role

_ORDER = list(RiskLevel)


@dataclass(frozen=True)
class Risk:
    """One open or settled risk. Money in yuan. Without an institution it is about one matter in one town."""

    id: int
    institution_id: int | None
    category: str | None
    town: str | None
    kind: RiskKind
    level: RiskLevel
    why: str
    families: int | None
    yuan: int | None
    unpaid_staff: int | None
    unpaid_yuan: int | None
    measures: str | None
    responsible: str | None
    due_on: str | None
    progress: str | None
    opened_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True)
class Step:
    """One thing that happened to a line of the ledger. Without an officer it was the system."""

    at: datetime
    officer_id: int | None
    step: str
    note: str | None


def warn(tx: Connection, institution_id: int, kind: RiskKind, level: RiskLevel, why: str, *, by: Actor, at: datetime) -> int:
    """A risk is seen, by the office or by an early warning: opened, or the open one of this kind is raised. It is never lowered here."""
    _may_keep("warn", by)
    known = tx.execute(_open_of(institution_id, kind).with_for_update()).one_or_none()
    if known:
        worse = max(RiskLevel(known.level), level, key=_ORDER.index)
        tx.execute(sa.update(risk).where(risk.c.id == known.id).values(level=str(worse), why=why))
        remember(tx, known.id, by, at, step="raised", note=why)
        raise_institution(tx, institution_id)
        return int(known.id)
    row = {
        "institution_id": institution_id,
        "kind": str(kind),
        "level": str(level),
        "why": why,
        "opened_at": at,
        "opened_by": by.officer_id,
    }
    made = int(tx.execute(sa.insert(risk).values(row).returning(risk.c.id)).scalar_one())
    remember(tx, made, by, at, step="opened", note=why)
    raise_institution(tx, institution_id)
    return made


def describe(tx: Connection, risk_id: int, by: Actor, **values: int | str | None) -> None:
    """Fill in the ledger's columns: families, yuan, unpaid_staff, unpaid_yuan, measures, responsible, due_on, progress, level, why."""
    _may_keep("describe", by)
    row = tx.execute(
        sa.update(risk).where(risk.c.id == risk_id, risk.c.settled_at.is_(None)).values(**values).returning(risk)
    ).one_or_none()
    if row is None:
        raise NoSuchReport
    raise_institution(tx, row.institution_id)


def settle(tx: Connection, risk_id: int, by: Actor, at: datetime, *, progress: str) -> None:
    """化解: it is over; the line stays in the ledger."""
    _may_keep("settle", by)
    done = sa.update(risk).where(risk.c.id == risk_id, risk.c.settled_at.is_(None)).values(settled_at=at, progress=progress).returning(risk)
    row = tx.execute(done).one_or_none()
    if row is None:
        raise NoSuchReport
    remember(tx, risk_id, by, at, step="settled", note=progress)
    raise_institution(tx, row.institution_id)


def ledger(tx: Connection, *, institution_id: int | None = None, only_open: bool = False) -> list[Risk]:
    """The ledger, oldest first."""
    query = sa.select(risk).order_by(risk.c.id)
    if institution_id is not None:
        query = query.where(risk.c.institution_id == institution_id)
    if only_open:
        query = query.where(risk.c.settled_at.is_(None))
    return [_read(row) for row in tx.execute(query)]


def steps(tx: Connection) -> Mapping[int, tuple[Step, ...]]:
    """What happened to each line, oldest first, by line."""
    found: dict[int, tuple[Step, ...]] = {}
    for row in tx.execute(sa.select(risk_step).order_by(risk_step.c.id)):
        found[row.risk_id] = (*found.get(row.risk_id, ()), Step(row.at, row.officer_id, row.step, row.note))
    return found


def remember(tx: Connection, risk_id: int, by: Actor, at: datetime, *, step: str, note: str) -> None:
    """Write down what happened to the line."""
    tx.execute(sa.insert(risk_step).values(risk_id=risk_id, at=at, officer_id=by.officer_id, step=step, note=note))


def move_to(tx: Connection, source: int, target: int, by: Actor, at: datetime, *, why: str) -> None:
    """The institution was merged: its risks are the other's now. Where both have one of a kind open, the worse level stays open.

    Every line's history says so: `merged` the one that ends in the other, `raised` the other if it gets worse, `moved` the rest.
    """
    for row in tx.execute(sa.select(risk).where(risk.c.institution_id == source)).all():
        twin = tx.execute(_open_of(target, RiskKind(row.kind))).one_or_none()
        values: dict[str, Any] = {"institution_id": target}
        if twin and row.settled_at is None:
            worse = max(RiskLevel(twin.level), RiskLevel(row.level), key=_ORDER.index)
            if worse != twin.level:
                tx.execute(sa.update(risk).where(risk.c.id == twin.id).values(level=str(worse)))
                remember(tx, twin.id, by, at, step="raised", note=row.why)
            values["settled_at"] = at
        tx.execute(sa.update(risk).where(risk.c.id == row.id).values(**values))
        remember(tx, row.id, by, at, step="merged" if "settled_at" in values else "moved", note=why)
    raise_institution(tx, target)


def _may_keep(act: str, by: Actor) -> None:
    """The ledger is the office's; an early warning writes into it by itself."""
    if by.role not in (Role.OFFICE, Role.SYSTEM):
        raise NotPermitted(act, by.role)


def raise_institution(tx: Connection, institution_id: int | None) -> None:
    """An institution is as risky as its worst open risk."""
    if institution_id is None:
        return
    levels = tx.execute(sa.select(risk.c.level).where(risk.c.institution_id == institution_id, risk.c.settled_at.is_(None))).scalars()
    worst = max(map(RiskLevel, levels), key=_ORDER.index, default=RiskLevel.NONE)
    tx.execute(sa.update(institution).where(institution.c.id == institution_id).values(risk_level=str(worst)))


def _open_of(institution_id: int, kind: RiskKind) -> "sa.Select[Any]":
    return sa.select(risk).where(risk.c.institution_id == institution_id, risk.c.kind == kind, risk.c.settled_at.is_(None))


def _read(row: Any) -> Risk:
    return Risk(
        row.id,
        row.institution_id,
        row.category,
        row.town,
        RiskKind(row.kind),
        RiskLevel(row.level),
        row.why,
        row.families,
        row.yuan,
        row.unpaid_staff,
        row.unpaid_yuan,
        row.measures,
        row.responsible,
        row.due_on,
        row.progress,
        row.opened_at,
        row.settled_at,
    )
