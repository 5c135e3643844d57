"""What the office decides about a report: sorting, arbitration, review, callback, and how it ends."""

from collections.abc import Mapping

from handlers.desk.acts import Act, Move
from storage import assignments, extensions, institutions, merging, outcomes, reports, returns, supervision, triage
from storage.errors import ReportError, SelfMerge
from storage.vocabulary import Level, RejectionGround, Resolved


class UnknownInstitution(ReportError):
    """Nothing in the register goes by this name."""


def _approve_return(move: Move) -> None:
    returns.approve_return(move.tx, move.target, move.by, move.at, to=move.said.text("to") or None)


def _dispatch(move: Move) -> None:
    lead = move.said.text("lead")
    assists = tuple(key for key in move.said.several("assists") if key != lead)
    triage.dispatch(move.tx, move.target, move.by, move.at, lead=lead, assists=assists)


def _reject(move: Move) -> None:
    ground = RejectionGround(move.said.text("ground"))
    triage.reject(move.tx, move.target, move.by, move.at, ground=ground, reason=move.reason, way=move.said.text("way"))


def _merge(move: Move) -> None:
    into = reports.by_number(move.tx, move.said.text("into"))
    if into is None or not reports.visible(move.tx, into, move.by):
        raise SelfMerge
    merging.merge(move.tx, move.target, into, move.by, move.at)


def _call_back(move: Move) -> None:
    """One call: tried in vain, or with the reporter's word on it."""
    said = move.said
    outcomes.call_back(move.tx, move.target, move.by, move.at, reached=said.text("reached") == "yes")
    if said.text("resolved"):
        resolved, satisfaction = Resolved(said.text("resolved")), said.number("satisfaction")
        outcomes.rate_for(move.tx, move.target, move.by, move.at, resolved=resolved, satisfaction=satisfaction, reason=move.reason or None)


def _change_level(move: Move) -> None:
    triage.change_level(move.tx, move.target, Level(move.said.text("level")), move.by, move.at, reason=move.reason)


def _change_category(move: Move) -> None:
    triage.change_category(move.tx, move.target, move.said.text("category"), move.by, move.at, reason=move.reason)


def _link(move: Move) -> None:
    found = institutions.find(move.tx, move.said.text("institution"))
    if found is None:
        raise UnknownInstitution
    institutions.link(move.tx, move.target, found, move.by, move.at)


def _reopen(move: Move) -> None:
    outcomes.reopen(move.tx, move.target, move.by, move.at, reason=move.reason, lead=move.said.text("to") or None)


ON_ASSIGNMENT: Mapping[str, Act] = {
    "approve": lambda move: assignments.approve(move.tx, move.target, move.by, move.at),
    "waive_all": lambda move: supervision.waive_all(move.tx, move.target, move.by, move.at, reason=move.reason),
    "send_back": lambda move: assignments.send_back(move.tx, move.target, move.by, move.at, reason=move.reason),
    "approve_return": _approve_return,
    "deny_return": lambda move: returns.deny_return(move.tx, move.target, move.by, move.at, reason=move.reason),
    "approve_extension": lambda move: extensions.approve_extension(move.tx, move.target, move.by, move.at, reason=move.reason),
    "deny_extension": lambda move: extensions.deny_extension(move.tx, move.target, move.by, move.at, reason=move.reason),
    "reassign": lambda move: supervision.reassign(move.tx, move.target, move.said.text("to"), move.by, move.at, reason=move.reason),
    "waive": lambda move: supervision.waive(move.tx, move.target, move.by, move.at, reason=move.reason),
    "escalate": lambda move: supervision.escalate(move.tx, move.target, move.by, move.at, reason=move.reason),
}
ON_REPORT: Mapping[str, Act] = {
    "dispatch": _dispatch,
    "ask_info": lambda move: triage.ask_info(move.tx, move.target, move.by, move.at, question=move.said.text("question")),
    "stop_waiting": lambda move: triage.stop_waiting(move.tx, move.target, move.by, move.at, reason=move.reason),
    "call_back": _call_back,
    "close": lambda move: outcomes.close(move.tx, move.target, move.by, move.at),
    "redo": lambda move: outcomes.redo(move.tx, move.target, move.by, move.at, reason=move.reason),
    "reopen": _reopen,
    "archive": lambda move: outcomes.archive(move.tx, move.target, move.by, move.at),
    "merge": _merge,
    "reject": _reject,
    "add_assist": lambda move: supervision.add_assist(move.tx, move.target, move.said.text("department"), move.by, move.at),
    "change_level": _change_level,
    "change_category": _change_category,
    "link": _link,
    "suspend": lambda move: triage.suspend(move.tx, move.target, move.by, move.at, reason=move.reason),
    "resume": lambda move: triage.resume(move.tx, move.target, move.by, move.at),
    "seal": lambda move: triage.seal(move.tx, move.target, move.by, move.at, reason=move.reason),
}
