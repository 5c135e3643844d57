"""Which moves are a person's to make: the record's tables of moves, less what means nothing where the report stands."""

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


def moves_at(assignment: Assignment, dossier: Dossier, by: Actor) -> tuple[str, ...]:
    """The moves at one assignment, the likeliest first. Whether one would succeed just now, obstacles.py says."""
    if not assignment.is_open:
        return ()
    legal = set(legal_assignment_moves(assignment.status, by, department=assignment.department, owner_id=assignment.officer_id))
    if by.role is Role.OFFICE and _is_reviewed(assignment) and opinions_wanted(dossier):
        # It moves the assists and not the lead, and stands in no table: offered where it is missed, beside the approval.
        legal.add("waive_all")
    return tuple(name for name in ON_ASSIGNMENT if name in legal and _means_something(name, assignment))


def opinions_wanted(dossier: Dossier) -> tuple[Assignment, ...]:
    """The assignments of assisting departments whose opinion the lead still waits for."""
    assists = (one for one in dossier.assignments if one.is_open and one.part is Part.ASSIST)
    return tuple(one for one in assists if one.status is not AssignmentStatus.SUBMITTED)


def report_moves_for(dossier: Dossier, by: Actor) -> tuple[str, ...]:
    """The buttons under the report itself; writing and noting are always there for those who work on it."""
    legal = {_SAME.get(name, name) for name in legal_report_moves(dossier.report.status, by)} - _out_of_reach(dossier)
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
        found.add("resume" if _is_suspended(dossier) else "suspend")
    return found


def _of_an_officer(dossier: Dossier, by: Actor) -> frozenset[str]:
    """Only who holds the lead may ask the reporter, or wait no longer."""
    leads = any(one.is_open and one.part is Part.LEAD and one.officer_id == by.officer_id for one in dossier.assignments)
    return OF_THE_LEAD if leads and by.officer_id is not None else frozenset()


def _is_reviewed(assignment: Assignment) -> bool:
    """Whether this is a lead's answer that waits for its approval."""
    return assignment.part is Part.LEAD and assignment.status is AssignmentStatus.SUBMITTED


def _out_of_reach(dossier: Dossier) -> set[str]:
    """A report is redone once; and nobody is asked while a superior body examines."""
    redone = {"redo"} if dossier.report.redone else set()
    return redone | ({"ask_info"} if _is_suspended(dossier) else set())


def _is_suspended(dossier: Dossier) -> bool:
    return dossier.report.status is Status.HANDLING and any(clock.paused_at and not clock.stopped_at for clock in dossier.clocks)


def _means_something(name: str, assignment: Assignment) -> bool:
    match name:
        case "approve_extension" | "deny_extension":
            return assignment.asked_days is not None
        case "waive":
            return assignment.part is Part.ASSIST and assignment.status is not AssignmentStatus.SUBMITTED
    return True
