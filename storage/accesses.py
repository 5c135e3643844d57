"""Who looked at what and who was refused: append-only, hash-chained like the history of reports (domain §11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import chain
from storage.people import Actor
from storage.tables.reports import report
from storage.tables.staff import access, officer


class Action(StrEnum):
    """What was done, or asked for and refused."""

    READ_REPORT = "read_report"
    READ_IDENTITY = "read_identity"
    READ_ORIGINAL = "read_original"
    READ_FILE = "read_file"
    EXPORT = "export"
    MOVE = "move"
    PAGE = "page"
    SIGN_IN = "sign_in"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Access:
    """One line of the log. `number` is empty when it was about no report, or about none that exists."""

    id: int
    at: datetime
    role: str
    officer: str
    number: str
    action: str
    allowed: bool
    reason: str


def record(
    tx: Connection, by: Actor, action: Action, at: datetime, *, allowed: bool, report_id: int | None = None, reason: str | None = None
) -> None:
    """Write one line. A reason says why in the officer's own words; it never holds what a reporter wrote."""
    previous_hash = chain.head(tx, access)
    row = {
        "officer_id": by.officer_id,
        "role": str(by.role),
        "report_id": report_id,
        "action": str(action),
        "allowed": allowed,
        "reason": reason,
        "at": at.replace(microsecond=0),
    }
    tx.execute(sa.insert(access).values(**row, previous_hash=previous_hash, hash=link(previous_hash, row)))


def link(previous_hash: bytes, row: Mapping[str, Any]) -> bytes:
    """The hash of a row as it stands in the table; whoever checks the log calls this too."""
    names = ("officer_id", "role", "report_id", "action", "allowed", "reason")
    return chain.link(previous_hash, int(row["at"].timestamp()), *(row[name] for name in names))


def latest(tx: Connection, limit: int, *, refused_only: bool = False) -> list[Access]:
    """The newest lines, for the office."""
    query = _lines().order_by(access.c.id.desc()).limit(limit)
    return _read(tx, query.where(access.c.allowed == 0) if refused_only else query)


def of_report(tx: Connection, report_id: int, action: Action | None = None) -> list[Access]:
    """Who opened this report, newest first."""
    query = _lines().where(access.c.report_id == report_id).order_by(access.c.id.desc())
    return _read(tx, query.where(access.c.action == str(action)) if action else query)


def _lines() -> sa.Select[Any]:
    joined = access.outerjoin(officer, officer.c.id == access.c.officer_id).outerjoin(report, report.c.id == access.c.report_id)
    # A sealed report has no number outside the discipline inspection, in this list neither.
    number = sa.case((report.c.sealed == 0, report.c.number), else_="")
    return sa.select(access, officer.c.name, number.label("number")).select_from(joined)


def _read(tx: Connection, query: sa.Select[Any]) -> list[Access]:
    return [
        Access(row.id, row.at, row.role, row.name or "", row.number or "", row.action, row.allowed, row.reason or "")
        for row in tx.execute(query)
    ]
