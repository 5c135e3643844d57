"""One report's page: what was said, what is missing, why it came here, its clocks and history, and the moves that are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from handlers.desk import door
from handlers.desk import due as dues
from handlers.desk.accounts import Person
from handlers.desk.acts import as_form
from handlers.desk.due import Due
from handlers.desk.likeness import NOTHING_ALIKE, Likeness
from handlers.desk.moving import moves_at, report_moves_for
from handlers.desk.obstacles import is_spent, waits_for
from handlers.desk.passages import Piece, Why, passage, why
from handlers.desk.refusals import Refused, refused
from handlers.policy import Policy
from nlp.mask import mask
from storage.dossiers import Assignment, Attachment, Dossier
from storage.events import Event
from storage.handling import Handling
from storage.record_files import OPEN
from storage.reports import Report
from storage.rules import Rules, Statutory
from storage.vocabulary import EventKind, Nature, Role

OF_A_DEADLINE = (EventKind.REMINDED, EventKind.BECAME_OVERDUE)
# Where the events that move a deadline keep what it was and what it is.
MOVING_A_DEADLINE = {EventKind.EXTENSION_APPROVED: ("due_from", "due_to"), EventKind.DUE_RECALCULATED: ("from", "to")}


@dataclass(frozen=True)
class Fact:
    """One row of the table of facts; missing when nobody has said it yet."""

    label: str
    value: str
    missing: bool


@dataclass(frozen=True)
class Countdown:
    """One clock, with where its limit comes from. `department` is empty for the report's own clocks."""

    due: Due
    label: str
    source: str
    is_default: bool
    provisional: bool
    department: str
    stopped_at: datetime | None
    was_late: bool


@dataclass(frozen=True)
class Happening:
    """One line of the history. `clock`, `stage` and `due_at` say of a reminder which deadline it is about and how far it was.

    `moved`: the old and the new due time, of what gave more time.
    """

    kind: str
    at: datetime
    role: str
    department: str
    officer: str
    reason: str = field(repr=False)
    details: Mapping[str, Any]
    clock: str = ""
    stage: str = ""
    due_at: datetime | None = None
    moved: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Said:
    """One message, with who said it. `asked`: it is a question of 请群众补充."""

    at: datetime
    from_reporter: bool
    officer: str
    department: str
    text: str = field(repr=False)
    asked: bool = False


@dataclass(frozen=True)
class Round:
    """One record of handling, and when it was handed in."""

    number: int
    saved_at: datetime
    officer: str
    handling: Handling


@dataclass(frozen=True)
class Paper:
    """A document or photo in the record of handling, and who put it there."""

    file: Attachment
    officer: str


@dataclass(frozen=True)
class Task:
    """The report at one department, with the moves this person may make there, and those that wait for something."""

    assignment: Assignment
    officer: str
    mine: bool
    moves: tuple[str, ...]
    held_up: Mapping[str, Refused]
    rounds: tuple[Round, ...]
    papers: tuple[Paper, ...]
    may_add: bool
    due: Due | None
    known: Mapping[str, Sequence[str]] = field(repr=False)


@dataclass(frozen=True)
class Page:
    report: Report
    category: str
    story: tuple[Piece, ...] = field(repr=False)
    erased: bool
    facts: tuple[Fact, ...] = field(repr=False)
    why: Why
    tasks: tuple[Task, ...]
    former: tuple[Task, ...]
    clocks: tuple[Countdown, ...]
    statutory: tuple[Statutory, ...]
    history: tuple[Happening, ...]
    messages: tuple[Said, ...]
    notes: tuple[Said, ...]
    attachments: tuple[Attachment, ...]
    moves: tuple[str, ...]
    has_identity: bool
    wants_reply: bool
    may_open_identity: bool
    related: tuple[tuple[str, str], ...]
    institution: str
    due: Due | None
    likeness: Likeness

    def task(self, assignment_id: int) -> Task | None:
        return next((task for task in self.tasks if task.assignment.id == assignment_id), None)


def page(
    dossier: Dossier,
    person: Person,
    names: Mapping[int, str],
    *,
    policy: Policy,
    rules: Rules,
    now: datetime,
    likeness: Likeness = NOTHING_ALIKE,
) -> Page:
    """Everything this person may see and do. Whether they may see it at all was decided at the door."""
    contents = dossier.contents
    at_department = {one.id: one.department for one in dossier.assignments}
    clocks = tuple(_countdown(clock, dossier, rules, now) for clock in dossier.clocks)
    tasks = tuple(_task(one, dossier, person, names, rules=rules, now=now) for one in dossier.assignments)
    return Page(
        report=dossier.report,
        category=policy.label(dossier.report.category),
        story=passage(contents.story, contents.reading) if contents else (),
        erased=contents is None,
        facts=facts_of(contents.facts, dossier.report.category, dossier.report.nature, policy) if contents else (),
        why=why(contents.reading if contents else {}, dossier.report.category),
        tasks=tuple(task for task in tasks if task.assignment.is_open),
        former=tuple(task for task in tasks if not task.assignment.is_open),
        clocks=clocks,
        statutory=rules.statutory_for(Nature(dossier.report.nature)),
        history=tuple(_happening(event, names, at_department) for event in dossier.history),
        messages=_talk(dossier, names),
        notes=tuple(_said(one, names) for one in dossier.messages if one.internal),
        attachments=tuple(file for file in dossier.attachments if file.from_reporter),
        moves=report_moves_for(dossier, person.actor),
        has_identity=dossier.has_identity,
        wants_reply=dossier.wants_reply,
        may_open_identity=dossier.has_identity and may_open_identity(dossier, person),
        related=_related(dossier, person),
        institution=dossier.institution or "",
        due=_pressing(tasks, clocks),
        likeness=likeness,
    )


def _pressing(tasks: tuple[Task, ...], clocks: tuple[Countdown, ...]) -> Due | None:
    """The deadline at the top: the lead's, or while nobody leads the report's own."""
    leading = [task.due for task in tasks if task.assignment.is_open and task.assignment.part == "lead" and task.due]
    own = [clock.due for clock in clocks if not clock.department and clock.stopped_at is None]
    return min(leading or own, key=lambda due: due.at, default=None)


def may_open_identity(dossier: Dossier, person: Person) -> bool:
    """The office, or the officer who holds the lead, and nobody else (domain §11)."""
    if person.role is Role.OFFICE:
        return True
    return any(one.is_open and one.part == "lead" and one.officer_id == person.officer.id for one in dossier.assignments)


def facts_of(known: Mapping[str, Any], category: str, nature: str, policy: Policy) -> tuple[Fact, ...]:
    """What this category needs first, said or missing; then everything else that was said."""
    questions = policy.questions
    needed = questions.needed(category, nature)
    rows = []
    told: set[str] = set()
    for question in needed:
        given = [key for key in (question.key, *question.reads) if known.get(key) not in (None, "")]
        # A fact that is a question of its own is told under its own name only, and is not missing here either.
        keys = [key for key in given if key == question.key or key not in questions.by_key]
        if given and not keys:
            continue
        told.update(keys)
        value = "；".join(dict.fromkeys(questions.masked(key, known[key]) for key in keys))
        rows.append(Fact(question.label, value, not keys))
    for key, value in known.items():
        question_of = questions.by_key.get(key)
        if key not in told and question_of and value not in (None, ""):
            rows.append(Fact(question_of.label, questions.masked(key, value), False))
    return tuple(rows)


def _countdown(clock: Any, dossier: Dossier, rules: Rules, now: datetime) -> Countdown:
    table = rules.deadline(clock.kind, Nature(dossier.report.nature))
    at_department = next((one.department for one in dossier.assignments if one.id == clock.assignment_id), "")
    return Countdown(
        due=dues.of_clock(clock, now=clock.stopped_at or now, rules=rules),
        label=table.label,
        source=table.source,
        is_default=table.is_default,
        provisional=clock.provisional,
        department=at_department,
        stopped_at=clock.stopped_at,
        was_late=clock.is_overdue(now),
    )


def _task(one: Assignment, dossier: Dossier, person: Person, names: Mapping[int, str], *, rules: Rules, now: datetime) -> Task:
    running = [clock for clock in dossier.clocks if clock.assignment_id == one.id and clock.stopped_at is None]
    first = min(running, key=lambda clock: clock.due_at, default=None)
    reads = door.reads_record(one.department, one.part, person.actor)
    files = tuple(file for file in dossier.attachments if file.assignment_id == one.id) if reads else ()
    legal = [name for name in moves_at(one, dossier, person.actor) if not is_spent(name, one, dossier, rules=rules, now=now)]
    waiting = {name: waits_for(name, one, dossier) for name in legal}
    rounds = tuple(Round(kept.round, kept.saved_at, names.get(kept.saved_by, ""), kept.handling) for kept in one.records) if reads else ()
    return Task(
        assignment=one,
        officer=names.get(one.officer_id, "") if one.officer_id else "",
        mine=one.officer_id == person.officer.id,
        moves=tuple(name for name in legal if waiting[name] is None),
        held_up={name: refused(why) for name, why in waiting.items() if why},
        rounds=rounds,
        papers=tuple(Paper(file, names.get(file.added_by or 0, "")) for file in files),
        may_add=one.officer_id == person.officer.id and one.status in OPEN,
        due=dues.of_clock(first, now=now, rules=rules) if first else None,
        # What was sent back is mended, not typed again.
        known=as_form(rounds[-1].handling, rules.calendar.zone) if rounds else {},
    )


def _happening(event: Event, names: Mapping[int, str], at_department: Mapping[int, str]) -> Happening:
    who = names.get(event.by.officer_id, "") if event.by.officer_id else ""
    details = event.details
    if event.kind in OF_A_DEADLINE:
        # Two departments reminded at one moment are told apart.
        details = {"department": at_department.get(event.assignment_id or 0, ""), **details}
    return Happening(
        kind=event.kind,
        at=event.at,
        role=event.by.role,
        department=event.by.department or "",
        officer=who,
        reason=event.reason or "",
        details=details,
        clock=details.get("clock", ""),
        stage=details.get("stage", ""),
        due_at=datetime.fromtimestamp(details["due_at"], UTC) if event.kind in OF_A_DEADLINE else None,
        moved=tuple(datetime.fromtimestamp(details[name], UTC) for name in MOVING_A_DEADLINE.get(event.kind, ()) if name in details),
    )


def _talk(dossier: Dossier, names: Mapping[int, str]) -> tuple[Said, ...]:
    """What the reporter and the officers said to each other, questions among it, in its order: an answer stands below what was asked."""
    questions = [_question(event, names) for event in dossier.history if event.kind is EventKind.INFO_ASKED]
    messages = [_said(one, names) for one in dossier.messages if not one.internal]
    return tuple(sorted([*questions, *messages], key=lambda one: one.at))


def _question(event: Event, names: Mapping[int, str]) -> Said:
    who = names.get(event.by.officer_id or 0, "")
    return Said(event.at, False, who, event.by.department or "", mask(event.reason or "").text, asked=True)


def _said(one: Any, names: Mapping[int, str]) -> Said:
    return Said(one.at, one.from_reporter, names.get(one.officer_id, ""), one.department or "", mask(one.text).text)


def _related(dossier: Dossier, person: Person) -> tuple[tuple[str, str], ...]:
    related = [("merged_into", dossier.merged_into), ("twin", dossier.twin), *(("merged", number) for number in dossier.merged)]
    if person.role is Role.OFFICE:
        related += [("maybe_same", number) for number in dossier.candidates]
    return tuple((how, number) for how, number in related if number)
