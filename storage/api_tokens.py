"""Tokens for programs: issued once, kept as a hash, limited in what they read and for how long, revocable."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.people import Actor
from storage.sealing import Secret
from storage.tables.outside import api_token

TOKEN_BYTES = 32


class Scope(StrEnum):
    """What a token may read."""

    FIGURES = "figures"
    REPORTS = "reports"


@dataclass(frozen=True)
class ApiToken:
    """One token, without itself."""

    id: int
    name: str
    scopes: frozenset[Scope]
    department: str | None
    expires_at: datetime
    revoked_at: datetime | None


def issue(
    tx: Connection, name: str, scopes: Collection[Scope], by: Actor, at: datetime, *, life: timedelta, department: str | None = None
) -> Secret:
    """A new token, shown this once."""
    token = Secret(secrets.token_urlsafe(TOKEN_BYTES))
    row = {
        "name": name,
        "token_hash": _hash(token),
        "scopes": sorted(str(scope) for scope in scopes),
        "department": department,
        "made_by": by.officer_id,
        "created_at": at,
        "expires_at": at + life,
    }
    tx.execute(sa.insert(api_token).values(row))
    return token


def present(tx: Connection, token: Secret, at: datetime) -> ApiToken | None:
    """Whose token this is, if it still stands."""
    query = sa.select(api_token).where(
        api_token.c.token_hash == _hash(token), api_token.c.expires_at > at, api_token.c.revoked_at.is_(None)
    )
    row = tx.execute(query).one_or_none()
    return _read(row) if row else None


def revoke(tx: Connection, token_id: int, at: datetime) -> None:
    """From now on it opens nothing."""
    tx.execute(sa.update(api_token).where(api_token.c.id == token_id, api_token.c.revoked_at.is_(None)).values(revoked_at=at))


def everyone(tx: Connection) -> list[ApiToken]:
    """Every token ever issued, newest first."""
    return [_read(row) for row in tx.execute(sa.select(api_token).order_by(api_token.c.id.desc()))]


def _read(row: Any) -> ApiToken:
    return ApiToken(row.id, row.name, frozenset(map(Scope, row.scopes)), row.department, row.expires_at, row.revoked_at)


def _hash(token: Secret) -> bytes:
    return sha256(token.reveal().encode()).digest()
