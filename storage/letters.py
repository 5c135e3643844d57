"""交办函: each assignment has at most one letter, numbered by year without a gap, and printing it again finds the same number."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import receipts
from storage.people import Actor
from storage.rules import rules
from storage.tables.papers import letter


@dataclass(frozen=True)
class Letter:
    """The letter's place in its year's series, and when it was issued."""

    year: int
    serial: int
    issued_at: datetime


def issue(tx: Connection, assignment_id: int, by: Actor, at: datetime) -> Letter:
    """The letter of this assignment; the next of the year's series when there is none yet."""
    known = find(tx, assignment_id)
    if known:
        return known
    year = rules(tx).calendar.local_day(at).year
    serial = receipts.next_of_series(tx, f"letter-{year}")
    row = {"assignment_id": assignment_id, "year": year, "serial": serial, "issued_by": by.officer_id, "issued_at": at}
    tx.execute(sa.insert(letter).values(row))
    return Letter(year, serial, at.replace(microsecond=0))


def find(tx: Connection, assignment_id: int) -> Letter | None:
    row = tx.execute(sa.select(letter).where(letter.c.assignment_id == assignment_id)).one_or_none()
    return Letter(row.year, row.serial, row.issued_at) if row else None
