"""The one guarded door: a report exists for this person, or nobody says whether it exists at all (domain §9 密级隔离)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import Connection

from storage import accesses, reports
from storage.accesses import Action
from storage.database import Database
from storage.errors import NoSuchReport, NotPermitted
from storage.people import Actor
from storage.vocabulary import Part, Role


def find(tx: Connection, number: str, by: Actor) -> int:
    """The report of this number, if it exists, is this department's, and is not sealed to this person; else NoSuchReport."""
    report_id = reports.by_number(tx, number)
    if report_id is None or not reports.visible(tx, report_id, by):
        raise NoSuchReport
    return report_id


def reads_record(department: str, part: str, by: Actor) -> bool:
    """Whether this person may read a department's record of handling.

    What an assisting department wrote is for the lead and the office; a lead's answer is not the assist's to read before it is out.
    """
    return by.role in (Role.OFFICE, Role.DISCIPLINE) or by.department == department or part == Part.ASSIST


async def refused(database: Database, number: str, by: Actor, action: Action, at: datetime) -> None:
    """Write down that somebody stood before a closed door. Written apart: the refused act leaves no trace of its own."""
    await database.write(_refused, number, by, action, at)


def _refused(tx: Connection, number: str, by: Actor, action: Action, at: datetime) -> None:
    accesses.record(tx, by, action, at, allowed=False, report_id=reports.by_number(tx, number))


@asynccontextmanager
async def watched(database: Database, number: str, by: Actor, action: Action, at: datetime) -> AsyncIterator[None]:
    """Whoever is turned away inside is written down."""
    try:
        yield
    except (NoSuchReport, NotPermitted):
        await refused(database, number, by, action, at)
        raise
