"""Both state machines of domain §9 as tables of moves: what leads from where to where, and who may do it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from storage.people import Actor
from storage.vocabulary import AssignmentStatus as A
from storage.vocabulary import Role, Status

S = TypeVar("S", bound=StrEnum)


class Reach(StrEnum):
    """Whose assignment a role may move: any, its own department's, or only the one it holds itself."""

    ANY = "any"
    DEPARTMENT = "department"
    OWNER = "owner"


@dataclass(frozen=True)
class Move(Generic[S]):
    """One row: this move leads from here to there when one of these roles makes it."""

    name: str
    source: S
    target: S
    roles: frozenset[Role]
    reach: Reach = Reach.ANY
    needs_reason: bool = False


def _moves(
    name: str, sources: Iterable[S], target: S | None, *roles: Role, reach: Reach = Reach.ANY, reason: bool = False
) -> tuple[Move[S], ...]:
    """The same move from several states; no target means it stays where it is."""
    return tuple(Move(name, source, source if target is None else target, frozenset(roles), reach, reason) for source in sources)


BEFORE_REPLY = (Status.RECEIVED, Status.TRIAGE, Status.DISPATCHED, Status.NEED_INFO, Status.HANDLING)
UNSEALED = tuple(status for status in Status if status is not Status.SEALED)
OPEN = (A.PENDING_SIGN, A.CLAIMED, A.WORKING, A.SUBMITTED, A.RETURN_REVIEW)

REPORT_MOVES: tuple[Move[Status], ...] = (
    *_moves("auto_route", [Status.RECEIVED], Status.DISPATCHED, Role.SYSTEM),
    *_moves("to_triage", [Status.RECEIVED], Status.TRIAGE, Role.SYSTEM),
    *_moves("answer", [Status.RECEIVED], Status.CLOSED, Role.SYSTEM),
    *_moves("dispatch", [Status.TRIAGE], Status.DISPATCHED, Role.OFFICE),
    *_moves("ask_info", [Status.TRIAGE], Status.NEED_INFO, Role.OFFICE, reason=True),
    *_moves("ask_info", [Status.HANDLING], Status.NEED_INFO, Role.OFFICE, Role.OFFICER, reach=Reach.OWNER, reason=True),
    # The state it was asked from decides which of the two applies: a report with a lead goes back to it.
    *_moves("back_to_triage", [Status.NEED_INFO], Status.TRIAGE, Role.CITIZEN, Role.OFFICE, Role.SYSTEM),
    *_moves("back_to_handling", [Status.NEED_INFO], Status.HANDLING, Role.CITIZEN, Role.OFFICE, Role.OFFICER, Role.SYSTEM),
    *_moves("close_insufficient", [Status.NEED_INFO], Status.CLOSED, Role.SYSTEM),
    *_moves("reject", [Status.TRIAGE], Status.REJECTED, Role.OFFICE, reason=True),
    *_moves("merge", [Status.TRIAGE, Status.DISPATCHED], Status.MERGED, Role.OFFICE),
    *_moves("withdraw", BEFORE_REPLY, Status.WITHDRAWN, Role.CITIZEN),
    *_moves("lead_claimed", [Status.DISPATCHED], Status.HANDLING, Role.SYSTEM),
    *_moves("reply", [Status.HANDLING], Status.REPLIED, Role.OFFICE),
    *_moves("close", [Status.REPLIED], Status.CLOSED, Role.OFFICE, Role.SYSTEM),
    *_moves("redo", [Status.REPLIED], Status.HANDLING, Role.OFFICE, reason=True),
    *_moves("archive", [Status.CLOSED], Status.ARCHIVED, Role.OFFICE, Role.SYSTEM),
    *_moves("reopen", [Status.CLOSED, Status.ARCHIVED], Status.HANDLING, Role.OFFICE, reason=True),
    *_moves("seal", UNSEALED, Status.SEALED, Role.OFFICE, Role.SYSTEM),
)

ASSIGNMENT_MOVES: tuple[Move[A], ...] = (
    *_moves("claim", [A.PENDING_SIGN], A.CLAIMED, Role.OFFICER, reach=Reach.DEPARTMENT),
    *_moves("release", [A.CLAIMED], A.PENDING_SIGN, Role.OFFICER, reach=Reach.OWNER, reason=True),
    *_moves("request_return", [A.PENDING_SIGN], A.RETURN_REVIEW, Role.OFFICER, Role.HEAD, reach=Reach.DEPARTMENT, reason=True),
    *_moves("request_return", [A.CLAIMED], A.RETURN_REVIEW, Role.OFFICER, Role.HEAD, reach=Reach.DEPARTMENT, reason=True),
    *_moves("approve_return", [A.RETURN_REVIEW], A.RETURNED, Role.OFFICE),
    # Denied, it goes back to where it stood when the return was asked for.
    *_moves("deny_return", [A.RETURN_REVIEW], A.PENDING_SIGN, Role.OFFICE, reason=True),
    *_moves("deny_return", [A.RETURN_REVIEW], A.CLAIMED, Role.OFFICE, reason=True),
    *_moves("start", [A.CLAIMED], A.WORKING, Role.OFFICER, reach=Reach.OWNER),
    *_moves("contact", [A.WORKING], None, Role.OFFICER, reach=Reach.OWNER),
    *_moves("request_extension", [A.WORKING], None, Role.OFFICER, reach=Reach.OWNER, reason=True),
    *_moves("approve_extension", [A.WORKING], None, Role.OFFICE),
    *_moves("deny_extension", [A.WORKING], None, Role.OFFICE, reason=True),
    *_moves("transfer_owner", [A.WORKING], None, Role.HEAD, reach=Reach.DEPARTMENT),
    *_moves("submit", [A.WORKING], A.SUBMITTED, Role.OFFICER, reach=Reach.OWNER),
    *_moves("approve", [A.SUBMITTED], A.DONE, Role.OFFICE),
    *_moves("send_back", [A.SUBMITTED], A.WORKING, Role.OFFICE, reason=True),
    *_moves("reassign", OPEN, A.REASSIGNED, Role.OFFICE, reason=True),
    *_moves("end", OPEN, A.REASSIGNED, Role.OFFICE, Role.CITIZEN, Role.SYSTEM),
    *_moves("waive", OPEN, A.DONE, Role.OFFICE, reason=True),
    *_moves("escalate", OPEN, None, Role.OFFICE, reason=True),
    *_moves("declare_conflict", [A.PENDING_SIGN], None, Role.OFFICER, reach=Reach.DEPARTMENT, reason=True),
    *_moves("declare_conflict", [A.CLAIMED], A.PENDING_SIGN, Role.OFFICER, reach=Reach.OWNER, reason=True),
)


def report_moves(name: str) -> tuple[Move[Status], ...]:
    """The rows of this move; an unknown name is a programming error and raises KeyError."""
    return _rows(REPORT_MOVES, name)


def assignment_moves(name: str) -> tuple[Move[A], ...]:
    return _rows(ASSIGNMENT_MOVES, name)


def legal_report_moves(status: Status, by: Actor) -> tuple[str, ...]:
    """What this role may do to a report that stands here, in the table's order."""
    return _names(move for move in REPORT_MOVES if move.source is status and by.role in move.roles)


def legal_assignment_moves(status: A, by: Actor, *, department: str, owner_id: int | None) -> tuple[str, ...]:
    """What this person may do to an assignment of this department that stands here, in the table's order."""
    return _names(
        move
        for move in ASSIGNMENT_MOVES
        if move.source is status and by.role in move.roles and reaches(move, by, department=department, owner_id=owner_id)
    )


def reaches(move: Move[A], by: Actor, *, department: str, owner_id: int | None) -> bool:
    """Whether this assignment is within the person's reach for this move."""
    match move.reach:
        case Reach.ANY:
            return True
        case Reach.DEPARTMENT:
            return by.department == department
        case Reach.OWNER:
            return by.department == department and by.officer_id is not None and by.officer_id == owner_id


def _rows(table: tuple[Move[S], ...], name: str) -> tuple[Move[S], ...]:
    found = tuple(move for move in table if move.name == name)
    if not found:
        raise KeyError(name)
    return found


def _names(moves: Iterable[Move[S]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(move.name for move in moves))
