"""The workbench: every page and every move of an officer goes through here, and through the one guarded door."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from handlers.desk import door, dossier, likeness, queues
from handlers.desk.accounts import Clock, Person
from handlers.desk.acts import Move
from handlers.desk.dossier import Page
from handlers.desk.forms import FIELDS, Answers, Values
from handlers.desk.likeness import Likeness
from handlers.desk.moving import OF_THE_OFFICE, ON_ASSIGNMENT, ON_REPORT, moves_at, report_moves_for
from handlers.desk.queues import Board, Line
from handlers.desk.refusals import AlreadyTaken, translated
from handlers.known import Known
from handlers.policy import Policy
from storage import accesses, dossiers, officers, reports, searching
from storage import queues as waiting
from storage.accesses import Action
from storage.assignments import TakenBy
from storage.database import Database
from storage.errors import IllegalMove, NoSuchReport, NotPermitted
from storage.rules import Rules
from storage.vocabulary import Role


@dataclass(frozen=True)
class Opened:
    """Who filed a report, opened with a reason."""

    number: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    may_disclose: bool


# Roles that have a workbench at all.
AT_WORK = frozenset({Role.OFFICER, Role.HEAD, Role.OFFICE, Role.DISCIPLINE})


class Desk:
    """Pages and moves of one report. Handed the database, the rule book's two halves, and the time."""

    def __init__(self, database: Database, policy: Policy, rules: Rules, clock: Clock) -> None:
        self._database = database
        self._policy = policy
        self._rules = rules
        self._clock = clock
        self._known = Known()

    async def board(self, person: Person, chosen: str = "") -> Board:
        """The first page: what waits for this person."""
        lines, names = await self._database.read(board_lines, person)
        return queues.board(lines, person, names, chosen=chosen, now=self._clock(), rules=self._rules)

    async def search(self, person: Person, *, text: str = "", category: str = "", status: str = "", town: str = "") -> tuple[Line, ...]:
        found, names = await self._database.read(search_lines, person, text=text, category=category, status=status, town=town)
        return queues.lines(found, person, names, now=self._clock(), rules=self._rules)

    async def report(self, person: Person, number: str) -> Page:
        """One report's page; that it was opened is written down before it is shown."""
        with translated():
            async with self._watched(person, number, Action.READ_REPORT):
                whole, names, like = await self._database.read(_open_page, number, person, self._known)
        seen = whole.report.id
        await self._database.write(accesses.record, person.actor, Action.READ_REPORT, self._clock(), allowed=True, report_id=seen)
        return dossier.page(whole, person, names, policy=self._policy, rules=self._rules, now=self._clock(), likeness=like)

    async def move(self, person: Person, number: str, name: str, values: Values, assignment_id: int | None = None) -> None:
        """Make one move: Wrong when fields are missing, AlreadyTaken when a colleague was first, Refused with the act's own reason."""
        with translated():
            if name not in (ON_REPORT if assignment_id is None else ON_ASSIGNMENT):
                raise NoSuchReport
            said = Answers(FIELDS.get(name, ()), values, self._rules.calendar.zone)
            async with self._watched(person, number, Action.MOVE):
                taken = await self._database.write(
                    make_move, number, name, person, said=said, assignment_id=assignment_id, at=self._clock()
                )
            if taken:
                raise AlreadyTaken((await self._database.read(officers.names)).get(taken.officer_id, ""), taken.at)

    async def open_identity(self, person: Person, number: str, values: Values) -> Opened:
        """Who filed it: for the office or the officer in the lead, with a reason, and never without a trace (domain §11)."""
        with translated():
            reason = Answers(FIELDS["open_identity"], values, self._rules.calendar.zone).text("reason")
            async with self._watched(person, number, Action.READ_IDENTITY):
                return await self._database.write(_open_identity, number, person, reason, self._clock())

    @asynccontextmanager
    async def _watched(self, person: Person, number: str, action: Action) -> AsyncIterator[None]:
        """Whoever is turned away is written down."""
        try:
            yield
        except (NoSuchReport, NotPermitted):
            await door.refused(self._database, number, person.actor, action, self._clock())
            raise


def board_lines(tx: Connection, person: Person) -> tuple[list[waiting.Waiting], dict[int, str]]:
    match person.role:
        case Role.OFFICE:
            found = waiting.of_office(tx, person.actor)
        case Role.DISCIPLINE:
            found = waiting.sealed(tx)
        case Role.OFFICER | Role.HEAD:
            found = waiting.of_department(tx, person.actor)
        case _:
            found = []
    return found, officers.names(tx)


def search_lines(
    tx: Connection, person: Person, *, text: str, category: str, status: str, town: str
) -> tuple[list[waiting.Waiting], dict[int, str]]:
    if person.role not in AT_WORK:
        return [], {}
    return searching.search(tx, person.actor, text=text, category=category, status=status, town=town), officers.names(tx)


def open_whole(tx: Connection, number: str, person: Person) -> tuple[dossiers.Dossier, dict[int, str]]:
    return dossiers.whole(tx, door.find(tx, number, person.actor)), officers.names(tx)


def _open_page(tx: Connection, number: str, person: Person, known: Known) -> tuple[dossiers.Dossier, dict[int, str], Likeness]:
    whole, names = open_whole(tx, number, person)
    return whole, names, likeness.likeness(tx, whole, person, known)


def make_move(
    tx: Connection, number: str, name: str, person: Person, *, said: Answers, assignment_id: int | None, at: datetime
) -> TakenBy | None:
    """Only what is this person's to do where the report stands is done; what still stands in its way, the act itself says."""
    report_id = door.find(tx, number, person.actor)
    whole = dossiers.whole(tx, report_id)
    if assignment_id is None:
        _check(name, person, whole.report.status, report_moves_for(whole, person.actor))
        ON_REPORT[name](Move(tx, report_id, person.actor, at, said))
        return None
    one = next((one for one in whole.assignments if one.id == assignment_id), None)
    if one is None:
        raise NoSuchReport
    if name != "claim":
        # A claim that comes too late is made all the same: the act itself says who was first.
        _check(name, person, one.status, moves_at(one, whole, person.actor))
    outcome = ON_ASSIGNMENT[name](Move(tx, one.id, person.actor, at, said))
    return outcome if isinstance(outcome, TakenBy) else None


def _check(name: str, person: Person, status: str, offered: tuple[str, ...]) -> None:
    if name in offered:
        return
    if name in OF_THE_OFFICE and person.role is not Role.OFFICE:
        raise NotPermitted(name, person.role)
    raise IllegalMove(name, status)


def _open_identity(tx: Connection, number: str, person: Person, reason: str, at: datetime) -> Opened:
    report_id = door.find(tx, number, person.actor)
    whole = dossiers.whole(tx, report_id)
    if not dossier.may_open_identity(whole, person):
        raise NotPermitted("open_identity", person.role)
    contact = reports.contact_of(tx, report_id)
    accesses.record(tx, person.actor, Action.READ_IDENTITY, at, allowed=True, report_id=report_id, reason=reason)
    if contact is None:
        return Opened(whole.report.number, "", "", False)
    return Opened(whole.report.number, contact.name, contact.phone, contact.may_disclose)
