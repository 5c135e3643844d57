"""Finds and opens reports: by number and code for the reporter, by id for those who may read them."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import receipts
from storage.assignments import has_conflict
from storage.errors import NoSuchReport
from storage.filing import Contact, Filed, Route, Submission, code_hashes, file, file_twins
from storage.followup import Rated, ReporterView, add_information, rate, say, view_for_reporter, withdraw
from storage.moves import departments
from storage.people import Actor
from storage.receipts import NotACode
from storage.rules import rules
from storage.sealing import blind_indexes, open_text
from storage.tables.reports import assignment, identity, report
from storage.vocabulary import AssignmentStatus, Disposition, Level, Nature, Role, Source, Status

# A department that has given the report back no longer sees it.
GONE = (AssignmentStatus.RETURNED, AssignmentStatus.REASSIGNED)
ENDED = (Status.CLOSED, Status.ARCHIVED, Status.REJECTED, Status.MERGED, Status.WITHDRAWN)


@dataclass(frozen=True)
class Report:
    """A report as those who may read it see it; the words stay sealed until `contents` opens them."""

    id: int
    number: str
    source: Source
    channel: str
    nature: Nature
    category: str
    secondary: tuple[str, ...]
    regulator: str
    level: Level
    status: Status
    auto: bool
    insufficient: bool
    town: str | None
    institution_id: int | None
    twin_id: int | None
    merged_into_id: int | None
    disposition: Disposition | None
    escalated: bool
    self_check: bool
    redone: int
    filed_at: datetime
    replied_at: datetime | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Something can still happen to it without being opened again."""
        return self.status not in ENDED


@dataclass(frozen=True)
class Contents:
    """What the reporter said and how it was read."""

    story: str = field(repr=False)
    facts: Mapping[str, Any] = field(repr=False)
    reading: Mapping[str, Any] = field(repr=False)


def find(tx: Connection, number: str, code: str) -> int | None:
    """The report of this number if the code opens it. A wrong code, an unknown number and nonsense all take the same work."""
    try:
        given = code_hashes(tx, code)
    except NotACode:
        given = blind_indexes(tx, "query-code", "not a code")
    wanted = receipts.read_number(number, rules(tx).prefix)
    row = tx.execute(sa.select(report.c.id, report.c.code_hash).where(report.c.number == wanted)).one_or_none()
    kept = row.code_hash if row else blind_indexes(tx, "query-code", "no such number")[0]
    opens = [hmac.compare_digest(one, kept) for one in given]
    return row.id if any(opens) and row else None


def get(tx: Connection, report_id: int) -> Report:
    """The report itself. Ask `visible` first: this opens for everyone."""
    row = tx.execute(sa.select(report).where(report.c.id == report_id)).one_or_none()
    if row is None:
        raise NoSuchReport
    return read(row)


def by_number(tx: Connection, number: str) -> int | None:
    """The id behind a number, however it was typed."""
    wanted = receipts.read_number(number, rules(tx).prefix)
    found: int | None = tx.execute(sa.select(report.c.id).where(report.c.number == wanted)).scalar_one_or_none()
    return found


def of_reporter(tx: Connection, addressee_id: int) -> list[Report]:
    """Everything this person has filed on this channel, newest first."""
    rows = tx.execute(sa.select(report).where(report.c.reporter_id == addressee_id).order_by(report.c.id.desc()))
    return [read(row) for row in rows]


def contents(tx: Connection, report_id: int) -> Contents:
    """The words, opened. KeyDestroyed when they were erased."""
    row = tx.execute(sa.select(report).where(report.c.id == report_id)).one()
    opened = {
        part: open_text(tx, row.data_key_id, f"report.{part}:{row.number}", getattr(row, part)) for part in ("story", "facts", "reading")
    }
    return Contents(opened["story"], json.loads(opened["facts"]), json.loads(opened["reading"]))


def contact_of(tx: Connection, report_id: int) -> Contact | None:
    """Who filed it, opened; None when filed anonymously or erased. Whoever calls this has a reason and leaves a trace (domain §11)."""
    row = tx.execute(sa.select(identity).where(identity.c.report_id == report_id, identity.c.content.is_not(None))).one_or_none()
    if row is None:
        return None
    content = json.loads(open_text(tx, row.data_key_id, f"identity.content:{report_id}", row.content))
    return Contact(content["name"], content["phone"], row.wants_reply, row.may_disclose)


def visible(tx: Connection, report_id: int, by: Actor) -> bool:
    """Whether this person may know of the report at all (domain §9 密级隔离).

    Sealed: the discipline inspection alone. Otherwise the office, and the departments that have it and are not what it is about,
    without the officers who declared an interest in it.
    """
    row = tx.execute(sa.select(report.c.sealed, report.c.about).where(report.c.id == report_id)).one_or_none()
    if row is None:
        return False
    if row.sealed or by.role is Role.DISCIPLINE:
        return bool(row.sealed and by.role is Role.DISCIPLINE)
    if by.department is None or any(by.department in rules(tx).departments.family(key) for key in row.about):
        return False
    if by.role is Role.OFFICE:
        return True
    works_there = by.role in (Role.OFFICER, Role.HEAD) and _has_it(tx, report_id, by.department)
    return works_there and not has_conflict(tx, report_id, by)


def read(row: Any) -> Report:
    """A row of the table as a Report."""
    return Report(
        id=row.id,
        number=row.number,
        source=Source(row.source),
        channel=row.channel,
        nature=Nature(row.nature),
        category=row.category,
        secondary=tuple(row.secondary),
        regulator=row.regulator,
        level=Level(row.level),
        status=Status(row.status),
        auto=row.auto,
        insufficient=row.insufficient,
        town=row.town,
        institution_id=row.institution_id,
        twin_id=row.twin_id,
        merged_into_id=row.merged_into_id,
        disposition=Disposition(row.disposition) if row.disposition else None,
        escalated=row.escalated,
        self_check=row.self_check,
        redone=row.redone,
        filed_at=row.filed_at,
        replied_at=row.replied_at,
        closed_at=row.closed_at,
    )


def _has_it(tx: Connection, report_id: int, department: str) -> bool:
    own = sa.select(assignment.c.id).where(
        assignment.c.report_id == report_id, assignment.c.department == department, assignment.c.status.not_in(GONE)
    )
    return tx.execute(own.limit(1)).one_or_none() is not None


__all__ = [
    "Contact",
    "Contents",
    "Filed",
    "Rated",
    "Report",
    "ReporterView",
    "Route",
    "Submission",
    "add_information",
    "by_number",
    "contact_of",
    "contents",
    "departments",
    "file",
    "file_twins",
    "find",
    "get",
    "of_reporter",
    "rate",
    "say",
    "view_for_reporter",
    "visible",
    "withdraw",
]
