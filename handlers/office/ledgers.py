"""The ledgers as pages: problems with their way to 销号, risks by institution, joint inspections, and spot checks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.forms import Answers, Values
from handlers.desk.refusals import NotFound, translated
from handlers.desk.rulings import UnknownInstitution
from handlers.office.forms import FIELDS
from storage import inspections, institutions, officers, problems, reports, risks, spot_checks
from storage.database import Database
from storage.errors import NoSuchReport, NotPermitted, ReportError
from storage.inspections import Inspection
from storage.people import Actor
from storage.problems import Problem, Step
from storage.risks import Risk
from storage.rules import Rules
from storage.spot_checks import SpotCheck
from storage.vocabulary import Finding, ProblemSource, RiskKind, RiskLevel, Role


class UnknownNumber(ReportError):
    """No report of this number that this person may see."""


@dataclass(frozen=True)
class Act:
    """One act on a ledger asked for: on which line, by whom, with which answers."""

    tx: Connection
    line: int
    by: Actor
    at: datetime
    said: Answers
    rules: Rules


@dataclass(frozen=True)
class ProblemPage:
    problem: Problem
    steps: tuple[tuple[Step, str], ...]
    report: str
    institution: str
    moves: tuple[str, ...]


@dataclass(frozen=True)
class RiskLine:
    """One line with what happened to it and who did it; an empty name is the system."""

    risk: Risk
    institution: str
    steps: tuple[tuple[risks.Step, str], ...] = ()


def _find_problem(act: Act) -> None:
    said = act.said
    problems.find_problem(
        act.tx,
        act.by,
        act.at,
        source=ProblemSource(said.text("source")),
        department=said.text("department"),
        responsible=said.text("responsible"),
        description=said.text("description"),
        task=said.number("task") or 0,
        report_id=_report(act, "report"),
        institution_id=_institution(act, "institution"),
    )


def _inspect(act: Act) -> None:
    said = act.said
    found = Inspection(
        inspected_at=said.moment("inspected_at") or act.at,
        departments=said.several("departments"),
        people=said.lines("people"),
        place=said.text("place"),
        findings=said.text("findings"),
        report_id=_report(act, "report"),
        institution_id=_institution(act, "institution"),
    )
    inspections.record(act.tx, found, act.by, act.at)


def _draw(act: Act) -> None:
    zone, said = act.rules.calendar.zone, act.said
    today = act.rules.calendar.local_day(act.at)
    start = datetime.combine(said.day("start") or today, time(), zone)
    # The last day counts whole.
    end = datetime.combine(said.day("end") or today, time(), zone) + timedelta(days=1)
    spot_checks.draw(act.tx, act.by, act.at, period=said.text("period"), seed=said.text("seed"), start=start, end=end)


def _describe(act: Act) -> None:
    said = act.said
    numbers: dict[str, int | str | None] = {name: said.number(name) for name in ("families", "yuan", "unpaid_staff", "unpaid_yuan")}
    words = {name: said.text(name) or None for name in ("measures", "responsible", "due_on", "progress")}
    # An empty field leaves what the ledger says: a correction never wipes the rest of the line.
    risks.describe(act.tx, act.line, act.by, **{name: value for name, value in (numbers | words).items() if value is not None})


def _warn(act: Act) -> None:
    said = act.said
    kind, level = RiskKind(said.text("risk_kind")), RiskLevel(said.text("level"))
    risks.warn(act.tx, act.line, kind, level, said.text("why"), by=act.by, at=act.at)


def _judge(act: Act) -> None:
    said = act.said
    spot_checks.judge(act.tx, act.line, Finding(said.text("finding")), act.by, act.at, reason=said.text("reason"))


ACTS: Mapping[str, Callable[[Act], object]] = {
    "find_problem": _find_problem,
    "plan": lambda act: problems.plan(act.tx, act.line, act.by, act.at, text=act.said.text("text"), due_on=act.said.day("due_on")),
    "put_right": lambda act: problems.put_right(act.tx, act.line, act.by, act.at, evidence=act.said.text("evidence")),
    "accept": lambda act: problems.accept(act.tx, act.line, act.by, act.at),
    "refuse": lambda act: problems.refuse(act.tx, act.line, act.by, act.at, reason=act.said.text("reason"), due_on=act.said.day("due_on")),
    "strike_off": lambda act: problems.strike_off(act.tx, act.line, act.by, act.at),
    "warn": _warn,
    "describe": _describe,
    "settle": lambda act: risks.settle(act.tx, act.line, act.by, act.at, progress=act.said.text("progress")),
    "inspect": _inspect,
    "draw": _draw,
    "judge": _judge,
}
# What departments do in the ledgers of their own; everything else is the office's.
OF_DEPARTMENTS = frozenset({"plan", "put_right", "inspect"})


class Ledgers:
    """Problems of the own department for those who work there; everything for the office."""

    def __init__(self, database: Database, rules: Rules, clock: Clock) -> None:
        self._database = database
        self._rules = rules
        self._clock = clock

    async def problems(self, person: Person, *, only_open: bool = True) -> Sequence[Problem]:
        own = None if person.role is Role.OFFICE else person.officer.department
        return await self._database.read(problems.ledger, department=own, only_open=only_open)

    async def problem(self, person: Person, problem_id: int) -> ProblemPage:
        """One problem with its way so far; another department's does not exist."""
        found = next((one for one in await self.problems(person, only_open=False) if one.id == problem_id), None)
        if found is None:
            raise NotFound
        steps, report, institution = await self._database.read(_around, found)
        return ProblemPage(found, steps, report, institution, problem_moves(found, person))

    async def risks(self) -> Sequence[RiskLine]:
        return await self._database.read(_risks)

    async def inspections(self, person: Person) -> Sequence[Inspection]:
        found = await self._database.read(inspections.on)
        if person.role is Role.OFFICE:
            return found
        return [one for one in found if person.officer.department in one.departments]

    async def spot_checks(self) -> Sequence[SpotCheck]:
        return await self._database.read(spot_checks.drawn)

    async def act(self, person: Person, name: str, values: Values, line: int = 0) -> None:
        """One act on a ledger: Wrong, Refused, NotFound or done."""
        with translated():
            if name not in ACTS:
                raise NoSuchReport
            if person.role is not Role.OFFICE and name not in OF_DEPARTMENTS:
                raise NotPermitted(name, person.role)
            said = Answers(FIELDS[name], values, self._rules.calendar.zone)
            await self._database.write(_act, name, person, said, line, at=self._clock(), rules=self._rules)


def problem_moves(problem: Problem, person: Person) -> tuple[str, ...]:
    """What can be done about it now, by whom: the department puts right, the office accepts, and only then is it struck off."""
    if problem.struck_off_at:
        return ()
    office = person.role is Role.OFFICE
    if problem.accepted_at:
        return ("strike_off",) if office else ()
    if problem.put_right_at:
        return ("accept", "refuse") if office else ()
    return ("put_right", "plan") if problem.plan else ("plan",)


def _act(tx: Connection, name: str, person: Person, said: Answers, line: int, *, at: datetime, rules: Rules) -> None:
    ACTS[name](Act(tx, line, person.actor, at, said, rules))


def _around(tx: Connection, found: Problem) -> tuple[tuple[tuple[Step, str], ...], str, str]:
    names = officers.names(tx)
    steps = tuple((one, names.get(one.officer_id or 0, "")) for one in problems.steps(tx, found.id))
    report = reports.get(tx, found.report_id).number if found.report_id else ""
    institution = institutions.get(tx, found.institution_id).entry.name if found.institution_id else ""
    return steps, report, institution


def _risks(tx: Connection) -> list[RiskLine]:
    places = {one.id: one.entry.name for one in institutions.everyone(tx)}
    names = officers.names(tx)
    told = {line: tuple((step, names.get(step.officer_id or 0, "")) for step in those) for line, those in risks.steps(tx).items()}
    return [RiskLine(one, places.get(one.institution_id or 0, ""), told.get(one.id, ())) for one in risks.ledger(tx)]


def _report(act: Act, name: str) -> int | None:
    """The report behind a number that was typed; one that this person may not see is not there."""
    number = act.said.text(name)
    if not number:
        return None
    found = reports.by_number(act.tx, number)
    if found is None or not reports.visible(act.tx, found, act.by):
        raise UnknownNumber
    return found


def _institution(act: Act, name: str) -> int | None:
    typed = act.said.text(name)
    if not typed:
        return None
    found = institutions.find(act.tx, typed)
    if found is None:
        raise UnknownInstitution
    return found
