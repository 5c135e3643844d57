"""Files a report: number, query code, sealed words, and the way it goes, all in the transaction that takes it in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, dispatching, events, moves, receipts, similarity, telling
from storage.dispatching import involved, seconds
from storage.moves import Held
from storage.notices import Notice
from storage.people import SYSTEM, Actor
from storage.rules import rules
from storage.sealing import Secret, blind_index, blind_indexes, new_key, seal
from storage.tables.reports import attachment, identity, report
from storage.tables.staff import officer
from storage.vocabulary import ClockKind, Disposition, EventKind, Level, Nature, Source, Status


@dataclass(frozen=True)
class Route:
    """Where the reading sends it: on its own, to the office's pile, sealed to the discipline inspection, or answered on the spot."""

    way: Literal["auto", "triage", "sealed", "answered"]
    lead: str | None = None
    assists: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Who filed it, if they said: sealed under a key of its own. `may_disclose`: for mediation, the other side may learn the name."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    wants_reply: bool = True
    may_disclose: bool = False


@dataclass(frozen=True)
class Submission:
    """A reporter's finished answers. `reporter` is an addressee; `about` names departments or officers it complains of, in any wording.

    `marks` are the marks of the story, by which reports that tell the same are found.
    `code` is the query code, where one was made beforehand.
    """

    source: Source
    channel: str
    reporter: int | None
    story: str = field(repr=False)
    facts: Mapping[str, Any] = field(repr=False)
    reading: Mapping[str, Any] = field(repr=False)
    category: str
    secondary: tuple[str, ...]
    nature: Nature
    level: Level
    regulator: str
    route: Route
    town: str | None = None
    attachments: tuple[int, ...] = ()
    contact: Contact | None = field(default=None, repr=False)
    insufficient: bool = False
    about: tuple[str, ...] = ()
    marks: frozenset[int] = field(default=frozenset(), repr=False)
    code: Secret | None = None


@dataclass(frozen=True)
class Filed:
    """The receipt: what the reporter is told, once. `code` is kept by nobody but them."""

    report_id: int
    number: str
    code: Secret
    status: Status
    lead: str | None
    due_at: datetime | None


def file(tx: Connection, submission: Submission, at: datetime, *, by: Actor = SYSTEM) -> Filed:
    """Take the report in and send it on its way. The clock starts here, at dispatch (domain §8, §9 submit … to_triage).

    A report on a department, under any of its names, never goes to that department. One on the office, or of a category that
    only the discipline inspection answers for, goes sealed whatever the route says.
    """
    code = submission.code.reveal() if submission.code else receipts.new_code()
    about = _about(tx, submission.about)
    held = _insert(tx, submission, about, code=code, at=at, by=by)
    _keep_contact(tx, held, submission.contact)
    keep_files(tx, held, submission.attachments, submission.reporter)
    route = Route("sealed") if submission.category in rules(tx).sealed_categories else submission.route
    similarity.keep(tx, held.id, submission.marks)
    held, lead = _send(tx, held, _allowed(tx, route, about))
    return Filed(held.id, held.report.number, Secret(code), held.status, lead, dispatching.report_due(tx, held.id))


def file_twins(tx: Connection, first: Submission, second: Submission, at: datetime, *, by: Actor = SYSTEM) -> tuple[Filed, Filed]:
    """One story, two reports (domain §0.3, §3): money asked back and a violation, or an ordinary matter and a sealed one.

    Each knows the other, except that nothing ordinary ever points to a sealed one.
    """
    one, two = file(tx, first, at, by=by), file(tx, second, at, by=by)
    for own, other in ((one, two), (two, one)):
        if other.status is not Status.SEALED:
            tx.execute(sa.update(report).where(report.c.id == own.report_id).values(twin_id=other.report_id))
    return one, two


def _insert(tx: Connection, submission: Submission, about: frozenset[str], *, code: str, at: datetime, by: Actor) -> Held:
    city, now = rules(tx), at.replace(microsecond=0)
    key = new_key(tx, now)
    number = receipts.next_number(tx, city.prefix, city.calendar.local_day(now))
    row = {
        "number": number,
        "code_hash": code_hash(tx, code),
        "source": str(submission.source),
        "channel": submission.channel,
        "nature": str(submission.nature),
        "category": submission.category,
        "secondary": list(submission.secondary),
        "regulator": submission.regulator,
        "level": str(submission.level),
        "status": str(Status.RECEIVED),
        "sealed": False,
        "auto": submission.route.way == "auto",
        "insufficient": submission.insufficient,
        "about": sorted(about),
        "town": submission.town,
        "reporter_id": submission.reporter,
        "data_key_id": key,
        "story": seal(tx, key, f"report.story:{number}", submission.story),
        "facts": seal(tx, key, f"report.facts:{number}", _text(submission.facts)),
        "reading": seal(tx, key, f"report.reading:{number}", _text(submission.reading)),
        "story_digest": blind_index(tx, "story", submission.story),
        "filed_at": now,
    }
    made = tx.execute(sa.insert(report).values(row).returning(report)).one()
    what = {"source": row["source"], "category": row["category"], "nature": row["nature"], "level": row["level"]}
    events.append(tx, made.id, EventKind.FILED, by, now, to_status=Status.RECEIVED, details=what)
    return Held(made, now)


def _send(tx: Connection, held: Held, route: Route) -> tuple[Held, str | None]:
    match route.way:
        case "sealed":
            return seal_off(tx, held, SYSTEM), rules(tx).departments.discipline
        case "answered":
            values = {"closed_at": held.at, "disposition": str(Disposition.ANSWERED)}
            return moves.turn(tx, held, "answer", SYSTEM, EventKind.CLOSED, values=values), None
        case "auto" if route.lead:
            return _dispatch(tx, held, route.lead, route.assists), route.lead
    held = moves.turn(tx, held, "to_triage", SYSTEM, EventKind.TRIAGED)
    due = clocks.start(tx, held, ClockKind.TRIAGE)
    telling.office(tx, held, Notice.TRIAGE_WAITING, level=held.report.level, due_at=seconds(due))
    dispatching.inform(tx, held, None)
    return held, None


def _dispatch(tx: Connection, held: Held, lead: str, assists: tuple[str, ...]) -> Held:
    what = {"lead": lead, "assists": list(assists)}
    held = moves.turn(tx, held, "auto_route", SYSTEM, EventKind.ROUTED, details=what)
    dispatching.lead(tx, held, lead, SYSTEM)
    for key in assists:
        dispatching.assist(tx, held, key, SYSTEM)
    dispatching.inform(tx, held, lead)
    return held


def seal_off(tx: Connection, held: Held, by: Actor, *, reason: str | None = None) -> Held:
    """Close the report to everyone but the discipline inspection, and tell nobody else that it exists (domain §9 seal)."""
    held = moves.turn(tx, held, "seal", by, EventKind.SEALED, values={"sealed": True, "merged_into_id": None}, reason=reason)
    similarity.forget(tx, held.id)
    telling.discipline(tx, held, Notice.SEALED_FILED)
    return held


def _allowed(tx: Connection, route: Route, about: frozenset[str]) -> Route:
    city = rules(tx)
    barred = involved(city, about)
    if route.way != "sealed" and city.departments.office in about:
        # The office sorts everything else, so a report on the office itself can only go past it.
        return Route("sealed")
    known = city.departments
    if route.way == "auto" and (route.lead in barred or not known.may_lead(route.lead or "")):
        return Route("triage")
    assists = tuple(dict.fromkeys(key for key in route.assists if key not in barred and key != route.lead and known.may_assist(key)))
    return Route(route.way, route.lead, assists)


def _about(tx: Connection, names: tuple[str, ...]) -> frozenset[str]:
    """The departments these words mean: by any of their names, or by the name of an officer who works there."""
    found: set[str] = set()
    for name in names:
        found |= rules(tx).departments.named(name)
        found |= set(tx.execute(sa.select(officer.c.department).where(sa.literal(name).contains(officer.c.name))).scalars())
    return frozenset(found)


def _keep_contact(tx: Connection, held: Held, contact: Contact | None) -> None:
    if contact is None:
        return
    key = new_key(tx, held.at)
    content = seal(tx, key, f"identity.content:{held.id}", _text({"name": contact.name, "phone": contact.phone}))
    wishes = {"wants_reply": contact.wants_reply, "may_disclose": contact.may_disclose}
    tx.execute(sa.insert(identity).values(report_id=held.id, data_key_id=key, content=content, **wishes))


def keep_files(tx: Connection, held: Held, files: tuple[int, ...], owner: int | None) -> int:
    """The owner's files belong to the report now; how many are new to it. A twin's are the same files under its own number."""
    seen = set(tx.execute(sa.select(attachment.c.digest).where(attachment.c.report_id == held.id)).scalars())
    before = len(seen)
    # Of another phone that showed the query code nothing is kept: not that it is the reporter's, and not whose it is.
    known = owner if owner == held.report.reporter_id else None
    for row in tx.execute(sa.select(attachment).where(attachment.c.id.in_(files)).order_by(attachment.c.id)).all():
        # Of a reporter who was erased nobody is the owner, and an officer's file never had one.
        if owner is None or row.addressee_id != owner or row.removed_at is not None or row.digest in seen:
            continue
        seen.add(row.digest)
        if row.report_id is None:
            tx.execute(sa.update(attachment).where(attachment.c.id == row.id).values(report_id=held.id, addressee_id=known))
        else:
            copy = {**row._mapping, "report_id": held.id, "addressee_id": known}
            tx.execute(sa.insert(attachment).values({name: value for name, value in copy.items() if name != "id"}))
    return len(seen) - before


def code_hash(tx: Connection, code: str) -> bytes:
    """What is kept of a query code: a keyed hash, so that the file alone opens nothing."""
    return blind_index(tx, "query-code", receipts.read_code(code))


def code_hashes(tx: Connection, code: str) -> list[bytes]:
    """What may be kept of it: a report that was filed under a former index key is found under that key only."""
    return blind_indexes(tx, "query-code", receipts.read_code(code))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
