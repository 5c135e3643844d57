"""Ties an officer to a chat by a one-time code, a group to a department, and remembers which messages show which report."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import addressees, officers
from storage.addressees import Address, Addressee
from storage.officers import Officer
from storage.sealing import Secret
from storage.tables.bindings import binding_code, staff_card, staff_group
from storage.tables.reports import assignment, event, report
from storage.tables.staff import officer

# Nothing that is misread from a screen; forty bits that live a quarter of an hour cannot be guessed through a chat.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
CODE_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class Shown:
    """A message that shows a report, and what has happened to the report by now."""

    id: int
    addressee_id: int
    report_id: int
    number: str
    reference: str
    digest: bytes
    seq: int


@dataclass(frozen=True)
class Unshown:
    """A report that waits at a department whose group has no message about it."""

    addressee_id: int
    report_id: int
    number: str


def issue_code(tx: Connection, officer_id: int, at: datetime) -> Secret:
    """A fresh code for this officer; earlier ones stop working."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    tx.execute(sa.update(binding_code).where(binding_code.c.officer_id == officer_id, binding_code.c.used_at.is_(None)).values(used_at=at))
    row = {"officer_id": officer_id, "code_hash": _hash(code), "made_at": at, "expires_at": at + CODE_LIFE}
    tx.execute(sa.insert(binding_code).values(row))
    return Secret(code)


def redeem(tx: Connection, person: Addressee, code: str, at: datetime) -> Officer | None:
    """Who this chat belongs to from now on; None when the code is wrong, used or too old."""
    here = binding_code.c.code_hash == _hash(code)
    valid = sa.and_(here, binding_code.c.used_at.is_(None), binding_code.c.expires_at > at)
    officer_id = tx.execute(
        sa.update(binding_code).where(valid).values(used_at=at).returning(binding_code.c.officer_id)
    ).scalar_one_or_none()
    if officer_id is None or not officers.find(tx, officer_id).active:
        return None
    tx.execute(sa.update(officer).where(officer.c.addressee_id == person.id).values(addressee_id=None))
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(addressee_id=person.id))
    return officers.find(tx, officer_id)


def unbind(tx: Connection, officer_id: int) -> None:
    """The chat hears nothing more and can do nothing more."""
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(addressee_id=None))


def officer_of(tx: Connection, addressee_id: int) -> Officer | None:
    """Whose chat this is; None for strangers and closed accounts."""
    found = sa.select(officer.c.id).where(officer.c.addressee_id == addressee_id, officer.c.active == 1)
    row = tx.execute(found).scalar_one_or_none()
    return officers.find(tx, row) if row else None


def bound(tx: Connection, role: str, channel: str) -> list[tuple[Officer, int]]:
    """Everyone of this role who can be reached on this channel, with the addressee."""
    rows = tx.execute(sa.select(officer.c.id, officer.c.addressee_id).where(officer.c.role == role, officer.c.active == 1))
    here = [(row.id, row.addressee_id) for row in rows if row.addressee_id and addressees.get(tx, row.addressee_id).channel == channel]
    return [(officers.find(tx, officer_id), addressee_id) for officer_id, addressee_id in here]


def take_group(tx: Connection, group: Addressee, by: Officer, at: datetime) -> None:
    """This group belongs to the officer's department from now on."""
    tx.execute(sa.delete(staff_group).where(staff_group.c.addressee_id == group.id))
    row = {"addressee_id": group.id, "department": by.department, "bound_by": by.id, "bound_at": at}
    tx.execute(sa.insert(staff_group).values(row))


def drop_group(tx: Connection, addressee_id: int) -> None:
    """The bot is not in that group any more."""
    tx.execute(sa.delete(staff_group).where(staff_group.c.addressee_id == addressee_id))


def move_group(tx: Connection, old: Address, new: Address, at: datetime) -> None:
    """The group has another address: what it was told and shown stays with it."""
    before = addressees.recall(tx, old)
    if before:
        after = addressees.remember(tx, new, at)
        tx.execute(sa.update(staff_group).where(staff_group.c.addressee_id == before.id).values(addressee_id=after.id))
        tx.execute(sa.delete(staff_card).where(staff_card.c.addressee_id == before.id))


def department_of(tx: Connection, addressee_id: int) -> str | None:
    """The department of this group."""
    found: str | None = tx.execute(
        sa.select(staff_group.c.department).where(staff_group.c.addressee_id == addressee_id)
    ).scalar_one_or_none()
    return found


def show(tx: Connection, addressee_id: int, report_id: int, reference: str, *, digest: bytes, seq: int) -> None:
    """This message shows that report as it stood after event `seq`."""
    known = sa.and_(staff_card.c.addressee_id == addressee_id, staff_card.c.reference == reference)
    tx.execute(sa.delete(staff_card).where(known))
    row = {"addressee_id": addressee_id, "report_id": report_id, "reference": reference, "digest": digest, "seen_seq": seq}
    tx.execute(sa.insert(staff_card).values(row))


def refresh(tx: Connection, card_id: int, digest: bytes, seq: int) -> None:
    tx.execute(sa.update(staff_card).where(staff_card.c.id == card_id).values(digest=digest, seen_seq=seq))


def forget(tx: Connection, card_id: int) -> None:
    """The message is gone, or its chat."""
    tx.execute(sa.delete(staff_card).where(staff_card.c.id == card_id))


def behind(tx: Connection, limit: int) -> list[Shown]:
    """Messages whose report has moved on since."""
    newest = sa.select(event.c.report_id, sa.func.max(event.c.seq).label("seq")).group_by(event.c.report_id)
    shown = sa.select(staff_card.c.report_id).distinct()
    latest = newest.where(event.c.report_id.in_(shown)).subquery()
    query = (
        sa.select(staff_card, report.c.number, latest.c.seq)
        .join(report, report.c.id == staff_card.c.report_id)
        .join(latest, latest.c.report_id == staff_card.c.report_id)
        .where(latest.c.seq > staff_card.c.seen_seq)
        .order_by(staff_card.c.id)
        .limit(limit)
    )
    return [Shown(row.id, row.addressee_id, row.report_id, row.number, row.reference, row.digest, row.seq) for row in tx.execute(query)]


def unshown(tx: Connection, channel: str, limit: int) -> Sequence[Unshown]:
    """Reports that wait for a signature at a department whose group does not show them yet."""
    there = sa.exists().where(staff_card.c.addressee_id == staff_group.c.addressee_id, staff_card.c.report_id == report.c.id)
    query = (
        sa.select(staff_group.c.addressee_id, report.c.id, report.c.number)
        .join(assignment, assignment.c.department == staff_group.c.department)
        .join(report, report.c.id == assignment.c.report_id)
        .where(assignment.c.ended_at.is_(None), assignment.c.officer_id.is_(None), report.c.sealed == 0, ~there)
        .order_by(report.c.id)
        .limit(limit)
    )
    rows = tx.execute(query).all()
    return [Unshown(*row) for row in rows if addressees.get(tx, row.addressee_id).channel == channel]


def last_seq(tx: Connection, report_id: int) -> int:
    return int(tx.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0)).where(event.c.report_id == report_id)).scalar_one())


def _hash(code: str) -> bytes:
    return sha256(code.strip().upper().replace(" ", "").encode()).digest()
