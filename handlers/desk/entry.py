"""A report entered on behalf of somebody: by phone, at the window, from the hotline, found on patrol, or handed down."""

import asyncio
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.forms import Answers, Field, Kind, Values
from handlers.desk.refusals import translated
from handlers.filing import take_in
from handlers.intake.turn import Reads
from handlers.known import Known
from handlers.policy import Policy
from handlers.routing import FINDABLE, Settled, as_content, route, twin
from nlp.reading import Reading
from nlp.similar import fingerprint
from storage.database import Database
from storage.once import once
from storage.people import Actor
from storage.reports import Contact, Filed, Submission
from storage.sealing import Secret
from storage.vocabulary import Level, Nature, Source

CHANNEL = "office"
SOURCES = tuple(source for source in Source if source is not Source.CHAT)

FIELDS = (
    Field("source", Kind.ONE, required=True, options=SOURCES, labels="source"),
    Field("story", Kind.AREA, required=True),
    Field("category", Kind.ONE, source="categories"),
    Field("town", Kind.ONE, source="towns"),
    Field("address"),
    Field("org_name"),
    Field("prior_report"),
    Field("reporter_name"),
    Field("reporter_phone"),
    Field("wants_reply", Kind.CHECK),
    Field("may_disclose", Kind.CHECK),
)
FACTS = ("address", "org_name", "town", "prior_report")


@dataclass(frozen=True)
class Receipt:
    """What the clerk reads out to the caller, once."""

    filed: Filed
    code: str
    category: str


class Counter:
    """Where a clerk enters what somebody said; it is read and routed like any other report."""

    def __init__(self, database: Database, policy: Policy, reader: Reads, clock: Clock, zone: tzinfo) -> None:
        self._database = database
        self._policy = policy
        self._reader = reader
        self._clock = clock
        self._zone = zone
        self._known = Known()

    async def enter(self, person: Person, values: Values, key: str = "") -> tuple[Receipt, ...]:
        """File it, as two reports when it is two matters. Wrong when something is missing; the clerk's category overrules the reading.

        The same words under the same `key` of the form are filed once: sent again, they bring the same receipt.
        """
        said = Answers(FIELDS, values, self._zone)
        # Reading a long letter takes a while: not in the event loop, and not in the writer.
        ready = await asyncio.to_thread(self._submissions, said)
        with translated():
            filed = await self._database.write(_enter, ready, self._known, self._clock(), by=person.actor, key=_form(key, values))
        return tuple(Receipt(one, one.code.reveal(), self._policy.label(of.category)) for one, of in zip(filed, ready, strict=True))

    def _submissions(self, said: Answers) -> tuple[Submission, ...]:
        chosen = said.text("category")
        is_chosen = chosen in self._policy.topics
        main = self._read(said, chosen if is_chosen else None)
        first = self._submission(said, main, Settled.CLERK if is_chosen else Settled.NOBODY)
        other = twin(main, self._policy)
        if first.route.way == "sealed" or other is None:
            return (first,)
        return first, self._submission(said, self._read(said, other), Settled.APART)

    def _read(self, said: Answers, category: str | None) -> Reading:
        today = self._clock().astimezone(self._zone).date()
        return self._reader.read(said.text("story"), today, category=category, facts=_given(said))

    def _submission(self, said: Answers, reading: Reading, settled: Settled) -> Submission:
        facts = {**{key: fact.value for key, fact in reading.facts.items()}, **_given(said)}
        town = self._policy.places.town(facts.get("town"))
        if town:
            facts["town"] = self._policy.places.names[town]
        name, phone = said.text("reporter_name"), said.text("reporter_phone")
        wishes = {"wants_reply": bool(said.text("wants_reply")), "may_disclose": bool(said.text("may_disclose"))}
        return Submission(
            source=Source(said.text("source")),
            channel=CHANNEL,
            reporter=None,
            story=said.text("story"),
            facts=facts,
            reading=as_content(reading, settled),
            category=reading.category,
            secondary=reading.secondary,
            nature=Nature(reading.nature),
            level=Level(reading.level),
            regulator=reading.regulator,
            route=route(reading, self._policy),
            town=town,
            contact=Contact(name, phone, **wishes) if name or phone else None,
            insufficient=not any(key in facts for key in FINDABLE),
            marks=fingerprint(said.text("story")),
        )


def new_key() -> str:
    """The key of a fresh form."""
    return secrets.token_urlsafe(16)


def _form(key: str, values: Values) -> str:
    """The key and all that was written under it: who goes back and corrects a word files anew, and nothing is swallowed."""
    written = {field.name: list(values.get(field.name, ())) for field in FIELDS}
    return json.dumps([key or new_key(), written], ensure_ascii=False)


def _enter(tx: Connection, ready: tuple[Submission, ...], known: Known, at: datetime, *, by: Actor, key: str) -> tuple[Filed, ...]:
    def file(codes: tuple[Secret, ...]) -> tuple[Filed, ...]:
        coded = [replace(one, code=code) for one, code in zip(ready, codes, strict=True)]
        return take_in(tx, coded, known, at, by=by)

    return once(tx, f"{by.officer_id}:{key}", len(ready), file)


def _given(said: Answers) -> dict[str, str]:
    return {name: said.text(name) for name in FACTS if said.text(name)}
