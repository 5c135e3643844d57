"""联合检查: what two or more departments found together on the spot; sealed like everything that names people (domain §7)."""

import json
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves
from storage.errors import TooFewInspectors
from storage.people import Actor
from storage.sealing import new_key, open_text, seal
from storage.tables.ledgers import inspection, inspection_department
from storage.vocabulary import EventKind

LEAST = 2


@dataclass(frozen=True)
class Inspection:
    """One joint inspection. On a report, an institution, or both."""

    inspected_at: datetime
    departments: tuple[str, ...]
    people: tuple[str, ...] = field(repr=False)
    place: str = field(repr=False)
    findings: str = field(repr=False)
    report_id: int | None = None
    institution_id: int | None = None


def record(tx: Connection, what: Inspection, by: Actor, at: datetime) -> int:
    """Keep it; its id. TooFewInspectors below two departments or two people."""
    together = tuple(dict.fromkeys(what.departments))
    if len(together) < LEAST or len({person.strip() for person in what.people if person.strip()}) < LEAST:
        raise TooFewInspectors
    key = new_key(tx, at)
    row = {
        "report_id": what.report_id,
        "institution_id": what.institution_id,
        "inspected_at": what.inspected_at,
        "data_key_id": key,
        "recorded_by": by.officer_id,
        "recorded_at": at,
    }
    made = int(tx.execute(sa.insert(inspection).values(row).returning(inspection.c.id)).scalar_one())
    content = json.dumps({"people": what.people, "place": what.place, "findings": what.findings}, ensure_ascii=False)
    tx.execute(sa.update(inspection).where(inspection.c.id == made).values(content=seal(tx, key, _place(made), content)))
    tx.execute(sa.insert(inspection_department), [{"inspection_id": made, "department": one} for one in together])
    if what.report_id is not None:
        held = moves.hold(tx, what.report_id, at)
        moves.note(tx, held, EventKind.INSPECTED, by, details={"inspection": made, "departments": list(together)})
    return made


def on(tx: Connection, *, report_id: int | None = None, institution_id: int | None = None) -> list[Inspection]:
    """Inspections on this report or this institution, oldest first; all of them when neither is named."""
    query = sa.select(inspection).order_by(inspection.c.id)
    if report_id is not None:
        query = query.where(inspection.c.report_id == report_id)
    if institution_id is not None:
        query = query.where(inspection.c.institution_id == institution_id)
    return [_read(tx, row) for row in tx.execute(query).all()]


def _read(tx: Connection, row: "sa.Row[tuple[object, ...]]") -> Inspection:
    who = sa.select(inspection_department.c.department).where(inspection_department.c.inspection_id == row.id)
    together = tuple(tx.execute(who.order_by(inspection_department.c.department)).scalars())
    content = json.loads(open_text(tx, row.data_key_id, _place(row.id), row.content))
    people, place, findings = tuple(content["people"]), content["place"], content["findings"]
    return Inspection(row.inspected_at, together, people, place, findings, row.report_id, row.institution_id)


def _place(inspection_id: int) -> str:
    return f"inspection.content:{inspection_id}"
