"""The slow way to the same figures: every assignment's events, read one question at a time, with the plain reckoning of working time."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import events
from storage.events import Event
from storage.tables.reports import assignment, clock, report
from storage.vocabulary import EventKind as K
from storage.vocabulary import Status
from tests.storage import oracle

Pair = tuple[int, int]
NOT_YET = (-1, -1)


def assignments(tx: Connection) -> dict[int, dict[str, Any]]:
    """What figures say of every assignment of every report that is not sealed."""
    found = {}
    for row in tx.execute(sa.select(assignment.c.id, report.c.id.label("report_id")).join(report).where(report.c.sealed == 0)):
        found[row.id] = _one(tx, row.id, events.history(tx, row.report_id))
    return found


def _one(tx: Connection, number: int, story: list[Event]) -> dict[str, Any]:
    own = [event for event in story if event.assignment_id == number]
    start = next(event.at for event in own if event.kind is K.DISPATCHED)
    ended = next((event for event in own if event.details.get("to") in ("done", "returned", "reassigned")), None)
    done = ended is not None and ended.details["to"] == "done"
    gone = ended is not None and (
        ended.kind is K.RETURN_APPROVED or "given_to" in ended.details or ended.details.get("because") == "leads_now"
    )
    submitted = [event for event in own if event.kind in (K.SUBMITTED, K.SENT_BACK)]
    replied = submitted[-1].at if submitted and submitted[-1].kind is K.SUBMITTED else None
    first = {kind: next((event.at for event in own if event.kind is kind), None) for kind in (K.CLAIMED, K.STARTED)}
    return {
        "sign": _span(story, start, first[K.CLAIMED]),
        "first": _span(story, start, first[K.STARTED]),
        "reply": _span(story, start, replied),
        "close": _span(story, start, ended.at if ended and done else None),
        "held": _span(story, start, ended.at if ended and gone else None),
        "signed_in_time": _in_time(tx, number, ("sign",), first[K.CLAIMED]),
        "replied_in_time": _in_time(tx, number, ("reply", "redo", "assist"), replied),
        "return_asked": any(event.kind is K.RETURN_REQUESTED for event in own),
        "out": story[-1].to_status in (Status.REJECTED, Status.MERGED, Status.WITHDRAWN),
        "gone": gone,
        "done": done,
    }


def _span(story: list[Event], start: datetime, end: datetime | None) -> Pair:
    """Second by second would be slower still: whole stretches during which time ran are added up."""
    if end is None:
        return NOT_YET
    clock_time = work = 0
    for since, until in zip(_turns(story, start, end), _turns(story, start, end)[1:], strict=False):
        if not _stands_still(story, since):
            clock_time += int((until - since).total_seconds())
            work += oracle.working_seconds(since, until)
    return clock_time, work


def _turns(story: list[Event], start: datetime, end: datetime) -> list[datetime]:
    return sorted({start, end, *(event.at for event in story if start < event.at < end)})


def _stands_still(story: list[Event], at: datetime) -> bool:
    """Whether the report waited right after this moment: for its reporter, or for an examination that nobody has ended."""
    before = [event for event in story if event.at <= at]
    if before[-1].to_status is Status.NEED_INFO:
        return True
    for event in reversed(before):
        if event.kind is K.RESUMED or event.to_status is not Status.HANDLING:
            return False
        if event.kind is K.SUSPENDED:
            return True
    return False


def _in_time(tx: Connection, number: int, kinds: tuple[str, ...], at: datetime | None) -> bool:
    due = sa.select(clock.c.due_at).where(clock.c.assignment_id == number, clock.c.kind.in_(kinds)).order_by(clock.c.id.desc())
    limit = tx.execute(due.limit(1)).scalar_one_or_none()
    return at is not None and limit is not None and at <= limit


def so_far(tx: Connection, row: Any, at: datetime) -> Pair:
    """What an open assignment has taken until now."""
    return _span(events.history(tx, row.report_id), row.dispatched_at, at)
