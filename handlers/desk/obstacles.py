"""What stands in the way of a move that is somebody's to make: it waits for something, or its time is over for good."""

from datetime import datetime

from handlers.desk.moving import opinions_wanted
from storage import assignments, clocks, extensions, returns
from storage.dossiers import Assignment, Dossier
from storage.errors import ReporterAsked, ReportError
from storage.rules import Rules
from storage.vocabulary import EventKind, Part, Status


def waits_for(name: str, assignment: Assignment, dossier: Dossier) -> ReportError | None:
    """What this move would be refused with now, though not for ever; None when nothing is missing."""
    is_lead = assignment.part is Part.LEAD
    match name:
        case "submit" | "approve" if is_lead and dossier.report.status is Status.NEED_INFO:
            return ReporterAsked()
        case "approve" if is_lead:
            wanted = opinions_wanted(dossier)
            return assignments.still_wanted((one.department for one in wanted), {one.department for one in wanted if one.is_staffed})
    return None


def is_spent(name: str, assignment: Assignment, dossier: Dossier, *, rules: Rules, now: datetime) -> bool:
    """Whether this move can never succeed here any more: it was used before, or its time is over."""
    match name:
        case "request_return":
            until = returns.return_until(rules, assignment.dispatched_at, dossier.report.level)
            return assignment.designated or _returned_before(assignment, dossier) or now > until
        case "request_extension":
            return _has_extension(assignment, dossier) or now > _extension_until(assignment, dossier, rules)
    return False


def _returned_before(assignment: Assignment, dossier: Dossier) -> bool:
    return any(one.returns > 0 and one.department == assignment.department for one in dossier.assignments)


def _has_extension(assignment: Assignment, dossier: Dossier) -> bool:
    granted = (event.assignment_id for event in dossier.history if event.kind is EventKind.EXTENSION_APPROVED)
    return assignment.asked_days is not None or assignment.id in granted


def _extension_until(assignment: Assignment, dossier: Dossier, rules: Rules) -> datetime:
    own = [clock for clock in dossier.clocks if clock.assignment_id == assignment.id and clock.kind in clocks.MAIN]
    return extensions.request_until(rules, own[-1].due_at, dossier.report.level)
