"""The fixed words of the record: what a report, an assignment, an event and a person can be (domain §9)."""

from enum import StrEnum


class Nature(StrEnum):
    TIPOFF = "T"
    COMPLAINT = "C"
    QUESTION = "Q"
    SUGGESTION = "G"


class Level(StrEnum):
    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Source(StrEnum):
    """How a report reached the office. Only CHAT comes through a parent's own conversation."""

    CHAT = "chat"
    HOTLINE = "hotline"
    PHONE = "phone"
    VISIT = "visit"
    PATROL = "patrol"
    SUPERIOR = "superior"


class Status(StrEnum):
    """Where a report stands, as the parent sees it. Overdue and escalated are flags, never statuses."""

    RECEIVED = "received"
    TRIAGE = "triage"
    DISPATCHED = "dispatched"
    NEED_INFO = "need_info"
    HANDLING = "handling"
    REPLIED = "replied"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    SEALED = "sealed"


class Part(StrEnum):
    """A department's part in a report: 主办 or 协办."""

    LEAD = "lead"
    ASSIST = "assist"


class AssignmentStatus(StrEnum):
    """Where one report stands at one department."""

    PENDING_SIGN = "pending_sign"
    RETURN_REVIEW = "return_review"
    RETURNED = "returned"
    CLAIMED = "claimed"
    WORKING = "working"
    SUBMITTED = "submitted"
    DONE = "done"
    REASSIGNED = "reassigned"


class Role(StrEnum):
    CITIZEN = "citizen"
    CLERK = "clerk"
    OFFICER = "officer"
    HEAD = "head"
    OFFICE = "office"
    DISCIPLINE = "discipline"
    READER = "reader"
    SYSTEM = "system"


class Disposition(StrEnum):
    """How an assignment or a report ended. Closed is never counted as solved."""

    SUBSTANTIATED_RECTIFIED = "substantiated_rectified"
    SUBSTANTIATED_PENALIZED = "substantiated_penalized"
    CLOSED_DOWN = "closed_down"
    PARTLY = "partly"
    UNSUBSTANTIATED = "unsubstantiated"
    INSUFFICIENT = "insufficient"
    REFUND_DONE = "refund_done"
    MEDIATED = "mediated"
    MEDIATION_FAILED = "mediation_failed"
    CASE_FILED = "case_filed"
    TRANSFERRED = "transferred"
    DUPLICATE = "duplicate"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class Measure(StrEnum):
    """What a department did about it (domain §9 采取措施); several may apply."""

    ORDERED_TO_STOP = "ordered_to_stop"
    CLOSURE_NOTICE = "closure_notice"
    REFUND_ORDERED = "refund_ordered"
    TALKED_TO = "talked_to"
    RECTIFICATION_NOTICE = "rectification_notice"
    WARNED = "warned"
    CRITICISED = "criticised"
    FINED = "fined"
    CONFISCATED = "confiscated"
    LICENCE_REVOKED = "licence_revoked"
    REFERRED = "referred"
    EXPOSED = "exposed"
    NOT_TRUE = "not_true"


class RejectionGround(StrEnum):
    """Why a report is not taken up (domain §8 不予受理). Little information is never one of them."""

    IN_COURT = "in_court"
    IN_PETITION = "in_petition"
    REPEATED = "repeated"
    CLASSIFIED = "classified"
    OUT_OF_SCOPE = "out_of_scope"


class Resolved(StrEnum):
    """The reporter's own word on whether it was solved."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class ClockKind(StrEnum):
    """What a deadline is about; each kind runs at most once at a time on its report or assignment."""

    TRIAGE = "triage"
    SIGN = "sign"
    CONTACT = "contact"
    REPLY = "reply"
    ASSIST = "assist"
    RETURN = "return"
    REVIEW = "review"
    CALLBACK = "callback"
    REDO = "redo"
    INFO = "info"


class EventKind(StrEnum):
    """One thing that happened to a report, past tense; the history is made of these and nothing else."""

    FILED = "filed"
    ROUTED = "routed"
    TRIAGED = "triaged"
    SEALED = "sealed"
    DISPATCHED = "dispatched"
    CLAIMED = "claimed"
    RELEASED = "released"
    STARTED = "started"
    CONTACTED = "contacted"
    INFO_ASKED = "info_asked"
    INFO_GIVEN = "info_given"
    INFO_LAPSED = "info_lapsed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    RETURN_REQUESTED = "return_requested"
    RETURN_APPROVED = "return_approved"
    RETURN_DENIED = "return_denied"
    EXTENSION_REQUESTED = "extension_requested"
    EXTENSION_APPROVED = "extension_approved"
    EXTENSION_DENIED = "extension_denied"
    TRANSFERRED = "transferred"
    REASSIGNED = "reassigned"
    ASSIST_ADDED = "assist_added"
    ASSIST_WAIVED = "assist_waived"
    NOTED = "noted"
    INSPECTED = "inspected"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    REPLIED = "replied"
    CALLED_BACK = "called_back"
    DISPUTED = "disputed"
    RATED = "rated"
    REDONE = "redone"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REOPENED = "reopened"
    REJECTED = "rejected"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    ESCALATED = "escalated"
    REMINDED = "reminded"
    BECAME_OVERDUE = "became_overdue"
    DUE_RECALCULATED = "due_recalculated"
    LEVEL_CHANGED = "level_changed"
    CATEGORY_CHANGED = "category_changed"
    CONFLICT_DECLARED = "conflict_declared"
    MESSAGE_FROM_REPORTER = "message_from_reporter"
    MESSAGE_TO_REPORTER = "message_to_reporter"
    EVIDENCE_ADDED = "evidence_added"
    DOCUMENT_ADDED = "document_added"
    PUSHES_CHOSEN = "pushes_chosen"
    SPOT_CHECKED = "spot_checked"
    LINKED = "linked"
    IDENTITY_ERASED = "identity_erased"


class Purpose(StrEnum):
    """What a file that an officer adds to the record of handling shows (domain §9 处置必填 附件)."""

    INSPECTION_RECORD = "inspection_record"
    ORDER = "order"
    RECTIFICATION = "rectification"
    REFUND_PROOF = "refund_proof"
    SCENE = "scene"
    OTHER = "other"


class InstitutionKind(StrEnum):
    """What an institution teaches; the departments answer by this (domain §2 industry_dept)."""

    SUBJECT = "subject"
    PRESCHOOL = "preschool"
    ART = "art"
    SPORT = "sport"
    SCI = "sci"
    UNKNOWN = "unknown"


class InstitutionState(StrEnum):
    """Whether it works, as far as the register knows."""

    OPERATING = "operating"
    SUSPENDED = "suspended"
    DEREGISTERED = "deregistered"
    UNREGISTERED = "unregistered"
    UNKNOWN = "unknown"


class FundMode(StrEnum):
    """How prepaid fees are supervised (domain §7 fund_mode)."""

    BANK_CUSTODY = "bank_custody"
    RISK_DEPOSIT = "risk_deposit"
    UNSUPERVISED = "unsupervised"
    UNKNOWN = "unknown"


class RiskLevel(StrEnum):
    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class RiskKind(StrEnum):
    RUNAWAY = "runaway"
    REFUND = "refund"
    WAGES = "wages"
    SAFETY = "safety"
    FUNDS = "funds"
    OPINION = "opinion"
    OTHER = "other"


class ProblemSource(StrEnum):
    """Where a problem of the ledger was found (domain §13 问题台账 来源)."""

    REPORT = "report"
    PATROL = "patrol"
    SUPERIOR = "superior"
    INSPECTION = "inspection"


class Finding(StrEnum):
    """What a spot check of a closed report found."""

    PASSED = "passed"
    FAILED = "failed"
