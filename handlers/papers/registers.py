"""问题台账 and 风险台账, column by column."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from handlers.papers.book import Cell, PaperBook

Cells = Mapping[str, Callable[[Any, PaperBook], Cell]]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _progress(row: Any) -> str:
    """The step the problem stands at, as the workbench calls it."""
    steps = (("struck_off", row.struck_off_at), ("accepted", row.accepted_at), ("put_right", row.put_right_at), ("in_hand", row.plan))
    return next((name for name, reached in steps if reached), "no_plan")


def _joined(*parts: object, by: str = " ") -> str:
    return by.join(str(part) for part in parts if part)


def _of_whom(row: Any, book: PaperBook) -> str:
    """The institution; reports that gathered in one town may name none, and then the line says so, and on what they are."""
    if row.institution_id is not None:
        return str(row.of_name)
    return book.ledgers["risks"].words["gathering"].format(town=book.town(row.town), category=book.policy.label(row.category))


PROBLEMS: Cells = {
    "number": lambda row, _: row.number,
    "source": lambda row, book: book.label("problem_source", row.source),
    "task": lambda row, book: book.label("task", str(row.task)),
    "description": lambda row, _: row.description,
    "institution": lambda row, _: row.institution,
    "department": lambda row, book: book.short(row.department),
    "responsible": lambda row, _: row.responsible,
    "plan": lambda row, _: row.plan,
    "due_on": lambda row, _: _day(row.due_on),
    "progress": lambda row, book: book.label("ledger", _progress(row)),
    "put_right_at": lambda row, _: row.put_right_at,
    "accepted_by": lambda row, _: row.accepted_by_name,
    "struck_off": lambda row, _: int(row.struck_off_at is not None),
}
# `principal` and `phone` are the institution's own, never a reporter's.
RISKS: Cells = {
    "institution": _of_whom,
    "credit_code": lambda row, _: row.of_credit_code,
    "licence": lambda row, _: row.of_licence,
    "kind": lambda row, book: book.label("institution_kind", row.of_kind),
    "principal": lambda row, _: _joined(row.of_principal, row.of_phone, by="\n"),
    "address": lambda row, book: _joined(book.town(row.of_town), row.of_address),
    "students": lambda row, _: row.of_students,
    "unused": lambda row, _: row.of_unused_yuan,
    "fund_mode": lambda row, book: book.label("fund_mode", row.of_fund_mode),
    "account": lambda row, _: row.of_account_yuan,
    "unpaid_staff": lambda row, _: row.unpaid_staff,
    "unpaid": lambda row, _: row.unpaid_yuan,
    "reports": lambda row, _: row.reports,
    "families": lambda row, _: row.families,
    "yuan": lambda row, _: row.yuan,
    "risk": lambda row, book: book.label("risk_kind", row.kind),
    "level": lambda row, book: book.label("risk_level", row.level),
    "measures": lambda row, _: row.measures,
    "responsible": lambda row, _: row.responsible,
    "due_on": lambda row, _: _day(row.due_on),
    "progress": lambda row, _: row.progress,
    "settled": lambda row, _: int(row.settled_at is not None),
}
