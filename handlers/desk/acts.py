"""What an officer does to a report at the own department, each as one act over the answers of a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import Connection

from handlers.desk.forms import HANDLING, Answers, Kind
from storage import assignments, extensions, returns, talk
from storage.assignments import TakenBy
from storage.handling import Handling
from storage.people import Actor
from storage.vocabulary import Disposition, Measure


@dataclass(frozen=True)
class Move:
    """One move asked for: on which report or assignment, by whom, with which answers."""

    tx: Connection
    target: int
    by: Actor
    at: datetime
    said: Answers

    @property
    def reason(self) -> str:
        return self.said.text("reason")


Act = Callable[[Move], object]


def _claim(move: Move) -> TakenBy | None:
    outcome = assignments.claim(move.tx, move.target, move.by, move.at)
    return outcome if isinstance(outcome, TakenBy) else None


def _transfer(move: Move) -> None:
    assignments.transfer_owner(move.tx, move.target, move.said.number("to_officer") or 0, move.by, move.at)


def _request_return(move: Move) -> None:
    suggested = move.said.text("suggested") or None
    returns.request_return(move.tx, move.target, move.by, move.at, reason=move.reason, suggested=suggested)


def _request_extension(move: Move) -> None:
    extensions.request_extension(move.tx, move.target, move.by, move.at, days=move.said.number("days") or 0, reason=move.reason)


def handling(said: Answers) -> Handling:
    """The record of what was done, as the form brought it."""
    return Handling(
        disposition=Disposition(said.text("disposition")),
        findings=said.text("findings"),
        answer=said.text("answer"),
        opinion=said.text("opinion"),
        inspected_at=said.moment("inspected_at"),
        place=said.text("place"),
        people=said.lines("people"),
        joint=said.several("joint"),
        measures=tuple(map(Measure, said.several("measures"))),
        documents=said.lines("documents"),
        refund_asked_yuan=said.number("refund_asked_yuan"),
        refund_yuan=said.number("refund_yuan"),
        fine_yuan=said.number("fine_yuan"),
        students=said.number("students"),
        evacuated=said.number("evacuated"),
    )


def as_form(record: Handling, zone: tzinfo) -> dict[str, list[str]]:
    """The record as a form shows it again."""
    values: dict[str, list[str]] = {}
    for field in HANDLING:
        value = getattr(record, field.name)
        if field.kind is Kind.SEVERAL:
            values[field.name] = [str(one) for one in value]
        elif field.kind is Kind.LINES:
            values[field.name] = ["\n".join(value)]
        elif field.kind is Kind.MOMENT and value is not None:
            values[field.name] = [value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")]
        elif value is not None:
            values[field.name] = [str(value)]
    return values


ON_ASSIGNMENT: Mapping[str, Act] = {
    "claim": _claim,
    "start": lambda move: assignments.start(move.tx, move.target, move.by, move.at),
    "submit": lambda move: assignments.submit(move.tx, move.target, move.by, handling(move.said), move.at),
    "contact": lambda move: assignments.contact(move.tx, move.target, move.by, move.at, reason=move.reason or None),
    "request_extension": _request_extension,
    "request_return": _request_return,
    "release": lambda move: assignments.release(move.tx, move.target, move.by, move.at, reason=move.reason),
    "declare_conflict": lambda move: assignments.declare_conflict(move.tx, move.target, move.by, move.at, reason=move.reason),
    "transfer_owner": _transfer,
}
ON_REPORT: Mapping[str, Act] = {
    "write": lambda move: talk.to_reporter(move.tx, move.target, move.by, move.said.text("text"), move.at),
    "note": lambda move: talk.internally(move.tx, move.target, move.by, move.said.text("text"), move.at),
}
