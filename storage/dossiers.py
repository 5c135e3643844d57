"""One report whole, in one consistent moment: for those who may read it, and only after `reports.visible` said so."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, events, handling, institutions, merging, officers, reports, talk
from storage.clocks import Clock
from storage.events import Event
from storage.handling import Kept
from storage.reports import Contents, Report
from storage.sealing import KeyDestroyed
from storage.tables.reports import assignment, attachment, extension, identity, report
from storage.talk import Message
from storage.vocabulary import AssignmentStatus, Disposition, Part, Resolved


@dataclass(frozen=True)
class Assignment:
    """The report at one department. `is_staffed`: somebody there has an account and can sign for it."""

    id: int
    department: str
    part: Part
    status: AssignmentStatus
    officer_id: int | None
    dispatched_at: datetime
    claimed_at: datetime | None
    contacted_at: datetime | None
    submitted_at: datetime | None
    ended_at: datetime | None
    designated: bool
    waived: bool
    returns: int
    disposition: Disposition | None
    records: tuple[Kept, ...] = field(repr=False)
    asked_days: int | None
    asked_by: int | None
    is_staffed: bool

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True)
class Attachment:
    """One file of the report, without its content. `is_clean`: there is a copy that may be shown.

    An officer's belongs to the record of one assignment, and `purpose` says what it shows.
    """

    id: int
    kind: str
    media_type: str
    size: int
    added_by: int | None
    added_at: datetime
    is_clean: bool
    assignment_id: int | None = None
    purpose: str = ""

    @property
    def from_reporter(self) -> bool:
        return self.added_by is None


@dataclass(frozen=True)
class Dossier:
    """`contents` is None when the report was anonymised. `related` maps the other reports of this one to their numbers."""

    report: Report
    contents: Contents | None = field(repr=False)
    assignments: tuple[Assignment, ...]
    clocks: tuple[Clock, ...]
    history: tuple[Event, ...]
    messages: tuple[Message, ...] = field(repr=False)
    attachments: tuple[Attachment, ...]
    has_identity: bool
    wants_reply: bool
    institution: str | None
    merged_into: str | None
    twin: str | None
    merged: tuple[str, ...]
    candidates: tuple[str, ...]
    resolved: Resolved | None
    satisfaction: int | None


def whole(tx: Connection, report_id: int) -> Dossier:
    """Everything about the report. Ask `reports.visible` first."""
    found = reports.get(tx, report_id)
    rated = tx.execute(sa.select(report.c.resolved, report.c.satisfaction).where(report.c.id == report_id)).one()
    who = tx.execute(sa.select(identity).where(identity.c.report_id == report_id, identity.c.content.is_not(None))).one_or_none()
    merged = tx.execute(sa.select(report.c.number).where(report.c.merged_into_id == report_id).order_by(report.c.id))
    return Dossier(
        report=found,
        contents=_contents(tx, report_id),
        assignments=assignments(tx, report_id),
        clocks=tuple(clocks.of_report(tx, report_id)),
        history=tuple(events.history(tx, report_id)),
        messages=tuple(talk.said(tx, report_id, internal=True)),
        attachments=_attachments(tx, report_id),
        has_identity=who is not None,
        wants_reply=bool(who and who.wants_reply),
        institution=institutions.get(tx, found.institution_id).entry.name if found.institution_id else None,
        merged_into=_number(tx, found.merged_into_id),
        twin=_number(tx, found.twin_id),
        merged=tuple(merged.scalars()),
        candidates=tuple(one.number for one in merging.candidates(tx, report_id)),
        resolved=Resolved(rated.resolved) if rated.resolved else None,
        satisfaction=rated.satisfaction,
    )


def _contents(tx: Connection, report_id: int) -> Contents | None:
    try:
        return reports.contents(tx, report_id)
    except KeyDestroyed:
        return None


def assignments(tx: Connection, report_id: int) -> tuple[Assignment, ...]:
    """The report at every department that has or had it, oldest first, with what each wrote."""
    key = int(tx.execute(sa.select(report.c.data_key_id).where(report.c.id == report_id)).scalar_one())
    rows = tx.execute(sa.select(assignment).where(assignment.c.report_id == report_id).order_by(assignment.c.id)).all()
    waiting = sa.select(extension).where(extension.c.assignment_id.in_([row.id for row in rows]), extension.c.decided_at.is_(None))
    asked, staffed = {row.assignment_id: row for row in tx.execute(waiting)}, officers.staffed(tx)
    return tuple(
        _assignment(row, asked.get(row.id), tuple(handling.rounds(tx, row.id, key)), is_staffed=row.department in staffed) for row in rows
    )


def _assignment(row: Any, asked: Any, records: tuple[Kept, ...], *, is_staffed: bool) -> Assignment:
    return Assignment(
        id=row.id,
        department=row.department,
        part=Part(row.part),
        status=AssignmentStatus(row.status),
        officer_id=row.officer_id,
        dispatched_at=row.dispatched_at,
        claimed_at=row.claimed_at,
        contacted_at=row.contacted_at,
        submitted_at=row.submitted_at,
        ended_at=row.ended_at,
        designated=row.designated,
        waived=row.waived,
        returns=row.returns,
        disposition=Disposition(row.disposition) if row.disposition else None,
        records=records,
        asked_days=asked.days if asked else None,
        asked_by=asked.asked_by if asked else None,
        is_staffed=is_staffed,
    )


def _attachments(tx: Connection, report_id: int) -> tuple[Attachment, ...]:
    here = sa.select(attachment).where(attachment.c.report_id == report_id, attachment.c.removed_at.is_(None)).order_by(attachment.c.id)
    return tuple(
        Attachment(
            row.id,
            row.kind,
            row.media_type,
            row.size,
            row.added_by,
            row.added_at,
            row.clean_digest is not None,
            row.assignment_id,
            row.purpose or "",
        )
        for row in tx.execute(here)
    )


def _number(tx: Connection, report_id: int | None) -> str | None:
    """The number of a related report; a sealed one is never named."""
    if report_id is None:
        return None
    named = sa.select(report.c.number).where(report.c.id == report_id, report.c.sealed == 0)
    number: str | None = tx.execute(named).scalar_one_or_none()
    return number
