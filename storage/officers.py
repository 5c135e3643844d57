"""Officers and their accounts: who works where, in which role, and with which second factor."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import passwords
from storage.people import Actor
from storage.rules import rules
from storage.sealing import Secret, destroy_key, new_key, open_text, seal
from storage.tables.staff import officer
from storage.vocabulary import Role

FIRST_LOGIN = "office"
RECOVERY_CODES = 8


class OfficerError(Exception):
    """An act on an account did not happen."""


class LoginTaken(OfficerError):
    """Somebody has this login already."""


class NoSuchOfficer(OfficerError):
    """There is no such account."""


class UnknownDepartment(OfficerError):
    """The rule book knows no such department."""


class WrongRole(OfficerError):
    """This role does not exist in this department, or is not a person's."""


class LastOffice(OfficerError):
    """The last active account of the office cannot be closed: nobody could open another."""


@dataclass(frozen=True)
class Officer:
    """A person who works on reports, without anything secret."""

    id: int
    login: str
    name: str
    department: str
    role: Role
    must_change_password: bool
    has_second_factor: bool
    active: bool

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.id, self.department)


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    officer: Officer
    password_hash: str = field(repr=False)
    second_factor: Secret | None
    recovery_hashes: Sequence[str] = field(repr=False)


def first_account(tx: Connection, at: datetime, name: str) -> Secret | None:
    """Make the office's first account and return its one-time password; None when any account exists."""
    if tx.execute(sa.select(officer.c.id).limit(1)).one_or_none():
        return None
    password = passwords.one_time()
    create(
        tx,
        at,
        login=FIRST_LOGIN,
        name=name,
        department=rules(tx).departments.office,
        role=Role.OFFICE,
        password_hash=passwords.hashed(password),
    )
    return password


def create(tx: Connection, at: datetime, *, login: str, name: str, department: str, role: Role, password_hash: str) -> Officer:
    """Open an account; its password must be changed at the first sign-in."""
    _check_place(tx, department, role)
    row = {
        "login": login.strip().lower(),
        "name": name.strip(),
        "department": department,
        "role": str(role),
        "password_hash": password_hash,
        "must_change_password": True,
        "recovery_hashes": [],
        "active": True,
        "created_at": at,
    }
    if tx.execute(sa.select(officer.c.id).where(officer.c.login == row["login"])).one_or_none():
        raise LoginTaken(row["login"])
    return _read(tx.execute(sa.insert(officer).values(row).returning(officer)).one())


def find(tx: Connection, officer_id: int) -> Officer:
    return _read(_row(tx, officer_id))


def everyone(tx: Connection) -> list[Officer]:
    """All accounts, by department and name; closed ones last."""
    rows = tx.execute(sa.select(officer).order_by(officer.c.active.desc(), officer.c.department, officer.c.name))
    return [_read(row) for row in rows]


def colleagues(tx: Connection, department: str) -> list[Officer]:
    """Active officers of this department who can hold an assignment."""
    here = sa.select(officer).where(officer.c.department == department, officer.c.role == Role.OFFICER, officer.c.active == 1)
    return [_read(row) for row in tx.execute(here.order_by(officer.c.name))]


def staffed(tx: Connection) -> frozenset[str]:
    """The departments in which somebody can sign for an assignment."""
    here = sa.select(officer.c.department).where(officer.c.role == Role.OFFICER, officer.c.active == 1).distinct()
    return frozenset(tx.execute(here).scalars())


def names(tx: Connection) -> dict[int, str]:
    """Every officer's name, closed accounts too: a history names them for ever."""
    return {row.id: row.name for row in tx.execute(sa.select(officer.c.id, officer.c.name))}


def credentials(tx: Connection, login: str) -> Credentials | None:
    """What to check a sign-in against; None for an unknown or closed account."""
    row = tx.execute(sa.select(officer).where(officer.c.login == login.strip().lower(), officer.c.active == 1)).one_or_none()
    return _credentials(tx, row) if row else None


def credentials_of(tx: Connection, officer_id: int) -> Credentials:
    return _credentials(tx, _row(tx, officer_id))


def set_password(tx: Connection, officer_id: int, password_hash: str, *, must_change: bool) -> None:
    values = {"password_hash": password_hash, "must_change_password": must_change}
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(values))


def set_second_factor(tx: Connection, officer_id: int, secret: Secret, at: datetime, *, step: int | None = None) -> tuple[Secret, ...]:
    """Ask for a code from now on; `step` is that of the code that proved it. Returns the recovery codes, which are kept as hashes only."""
    codes = tuple(Secret(secrets.token_hex(5)) for _ in range(RECOVERY_CODES))
    drop_second_factor(tx, officer_id, at)
    key_id = new_key(tx, at)
    sealed = seal(tx, key_id, _place(officer_id), secret.reveal())
    hashes = [recovery_hash(code) for code in codes]
    values = {"totp_secret": sealed, "totp_key_id": key_id, "totp_step": step, "recovery_hashes": hashes}
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(values))
    return codes


def drop_second_factor(tx: Connection, officer_id: int, at: datetime) -> None:
    """Ask for no code any more; the secret is destroyed."""
    key_id = _row(tx, officer_id).totp_key_id
    nothing: dict[str, object] = {"totp_secret": None, "totp_key_id": None, "totp_step": None, "recovery_hashes": []}
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(nothing))
    if key_id is not None:
        destroy_key(tx, key_id, at)


def use_code(tx: Connection, officer_id: int, step: int) -> bool:
    """Whether a code of this time step is still good: none of it or of a later one was used. It is used now."""
    unused = sa.or_(officer.c.totp_step.is_(None), officer.c.totp_step < step)
    used = sa.update(officer).where(officer.c.id == officer_id, unused).values(totp_step=step).returning(officer.c.id)
    return tx.execute(used).one_or_none() is not None


def use_recovery_code(tx: Connection, officer_id: int, code: Secret) -> bool:
    """Whether this was an unused recovery code; it is used now."""
    row = _row(tx, officer_id)
    left = [kept for kept in row.recovery_hashes if kept != recovery_hash(code)]
    if len(left) == len(row.recovery_hashes):
        return False
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(recovery_hashes=left))
    return True


def close(tx: Connection, officer_id: int) -> None:
    """Nobody signs in with this account any more; what it did stays under its name."""
    row = _row(tx, officer_id)
    others = sa.select(officer.c.id).where(officer.c.role == Role.OFFICE, officer.c.active == 1, officer.c.id != officer_id)
    if row.role == Role.OFFICE and not tx.execute(others.limit(1)).one_or_none():
        raise LastOffice
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(active=False))


def reopen(tx: Connection, officer_id: int) -> None:
    _row(tx, officer_id)
    tx.execute(sa.update(officer).where(officer.c.id == officer_id).values(active=True))


def recovery_hash(code: Secret) -> str:
    # Forty random bits and a throttled door: a fast hash is enough, unlike for what a person chose.
    return sha256(code.reveal().strip().lower().encode()).hexdigest()


def _check_place(tx: Connection, department: str, role: Role) -> None:
    known = rules(tx).departments
    if department not in known.by_key:
        raise UnknownDepartment(department)
    if role in (Role.CITIZEN, Role.SYSTEM):
        raise WrongRole(role)
    # The office's officers and clerks belong to it too; but nobody elsewhere rules, and nobody elsewhere sees what is sealed.
    if role is Role.OFFICE and department != known.office:
        raise WrongRole(role)
    if (role is Role.DISCIPLINE) != (department == known.discipline) and role is not Role.READER:
        raise WrongRole(role)


def _row(tx: Connection, officer_id: int) -> Any:
    row = tx.execute(sa.select(officer).where(officer.c.id == officer_id)).one_or_none()
    if row is None:
        raise NoSuchOfficer(officer_id)
    return row


def _read(row: Any) -> Officer:
    return Officer(
        row.id,
        row.login,
        row.name,
        row.department,
        Role(row.role),
        row.must_change_password,
        row.totp_secret is not None,
        row.active,
    )


def _credentials(tx: Connection, row: Any) -> Credentials:
    opened = open_text(tx, row.totp_key_id, _place(row.id), row.totp_secret) if row.totp_secret else None
    return Credentials(_read(row), row.password_hash, Secret(opened) if opened else None, tuple(row.recovery_hashes))


def _place(officer_id: int) -> str:
    return f"officer.totp_secret:{officer_id}"
