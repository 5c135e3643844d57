"""The office's pile: dispatch, ask, reject, seal, and set right what the reading got wrong (domain §6, §9 triage)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, dispatching, filing, followup, moves, reroutes, telling
from storage.dispatching import seconds
from storage.errors import IllegalMove, ReasonMissing
from storage.moves import Held
from storage.notices import Notice
from storage.people import SYSTEM, Actor
from storage.rules import rules
from storage.tables.reports import report
from storage.vocabulary import ClockKind, Disposition, EventKind, Level, RejectionGround, Status


def dispatch(tx: Connection, report_id: int, by: Actor, at: datetime, *, lead: str, assists: tuple[str, ...] = ()) -> int:
    """分派: one lead and any assists; the lead's assignment. Involved or WrongDepartment name a department that cannot have it."""
    held = moves.hold(tx, report_id, at)
    held = moves.turn(tx, held, "dispatch", by, EventKind.ROUTED, details={"lead": lead, "assists": list(assists)})
    reroutes.remember_dispatch(tx, held, lead, by)
    clocks.stop(tx, held, [ClockKind.TRIAGE])
    made = dispatching.lead(tx, held, lead, by)
    for key in assists:
        dispatching.assist(tx, held, key, by)
    dispatching.inform(tx, held, lead)
    return made


def ask_info(tx: Connection, report_id: int, by: Actor, at: datetime, *, question: str) -> None:
    """请群众补充: the report's time stands still until the reporter answers or the waiting time is over (domain §9 ask_info)."""
    held = moves.hold(tx, report_id, at)
    if clocks.is_paused(tx, report_id):
        raise IllegalMove("ask_info", held.status)
    leader = moves.lead_of(tx, report_id)
    moves.owned(leader, by)
    held = moves.turn(tx, held, "ask_info", by, EventKind.INFO_ASKED, reason=question, assignment_id=leader.id if leader else None)
    clocks.pause(tx, held)
    due = clocks.start(tx, held, ClockKind.INFO)
    telling.only_reporter(tx, held.report, held.at, Notice.INFO_ASKED, department=by.department, question=question, due_at=seconds(due))


def stop_waiting(tx: Connection, report_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """The office, or the lead's owner, goes on with what there is before the waiting time is over, and says why. ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    held = moves.hold(tx, report_id, at)
    moves.owned(moves.lead_of(tx, report_id), by)
    followup.go_on(tx, held, by, EventKind.INFO_LAPSED, reason=reason)


def lapse_info(tx: Connection, held: Held) -> None:
    """Nothing came in time: on with what there is. Only a report without place, institution and account ends here (domain §9)."""
    if not held.report.insufficient or moves.lead_of(tx, held.id):
        followup.go_on(tx, held, SYSTEM, EventKind.INFO_LAPSED)
        return
    clocks.stop(tx, held)
    values = {"closed_at": held.at, "disposition": str(Disposition.INSUFFICIENT)}
    held = moves.turn(tx, held, "close_insufficient", SYSTEM, EventKind.CLOSED, values=values, details={"because": "insufficient"})
    telling.reporter(tx, held, Notice.CLOSED, disposition=str(Disposition.INSUFFICIENT))


def reject(tx: Connection, report_id: int, by: Actor, at: datetime, *, ground: RejectionGround, reason: str, way: str) -> None:
    """不予受理: it keeps its number and its trace, and the reporter learns why and where to turn (domain §8)."""
    if not way.strip():
        raise ReasonMissing
    held = moves.hold(tx, report_id, at)
    told = f"{reason}\n{way}"
    held = moves.turn(tx, held, "reject", by, EventKind.REJECTED, reason=told, details={"ground": str(ground)})
    clocks.stop(tx, held)
    telling.reporter(tx, held, Notice.REJECTED, ground=str(ground), reason=reason, way=way)


def seal(tx: Connection, report_id: int, by: Actor, at: datetime, *, reason: str | None = None) -> None:
    """转密件: from now on only the discipline inspection sees it or counts it; departments that had it have it no longer."""
    held = moves.hold(tx, report_id, at)
    dispatching.end_all(tx, held, by, EventKind.SEALED)
    filing.seal_off(tx, held, by, reason=reason)


def change_level(tx: Connection, report_id: int, level: Level, by: Actor, at: datetime, *, reason: str) -> None:
    """The office sets the level, up or down, with a reason; running clocks follow it, original due times stay (domain §6)."""
    held = moves.correct(tx, report_id, by, at, {"level": str(level)}, kind=EventKind.LEVEL_CHANGED, reason=reason)
    clocks.change_level(tx, held)
    if level in (Level.P0, Level.P1):
        dispatching.inform(tx, held, moves.departments(tx, report_id)[0])


def raise_level(tx: Connection, report_id: int, level: Level, at: datetime) -> bool:
    """The reporter told of a danger since: up to this level by the system, and never down (domain §6); whether it was raised.

    A merged report raises the main one: that is where somebody works on it.
    """
    main = moves.hold_with_main(tx, report_id, at)[1]
    before = Level(main.report.level)
    if level >= before:
        return False
    raised = sa.update(report).where(report.c.id == main.id).values(level=str(level), version=report.c.version + 1).returning(report)
    held = Held(tx.execute(raised).one(), main.at)
    details = {"level_from": str(before), "level_to": str(level), "because": "danger_told"}
    moves.note(tx, held, EventKind.LEVEL_CHANGED, SYSTEM, details=details)
    clocks.change_level(tx, held)
    leader = moves.lead_of(tx, held.id)
    if leader:
        due = dispatching.report_due(tx, held.id)
        fields = {"level": str(level), "due_at": seconds(due) if due else None}
        telling.department(tx, held, leader.department, Notice.LEVEL_RAISED, **fields)
    dispatching.inform(tx, held, leader.department if leader else None)
    return True


def change_category(tx: Connection, report_id: int, category: str, by: Actor, at: datetime, *, reason: str) -> None:
    """The office sets the category; the old one stays in the history, and as an example of a wrong reading (domain §4.7).

    A category that only the discipline inspection answers for seals the report.
    """
    was = moves.hold(tx, report_id, at).report.category
    held = moves.correct(tx, report_id, by, at, {"category": category}, kind=EventKind.CATEGORY_CHANGED, reason=reason)
    reroutes.remember(tx, held, "category", was=was, became=category, by=by)
    if category in rules(tx).sealed_categories:
        seal(tx, report_id, by, held.at, reason=reason)


def suspend(tx: Connection, report_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """上级检测鉴定: time stands still while a superior body examines; the office says so, with a reason (domain §10)."""
    held = moves.hold(tx, report_id, at)
    moves.office_only("suspend", by)
    if held.status is not Status.HANDLING or clocks.is_paused(tx, report_id):
        raise IllegalMove("suspend", held.status)
    if not reason.strip():
        raise ReasonMissing
    moves.note(tx, held, EventKind.SUSPENDED, by, reason=reason)
    clocks.pause(tx, held)


def resume(tx: Connection, report_id: int, by: Actor, at: datetime) -> None:
    """The examination is over and time runs on."""
    held = moves.hold(tx, report_id, at)
    moves.office_only("resume", by)
    if held.status is not Status.HANDLING or not clocks.is_paused(tx, report_id):
        raise IllegalMove("resume", held.status)
    moves.note(tx, held, EventKind.RESUMED, by)
    clocks.resume(tx, held)
