"""What a department did about it: which fields each outcome needs, as a table, and the record itself, sealed (domain §9 处置必填)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.errors import Incomplete
from storage.people import Actor
from storage.sealing import open_text, seal
from storage.tables.reports import handling
from storage.vocabulary import Disposition, Measure, Part

INSPECTORS = 2
_ON_SITE = ("inspected_at", "place", "people", "findings", "measures")
_TALKED = ("findings", "refund_asked_yuan")

# What the lead must fill in before an answer can go to review. `people` means at least two (行政处罚法 42).
NEEDED: Mapping[Disposition, tuple[str, ...]] = {
    Disposition.SUBSTANTIATED_RECTIFIED: (*_ON_SITE, "answer", "opinion"),
    Disposition.SUBSTANTIATED_PENALIZED: (*_ON_SITE, "documents", "fine_yuan", "answer", "opinion"),
    Disposition.CLOSED_DOWN: (*_ON_SITE, "documents", "students", "answer", "opinion"),
    Disposition.PARTLY: (*_ON_SITE, "answer", "opinion"),
    Disposition.UNSUBSTANTIATED: ("inspected_at", "place", "people", "findings", "answer", "opinion"),
    Disposition.INSUFFICIENT: ("findings", "answer"),
    Disposition.REFUND_DONE: (*_TALKED, "refund_yuan", "answer"),
    Disposition.MEDIATED: (*_TALKED, "refund_yuan", "answer"),
    Disposition.MEDIATION_FAILED: (*_TALKED, "answer"),
    Disposition.CASE_FILED: (*_ON_SITE, "documents", "answer", "opinion"),
    Disposition.TRANSFERRED: ("findings", "documents", "answer"),
    Disposition.DUPLICATE: ("findings", "answer"),
    Disposition.ANSWERED: ("answer",),
    Disposition.WITHDRAWN: ("findings",),
}
# An assisting department gives its opinion to the lead; the public answer is not its to write.
NEEDED_OF_ASSIST = ("findings", "opinion")

COLUMNS = ("disposition", "inspected_at", "refund_asked_yuan", "refund_yuan", "fine_yuan", "students", "evacuated")
SEALED = ("place", "people", "joint", "findings", "documents", "answer", "opinion")


@dataclass(frozen=True)
class Handling:
    """One record. `answer` is for the reporter, `opinion` stays inside; the two are never mixed. Money in whole yuan."""

    disposition: Disposition
    findings: str = field(default="", repr=False)
    answer: str = field(default="", repr=False)
    opinion: str = field(default="", repr=False)
    inspected_at: datetime | None = None
    place: str = field(default="", repr=False)
    people: tuple[str, ...] = field(default=(), repr=False)
    joint: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    documents: tuple[str, ...] = field(default=(), repr=False)
    refund_asked_yuan: int | None = None
    refund_yuan: int | None = None
    fine_yuan: int | None = None
    students: int | None = None
    evacuated: int | None = None


@dataclass(frozen=True)
class Kept:
    """A record as it was handed in: which round, by whom, when."""

    assignment_id: int
    round: int
    saved_by: int
    saved_at: datetime
    handling: Handling


def missing(record: Handling, part: Part) -> tuple[str, ...]:
    """The fields this outcome still needs; empty when it can be handed in."""
    needed = NEEDED_OF_ASSIST if part is Part.ASSIST else NEEDED[record.disposition]
    return tuple(name for name in needed if not _is_given(record, name))


def keep(tx: Connection, assignment_id: int, key_id: int, record: Handling, *, part: Part, by: Actor, at: datetime) -> int:
    """Keep the record as the next round's; its round. Incomplete names what is missing. Earlier rounds stay."""
    lacking = missing(record, part)
    if lacking:
        raise Incomplete(lacking)
    last = sa.select(sa.func.coalesce(sa.func.max(handling.c.round), 0)).where(handling.c.assignment_id == assignment_id)
    number = int(tx.execute(last).scalar_one()) + 1
    everything = asdict(record)
    content = json.dumps({name: everything[name] for name in SEALED}, ensure_ascii=False)
    row = {
        **{name: everything[name] for name in COLUMNS},
        "assignment_id": assignment_id,
        "round": number,
        "measures": [str(measure) for measure in record.measures],
        "content": seal(tx, key_id, _place(assignment_id, number), content),
        "saved_by": by.officer_id,
        "saved_at": at,
    }
    tx.execute(sa.insert(handling).values(row))
    return number


def rounds(tx: Connection, assignment_id: int, key_id: int) -> list[Kept]:
    """Every record of this assignment, first round first; none of an erased case. For those who may read the report."""
    kept = sa.and_(handling.c.assignment_id == assignment_id, handling.c.content.is_not(None))
    rows = tx.execute(sa.select(handling).where(kept).order_by(handling.c.round))
    return [_read(tx, row, key_id) for row in rows]


def newest(tx: Connection, assignment_id: int, key_id: int) -> Handling | None:
    """The record that counts: the last round's; None of an erased case."""
    kept = sa.and_(handling.c.assignment_id == assignment_id, handling.c.content.is_not(None))
    query = sa.select(handling).where(kept).order_by(handling.c.round.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return _read(tx, row, key_id).handling if row else None


def _read(tx: Connection, row: Any, key_id: int) -> Kept:
    content = json.loads(open_text(tx, key_id, _place(row.assignment_id, row.round), row.content))
    lists: dict[str, Any] = {name: tuple(content.pop(name)) for name in ("people", "joint", "documents")}
    plain = {name: getattr(row, name) for name in COLUMNS if name != "disposition"}
    record = Handling(Disposition(row.disposition), measures=tuple(map(Measure, row.measures)), **plain, **content)
    return Kept(row.assignment_id, row.round, row.saved_by, row.saved_at, replace(record, **lists))


def _is_given(record: Handling, name: str) -> bool:
    value = getattr(record, name)
    if name == "people":
        return len([person for person in record.people if person.strip()]) >= INSPECTORS
    if isinstance(value, str):
        return bool(value.strip())
    # Nought yuan or nobody evacuated is an answer; nothing at all is not.
    return value is not None and value != ()


def _place(assignment_id: int, number: int) -> str:
    return f"handling.content:{assignment_id}.{number}"
