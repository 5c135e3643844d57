"""Reads one report's history into facts: pure, the same for keeping figures up and for counting them again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

from storage.metrics.pauses import Ruler, pauses
from storage.vocabulary import AssignmentStatus, Disposition, EventKind, Part, Resolved, Status

PARTS = ("report", str(Part.LEAD), str(Part.ASSIST))
WHOLE = 0
NOT_YET = -1

OUT = (Status.REJECTED, Status.MERGED, Status.WITHDRAWN)
ENDED = (AssignmentStatus.RETURNED, AssignmentStatus.REASSIGNED, AssignmentStatus.DONE)
TRUE = (
    Disposition.SUBSTANTIATED_RECTIFIED,
    Disposition.SUBSTANTIATED_PENALIZED,
    Disposition.CLOSED_DOWN,
    Disposition.CASE_FILED,
    Disposition.PARTLY,
)


class Flag(IntFlag):
    """What can be said of a fact with yes or no."""

    OUT = 1  # the report was rejected, merged or withdrawn: in no denominator
    GONE = 2  # another department has it now
    ENDED = 4
    SIGNED_IN_TIME = 8
    MET_IN_TIME = 16
    REPLIED_IN_TIME = 32
    REPLIED_IN_ORIGINAL_TIME = 64
    RETURN_ASKED = 128
    RETURN_DENIED = 256
    EXTENDED = 512
    REDONE = 1 << 10
    ASKED = 1 << 11  # somebody could be asked how it was
    RATED = 1 << 12
    SOLVED = 1 << 13
    SUBSTANTIATED = 1 << 14
    AUTO = 1 << 15
    REROUTED = 1 << 16
    DONE = 1 << 17
    ANSWERED = 1 << 18  # the reporter has the lead's answer
    ENDED_LATE = 1 << 19  # over without an answer, after it was due
    TIPOFF = 1 << 20


NONE = Flag(0)


@dataclass(frozen=True)
class Dues:
    """When an assignment's signing, first contact and answer are due, as its clocks say; 0 where there is no clock."""

    sign: int = 0
    contact: int = 0
    answer: int = 0
    original: int = 0


@dataclass(frozen=True)
class Fact:
    """One assignment, or (with number 0) the report itself, as figures count it."""

    assignment_id: int
    department: str
    part: int
    officer: int
    started: int
    flags: Flag
    satisfaction: int
    dues: Dues
    spans: Mapping[str, tuple[int, int]]
    paused_since: int
    paused: tuple[int, int]


@dataclass
class _Task:
    """What is known of one assignment, read so far."""

    id: int
    department: str
    part: str
    started: int
    officer: int = 0
    signed: int = 0
    met: int = 0
    submitted: int = 0
    ended: int = 0
    satisfaction: int = 0
    flags: Flag = NONE


def fold(report: Any, history: Sequence[Any], dues: Mapping[int, Dues], ruler: Ruler) -> list[Fact]:
    """The facts of this report and of each of its assignments. `history` is its events, oldest first; sealed reports have none."""
    if report.sealed:
        return []
    tasks, answered = _read(history)
    common = Flag.OUT if Status(history[-1].to_status) in OUT else NONE
    if report.nature == "T":
        common |= Flag.TIPOFF
    gaps = pauses(history)
    rerouted = Flag.REROUTED if any(task.part == Part.LEAD and task.flags & Flag.GONE for task in tasks) else NONE
    automatic = Flag.AUTO if report.auto else NONE
    facts = [_of_task(task, common, dues.get(task.id, Dues()), gaps, ruler) for task in tasks]
    return [_of_report(history, common | rerouted | automatic | answered, gaps, ruler), *facts]


def _read(history: Iterable[Any]) -> tuple[list[_Task], Flag]:
    tasks: dict[int, _Task] = {}
    latest: _Task | None = None
    answered = NONE
    for event in history:
        kind, at = EventKind(event.kind), _seconds(event.at)
        if kind is EventKind.DISPATCHED:
            tasks[event.assignment_id] = _Task(event.assignment_id, event.details["department"], event.details["part"], at)
        task = tasks.get(event.assignment_id) if event.assignment_id else None
        if task:
            _apply(task, kind, at, event)
        if kind is EventKind.REPLIED and task:
            latest, answered = task, Flag.ANSWERED
            task.flags |= Flag.ANSWERED | Flag.ASKED
        elif latest:
            latest = _after_answer(latest, kind, event.details)
    return list(tasks.values()), answered


def _apply(task: _Task, kind: EventKind, at: int, event: Any) -> None:
    match kind:
        case EventKind.CLAIMED:
            task.officer, task.signed = event.officer_id or 0, task.signed or at
        case EventKind.RELEASED:
            task.officer = 0
        case EventKind.CONFLICT_DECLARED if event.details["from"] == AssignmentStatus.CLAIMED:
            task.officer = 0
        case EventKind.TRANSFERRED:
            task.officer = event.details["officer_to"]
        case EventKind.STARTED:
            task.met = task.met or at
        case EventKind.SUBMITTED:
            task.submitted = at
            # The finding counts once the office has approved it; a sent-back one is replaced.
            true = event.details["disposition"] in TRUE
            task.flags = task.flags | Flag.SUBSTANTIATED if true else task.flags & ~Flag.SUBSTANTIATED
        case EventKind.SENT_BACK:
            task.submitted = 0
        case EventKind.RETURN_REQUESTED:
            task.flags |= Flag.RETURN_ASKED
        case EventKind.RETURN_DENIED:
            task.flags |= Flag.RETURN_DENIED
        case EventKind.EXTENSION_APPROVED:
            task.flags |= Flag.EXTENDED
    if event.details.get("to") in ENDED:
        task.ended = at
        task.flags |= Flag.ENDED | (Flag.DONE if event.details["to"] == AssignmentStatus.DONE else NONE)
        if event.details.get("given_to") or event.details.get("because") == "leads_now" or kind is EventKind.RETURN_APPROVED:
            task.flags |= Flag.GONE


def _after_answer(task: _Task, kind: EventKind, details: Mapping[str, Any]) -> _Task | None:
    """What follows an answer belongs to whoever gave it, until somebody works on the report again."""
    match kind:
        case EventKind.CLOSED if details.get("because") == "no_callback":
            task.flags &= ~Flag.ASKED
        case EventKind.RATED:
            solved = Flag.SOLVED if details["resolved"] == Resolved.YES else NONE
            task.flags |= Flag.RATED | Flag.ASKED | solved
            task.satisfaction = details["satisfaction"] or 0
        case EventKind.REDONE:
            task.flags |= Flag.REDONE
            return None
        case EventKind.REOPENED:
            return None
    return task


def _of_task(task: _Task, common: Flag, dues: Dues, gaps: Sequence[tuple[int, int]], ruler: Ruler) -> Fact:
    spans = {
        name: ruler.span(task.started, end, gaps) if end else (NOT_YET, NOT_YET)
        for name, end in (
            ("sign", task.signed),
            ("first", task.met),
            ("reply", task.submitted),
            ("close", task.ended if task.flags & Flag.DONE else 0),
            ("held", task.ended if task.flags & Flag.GONE else 0),
        )
    }
    kept = (
        (Flag.SIGNED_IN_TIME, task.signed, dues.sign),
        (Flag.MET_IN_TIME, task.met, dues.contact),
        (Flag.REPLIED_IN_TIME, task.submitted, dues.answer),
        (Flag.REPLIED_IN_ORIGINAL_TIME, task.submitted, dues.original),
    )
    flags = task.flags | common
    for flag, at, due in kept:
        flags |= flag if at and at <= due else NONE
    if task.ended and not task.submitted and dues.answer and task.ended > dues.answer:
        flags |= Flag.ENDED_LATE
    paused = ruler.within(gaps, task.started, task.ended)
    since = 0 if task.ended else ruler.standing_since(gaps)
    part = PARTS.index(task.part)
    return Fact(task.id, task.department, part, task.officer, task.started, flags, task.satisfaction, dues, spans, since, paused)


def _of_report(history: Sequence[Any], flags: Flag, gaps: Sequence[tuple[int, int]], ruler: Ruler) -> Fact:
    """The report itself, from its filing; it is closed when it stands closed or archived."""
    filed = _seconds(history[0].at)
    closings = [_seconds(event.at) for event in history if event.kind == EventKind.CLOSED]
    closed = closings[-1] if Status(history[-1].to_status) in (Status.CLOSED, Status.ARCHIVED) else 0
    over = bool(closed or flags & Flag.OUT)
    flags |= (Flag.DONE if closed else NONE) | (Flag.ENDED if over else NONE)
    if any(event.kind == EventKind.REDONE for event in history):
        flags |= Flag.REDONE
    blank = (NOT_YET, NOT_YET)
    spans = {"sign": blank, "first": blank, "reply": blank, "held": blank}
    spans["close"] = ruler.span(filed, closed, gaps) if closed else blank
    paused = ruler.within(gaps, filed, closed)
    return Fact(WHOLE, "", 0, 0, filed, flags, 0, Dues(), spans, 0 if over else ruler.standing_since(gaps), paused)


def _seconds(at: Any) -> int:
    return int(at.timestamp())
