"""Word papers for whoever may have them: about one report for those who work on it, about everybody for the office."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.refusals import Forbidden, NotFound
from handlers.papers import checks, figures, pdf, periodical, single, word
from handlers.papers.book import PaperBook, Period
from handlers.papers.single import Case, Context
from storage import accesses, dossiers, letters, officers, reports
from storage.accesses import Action
from storage.database import Database
from storage.rules import Rules
from storage.vocabulary import Role

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
SINGLE = ("transfer", "reply", "report")
PERIODICAL = ("circular", "monthly", "summary", "talk")

Drafts = Callable[[int], Awaitable[tuple[Sequence[str], Sequence[str]]]]


@dataclass(frozen=True)
class Document:
    """A finished file, to be handed out once."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Wish:
    """Which paper about everybody: its period; a department for a talk, a sample's name for 抽查验收表."""

    paper: str
    period: Period
    department: str = ""
    sample: str = ""
    as_pdf: bool = False


class Documents:
    """Everything in Word. `drafts` says for a year which departments have handed in their summary, and which have not."""

    def __init__(self, database: Database, book: PaperBook, rules: Rules, clock: Clock, *, drafts: Drafts) -> None:
        self._database, self._book, self._rules, self._clock, self._drafts = database, book, rules, clock, drafts

    async def about(self, person: Person, number: str, paper: str, *, as_pdf: bool = False) -> Document:
        """One paper about one report; NotFound when this person may not know of it, or nobody leads it yet."""
        if paper not in SINGLE:
            raise NotFound
        at = self._clock()
        case = await self._database.write(_case, number, person, at, letter=paper == "transfer", paper=paper)
        if case is None:
            raise NotFound
        makers: Mapping[str, Callable[[], Context]] = {
            "transfer": lambda: single.transfer(self._book, self._rules, case, at),
            "reply": lambda: single.reply(self._book, case),
            "report": lambda: single.account(self._book, case, at),
        }
        return await self._made(paper, makers[paper](), f"{case.dossier.report.number}-{paper}", as_pdf=as_pdf)

    async def periodical(self, person: Person, wish: Wish) -> Document:
        """A paper about everybody, for the office alone."""
        if person.role is not Role.OFFICE:
            raise Forbidden
        context = await self._context(wish, self._clock())
        await self._database.write(accesses.record, person.actor, Action.EXPORT, self._clock(), allowed=True, reason=wish.paper)
        name = f"{wish.paper}-{wish.period.start:%Y%m%d}-{wish.period.end:%Y%m%d}"
        return await self._made(wish.paper, context, name, as_pdf=wish.as_pdf)

    async def _context(self, wish: Wish, at: datetime) -> Context:
        book, period = self._book, wish.period
        if wish.paper == "spot_check":
            table = await self._database.read(checks.table, book, wish.sample)
            if table is None:
                raise NotFound
            return table
        if wish.paper not in PERIODICAL or (wish.paper == "talk" and wish.department not in self._rules.departments.by_key):
            raise NotFound
        found = await figures.gather(self._database, book, period, at)
        match wish.paper:
            case "circular":
                return periodical.circular(book, found, period, at)
            case "monthly":
                return periodical.monthly(book, found, period, at)
            case "talk":
                return periodical.talk(book, found, period, at, wish.department)
        handed_in, missing = await self._drafts(period.end.year)
        names = {"handed_in": [book.short(key) for key in handed_in], "missing": [book.short(key) for key in missing]}
        return periodical.summary(book, found, period, at, **names)

    async def _made(self, template: str, context: Context, name: str, *, as_pdf: bool) -> Document:
        content = await asyncio.to_thread(word.fill, self._book, template, context)
        if as_pdf:
            return Document(f"{name}.pdf", PDF, await asyncio.to_thread(pdf.convert, content))
        return Document(f"{name}.docx", WORD, content)


def _case(tx: Connection, number: str, person: Person, at: datetime, *, letter: bool, paper: str) -> Case | None:
    """The report if this person may read it, with its letter: issued now when the office prints it for the first time."""
    report_id = reports.by_number(tx, number)
    if report_id is None or not reports.visible(tx, report_id, person.actor):
        accesses.record(tx, person.actor, Action.EXPORT, at, allowed=False, report_id=report_id, reason=paper)
        return None
    dossier = dossiers.whole(tx, report_id)
    lead = single.lead_of(dossier)
    if lead is None:
        return None
    issues = letter and person.role is Role.OFFICE
    known = letters.issue(tx, lead.id, person.actor, at) if issues else letters.find(tx, lead.id)
    if letter and known is None:
        return None
    accesses.record(tx, person.actor, Action.EXPORT, at, allowed=True, report_id=report_id, reason=paper)
    return Case(dossier, lead, known, officers.names(tx))
