"""Accounts of the workbench: signing in and out, passwords, the second factor, and the list of sign-ins."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pyotp

from storage import accesses, bindings, officers, passwords, sign_ins
from storage.accesses import Action
from storage.database import Database
from storage.officers import Credentials, Officer
from storage.passwords import PasswordTooWeak
from storage.people import Actor
from storage.sealing import Secret
from storage.sign_ins import SignIn
from storage.vocabulary import Role

Clock = Callable[[], datetime]

# A phone's clock may be one step off.
OFF = (0, -1, 1)


class WeakPassword(Exception):
    """The wanted password is too short, too plain, or the present one."""


class WrongPassword(Exception):
    """The present password, or the code of the second factor, is not right."""


@dataclass(frozen=True)
class Person:
    """Who is signed in here."""

    officer: Officer
    sign_in_id: int

    @property
    def actor(self) -> Actor:
        return self.officer.actor

    @property
    def role(self) -> Role:
        return self.officer.role


@dataclass(frozen=True)
class Enrolment:
    """A second factor about to begin: the secret for the app, and the same as an address for the QR code."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """What the account page shows. `needs_second_factor`: this role must have one."""

    officer: Officer
    sign_ins: tuple[SignIn, ...]
    here: int
    needs_second_factor: bool


class Accounts:
    """Everything about one's own account. Slow hashing runs in a thread, never in the event loop or the writer."""

    def __init__(self, database: Database, clock: Clock, *, second_factor_for: frozenset[Role] = frozenset()) -> None:
        self._database = database
        self._clock = clock
        self._second_factor_for = second_factor_for

    async def sign_in(self, login: str, password: str, code: str, device: str) -> Secret | None:
        """The token of a new sign-in; None for an unknown login, a wrong password or a wrong code: nobody learns which."""
        kept = await self._database.read(officers.credentials, login)
        right = await asyncio.to_thread(passwords.matches, kept.password_hash if kept else None, Secret(password))
        if kept is None:
            return None
        if not right or not await self._second_factor(kept, code):
            await self._database.write(accesses.record, kept.officer.actor, Action.SIGN_IN, self._clock(), allowed=False)
            return None
        return await self._database.write(sign_ins.begin, kept.officer.id, device, self._clock())

    async def who(self, token: str) -> Person | None:
        """Who holds this token, if anybody does."""
        present = await self._database.read(sign_ins.present, Secret(token), self._clock())
        if present is None:
            return None
        if present.is_stale:
            await self._database.write(sign_ins.seen, present.sign_in_id, self._clock())
        return Person(present.officer, present.sign_in_id)

    def must_enrol(self, person: Person) -> bool:
        """Whether this role works with a second factor only, and this person has none yet."""
        return person.role in self._second_factor_for and not person.officer.has_second_factor

    async def turned_away(self, person: Person) -> None:
        """Write down that somebody asked for a page their role does not have."""
        await self._database.write(accesses.record, person.actor, Action.PAGE, self._clock(), allowed=False)

    async def sign_out(self, person: Person) -> None:
        await self._database.write(sign_ins.revoke, person.officer.id, person.sign_in_id, self._clock())

    async def change_password(self, person: Person, present: str, wanted: str) -> None:
        """WrongPassword, WeakPassword, or done: every other sign-in of this person ends."""
        await self._confirm(person, present)
        try:
            passwords.check_strength(Secret(wanted), person.officer.login)
        except PasswordTooWeak as weak:
            raise WeakPassword from weak
        if wanted == present:
            raise WeakPassword
        hashed = await asyncio.to_thread(passwords.hashed, Secret(wanted))
        await self._database.write(officers.set_password, person.officer.id, hashed, must_change=False)
        await self._database.write(sign_ins.revoke_all, person.officer.id, self._clock(), but=person.sign_in_id)

    async def settings(self, person: Person) -> Settings:
        found = await self._database.read(sign_ins.of_officer, person.officer.id, self._clock())
        return Settings(person.officer, tuple(found), person.sign_in_id, person.role in self._second_factor_for)

    async def revoke(self, person: Person, sign_in_id: int) -> None:
        await self._database.write(sign_ins.revoke, person.officer.id, sign_in_id, self._clock())

    async def chat_code(self, person: Person) -> str:
        """A code, good once and for a few minutes, that ties the person's own chat to this account."""
        return (await self._database.write(bindings.issue_code, person.officer.id, self._clock())).reveal()

    async def leave_chat(self, person: Person) -> None:
        """The chat hears nothing more and can do nothing more."""
        await self._database.write(bindings.unbind, person.officer.id)

    def enrolment(self, person: Person, site: str) -> Enrolment:
        """A fresh secret for the person's app; nothing is kept until a code proves that the app has it."""
        secret = pyotp.random_base32()
        return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=person.officer.login, issuer_name=site))

    async def enrol(self, person: Person, secret: str, code: str) -> tuple[str, ...]:
        """Begin to ask for codes; returns the recovery codes, which are shown this once."""
        step = self._step_of(secret, code)
        if step is None:
            raise WrongPassword
        codes = await self._database.write(officers.set_second_factor, person.officer.id, Secret(secret), self._clock(), step=step)
        return tuple(code.reveal() for code in codes)

    async def unenrol(self, person: Person, password: str) -> None:
        await self._confirm(person, password)
        await self._database.write(officers.drop_second_factor, person.officer.id, self._clock())

    async def _confirm(self, person: Person, password: str) -> None:
        kept = await self._database.read(officers.credentials_of, person.officer.id)
        if not await asyncio.to_thread(passwords.matches, kept.password_hash, Secret(password)):
            raise WrongPassword

    async def _second_factor(self, kept: Credentials, code: str) -> bool:
        if kept.second_factor is None:
            return True
        given = code.replace(" ", "")
        step = self._step_of(kept.second_factor.reveal(), given)
        if step is not None:
            return await self._database.write(officers.use_code, kept.officer.id, step)
        return await self._database.write(officers.use_recovery_code, kept.officer.id, Secret(given))

    def _step_of(self, secret: str, code: str) -> int | None:
        """The time step this code belongs to; None when it is none of now."""
        now = self._clock()
        try:
            totp = pyotp.TOTP(secret)
            return next(
                (totp.timecode(now) + off for off in OFF if hmac.compare_digest(totp.at(now, counter_offset=off), code.strip())), None
            )
        except (ValueError, TypeError):
            # A secret too short or not base32, or a code that is not ASCII: a tampered form.
            return None
