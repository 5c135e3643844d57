"""What people are told of, as keys and fields and never as words: handlers turn a notice into a sentence of texts.toml."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

IN_FULL = "in_full"


class Notice(StrEnum):
    """One reason to tell someone something."""

    # To the reporter.
    CLAIMED = "claimed"
    INFO_ASKED = "info_asked"
    EXTENDED = "extended"
    REPLIED = "replied"
    RATE_AGAIN = "rate_again"
    REASON_AGAIN = "reason_again"
    REOPENED = "reopened"
    CLOSED = "closed"
    REJECTED = "rejected"
    MESSAGE_TO_REPORTER = "message_to_reporter"
    # To officers, heads and the office.
    TRIAGE_WAITING = "triage_waiting"
    DISPATCHED = "dispatched"
    INFORMED = "informed"
    TAKEN_OVER = "taken_over"
    RETURN_WAITING = "return_waiting"
    RETURNED = "returned"
    RETURN_DENIED = "return_denied"
    EXTENSION_WAITING = "extension_waiting"
    EXTENSION_DECIDED = "extension_decided"
    REVIEW_WAITING = "review_waiting"
    SENT_BACK = "sent_back"
    ASSIST_GIVEN = "assist_given"
    LEVEL_RAISED = "level_raised"
    INFORMATION_ADDED = "information_added"
    MESSAGE_FROM_REPORTER = "message_from_reporter"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"
    REDO = "redo"
    SUPERVISED = "supervised"
    HALF_TIME = "half_time"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    URGED = "urged"
    CIRCULAR = "circular"
    SEALED_FILED = "sealed_filed"
    RECTIFICATION_DUE = "rectification_due"
    GATHERING_AT_INSTITUTION = "gathering_at_institution"
    GATHERING_IN_TOWN = "gathering_in_town"


# The fields each sentence may use besides the number. Times are UTC seconds, departments their keys.
FIELDS: Mapping[Notice, frozenset[str]] = {
    Notice.CLAIMED: frozenset({"department", "due_at", "provisional"}),
    Notice.INFO_ASKED: frozenset({"department", "question", "due_at"}),
    Notice.EXTENDED: frozenset({"department", "reason", "due_at", "provisional"}),
    Notice.REPLIED: frozenset({"department", "answer", "disposition", "rate"}),
    Notice.RATE_AGAIN: frozenset({"attempt"}),
    Notice.REASON_AGAIN: frozenset({"attempt"}),
    Notice.REOPENED: frozenset({"department", "due_at"}),
    Notice.CLOSED: frozenset({"disposition"}),
    Notice.REJECTED: frozenset({"ground", "reason", "way"}),
    Notice.MESSAGE_TO_REPORTER: frozenset({"department", "text"}),
    Notice.TRIAGE_WAITING: frozenset({"level", "due_at"}),
    Notice.DISPATCHED: frozenset({"level", "part", "sign_due_at", "due_at"}),
    Notice.INFORMED: frozenset({"level", "lead"}),
    Notice.TAKEN_OVER: frozenset({"due_at"}),
    Notice.RETURN_WAITING: frozenset({"department", "suggested"}),
    Notice.RETURNED: frozenset({"to"}),
    Notice.RETURN_DENIED: frozenset({"reason"}),
    Notice.EXTENSION_WAITING: frozenset({"department", "days"}),
    Notice.EXTENSION_DECIDED: frozenset({"approved", "due_at"}),
    Notice.REVIEW_WAITING: frozenset({"department", "part", "due_at"}),
    Notice.SENT_BACK: frozenset({"reason", "due_at"}),
    Notice.ASSIST_GIVEN: frozenset({"department", "open"}),
    Notice.LEVEL_RAISED: frozenset({"level", "due_at"}),
    Notice.INFORMATION_ADDED: frozenset({"files"}),
    Notice.MESSAGE_FROM_REPORTER: frozenset(),
    Notice.WITHDRAWN: frozenset({"goes_on"}),
    Notice.DISPUTED: frozenset({"department", "may_redo"}),
    Notice.REDO: frozenset({"reason", "due_at"}),
    Notice.SUPERVISED: frozenset({"reason", "due_at"}),
    Notice.HALF_TIME: frozenset({"clock", "department", "due_at"}),
    Notice.DUE_SOON: frozenset({"clock", "department", "due_at"}),
    Notice.OVERDUE: frozenset({"clock", "department", "due_at"}),
    Notice.URGED: frozenset({"clock", "department", "due_at"}),
    Notice.CIRCULAR: frozenset({"clock", "department", "due_at"}),
    Notice.SEALED_FILED: frozenset(),
    Notice.RECTIFICATION_DUE: frozenset({"problem", "due_on"}),
    Notice.GATHERING_AT_INSTITUTION: frozenset({"people", "reports", "hours"}),
    Notice.GATHERING_IN_TOWN: frozenset({"people", "reports", "hours"}),
}


class WrongFields(Exception):
    """A notice was given fields its sentence does not know, or lacks some; a programming error."""


def payload(notice: Notice, number: str, fields: Mapping[str, Any], *, in_full: bool = False) -> Mapping[str, Any]:
    """What goes into the outbox; `in_full` when its reader wants the content even on a locked screen."""
    if fields.keys() != FIELDS[notice]:
        raise WrongFields(f"{notice}: {sorted(fields.keys() ^ FIELDS[notice])}")
    told: dict[str, Any] = {"notice": str(notice), "number": number, "fields": dict(fields)}
    return told | ({IN_FULL: True} if in_full else {})
