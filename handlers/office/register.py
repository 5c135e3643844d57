"""The register of institutions as pages: entries, every name they go by, merging, and the reports on them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.forms import Answers, Values
from handlers.desk.refusals import translated
from handlers.office.forms import FIELDS
from storage import institutions, officers, problems, reports, risks
from storage.database import Database
from storage.errors import NoSuchReport, NotPermitted, SelfMerge
from storage.institutions import Change, Entry, Institution
from storage.people import Actor
from storage.problems import Problem
from storage.reports import Report
from storage.risks import Risk
from storage.rules import Rules
from storage.vocabulary import FundMode, InstitutionKind, InstitutionState, Role


@dataclass(frozen=True)
class InstitutionPage:
    """一企一策: everything the office knows of one institution."""

    institution: Institution
    reports: tuple[Report, ...]
    risks: tuple[Risk, ...]
    problems: tuple[Problem, ...]
    changes: tuple[tuple[Change, str], ...]
    known: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Act:
    """One act on the register asked for."""

    tx: Connection
    institution: int
    by: Actor
    at: datetime
    said: Answers


def entry(said: Answers) -> Entry:
    """The entry as the form brought it; an empty field means that nothing is known."""

    def words(name: str) -> str | None:
        return said.text(name) or None

    def flag(name: str) -> bool | None:
        return said.text(name) == "yes" if said.text(name) else None

    return Entry(
        name=said.text("name"),
        kind=InstitutionKind(said.text("kind")),
        state=InstitutionState(said.text("state")),
        credit_code=words("credit_code"),
        licence=words("licence"),
        town=words("town"),
        address=words("address"),
        principal=words("principal"),
        phone=words("phone"),
        students=said.number("students"),
        unused_yuan=said.number("unused_yuan"),
        account_yuan=said.number("account_yuan"),
        fund_mode=FundMode(said.text("fund_mode")),
        covered=flag("covered"),
        funds_fully_covered=flag("funds_fully_covered"),
        plan=words("plan"),
        progress=words("progress"),
    )


def as_form(known: Entry) -> dict[str, list[str]]:
    """The entry as a form shows it before it is changed."""
    values: dict[str, list[str]] = {}
    for field in FIELDS["change"]:
        value = getattr(known, field.name)
        if value is not None:
            values[field.name] = [("yes" if value else "no") if isinstance(value, bool) else str(value)]
    return values


def _change(act: Act) -> None:
    version = act.said.number("version") or 0
    institutions.change(act.tx, act.institution, entry(act.said), act.by, act.at, version=version)


def _merge(act: Act) -> None:
    into = institutions.find(act.tx, act.said.text("into"))
    if into is None:
        raise SelfMerge
    institutions.merge(act.tx, act.institution, into, act.by, act.at)


ACTS: Mapping[str, Callable[[Act], object]] = {
    "register": lambda act: institutions.register(act.tx, entry(act.said), act.by, act.at, aliases=act.said.lines("aliases")),
    "change": _change,
    "add_alias": lambda act: institutions.add_alias(act.tx, act.institution, act.said.text("name"), act.by, act.at),
    "merge_institution": _merge,
}


class Register:
    """Read by all who work on reports, written by the office."""

    def __init__(self, database: Database, rules: Rules, clock: Clock) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock

    async def search(self, text: str) -> Sequence[Institution]:
        if text.strip():
            return await self._database.read(institutions.search, text.strip(), limit=100)
        return await self._database.read(institutions.everyone)

    async def page(self, person: Person, institution_id: int) -> InstitutionPage:
        """One institution; of the reports on it, those this person may see."""
        with translated():
            return await self._database.read(_page, institution_id, person)

    async def act(self, person: Person, name: str, values: Values, institution_id: int = 0) -> int:
        """One act on the register; the institution it is about."""
        with translated():
            if name not in ACTS:
                raise NoSuchReport
            if person.role is not Role.OFFICE:
                raise NotPermitted(name, person.role)
            said = Answers(FIELDS[name], values, self._rules.calendar.zone)
            made = await self._database.write(_act, name, person, said, institution_id, at=self._clock())
        return made if isinstance(made, int) else institution_id


def _act(tx: Connection, name: str, person: Person, said: Answers, institution_id: int, *, at: datetime) -> object:
    return ACTS[name](Act(tx, institution_id, person.actor, at, said))


def _page(tx: Connection, institution_id: int, person: Person) -> InstitutionPage:
    names = officers.names(tx)
    found = institutions.get(tx, institution_id)
    return InstitutionPage(
        institution=found,
        reports=tuple(one for one in institutions.reports_on(tx, institution_id) if reports.visible(tx, one.id, person.actor)),
        risks=tuple(risks.ledger(tx, institution_id=institution_id)),
        problems=tuple(one for one in problems.ledger(tx) if one.institution_id == institution_id),
        changes=tuple((one, names.get(one.officer_id or 0, "")) for one in institutions.changes(tx, institution_id)),
        known=as_form(found.entry),
    )
