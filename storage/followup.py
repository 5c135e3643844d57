"""The reporter's own side, by number and code and without an account: see, add, say, take back, rate (domain §9 citizen)."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, dispatching, events, filing, handling, lifecycle, moves, outcomes, talk
from storage.dispatching import seconds
from storage.errors import IllegalMove
from storage.events import Event
from storage.moves import Held, departments, lead_of
from storage.notices import Notice
from storage.people import CITIZEN, Actor
from storage.rules import rules
from storage.tables.reports import assignment, report
from storage.talk import Message
from storage.vocabulary import AssignmentStatus, ClockKind, Disposition, EventKind, Nature, Part, Resolved, Role, Status

# What a reporter sees of the history. What departments settle among themselves stays inside.
PUBLIC = frozenset(
    {
        EventKind.FILED,
        EventKind.ROUTED,
        EventKind.TRIAGED,
        EventKind.SEALED,
        EventKind.DISPATCHED,
        EventKind.CLAIMED,
        EventKind.STARTED,
        EventKind.INFO_ASKED,
        EventKind.INFO_GIVEN,
        EventKind.INFO_LAPSED,
        EventKind.EXTENSION_APPROVED,
        EventKind.REPLIED,
        EventKind.RATED,
        EventKind.REDONE,
        EventKind.CLOSED,
        EventKind.REOPENED,
        EventKind.REJECTED,
        EventKind.MERGED,
        EventKind.WITHDRAWN,
        EventKind.ARCHIVED,
        EventKind.EVIDENCE_ADDED,
        EventKind.MESSAGE_FROM_REPORTER,
        EventKind.MESSAGE_TO_REPORTER,
    }
)
# Reasons meant for the reporter; an officer's reason for a redo or a merging is not.
TOLD_WHY = frozenset({EventKind.INFO_ASKED, EventKind.EXTENSION_APPROVED, EventKind.REJECTED})


@dataclass(frozen=True)
class Step:
    """One line of the reporter's timeline. `by_time`: it came by itself, when a time was over."""

    kind: EventKind
    at: datetime
    department: str | None
    by_time: bool
    reason: str | None = field(repr=False, default=None)


@dataclass(frozen=True)
class ReporterView:
    """Everything a reporter may know of the own report. `follows`: where the main report stands that this one was merged into."""

    report_id: int
    number: str
    nature: Nature
    category: str
    status: Status
    follows: Status | None
    filed_at: datetime
    lead: str | None
    assists: tuple[str, ...]
    due_at: datetime | None
    provisional: bool
    question: str | None = field(repr=False)
    answer: str | None = field(repr=False)
    disposition: Disposition | None
    self_check: bool
    may_withdraw: bool
    may_rate: bool
    may_explain: bool
    resolved: Resolved | None
    satisfaction: int | None
    timeline: tuple[Step, ...]
    messages: tuple[Message, ...] = field(repr=False)


@dataclass(frozen=True)
class Rated:
    """What became of a rating. Disputed: the office will decide whether it is done again."""

    status: Status
    disputed: bool


def view_for_reporter(tx: Connection, report_id: int) -> ReporterView:
    """What the reporter sees; of a merged report, the progress of the main one and nothing of its other reporters."""
    row = tx.execute(sa.select(report).where(report.c.id == report_id)).one()
    main = row if row.merged_into_id is None else tx.execute(sa.select(report).where(report.c.id == row.merged_into_id)).one()
    if main.sealed:
        # Sealed since: whoever was merged into it learns no more of it than before.
        main = row
    status = Status(row.status)
    lead, assists = (rules(tx).departments.discipline, ()) if row.sealed else departments(tx, main.id)
    leader = lead_of(tx, main.id)
    clock = clocks.main_clock(tx, leader.id) if leader else None
    history = events.history(tx, row.id)
    asked = [event.reason for event in history if event.kind is EventKind.INFO_ASKED]
    return ReporterView(
        report_id=row.id,
        number=row.number,
        nature=Nature(row.nature),
        category=row.category,
        status=status,
        follows=Status(main.status) if main is not row else None,
        filed_at=row.filed_at,
        lead=lead,
        assists=assists,
        due_at=clock.due_at if clock else None,
        provisional=bool(clock and clock.provisional),
        question=asked[-1] if asked and status is Status.NEED_INFO else None,
        answer=_answer(tx, main.id, main.data_key_id),
        disposition=Disposition(main.disposition) if main.disposition else None,
        self_check=row.self_check,
        may_withdraw=status in lifecycle.BEFORE_REPLY and not row.self_check,
        may_rate=Status(main.status) in outcomes.ANSWERED and row.resolved is None and main.replied_at is not None,
        may_explain=Status(main.status) in outcomes.ANSWERED and outcomes.awaits_reason(tx, row),
        resolved=Resolved(row.resolved) if row.resolved else None,
        satisfaction=row.satisfaction,
        timeline=_timeline(history, events.history(tx, main.id) if main is not row else []),
        messages=tuple(talk.said(tx, row.id, internal=False)),
    )


def add_information(tx: Connection, report_id: int, text: str, attachments: tuple[int, ...], at: datetime, *, giver: int | None) -> int:
    """Facts or files added later; how many files are new. An open question is answered by it, and the clocks run on.

    `giver` is who writes now: the reporter, or whoever showed number and code, on another phone perhaps. Only their own files are taken.
    """
    held = moves.hold(tx, report_id, at)
    if text.strip():
        talk.keep(tx, held, text, by=CITIZEN)
    files = filing.keep_files(tx, held, attachments, giver)
    if held.status is Status.NEED_INFO:
        held = go_on(tx, held, CITIZEN, EventKind.INFO_GIVEN, files=files)
    else:
        moves.note(tx, held, EventKind.EVIDENCE_ADDED, CITIZEN, details={"files": files})
    talk.tell_those_at_work(tx, held, Notice.INFORMATION_ADDED, files=files)
    return files


def say(tx: Connection, report_id: int, text: str, at: datetime) -> None:
    """The reporter writes to whoever has the report; it answers an open question too."""
    held = moves.hold(tx, report_id, at)
    if held.status is Status.NEED_INFO:
        add_information(tx, report_id, text, (), at, giver=None)
        return
    talk.from_reporter(tx, held, text)


def withdraw(tx: Connection, report_id: int, at: datetime) -> Status:
    """撤回. A complaint ends; a tip-off goes on without its reporter, who is not called back (domain §9). The status after it."""
    held = moves.hold(tx, report_id, at)
    if held.status not in lifecycle.BEFORE_REPLY:
        raise IllegalMove("withdraw", held.status)
    goes_on = held.report.nature == Nature.TIPOFF
    talk.tell_those_at_work(tx, held, Notice.WITHDRAWN, goes_on=goes_on)
    if goes_on:
        return _let_go_on(tx, held)
    dispatching.end_all(tx, held, CITIZEN, EventKind.WITHDRAWN)
    values = {"disposition": str(Disposition.WITHDRAWN)}
    return moves.turn(tx, held, "withdraw", CITIZEN, EventKind.WITHDRAWN, values=values).status


def rate(  # noqa: PLR0917 - the three answers come in the order they are asked
    tx: Connection, report_id: int, resolved: str, satisfaction: int | None, reason: str | None, at: datetime
) -> Rated:
    """The reporter's own word on the answer, once for each. Not content with a reason reaches the office, which decides on the redo."""
    disputed = outcomes.rated(tx, report_id, CITIZEN, at, resolved=Resolved(resolved), satisfaction=satisfaction, reason=reason)
    return Rated(moves.look(tx, report_id, at).status, disputed)


def explain(tx: Connection, report_id: int, reason: str, at: datetime) -> None:
    """Why it is not solved, said after the rating; NothingToRate when no rating waits for its reason."""
    outcomes.explain(tx, report_id, CITIZEN, at, reason=reason)


def go_on(tx: Connection, held: Held, by: Actor, kind: EventKind, *, reason: str | None = None, **details: object) -> Held:
    """Back from waiting for the reporter to where it was asked from, and the clocks run on."""
    move = "back_to_handling" if lead_of(tx, held.id) else "back_to_triage"
    clocks.stop(tx, held, [ClockKind.INFO])
    held = moves.turn(tx, held, move, by, kind, reason=reason, details=details)
    clocks.resume(tx, held)
    return held


def _let_go_on(tx: Connection, held: Held) -> Status:
    tx.execute(sa.update(report).where(report.c.id == held.id).values(self_check=True, version=report.c.version + 1))
    moves.note(tx, held, EventKind.WITHDRAWN, CITIZEN, details={"goes_on": True, "at": seconds(held.at)})
    if held.status is Status.NEED_INFO:
        # Whoever took it back will not answer the question either.
        return go_on(tx, held, CITIZEN, EventKind.INFO_LAPSED).status
    return held.status


def _answer(tx: Connection, report_id: int, key: int) -> str | None:
    done = sa.select(assignment.c.id).where(
        assignment.c.report_id == report_id, assignment.c.part == Part.LEAD, assignment.c.status == AssignmentStatus.DONE
    )
    last = tx.execute(done.order_by(assignment.c.id.desc()).limit(1)).scalar_one_or_none()
    record = handling.newest(tx, last, key) if last is not None else None
    return record.answer if record else None


def _timeline(own: list[Event], main: list[Event]) -> tuple[Step, ...]:
    merged_at = own[-1].at if main else None
    after = [event for event in main if merged_at and event.at >= merged_at and event.kind not in _OTHERS]
    seen = [event for event in (*own, *after) if event.kind in PUBLIC and event.details.get("part", "lead") == "lead"]
    return tuple(Step(e.kind, e.at, _department(e), e.by.role is Role.SYSTEM, e.reason if e.kind in TOLD_WHY else None) for e in seen)


# Of a main report, nothing that another reporter said or did.
_OTHERS = frozenset(
    {EventKind.RATED, EventKind.MESSAGE_FROM_REPORTER, EventKind.MESSAGE_TO_REPORTER, EventKind.EVIDENCE_ADDED, EventKind.INFO_GIVEN}
)


def _department(event: Event) -> str | None:
    named = event.details.get("department", event.by.department)
    return named if isinstance(named, str) else None
