"""What is forgotten, and when: a reporter's traits a while after closing, the words of a case later, idle talk soon (domain §11)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import drafts, events, evidence, policy, similarity
from storage.people import CITIZEN, SYSTEM
from storage.policy import Section
from storage.sealing import destroy_key
from storage.shelf import Slot
from storage.tables.mail import addressee, draft, inbox, outbox
from storage.tables.reports import assignment, attachment, handling, identity, message, report
from storage.tables.staff import officer
from storage.vocabulary import EventKind, Status

MARKS = ("S", "V", "P", "M", "D")
BATCH = 500


class Scope(StrEnum):
    """How much was erased, as the event of it says."""

    IDENTITY = "identity"
    CASE = "case"
    REQUEST = "request"


@dataclass(frozen=True)
class Term:
    """How long one kind of content is kept."""

    label: str
    keep: timedelta
    source: str
    mark: str


@dataclass(frozen=True)
class Terms:
    """The city's retention.toml."""

    identity: Term
    case: Term
    talk: Term

    @classmethod
    def load(cls, folder: Path) -> Self:
        file = policy.load(folder / "retention.toml")
        read = cls(
            identity=_term(file.section("identity"), "days_after_closing"),
            case=_term(file.section("case"), "days_after_closing"),
            talk=_term(file.section("talk"), "days"),
        )
        file.finish()
        if read.case.keep < read.identity.keep:
            raise file.fault("case", "must be kept at least as long as [identity]")
        return read


@dataclass(frozen=True)
class Due:
    """What has had its time: reports by id, and how many drafts, messages and people nobody needs any more."""

    identities: tuple[int, ...]
    cases: tuple[int, ...]
    drafts: int
    messages: int
    files: int
    people: tuple[int, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.identities or self.cases or self.drafts or self.messages or self.files or self.people)


def due(tx: Connection, terms: Terms, at: datetime) -> Due:
    """What a run now would erase. Changes nothing."""
    old = at - terms.talk.keep
    waiting = sa.select(attachment.c.id).where(evidence.forgotten(at, terms.talk.keep))
    return Due(
        identities=tuple(tx.execute(_with_identity(at - terms.identity.keep)).scalars()),
        cases=tuple(tx.execute(_with_words(at - terms.case.keep)).scalars()),
        drafts=_count(tx, sa.select(draft.c.addressee_id).where(draft.c.expires_at <= at)),
        messages=_count(tx, sa.select(outbox.c.id).where(outbox.c.created_at <= old)),
        files=_count(tx, waiting),
        people=tuple(tx.execute(_strangers(old)).scalars()),
    )


def erase_identity(tx: Connection, report_id: int, at: datetime, scope: Scope = Scope.IDENTITY) -> None:
    """Who filed it is gone for good; the report and its history stay. Twice is harmless."""
    kept = tx.execute(sa.select(identity.c.data_key_id).where(identity.c.report_id == report_id, identity.c.erased_at.is_(None)))
    key_id = kept.scalar_one_or_none()
    row = tx.execute(sa.select(report.c.reporter_id, report.c.status).where(report.c.id == report_id)).one()
    if key_id is None and row.reporter_id is None:
        return
    if key_id is not None:
        destroy_key(tx, key_id, at)
        tx.execute(sa.update(identity).where(identity.c.report_id == report_id).values(content=None, erased_at=at))
    tx.execute(sa.update(report).where(report.c.id == report_id).values(reporter_id=None))
    tx.execute(sa.update(attachment).where(attachment.c.report_id == report_id).values(addressee_id=None))
    by = CITIZEN if scope is Scope.REQUEST else SYSTEM
    events.append(tx, report_id, EventKind.IDENTITY_ERASED, by, at, to_status=Status(row.status), details={"scope": str(scope)})


def erase_case(tx: Connection, report_id: int, at: datetime) -> list[Slot]:
    """What was said and written in this case is gone; its steps and figures stay. Returns files to take off the disk."""
    erase_identity(tx, report_id, at)
    held = sa.select(report.c.data_key_id, report.c.status, report.c.story).where(report.c.id == report_id).with_for_update()
    row = tx.execute(held).one()
    if row.story is None:
        # Another process was first: one event tells of it.
        return []
    destroy_key(tx, row.data_key_id, at)
    tx.execute(sa.update(report).where(report.c.id == report_id).values(story=None, facts=None, reading=None))
    tx.execute(sa.delete(message).where(message.c.report_id == report_id))
    similarity.forget(tx, report_id)
    own = sa.select(assignment.c.id).where(assignment.c.report_id == report_id)
    tx.execute(sa.update(handling).where(handling.c.assignment_id.in_(own)).values(content=None))
    events.append(tx, report_id, EventKind.IDENTITY_ERASED, SYSTEM, at, to_status=Status(row.status), details={"scope": str(Scope.CASE)})
    files = tx.execute(sa.select(attachment.c.id).where(attachment.c.report_id == report_id)).scalars()
    return evidence.remove(tx, list(files), at)


def forget_talk(tx: Connection, terms: Terms, at: datetime) -> list[Slot]:
    """Old conversations, drafts nobody came back to, and files nobody filed."""
    drafts.expire(tx, at)
    old = at - terms.talk.keep
    tx.execute(sa.delete(outbox).where(outbox.c.created_at <= old))
    answered = sa.select(outbox.c.cause_id).where(outbox.c.cause_id.is_not(None))
    tx.execute(sa.delete(inbox).where(inbox.c.done_at <= old, inbox.c.id.not_in(answered)))
    return evidence.remove_forgotten(tx, at, terms.talk.keep)


def forget_people(tx: Connection, people: Sequence[int], at: datetime) -> None:
    """Addresses that belong to no report, draft, message or officer any more. Whoever writes again is a new person."""
    for person in people:
        key_id = tx.execute(sa.select(addressee.c.data_key_id).where(addressee.c.id == person)).scalar_one()
        destroy_key(tx, key_id, at)
        tx.execute(sa.update(addressee).where(addressee.c.id == person).values(address=None, address_index=secrets.token_bytes(16)))


def _with_identity(before: datetime) -> sa.Select[int]:
    named = sa.and_(identity.c.report_id == report.c.id, identity.c.erased_at.is_(None))
    known = sa.or_(report.c.reporter_id.is_not(None), identity.c.report_id.is_not(None))
    return sa.select(report.c.id).select_from(report.outerjoin(identity, named)).where(report.c.closed_at <= before, known).limit(BATCH)


def _with_words(before: datetime) -> sa.Select[int]:
    return sa.select(report.c.id).where(report.c.closed_at <= before, report.c.story.is_not(None)).limit(BATCH)


def _strangers(before: datetime) -> sa.Select[int]:
    """People whose address nothing needs. One who wrote since `before` may be in the middle of a sentence."""
    used = [
        sa.select(report.c.reporter_id).where(report.c.reporter_id.is_not(None)),
        sa.select(draft.c.addressee_id),
        sa.select(outbox.c.addressee_id),
        sa.select(inbox.c.addressee_id),
        sa.select(officer.c.addressee_id).where(officer.c.addressee_id.is_not(None)),
        sa.select(attachment.c.addressee_id).where(attachment.c.addressee_id.is_not(None), attachment.c.removed_at.is_(None)),
    ]
    idle = sa.and_(addressee.c.created_at <= before, addressee.c.address.is_not(None))
    return sa.select(addressee.c.id).where(idle, *(addressee.c.id.not_in(here) for here in used)).limit(BATCH)


def _count(tx: Connection, query: sa.Select[int]) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())


def _term(row: Section, days: str) -> Term:
    mark = row.text("mark")
    if mark not in MARKS:
        raise row.fault("mark", f"must be one of {', '.join(MARKS)}")
    read = Term(row.text("label"), timedelta(days=row.number(days)), row.text("source"), mark)
    row.finish()
    return read
