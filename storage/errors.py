"""What can stand in the way of an act on a report: one family of errors, named for the state of the world."""

from dataclasses import dataclass
from datetime import datetime


class ReportError(Exception):
    """The act did not happen; nothing was written."""


class NoSuchReport(ReportError):
    """There is no such report or assignment for this person. Whether it exists for others is not said."""


@dataclass
class IllegalMove(ReportError):
    """This move does not leave from where the report or assignment stands now."""

    move: str
    status: str


@dataclass
class NotPermitted(ReportError):
    """This role never makes this move (domain §9)."""

    move: str
    role: str


@dataclass
class NotTheOwner(ReportError):
    """Another officer holds the assignment."""

    officer_id: int | None


class ReturnedBefore(ReportError):
    """This department has used its one return of this report (domain §8 return)."""


class Designated(ReportError):
    """The office has ruled that this department is responsible: it cannot send the report back (domain §8 return.forbidden)."""


@dataclass
class TooLate(ReportError):
    """The time in which this could be asked for has passed."""

    until: datetime


@dataclass
class TooLong(ReportError):
    """More time was asked for than an extension may give (domain §8 extension)."""

    most: int


class ExtendedBefore(ReportError):
    """The one extension of this assignment is used, or waits for its decision."""


class NoOpenExtension(ReportError):
    """No extension is waiting for a decision here."""


class SameOfficer(ReportError):
    """Whoever asked for an extension may not decide it (four eyes)."""


@dataclass
class Incomplete(ReportError):
    """The handling record lacks these fields (domain §9 处置必填)."""

    missing: tuple[str, ...]


class ReasonMissing(ReportError):
    """This move needs a reason in words."""


@dataclass
class AssistsOpen(ReportError):
    """These assisting departments have neither given an opinion nor been waived (domain §9)."""

    departments: tuple[str, ...]


@dataclass
class AssistsUnable(AssistsOpen):
    """Some of the assisting departments still waited for have no account: by waiting alone their opinion never comes."""

    without_account: tuple[str, ...]


class ReporterAsked(ReportError):
    """The reporter was asked and may still answer: first the answer, or the end of the waiting (domain §9 ask_info)."""


@dataclass
class Involved(ReportError):
    """The report is about this department: it may neither have nor see it (domain §9 密级隔离)."""

    department: str


@dataclass
class WrongDepartment(ReportError):
    """This department cannot take this part: unknown, not a working one, or it has the report already."""

    department: str


class ConflictDeclared(ReportError):
    """The officer has declared a conflict of interest and may not hold this report (domain §11 利害关系回避)."""


class RedoneBefore(ReportError):
    """A report is redone once only (domain §8 redo)."""


class RatedBefore(ReportError):
    """This answer was rated already."""


class NothingToRate(ReportError):
    """There is no answer yet."""


class SelfMerge(ReportError):
    """A report cannot be merged into itself, into a merged one, or into one that cannot be seen."""


class NotAccepted(ReportError):
    """A problem leaves the ledger only when its rectification was accepted (domain §7 未整改不可销号)."""


class NotPutRight(ReportError):
    """There is nothing to accept: no plan, or no evidence that it was carried out."""


class AlreadyStruckOff(ReportError):
    """The problem has left the ledger; it is not changed any more."""


class TooFewInspectors(ReportError):
    """A joint inspection needs two departments and two people (domain §7, 行政处罚法 42)."""


class NameTaken(ReportError):
    """Another institution of the register goes by this name or credit code."""


class ChangedMeanwhile(ReportError):
    """Somebody else changed the record since it was read."""


class CheckedBefore(ReportError):
    """This spot check has its finding already."""
