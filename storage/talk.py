"""Two-way talk between a reporter, who may stay unknown, and the officers; and notes the officers keep among themselves."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves, telling
from storage.errors import NoSuchReport, NotPermitted
from storage.moves import Held
from storage.notices import Notice
from storage.people import CITIZEN, Actor
from storage.sealing import open_text, seal
from storage.tables.reports import message, report
from storage.vocabulary import EventKind, Role

WRITERS = (Role.OFFICER, Role.HEAD, Role.OFFICE, Role.DISCIPLINE)


@dataclass(frozen=True)
class Message:
    """One thing said. Internal notes are never shown to the reporter."""

    id: int
    at: datetime
    from_reporter: bool
    officer_id: int | None
    department: str | None
    internal: bool
    text: str = field(repr=False)


def to_reporter(tx: Connection, report_id: int, by: Actor, text: str, at: datetime) -> int:
    """An officer, the office or the discipline inspection writes to the reporter; the message's id. It moves nothing."""
    held = _writable(tx, report_id, by, at, "write")
    made = keep(tx, held, text, by=by)
    moves.note(tx, held, EventKind.MESSAGE_TO_REPORTER, by, details={"message": made})
    telling.only_reporter(tx, held.report, held.at, Notice.MESSAGE_TO_REPORTER, department=by.department, text=text)
    return made


def internally(tx: Connection, report_id: int, by: Actor, text: str, at: datetime) -> int:
    """A note among those who may read the report: an assist's opinion on the way, a thing to remember."""
    held = _writable(tx, report_id, by, at, "note")
    made = keep(tx, held, text, by=by, internal=True)
    moves.note(tx, held, EventKind.NOTED, by, details={"message": made})
    return made


def from_reporter(tx: Connection, held: Held, text: str) -> int:
    """The reporter says something; whoever has the report hears that there is something to read."""
    made = keep(tx, held, text, by=CITIZEN)
    moves.note(tx, held, EventKind.MESSAGE_FROM_REPORTER, CITIZEN, details={"message": made})
    tell_those_at_work(tx, held, Notice.MESSAGE_FROM_REPORTER)
    return made


def tell_those_at_work(tx: Connection, held: Held, notice: Notice, **fields: object) -> None:
    """Tell whoever leads: the officer who holds it, or the department; the office while nobody leads; of a merged one, the main one's."""
    if held.report.merged_into_id is not None:
        held = moves.look(tx, held.report.merged_into_id, held.at)
    if held.report.sealed:
        telling.discipline(tx, held, notice, **fields)
        return
    leader = moves.lead_of(tx, held.id)
    if leader is None:
        telling.office(tx, held, notice, **fields)
    elif leader.officer_id is None:
        telling.department(tx, held, leader.department, notice, **fields)
    else:
        telling.officer_of(tx, held, leader.officer_id, notice, **fields)


def said(tx: Connection, report_id: int, *, internal: bool) -> list[Message]:
    """Everything said about this report, oldest first; with `internal`, the officers' own notes too."""
    key = tx.execute(sa.select(report.c.data_key_id).where(report.c.id == report_id)).scalar_one()
    query = sa.select(message).where(message.c.report_id == report_id).order_by(message.c.id)
    rows = tx.execute(query if internal else query.where(message.c.internal == 0)).all()
    return [
        Message(
            row.id,
            row.at,
            row.from_reporter,
            row.officer_id,
            row.department,
            row.internal,
            open_text(tx, key, _place(report_id, row.at), row.text),
        )
        for row in rows
    ]


def keep(tx: Connection, held: Held, text: str, *, by: Actor, internal: bool = False) -> int:
    """Keep what was said, sealed under the report's key."""
    row = {
        "report_id": held.id,
        "from_reporter": by.role is Role.CITIZEN,
        "officer_id": by.officer_id,
        "department": by.department,
        "internal": internal,
        "at": held.at,
        "text": seal(tx, held.report.data_key_id, _place(held.id, held.at), text),
    }
    return int(tx.execute(sa.insert(message).values(row).returning(message.c.id)).scalar_one())


def _writable(tx: Connection, report_id: int, by: Actor, at: datetime, act: str) -> Held:
    if by.role not in WRITERS:
        raise NotPermitted(act, by.role)
    held = moves.hold(tx, report_id, at)
    if held.report.sealed != (by.role is Role.DISCIPLINE):
        raise NoSuchReport
    return held


def _place(report_id: int, at: datetime) -> str:
    return f"message.text:{report_id}.{int(at.timestamp())}"
