"""Accounts of the workbench, the duty roster, and the log of who looked at what: the office's own housekeeping."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.forms import Answers, Values
from handlers.office.forms import FIELDS
from storage import accesses, duties, officers, passwords, sign_ins
from storage.accesses import Access
from storage.database import Database
from storage.officers import LastOffice, LoginTaken, NoSuchOfficer, Officer, OfficerError, UnknownDepartment, WrongRole
from storage.rules import Rules
from storage.vocabulary import Role

LOG_LINES = 200
ROSTER_DAYS = 14
LONGEST_ROSTER_DAYS = 62


class NotHired(Exception):
    """The account was not opened or closed; `key` names the sentence."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Hired:
    """An account with a one-time password, shown this once."""

    officer: Officer
    password: str = field(repr=False)


@dataclass(frozen=True)
class Watch:
    """Who is on duty one day at one department."""

    day: date
    department: str
    names: tuple[str, ...]


SAYS: Mapping[type[Exception], str] = {
    LoginTaken: "login_taken",
    UnknownDepartment: "unknown_department",
    WrongRole: "wrong_role",
    LastOffice: "last_office",
    NoSuchOfficer: "no_such_officer",
}


class Staffing:
    """For the office's role alone; the table of pages sees to that."""

    def __init__(self, database: Database, rules: Rules, clock: Clock) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock

    async def everyone(self) -> Sequence[Officer]:
        return await self._database.read(officers.everyone)

    async def hire(self, values: Values) -> Hired:
        """Open an account with a one-time password. NotHired says why not."""
        said = Answers(FIELDS["hire"], values, self._rules.calendar.zone)
        password = passwords.one_time()
        hashed = await asyncio.to_thread(passwords.hashed, password)
        row = {"login": said.text("login"), "name": said.text("name"), "department": said.text("department")}
        with _translated():
            made = await self._database.write(officers.create, self._clock(), **row, role=Role(said.text("role")), password_hash=hashed)
        return Hired(made, password.reveal())

    async def reset(self, officer_id: int) -> Hired:
        """A new one-time password; the second factor is dropped too, since whoever lost one has often lost both. Sign-ins end."""
        password = passwords.one_time()
        hashed = await asyncio.to_thread(passwords.hashed, password)
        with _translated():
            made = await self._database.write(_reset, officer_id, hashed, self._clock())
        return Hired(made, password.reveal())

    async def close(self, officer_id: int) -> None:
        """Nobody signs in with it any more. What it did stays under its name, and what it holds is for the head to hand on."""
        with _translated():
            await self._database.write(_close, officer_id, self._clock())

    async def reopen(self, officer_id: int) -> None:
        with _translated():
            await self._database.write(officers.reopen, officer_id)

    async def roster(self) -> Sequence[Watch]:
        """The coming days."""
        today = self._rules.calendar.local_day(self._clock())
        days, names = await self._database.read(_roster, today, today + timedelta(days=ROSTER_DAYS))
        return [Watch(day, key, tuple(names.get(one, "") for one in who)) for (day, key), who in days.items()]

    async def put_on_duty(self, person: Person, values: Values) -> None:
        """Put these officers on duty at their departments, for one day or through several. Naming nobody clears the office's own day."""
        said = Answers(FIELDS["put_on_duty"], values, self._rules.calendar.zone)
        first = said.day("day") or self._rules.calendar.local_day(self._clock())
        span = min(((said.day("until") or first) - first).days, LONGEST_ROSTER_DAYS)
        chosen = said.numbers("officers")
        await self._database.write(_put, person, [first + timedelta(days=n) for n in range(span + 1)], chosen)

    async def log(self, *, refused_only: bool) -> Sequence[Access]:
        return await self._database.read(accesses.latest, LOG_LINES, refused_only=refused_only)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OfficerError as failure:
        raise NotHired(SAYS[type(failure)]) from failure


def _reset(tx: Connection, officer_id: int, hashed: str, at: datetime) -> Officer:
    officers.find(tx, officer_id)
    officers.set_password(tx, officer_id, hashed, must_change=True)
    officers.drop_second_factor(tx, officer_id, at)
    sign_ins.revoke_all(tx, officer_id, at)
    return officers.find(tx, officer_id)


def _close(tx: Connection, officer_id: int, at: datetime) -> None:
    officers.close(tx, officer_id)
    sign_ins.revoke_all(tx, officer_id, at)


def _roster(tx: Connection, first: date, last: date) -> tuple[dict[tuple[date, str], tuple[int, ...]], dict[int, str]]:
    return duties.roster(tx, first, last), officers.names(tx)


def _put(tx: Connection, person: Person, days: list[date], chosen: tuple[int, ...]) -> None:
    by_department: dict[str, list[int]] = {} if chosen else {person.officer.department: []}
    for officer_id in chosen:
        by_department.setdefault(officers.find(tx, officer_id).department, []).append(officer_id)
    for day in days:
        for department, who in by_department.items():
            duties.put(tx, day, department, who, person.actor)
