"""Sign-ins: a random token whose hash is a row, so that it can be listed, seen in use, and taken back."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import officers
from storage.officers import Officer
from storage.sealing import Secret
from storage.tables.staff import officer, sign_in

TOKEN_BYTES = 32
# A working day; and a desk left alone over lunch is closed.
LIFE = timedelta(hours=12)
IDLE = timedelta(hours=2)
# The time last seen need not be exact: one write a minute is enough.
SEEN_STEP = timedelta(minutes=1)
DEVICE_LENGTH = 120


@dataclass(frozen=True)
class SignIn:
    """One sign-in as its owner sees it in the list."""

    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    device: str


@dataclass(frozen=True)
class Present:
    """Who is at the door with a valid token. `is_stale`: the time last seen should be written down again."""

    officer: Officer
    sign_in_id: int
    is_stale: bool


def begin(tx: Connection, officer_id: int, device: str, at: datetime) -> Secret:
    """Let this officer in; the token is known to the browser and to nobody else."""
    token = Secret(secrets.token_urlsafe(TOKEN_BYTES))
    row = {
        "officer_id": officer_id,
        "token_hash": token_hash(token),
        "created_at": at,
        "seen_at": at,
        "expires_at": at + LIFE,
        "device": device[:DEVICE_LENGTH],
    }
    tx.execute(sa.insert(sign_in).values(row))
    return token


def present(tx: Connection, token: Secret, at: datetime) -> Present | None:
    """Who holds this token; None when it is unknown, old, idle too long, taken back, or its account is closed."""
    valid = (
        sa.select(sign_in.c.id, sign_in.c.officer_id, sign_in.c.seen_at)
        .join(officer, officer.c.id == sign_in.c.officer_id)
        .where(sign_in.c.token_hash == token_hash(token), officer.c.active == 1, *_open(at))
    )
    row = tx.execute(valid).one_or_none()
    if row is None:
        return None
    return Present(officers.find(tx, row.officer_id), row.id, at - row.seen_at >= SEEN_STEP)


def seen(tx: Connection, sign_in_id: int, at: datetime) -> None:
    """Remember that the sign-in is in use."""
    tx.execute(sa.update(sign_in).where(sign_in.c.id == sign_in_id, sign_in.c.seen_at < at).values(seen_at=at))


def of_officer(tx: Connection, officer_id: int, at: datetime) -> list[SignIn]:
    """Where this officer is signed in now, newest first."""
    rows = tx.execute(sa.select(sign_in).where(sign_in.c.officer_id == officer_id, *_open(at)).order_by(sign_in.c.id.desc()))
    return [SignIn(row.id, row.created_at, row.seen_at, row.expires_at, row.device) for row in rows]


def revoke(tx: Connection, officer_id: int, sign_in_id: int, at: datetime) -> None:
    """Take one sign-in back; only the owner's own number is found."""
    tx.execute(_taking_back(at).where(sign_in.c.officer_id == officer_id, sign_in.c.id == sign_in_id))


def revoke_all(tx: Connection, officer_id: int, at: datetime, *, but: int | None = None) -> None:
    """Take every sign-in of this officer back, perhaps all but the present one."""
    tx.execute(_taking_back(at).where(sign_in.c.officer_id == officer_id, sign_in.c.id != (but or 0)))


def token_hash(token: Secret) -> bytes:
    # 256 random bits need no slow hash.
    return sha256(token.reveal().encode()).digest()


def _open(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return sign_in.c.revoked_at.is_(None), sign_in.c.expires_at > at, sign_in.c.seen_at > at - IDLE


def _taking_back(at: datetime) -> Any:
    return sa.update(sign_in).where(sign_in.c.revoked_at.is_(None)).values(revoked_at=at)
