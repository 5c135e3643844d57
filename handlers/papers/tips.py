"""线索台账, column by column: what each cell of a report's line says."""

from collections.abc import Callable, Mapping

from handlers.papers.book import Cell, PaperBook
from handlers.papers.restating import place, restate
from storage.metrics.fold import TRUE
from storage.papers import Tip
from storage.vocabulary import Disposition, Nature

UNTRUE = (Disposition.UNSUBSTANTIATED,)


def _place(tip: Tip, book: PaperBook) -> str:
    who = tip.institution or str((tip.facts or {}).get("org_name") or "")
    return " ".join(part for part in (who, place(book, tip.facts, tip.report.town)) if part)


def _summary(tip: Tip, book: PaperBook) -> str:
    return restate(book, tip.facts, category=tip.report.category, town=tip.report.town, institution=tip.institution)


def _claimed(tip: Tip, book: PaperBook) -> str:
    if not tip.lead or not tip.lead.claimed_at:
        return ""
    return f"{tip.lead.claimed_at.astimezone(book.zone):%Y-%m-%d %H:%M} {tip.officer}"


def _substantiated(tip: Tip, book: PaperBook) -> str:
    """Only a tip-off is found true or not; a complaint is settled or not."""
    if tip.report.nature != Nature.TIPOFF or not tip.report.disposition:
        return ""
    ended = Disposition(tip.report.disposition)
    if ended is Disposition.PARTLY:
        return book.label("disposition", ended)
    return book.word("sheet", "yes") if ended in TRUE else book.word("sheet", "no") if ended in UNTRUE else ""


def _measures(tip: Tip, book: PaperBook) -> str:
    return "、".join(book.label("measure", one) for one in tip.record.measures) if tip.record else ""


def _remark(tip: Tip, book: PaperBook) -> str:
    words = book.ledgers["tips"].words
    row = tip.report
    marks = (("escalated", row.escalated), ("redone", row.redone), ("self_check", row.self_check), ("insufficient", row.insufficient))
    return "；".join(words[name] for name, holds in marks if holds)


CELLS: Mapping[str, Callable[[Tip, PaperBook], Cell]] = {
    "number": lambda tip, _: tip.report.number,
    "filed_at": lambda tip, _: tip.report.filed_at,
    "source": lambda tip, book: book.label("source", tip.report.source),
    "nature": lambda tip, book: book.label("nature", tip.report.nature),
    "category": lambda tip, book: book.policy.label(tip.report.category),
    "level": lambda tip, book: book.label("level", tip.report.level),
    "place": _place,
    "summary": _summary,
    "lead": lambda tip, book: book.short(tip.lead.department) if tip.lead else "",
    "assists": lambda tip, book: "、".join(map(book.short, tip.assists)),
    "dispatched_at": lambda tip, _: tip.lead.dispatched_at if tip.lead else None,
    "claimed": _claimed,
    "due_at": lambda tip, book: tip.due_at.astimezone(book.zone).date() if tip.due_at else None,
    "contacted_at": lambda tip, _: tip.lead.contacted_at if tip.lead else None,
    "replied_at": lambda tip, _: tip.report.replied_at,
    "disposition": lambda tip, book: book.label("disposition", tip.report.disposition),
    "substantiated": _substantiated,
    "measures": _measures,
    "refund": lambda tip, _: tip.record.refund_yuan if tip.record else None,
    "fine": lambda tip, _: tip.record.fine_yuan if tip.record else None,
    "satisfaction": lambda tip, book: book.label("satisfaction", tip.report.satisfaction),
    "status": lambda tip, book: book.label("status", tip.report.status),
    "late": lambda tip, _: int(tip.late),
    "remark": _remark,
}
