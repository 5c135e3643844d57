"""Statements that break a rule, each with the rule in words, and statements that look alike and break none."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from storage.tables.mail import addressee, data_key, draft, inbox, outbox
from storage.tables.reports import assignment, attachment, clock, event, extension, handling, identity, message, report
from storage.tables.staff import access, officer, sign_in
from tests.storage.worlds import Rows

Statements = Mapping[str, sa.Executable]


def broken(rows: Rows) -> Statements:
    """What the database must refuse, whatever code sends it."""
    return {**_broken_mail(rows), **_broken_reports(rows), **_broken_work(rows), **_broken_history(rows), **_broken_people(rows)}


def allowed(rows: Rows) -> Statements:
    """What it must take: the neighbours of the rules above."""
    at, later = rows.at, rows.later
    new = rows.with_
    return {
        "the same event id on another channel": new(inbox, channel="telegram"),
        "a second message to the same person": new(outbox, dedupe_key="m2"),
        "a report without a known reporter": new(report, number="3", code_hash=b"3", reporter_id=None),
        "the old lead ends": _set(assignment, status="reassigned", ended_at=later),
        "… and a new one begins": new(assignment, department="market_reg"),
        "another department assists": new(assignment, department="police", part="assist"),
        "a clock stops": _set(clock, stopped_at=later),
        "… and the same kind runs again": new(clock),
        "another kind runs beside it": new(clock, kind="contact"),
        "the office's own clock of the report": new(clock, assignment_id=None, kind="triage"),
        "somebody else approves the extension": _set(extension, decided_by=2, decided_at=later, approved=True),
        "… and another one is asked for": new(extension, days=60),
        "history goes on": new(event, seq=3, from_status="received", hash=b"3"),
        "the same photo for another report": new(attachment, report_id=2),
        "the reporter is forgotten": _set(identity, content=None, erased_at=later),
        "… and the key destroyed": _set(data_key, wrapped=None, destroyed_at=later),
        "a report is closed": _set(report, status="closed", closed_at=at, satisfaction=5),
        "an officer writes": new(message, from_reporter=False, officer_id=1),
    }


def _broken_mail(rows: Rows) -> Statements:
    new, at = rows.with_, rows.at
    return {
        "an event of a channel is kept once": new(inbox),
        "what is finished has an outcome": _set(inbox, done_at=at),
        "an outcome means finished": _set(inbox, outcome="handled"),
        "an outcome is a known word": _set(inbox, done_at=at, outcome="perhaps"),
        "what is not finished still has its words": _set(inbox, payload=None),
        "an address belongs to one person of a channel": new(addressee),
        "a person has one draft": new(draft),
        "a draft's version counts from one": _set(draft, version=0),
        "a draft ends after it was touched": _set(draft, expires_at=at),
        "a message exists once": new(outbox),
        "a message goes to somebody": new(outbox, dedupe_key="m2", addressee_id=99),
        "a message's state is a known word": _set(outbox, state="lost"),
        "what was sent says when": _set(outbox, state="sent"),
        "what waits was not settled": _set(outbox, settled_at=at),
        "what was settled is free": _set(outbox, state="sent", settled_at=at, leased_until=at),
        "a destroyed key is empty": _set(data_key, destroyed_at=at),
        "an empty key was destroyed": _set(data_key, wrapped=None),
    }


def _broken_reports(rows: Rows) -> Statements:
    new, at = rows.with_, rows.at
    return {
        "a number is given once": new(report, code_hash=b"3"),
        "a query code opens one report": new(report, number="3"),
        "a status is a known word": _set(report, status="overdue"),
        "a level is a known word": _set(report, level="P4"),
        "a nature is a known word": _set(report, nature="X"),
        "a source is a known word": _set(report, source="rumour"),
        "a disposition is a known word": _set(report, disposition="solved"),
        "what is merged says into what": _set(report, status="merged"),
        "only what is merged has a main report": _set(report, merged_into_id=1),
        "what is closed says when": _set(report, status="closed"),
        "nothing is closed before it was filed": _set(report, closed_at=at - timedelta(seconds=1)),
        "satisfaction is one to five": _set(report, satisfaction=6),
        "solved is yes, partly or no": _set(report, resolved="maybe"),
        "a report with a history is not deleted": sa.delete(report),
        "a sealed identity is erased with its time": _set(identity, content=None),
        "an erased identity is empty": _set(identity, erased_at=at),
        "a report has one identity": new(identity),
        "a file belongs to a report once": new(attachment),
        "a file's kind is a known word": new(attachment, digest=b"e", kind="program"),
        "who writes for the office is named": new(message, from_reporter=False),
        "a number is a number": sa.text("UPDATE report SET redone = 'twice'"),
    }


def _broken_work(rows: Rows) -> Statements:
    new, at = rows.with_, rows.at
    before = at - timedelta(seconds=1)
    return {
        "there is one lead at a time": new(assignment, department="police"),
        "a department assists once at a time": new(assignment, department="market_reg", part="assist"),
        "a part is lead or assist": new(assignment, part="observer"),
        "an assignment's status is a known word": _set(assignment, status="late"),
        "what is claimed has an owner": _set(assignment, status="claimed"),
        "an owner has claimed": _set(assignment, officer_id=1),
        "who claims is somebody": _set(assignment, officer_id=99, claimed_at=at),
        "nothing is claimed before it was dispatched": _set(assignment, officer_id=1, claimed_at=before),
        "what has ended says when": _set(assignment, status="done"),
        "what goes on has not ended": _set(assignment, ended_at=at),
        "nothing ends before it was dispatched": _set(assignment, status="returned", ended_at=before),
        "a department gives back once": _set(assignment, returns=2),
        "a clock of a kind runs once": new(clock),
        "a clock's kind is a known word": new(clock, kind="patience"),
        "a clock's unit is a known word": new(clock, kind="contact", unit="moon"),
        "due is after the start": _set(clock, due_at=at),
        "the first due time is after the start too": _set(clock, due_original=at),
        "a clock stops after its start": _set(clock, stopped_at=before),
        "what has stopped is not paused": _set(clock, paused_at=at, stopped_at=at),
        "one extension is open at a time": new(extension),
        "an extension is at least a day": _set(extension, days=0),
        "an extension is at most sixty days": _set(extension, days=61),
        "nobody approves their own extension": _set(extension, decided_by=1, decided_at=at, approved=True),
        "who decides says when": _set(extension, decided_by=2, approved=True),
        "who decides says what": _set(extension, decided_by=2, decided_at=at),
        "a round of handling is recorded once": new(handling),
    }


def _broken_history(rows: Rows) -> Statements:
    new = rows.with_
    return {
        "a place in the history is taken once": new(event, hash=b"3"),
        "history begins once": new(event, seq=3, hash=b"3"),
        "what begins has nothing before it": new(event, report_id=2, from_status="received", hash=b"3"),
        "an event is a known word": new(event, seq=3, from_status="received", hash=b"3", kind="forgotten"),
        "a link of the chain exists once": new(event, seq=3, from_status="received"),
        "an event is not changed": _set(event, kind="closed"),
        "an event is not deleted": sa.delete(event),
        "a look at a report is not changed": _set(access, allowed=False),
        "a look at a report is not deleted": sa.delete(access),
        "a look at a report is one link of its chain": new(access),
    }


def _broken_people(rows: Rows) -> Statements:
    new = rows.with_
    return {
        "a login belongs to one officer": new(officer),
        "a role is a known word": new(officer, login="zhao", role="king"),
        "a sign-in's token is its own": new(sign_in),
        "a sign-in is somebody's": new(sign_in, token_hash=b"u", officer_id=99),
    }


def _set(table: sa.Table, **values: Any) -> sa.Update:
    """Change the first row of the table."""
    key = table.primary_key.columns[0]
    return sa.update(table).where(key == 1).values(values)
