"""Which moves a person may make now: the record's tables of moves, less what could not succeed anyway."""

from collections.abc import Mapping

from handlers.desk import acts, rulings
from handlers.desk.acts import Act
from storage.dossiers import Assignment, Dossier
from storage.lifecycle import BEFORE_REPLY, legal_assignment_moves, legal_report_moves
from storage.outcomes import ANSWERED
from storage.people import Actor
from storage.supervision import UNDER_WAY
from storage.talk import WRITERS
from storage.vocabulary import AssignmentStatus, Part, Role, Status

ON_ASSIGNMENT: Mapping[str, Act] = {**acts.ON_ASSIGNMENT, **rulings.ON_ASSIGNMENT}
ON_REPORT: Mapping[str, Act] = {**rulings.ON_REPORT, **acts.ON_REPORT}

# What whoever holds the lead may do to the report too: ask the reporter, and wait no longer.
OF_THE_LEAD = frozenset({"ask_info", "stop_waiting"})
# Asked for by anybody else, these are not a late press of a button but an attempt.
OF_THE_OFFICE = frozenset({*rulings.ON_ASSIGNMENT, *rulings.ON_REPORT}) - OF_THE_LEAD

# Under another name on the page: the record has one move for each state it goes back to.
_SAME = {"back_to_triage": "stop_waiting", "back_to_handling": "stop_waiting"}


def moves_for(assignment: Assignment, by: Actor, status: Status) -> tuple[str, ...]:
    """The buttons under one assignment of a report that stands there, the likeliest first."""
    if not assignment.is_open:
        return ()
    legal = legal_assignment_moves(assignment.status, by, department=assignment.department, owner_id=assignment.officer_id)
    return tuple(name for name in ON_ASSIGNMENT if name in legal and _could_succeed(name, assignment, status))


def report_moves_for(dossier: Dossier, by: Actor) -> tuple[str, ...]:
    """The buttons under the report itself; writing and noting are always there for those who work on it."""
    legal = {_SAME.get(name, name) for name in legal_report_moves(dossier.report.status, by)}
    if by.role is Role.OFFICE:
        legal |= _besides(dossier)
    else:
        legal &= _of_an_officer(dossier, by)
    if by.role in WRITERS:
        legal |= acts.ON_REPORT.keys()
    return tuple(name for name in ON_REPORT if name in legal)


def _besides(dossier: Dossier) -> set[str]:
    """What the office does that moves nothing, and stands in no table of moves."""
    status = dossier.report.status
    found = set() if status is Status.SEALED else {"link"}
    if status in ANSWERED and dossier.resolved is None:
        found.add("call_back")
    if status in UNDER_WAY:
        found.add("add_assist")
    if status in BEFORE_REPLY:
        found |= {"change_level", "change_category"}
    if status is Status.HANDLING:
        paused = any(clock.paused_at and not clock.stopped_at for clock in dossier.clocks)
        found.add("resume" if paused else "suspend")
    return found


def _of_an_officer(dossier: Dossier, by: Actor) -> frozenset[str]:
    """Only who holds the lead may ask the reporter, or wait no longer."""
    leads = any(one.is_open and one.part is Part.LEAD and one.officer_id == by.officer_id for one in dossier.assignments)
    return OF_THE_LEAD if leads and by.officer_id is not None else frozenset()


def _could_succeed(name: str, assignment: Assignment, status: Status) -> bool:
    match name:
        case "submit":
            # The reporter was asked and may still answer.
            return assignment.part is Part.ASSIST or status is not Status.NEED_INFO
        case "request_return":
            return assignment.returns == 0 and not assignment.designated
        case "request_extension":
            return assignment.asked_days is None
        case "approve_extension" | "deny_extension":
            return assignment.asked_days is not None
        case "waive":
            return assignment.part is Part.ASSIST and assignment.status is not AssignmentStatus.SUBMITTED
    return True
