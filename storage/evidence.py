"""The rows of evidence files: whose they are, which report they belong to, and the key that opens them."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import addressees
from storage.addressees import Address
from storage.people import Actor
from storage.sealing import Keyring, Secret, destroy_key, new_key, plain_key
from storage.shelf import Copy, NoRoom, Slot
from storage.tables.evidence import covering
from storage.tables.mail import data_key, draft
from storage.tables.reports import assignment, attachment

Box = tuple[int, int, int, int]


class OverQuota(Exception):
    """This sender has as many unsent files as one may have."""


class NoSuchFile(Exception):
    """The report has no such file, or no such copy of it."""


@dataclass(frozen=True)
class Quota:
    """How many files one person may have waiting, and how many bytes all files may take."""

    waiting: int
    total_bytes: int


@dataclass(frozen=True)
class Kept:
    """A file that is safely stored."""

    id: int
    kind: str


@dataclass(frozen=True)
class Room:
    """A place made ready for a file: a key of its own, and no row yet."""

    slot: Slot
    key: Secret
    addressee_id: int | None


@dataclass(frozen=True)
class File:
    """What is known about a file's content."""

    kind: str
    media_type: str
    size: int
    clean: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Record:
    """A department's record of handling, by who may read it."""

    department: str
    part: str
    purpose: str


@dataclass(frozen=True)
class Opened:
    """Where a file of a report lies, and what opens it. `record` is whose record of handling it belongs to, if an officer added it."""

    id: int
    report_id: int
    slot: Slot
    key: Secret
    kind: str
    size: int
    added_at: datetime
    media_type: str
    has_clean: bool
    boxes: tuple[Box, ...]
    record: Record | None = None


def fingerprint(ring: Keyring, owner: str, content: bytes) -> bytes:
    """The name of a file: the same for the same owner and content, and useless for asking whether we hold a known picture."""
    return hmac.new(ring.derived("evidence names"), owner.encode() + b"\0" + sha256(content).digest(), sha256).digest()


def make_room(tx: Connection, owner: Address, digest: bytes, *, size: int, quota: Quota, at: datetime) -> Room | Kept:
    """A place for a parent's file; or the file itself, if they sent it before and it still waits to be filed."""
    person = addressees.remember(tx, owner, at)
    waiting = sa.select(attachment.c.id, attachment.c.digest, attachment.c.kind).where(
        attachment.c.addressee_id == person.id, attachment.c.report_id.is_(None), attachment.c.removed_at.is_(None)
    )
    rows = tx.execute(waiting).all()
    for row in rows:
        if row.digest == digest:
            return Kept(row.id, row.kind)
    if len(rows) >= quota.waiting:
        raise OverQuota
    return place(tx, digest, size=size, quota=quota, at=at, owner=person.id)


def place(tx: Connection, digest: bytes, *, size: int, quota: Quota, at: datetime, owner: int | None) -> Room:
    """A key of its own for a new file, as long as there is room for it."""
    if total_bytes(tx) + size > quota.total_bytes:
        raise NoRoom
    key_id = new_key(tx, at)
    return Room(Slot(digest, key_id), plain_key(tx, key_id), owner)


def keep(tx: Connection, room: Room, file: File, at: datetime, *, album: str = "") -> Kept:
    """The file is on the disk: now it exists. If the same one came twice at once, the first stays and this key is destroyed."""
    same = sa.select(attachment.c.id, attachment.c.kind).where(
        attachment.c.addressee_id == room.addressee_id,
        attachment.c.report_id.is_(None),
        attachment.c.digest == room.slot.digest,
        attachment.c.removed_at.is_(None),
    )
    first = tx.execute(same).first()
    if first:
        destroy_key(tx, room.slot.key_id, at)
        return Kept(first.id, first.kind)
    return insert(tx, room, file, at, {"album": album or None})


def insert(tx: Connection, room: Room, file: File, at: datetime, values: Mapping[str, object]) -> Kept:
    """The row of a file that lies on the disk."""
    row = {
        "addressee_id": room.addressee_id,
        "kind": file.kind,
        "media_type": file.media_type,
        "size": file.size,
        "digest": room.slot.digest,
        "data_key_id": room.slot.key_id,
        "clean_digest": sha256(file.clean).digest() if file.clean else None,
        "added_at": at,
        **values,
    }
    return Kept(int(tx.execute(sa.insert(attachment).values(row).returning(attachment.c.id)).scalar_one()), file.kind)


def is_kept(tx: Connection, slot: Slot) -> bool:
    """Whether any row still speaks of these files."""
    here = sa.select(attachment.c.id).where(attachment.c.data_key_id == slot.key_id, attachment.c.removed_at.is_(None))
    return tx.execute(here.limit(1)).first() is not None


def of_report(tx: Connection, report_id: int, attachment_id: int) -> Opened:
    """One file of this report. Ask the guarded door first."""
    row = tx.execute(
        sa.select(attachment).where(
            attachment.c.id == attachment_id, attachment.c.report_id == report_id, attachment.c.removed_at.is_(None)
        )
    ).one_or_none()
    if row is None:
        raise NoSuchFile
    slot = Slot(row.digest, row.data_key_id)
    return Opened(
        id=row.id,
        report_id=report_id,
        slot=slot,
        key=plain_key(tx, row.data_key_id),
        kind=row.kind,
        size=row.size,
        added_at=row.added_at,
        media_type=row.media_type,
        has_clean=row.clean_digest is not None,
        boxes=boxes(tx, slot),
        record=_record(tx, row.assignment_id, row.purpose) if row.assignment_id else None,
    )


def _record(tx: Connection, assignment_id: int, purpose: str) -> Record:
    row = tx.execute(sa.select(assignment.c.department, assignment.c.part).where(assignment.c.id == assignment_id)).one()
    return Record(row.department, row.part, purpose)


def cover(tx: Connection, slot: Slot, drawn: Sequence[Box], by: Actor, at: datetime) -> None:
    """These boxes now lie over the picture, instead of those before."""
    values = {"digest": slot.digest, "data_key_id": slot.key_id, "boxes": [list(box) for box in drawn]}
    tx.execute(sa.insert(covering).values(**values, drawn_by=by.officer_id, drawn_at=at))


def boxes(tx: Connection, slot: Slot) -> tuple[Box, ...]:
    newest = sa.select(covering.c.boxes).where(covering.c.data_key_id == slot.key_id).order_by(covering.c.id.desc()).limit(1)
    drawn = tx.execute(newest).scalar_one_or_none() or []
    return tuple((left, top, right, bottom) for left, top, right, bottom in drawn)


def remove(tx: Connection, attachment_ids: Sequence[int], at: datetime) -> list[Slot]:
    """These files are gone: their keys are destroyed unless another report holds the same file. Returns what to take off the disk."""
    chosen = sa.select(attachment.c.digest, attachment.c.data_key_id).where(attachment.c.id.in_(attachment_ids))
    slots = {Slot(row.digest, row.data_key_id) for row in tx.execute(chosen)}
    tx.execute(sa.update(attachment).where(attachment.c.id.in_(attachment_ids), attachment.c.removed_at.is_(None)).values(removed_at=at))
    gone = [slot for slot in slots if not is_kept(tx, slot)]
    for slot in gone:
        destroy_key(tx, slot.key_id, at)
    return gone


def forgotten(at: datetime, after: timedelta) -> sa.ColumnElement[bool]:
    """Files sent long ago by people who have no draft any more and never filed them."""
    return sa.and_(
        attachment.c.report_id.is_(None),
        attachment.c.removed_at.is_(None),
        attachment.c.added_at <= at - after,
        attachment.c.addressee_id.not_in(sa.select(draft.c.addressee_id)),
    )


def remove_forgotten(tx: Connection, at: datetime, after: timedelta) -> list[Slot]:
    """Remove what nobody came back for."""
    return remove(tx, list(tx.execute(sa.select(attachment.c.id).where(forgotten(at, after))).scalars()), at)


def destroy_orphan(tx: Connection, slot: Slot, at: datetime) -> bool:
    """Destroy the key of files no row ever spoke of: an upload that was cut off. False when a row has appeared since."""
    if is_kept(tx, slot):
        return False
    if tx.execute(sa.select(data_key.c.id).where(data_key.c.id == slot.key_id)).first():
        destroy_key(tx, slot.key_id, at)
    return True


def total_bytes(tx: Connection) -> int:
    """What all files take, as they were sent."""
    here = attachment.c.removed_at.is_(None)
    return int(tx.execute(sa.select(sa.func.coalesce(sa.func.sum(attachment.c.size), 0)).where(here)).scalar_one())


__all__ = ["Box", "Copy", "File", "Kept", "NoSuchFile", "Opened", "OverQuota", "Quota", "Record", "Room", "Slot"]
