"""How a report ends, or goes on after its answer: callback, closing, redo, archive, reopening (domain §8, §9)."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, dispatching, moves, telling
from storage.dispatching import seconds
from storage.errors import NothingToRate, RatedBefore, ReasonMissing, RedoneBefore, WrongDepartment
from storage.moves import Held, Row
from storage.notices import Notice
from storage.people import CITIZEN, SYSTEM, Actor
from storage.tables.reports import assignment, event, report
from storage.vocabulary import AssignmentStatus, ClockKind, EventKind, Part, Resolved, Status

ANSWERED = (Status.REPLIED, Status.CLOSED)
# Of the five degrees of satisfaction, the two that say 不满意.
UNHAPPY_UP_TO = 2


def rated(
    tx: Connection, report_id: int, by: Actor, at: datetime, *, resolved: Resolved, satisfaction: int | None, reason: str | None
) -> bool:
    """Keep a rating, given by the reporter or told to whoever called back; whether it goes to the office as disputed.

    Content: closed. Not content, with a reason: the office decides on the one redo. Without one the callback goes on
    asking for it, and what it does not get by its end closes the report as it was rated (domain §8 callback, redo).
    NothingToRate, RatedBefore.
    """
    held, main = moves.hold_with_main(tx, report_id, at)
    if main.status not in ANSWERED:
        raise NothingToRate
    if held.report.resolved is not None:
        raise RatedBefore
    reason = (reason or "").strip() or None
    words = {"resolved": str(resolved), "satisfaction": satisfaction}
    changed = sa.update(report).where(report.c.id == held.id).values(**words, version=report.c.version + 1)
    tx.execute(changed)
    moves.note(tx, held, EventKind.RATED, by, reason=reason, details=words)
    unhappy = _is_unhappy(resolved, satisfaction)
    disputed = unhappy and reason is not None
    if disputed:
        _dispute(tx, main, CITIZEN)
    if main is held and held.status is Status.REPLIED and not (unhappy and may_redo(held)):
        clocks.stop(tx, held, [ClockKind.CALLBACK])
        _close(tx, held, SYSTEM, because="rated")
    return disputed


def explain(tx: Connection, report_id: int, by: Actor, at: datetime, *, reason: str) -> None:
    """Why the reporter is not content, said after the rating: it reaches the office as if it had been said at once.

    NothingToRate when no rating waits for its reason, ReasonMissing.
    """
    held, main = moves.hold_with_main(tx, report_id, at)
    if main.status not in ANSWERED or not awaits_reason(tx, held.report):
        raise NothingToRate
    if not reason.strip():
        raise ReasonMissing
    if main is not held:
        moves.note(tx, held, EventKind.DISPUTED, by, reason=reason)
    _dispute(tx, main, by, reason=reason if main is held else None)


def awaits_reason(tx: Connection, row: Row) -> bool:
    """Whether this report was rated by somebody who is not content and has not said why."""
    if row.resolved is None or not _is_unhappy(Resolved(row.resolved), row.satisfaction):
        return False
    told = sa.select(event.c.kind, event.c.reason).where(
        event.c.report_id == row.id, event.c.kind.in_((EventKind.RATED, EventKind.DISPUTED))
    )
    for one in tx.execute(told.order_by(event.c.seq.desc())):
        if one.reason is not None:
            return False
        if one.kind == EventKind.RATED:
            break
    return True


def call_back(tx: Connection, report_id: int, by: Actor, at: datetime, *, reached: bool) -> None:
    """An officer of the office tried to call; one more attempt in the history. What was said is given to `rate_for`."""
    moves.office_only("call_back", by)
    held = moves.hold(tx, report_id, at)
    if held.status not in ANSWERED:
        raise NothingToRate
    moves.note(tx, held, EventKind.CALLED_BACK, by, details={"reached": reached})


def rate_for(
    tx: Connection, report_id: int, by: Actor, at: datetime, *, resolved: Resolved, satisfaction: int | None, reason: str | None = None
) -> bool:
    """Keep what the reporter said on the phone."""
    moves.office_only("rate_for", by)
    return rated(tx, report_id, by, at, resolved=resolved, satisfaction=satisfaction, reason=reason)


def close(tx: Connection, report_id: int, by: Actor, at: datetime) -> None:
    """办结: the office closes an answered report, for instance when a dispute has no ground."""
    held = moves.hold(tx, report_id, at)
    clocks.stop(tx, held)
    _close(tx, held, by, because="office")


def lapse_callback(tx: Connection, held: Held) -> None:
    """Nobody answered in time: closed as 未接通. Who rated and never said why was reached, and the rating stays what it is."""
    clocks.stop(tx, held)
    _close(tx, held, SYSTEM, because="unexplained" if awaits_reason(tx, held.report) else "unreached")


def redo(tx: Connection, report_id: int, by: Actor, at: datetime, *, reason: str) -> int:
    """退回重办: the same department, once, on the redo clock; its new assignment. RedoneBefore the second time (domain §8 redo)."""
    held = moves.hold(tx, report_id, at)
    moves.hold_merged(tx, report_id)
    if held.status is Status.REPLIED and not may_redo(held):
        raise RedoneBefore
    former = _former_lead(tx, held)
    clocks.stop(tx, held)
    fresh = {"redone": report.c.redone + 1, "resolved": None, "satisfaction": None, "replied_at": None, "disposition": None}
    held = moves.turn(tx, held, "redo", by, EventKind.REDONE, values=fresh, reason=reason)
    return _again(tx, held, former.department if former else None, by, reason=reason, redone=True)


def reopen(tx: Connection, report_id: int, by: Actor, at: datetime, *, reason: str, lead: str | None = None) -> int:
    """重开: a closed report is worked on again, by its last lead or the one named; its new assignment. History keeps the rest."""
    held = moves.hold(tx, report_id, at)
    moves.hold_merged(tx, report_id)
    former = _former_lead(tx, held)
    closed = {"closed_at": seconds(held.report.closed_at) if held.report.closed_at else None, "disposition": held.report.disposition}
    fresh = {"closed_at": None, "replied_at": None, "resolved": None, "satisfaction": None, "disposition": None}
    held = moves.turn(tx, held, "reopen", by, EventKind.REOPENED, values=fresh, reason=reason, details=closed)
    return _again(tx, held, lead or (former.department if former else None), by, reason=reason, redone=False)


def archive(tx: Connection, report_id: int, by: Actor, at: datetime) -> None:
    """归档: from here the time of keeping runs."""
    moves.turn(tx, moves.hold(tx, report_id, at), "archive", by, EventKind.ARCHIVED)


def may_redo(held: Held) -> bool:
    """Whether the one redo is still to be had."""
    return bool(held.report.redone == 0)


def _again(tx: Connection, held: Held, key: str | None, by: Actor, *, reason: str, redone: bool) -> int:
    if key is None:
        raise WrongDepartment("")
    # There will be a new answer: whoever filed the same matter may say again how it was.
    tx.execute(sa.update(report).where(report.c.merged_into_id == held.id).values(resolved=None, satisfaction=None))
    made = dispatching.lead(tx, held, key, by, designated=True, redo=redone)
    due = dispatching.report_due(tx, held.id)
    when = seconds(due) if due else None
    telling.department(tx, held, key, Notice.REDO, reason=reason, due_at=when)
    telling.reporter(tx, held, Notice.REOPENED, department=key, due_at=when)
    return made


def _is_unhappy(resolved: Resolved, satisfaction: int | None) -> bool:
    return resolved is Resolved.NO or (satisfaction is not None and satisfaction <= UNHAPPY_UP_TO)


def _dispute(tx: Connection, main: Held, by: Actor, *, reason: str | None = None) -> None:
    former = _former_lead(tx, main)
    moves.note(tx, main, EventKind.DISPUTED, by, reason=reason)
    if main.status is Status.REPLIED and may_redo(main):
        # It waits for the office now, not for the callback to run out.
        clocks.stop(tx, main, [ClockKind.REVIEW, ClockKind.CALLBACK])
        clocks.start(tx, main, ClockKind.REVIEW)
    telling.office(tx, main, Notice.DISPUTED, department=former.department if former else None, may_redo=may_redo(main))


def _close(tx: Connection, held: Held, by: Actor, *, because: str) -> None:
    values = {"closed_at": held.at}
    held = moves.turn(tx, held, "close", by, EventKind.CLOSED, values=values, details={"because": because})
    telling.reporter(tx, held, Notice.CLOSED, disposition=held.report.disposition)


def _former_lead(tx: Connection, held: Held) -> Row | None:
    done = sa.select(assignment).where(
        assignment.c.report_id == held.id, assignment.c.part == Part.LEAD, assignment.c.status == AssignmentStatus.DONE
    )
    return tx.execute(done.order_by(assignment.c.id.desc()).limit(1)).one_or_none()
