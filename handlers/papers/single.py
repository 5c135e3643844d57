"""Papers about one report: 交办函 to the lead, 办理回复 to the reporter, 办理报告 to the office. No reporter is named in any of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import tables
from handlers.papers.book import PaperBook
from handlers.papers.restating import restate
from storage.clocks import MAIN, Clock
from storage.dossiers import Assignment, Dossier
from storage.handling import Handling
from storage.letters import Letter
from storage.rules import Rules
from storage.vocabulary import AssignmentStatus, ClockKind, Nature, Part

Context = dict[str, Any]
# Marks of the rule book for what was read in the text itself.
QUOTABLE = ("S", "V")

# What an account tells of a record.
RECORD = (
    "inspected",
    "place",
    "people",
    "joint",
    "students",
    "evacuated",
    "findings",
    "disposition",
    "measures",
    "documents",
    "refund_asked",
    "refund",
    "fine",
    "opinion",
    "answer",
)


@dataclass(frozen=True)
class Case:
    """A report with its lead and that lead's letter, ready to be written about."""

    dossier: Dossier
    lead: Assignment
    letter: Letter | None
    names: Mapping[int, str]

    @property
    def record(self) -> Handling | None:
        """What the lead handed in last."""
        return self.lead.records[-1].handling if self.lead.records else None

    def clock(self, *kinds: ClockKind) -> Clock | None:
        """The lead's newest clock of these kinds."""
        found = [one for one in self.dossier.clocks if one.assignment_id == self.lead.id and one.kind in kinds]
        return found[-1] if found else None


def lead_of(dossier: Dossier) -> Assignment | None:
    """Who leads now, or led when it ended; nobody yet while it waits for triage."""
    leads = [one for one in dossier.assignments if one.part is Part.LEAD]
    ours = [one for one in leads if one.status not in (AssignmentStatus.RETURNED, AssignmentStatus.REASSIGNED)]
    return ours[-1] if ours else None


def transfer(book: PaperBook, rules: Rules, case: Case, at: datetime) -> Context:
    """转办单、交办函, with the slip to sign for it."""
    report, lead = case.dossier.report, case.lead
    due, sign_due = case.clock(*MAIN), case.clock(ClockKind.SIGN)
    assists = [book.unit(one.department) for one in case.dossier.assignments if one.part is Part.ASSIST and one.is_open]
    signer = case.names.get(lead.officer_id, "") if lead.officer_id else ""
    return {
        **_shared(book, case),
        "lead": book.unit(lead.department),
        "assists": "、".join(assists),
        "level": book.label("level", report.level),
        "nature": book.label("nature", report.nature),
        "category": book.policy.label(report.category),
        "sign_due": book.minute(sign_due.due_at) if sign_due else book.word("office", "nothing"),
        "due": book.minute(due.due_at) if due else book.word("office", "nothing"),
        "due_source": _source(book, rules, report.nature),
        "clause": tables.load(book.folder / "categories.toml").row(report.category).text("clause"),
        "blank_contact": book.blank(book.word("word", "contact")),
        "signer": signer,
        "signed": book.minute(lead.claimed_at) if lead.claimed_at else "",
        "nothing": book.word("office", "nothing"),
        "day": book.day(case.letter.issued_at if case.letter else at),
    }


def _source(book: PaperBook, rules: Rules, nature: Nature) -> str:
    """Where the limit comes from, if that can be quoted; what was only heard of elsewhere is the office's own limit."""
    limit = rules.deadline(ClockKind.REPLY, nature)
    return limit.source if limit.mark in QUOTABLE else book.word("word", "our_limits")


def reply(book: PaperBook, case: Case) -> Context:
    """办理回复: only what the office has approved goes out."""
    approved = case.record if case.lead.status is AssignmentStatus.DONE else None
    return {
        **_shared(book, case),
        "department": book.unit(case.lead.department),
        "answer": approved.answer if approved else book.blank(book.word("word", "not_yet")),
        "blank_law": book.blank(book.word("word", "law")),
        "blank_remedy": book.blank(book.word("word", "remedy")),
        "day": book.day(case.dossier.report.replied_at) if case.dossier.report.replied_at else book.blank(book.word("word", "not_yet")),
    }


def account(book: PaperBook, case: Case, at: datetime) -> Context:
    """办理报告: the record as the lead handed it in."""
    record, nothing = case.record, book.word("office", "nothing")
    return {
        **_shared(book, case),
        "department": book.unit(case.lead.department),
        "dispatched": book.day(case.lead.dispatched_at),
        "day": book.day(case.lead.submitted_at or at),
        **(_record(book, record, nothing) if record else _no_record(book)),
    }


def _record(book: PaperBook, record: Handling, nothing: str) -> Mapping[str, str]:
    def yuan(amount: int | None) -> str:
        return nothing if amount is None else book.word("word", "yuan", amount=amount)

    def people(count: int | None) -> str:
        return nothing if count is None else book.word("word", "people", count=count)

    return {
        "inspected": book.minute(record.inspected_at) if record.inspected_at else nothing,
        "place": record.place or nothing,
        "people": "、".join(record.people) or nothing,
        "joint": "、".join(map(book.unit, record.joint)) or nothing,
        "students": people(record.students),
        "evacuated": people(record.evacuated),
        "findings": record.findings or nothing,
        "disposition": book.label("disposition", record.disposition),
        "measures": "、".join(book.label("measure", one) for one in record.measures) or nothing,
        "documents": "、".join(record.documents) or nothing,
        "refund_asked": yuan(record.refund_asked_yuan),
        "refund": yuan(record.refund_yuan),
        "fine": yuan(record.fine_yuan),
        "opinion": record.opinion or nothing,
        "answer": record.answer or nothing,
    }


def _no_record(book: PaperBook) -> Mapping[str, str]:
    return dict.fromkeys(RECORD, book.blank(book.word("word", "not_yet")))


def _shared(book: PaperBook, case: Case) -> Context:
    dossier, report = case.dossier, case.dossier.report
    facts = dossier.contents.facts if dossier.contents else None
    letter = case.letter
    return {
        "office": book.unit(book.policy.office()),
        "number": report.number,
        "letter": book.word("office", "letter_number", year=letter.year, serial=letter.serial) if letter else "",
        "filed": book.day(report.filed_at),
        "source": book.label("source", report.source),
        "summary": restate(book, facts, category=report.category, town=report.town, institution=dossier.institution),
        "attachments": _attachments(book, dossier),
    }


def _attachments(book: PaperBook, dossier: Dossier) -> str:
    kinds = Counter(one.kind for one in dossier.attachments)
    told = [book.word("word", "attachment", kind=book.label("file", kind), count=count) for kind, count in kinds.items()]
    return "、".join(told) or book.word("word", "no_attachment")
