"""The first page of the workbench: what this person must do now, then everything else that waits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.desk.accounts import Person
from handlers.desk.due import Due, Press, due
from storage.queues import Waiting
from storage.rules import Rules
from storage.vocabulary import AssignmentStatus as Step
from storage.vocabulary import ClockKind, Part, Role, Status


class Queue(StrEnum):
    """One pile. The order here is the order on the page."""

    LATE = "late"
    TODAY = "today"
    TRIAGE = "triage"
    RETURNS = "returns"
    EXTENSIONS = "extensions"
    REVIEW = "review"
    CALLBACK = "callback"
    SIGN = "sign"
    MINE = "mine"
    SOON = "soon"
    DEPARTMENT = "department"
    SEALED = "sealed"


@dataclass(frozen=True)
class Line:
    """One report in a pile. Labels and names are the page's business; keys stand here."""

    number: str
    category: str
    level: str
    nature: str
    town: str
    status: str
    step: str
    part: str
    department: str
    officer: str
    mine: bool
    escalated: bool
    insufficient: bool
    filed_at: datetime
    due: Due | None


@dataclass(frozen=True)
class Pile:
    queue: Queue
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Board:
    """The page: `now` are the piles that want something today, `counts` every pile this role has."""

    now: tuple[Pile, ...]
    counts: tuple[tuple[Queue, int], ...]
    chosen: Pile | None

    @property
    def is_clear(self) -> bool:
        return not any(pile.lines for pile in self.now)


@dataclass(frozen=True)
class _Seen:
    """What decides about a pile: the line, its deadline, and who looks."""

    one: Waiting
    due: Due | None
    person: Person

    @property
    def is_mine(self) -> bool:
        return self.one.officer_id == self.person.officer.id

    @property
    def is_my_turn(self) -> bool:
        """Whether the next step is this person's: anybody's who may sign it, its owner's, and a head answers for all."""
        if self.one.step in (Step.SUBMITTED, Step.RETURN_REVIEW):
            return False
        return self.person.role is Role.HEAD or self.one.officer_id is None or self.is_mine

    def presses(self, press: Press) -> bool:
        return self.due is not None and self.due.press is press


Test = Callable[[_Seen], bool]

# Which piles a line belongs to, for those who work on it and for the office.
_WORK: dict[Queue, Test] = {
    Queue.LATE: lambda seen: seen.is_my_turn and seen.presses(Press.LATE),
    Queue.TODAY: lambda seen: seen.is_my_turn and seen.presses(Press.TODAY),
    Queue.SIGN: lambda seen: seen.one.step is Step.PENDING_SIGN,
    Queue.MINE: lambda seen: seen.is_mine,
    Queue.SOON: lambda seen: seen.one.step is not Step.SUBMITTED and seen.presses(Press.SOON),
    Queue.DEPARTMENT: lambda _: True,
}
_OFFICE: dict[Queue, Test] = {
    Queue.LATE: lambda seen: seen.presses(Press.LATE),
    Queue.TRIAGE: lambda seen: seen.one.assignment_id is None and seen.one.status in (Status.TRIAGE, Status.NEED_INFO),
    Queue.RETURNS: lambda seen: seen.one.step is Step.RETURN_REVIEW,
    Queue.EXTENSIONS: lambda seen: seen.one.extension_open,
    Queue.REVIEW: lambda seen: seen.one.step is Step.SUBMITTED and seen.one.part is Part.LEAD,
    Queue.CALLBACK: lambda seen: seen.one.status is Status.REPLIED,
    Queue.TODAY: lambda seen: seen.presses(Press.TODAY),
    Queue.SOON: lambda seen: seen.presses(Press.SOON),
    Queue.DEPARTMENT: lambda _: True,
}
_NOW = {
    Role.OFFICE: (Queue.TRIAGE, Queue.RETURNS, Queue.EXTENSIONS, Queue.REVIEW, Queue.CALLBACK, Queue.LATE, Queue.TODAY),
    Role.DISCIPLINE: (Queue.SEALED,),
}
_WORK_NOW = (Queue.LATE, Queue.TODAY, Queue.SIGN, Queue.MINE)


def board(waiting: Sequence[Waiting], person: Person, names: dict[int, str], *, chosen: str, now: datetime, rules: Rules) -> Board:
    """Sort what waits into this person's piles; in the piles of today a report stands once, where it presses most."""
    timed = [(one, _due(one, now, rules)) for one in waiting]
    tests = _tests(person.role)
    piles = {
        queue: [_line(one, when, person, names) for one, when in timed if belongs(_Seen(one, when, person))]
        for queue, belongs in tests.items()
    }
    counts = tuple((queue, len(piles[queue])) for queue in Queue if queue in piles)
    wanted = next((Pile(queue, tuple(piles[queue])) for queue in piles if queue == chosen), None)
    return Board(_once(piles, _NOW.get(person.role, _WORK_NOW)), counts, wanted)


def lines(waiting: Sequence[Waiting], person: Person, names: dict[int, str], *, now: datetime, rules: Rules) -> tuple[Line, ...]:
    """A plain list, as a search found it."""
    return tuple(_line(one, _due(one, now, rules), person, names) for one in waiting)


def _once(piles: dict[Queue, list[Line]], order: tuple[Queue, ...]) -> tuple[Pile, ...]:
    seen: set[tuple[str, str, str]] = set()
    shown = []
    for queue in order:
        fresh = [line for line in piles.get(queue, []) if (line.number, line.department, line.part) not in seen]
        seen.update((line.number, line.department, line.part) for line in fresh)
        shown.append(Pile(queue, tuple(fresh)))
    return tuple(shown)


def _tests(role: Role) -> dict[Queue, Test]:
    if role is Role.OFFICE:
        return _OFFICE
    if role is Role.DISCIPLINE:
        return {Queue.SEALED: lambda _: True}
    if role is Role.HEAD:
        return {queue: test for queue, test in _WORK.items() if queue is not Queue.MINE}
    return _WORK


def _due(one: Waiting, now: datetime, rules: Rules) -> Due | None:
    if one.due_at is None or one.due_original is None:
        return None
    return due(one.clock or ClockKind.REPLY, one.due_at, one.due_original, now=now, rules=rules, paused=one.paused)


def _line(one: Waiting, when: Due | None, person: Person, names: dict[int, str]) -> Line:
    return Line(
        number=one.number,
        category=one.category,
        level=one.level,
        nature=one.nature,
        town=one.town or "",
        status=one.status,
        step=one.step or "",
        part=one.part or "",
        department=one.department or "",
        officer=names.get(one.officer_id, "") if one.officer_id else "",
        mine=one.officer_id == person.officer.id,
        escalated=one.escalated,
        insufficient=one.insufficient,
        filed_at=one.filed_at,
        due=when,
    )
