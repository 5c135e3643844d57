"""Reports, their assignments, clocks and history. The rules of domain §9 that a database can hold, it holds."""

import sqlalchemy as sa

from storage.tables.columns import Flag, Instant, Int64, Json, metadata, one_of, primary_key, table
from storage.vocabulary import (
    AssignmentStatus,
    ClockKind,
    Disposition,
    EventKind,
    Level,
    Nature,
    Part,
    Purpose,
    Resolved,
    Role,
    Source,
    Status,
)

ENDED = (AssignmentStatus.RETURNED, AssignmentStatus.DONE, AssignmentStatus.REASSIGNED)

report = table(
    "report",
    primary_key(),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("nature", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("secondary", Json, nullable=False),
    sa.Column("regulator", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("sealed", Flag, nullable=False),
    sa.Column("auto", Flag, nullable=False),
    sa.Column("insufficient", Flag, nullable=False, server_default="0"),
    # Departments the report is about: none of them may ever see it (domain §9 密级隔离).
    sa.Column("about", Json, nullable=False, server_default="[]"),
    # A tip-off its reporter took back goes on without him (domain §9 withdraw).
    sa.Column("self_check", Flag, nullable=False, server_default="0"),
    sa.Column("town", sa.Text),
    sa.Column("institution_id", Int64),
    sa.Column("reporter_id", sa.ForeignKey("addressee.id")),
    sa.Column("data_key_id", sa.ForeignKey("data_key.id"), nullable=False),
    sa.Column("story", sa.LargeBinary),
    sa.Column("facts", sa.LargeBinary),
    sa.Column("reading", sa.LargeBinary),
    sa.Column("story_digest", sa.LargeBinary, nullable=False),
    sa.Column("twin_id", sa.ForeignKey("report.id")),
    sa.Column("merged_into_id", sa.ForeignKey("report.id")),
    sa.Column("disposition", sa.Text),
    sa.Column("resolved", sa.Text),
    sa.Column("satisfaction", sa.Integer),
    sa.Column("escalated", Flag, nullable=False, server_default="0"),
    sa.Column("redone", sa.Integer, nullable=False, server_default="0"),
    sa.Column("filed_at", Instant, nullable=False),
    sa.Column("replied_at", Instant),
    sa.Column("closed_at", Instant),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    one_of("source", Source),
    one_of("nature", Nature),
    one_of("level", Level),
    one_of("status", Status),
    one_of("disposition", Disposition),
    sa.CheckConstraint("satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5", name="satisfaction_in_range"),
    one_of("resolved", Resolved),
    sa.CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_has_main"),
    sa.CheckConstraint("status NOT IN ('closed', 'archived') OR closed_at IS NOT NULL", name="closed_has_time"),
    sa.CheckConstraint("closed_at IS NULL OR closed_at >= filed_at", name="closed_after_filed"),
)
sa.Index("ix_report_status", report.c.status, report.c.filed_at)
sa.Index("ix_report_reporter", report.c.reporter_id)
sa.Index("ix_report_institution", report.c.institution_id)
_merged = report.c.merged_into_id.is_not(None)
# Asked with every word to a reporter: whoever was merged into this one hears it too.
sa.Index("ix_report_merged", report.c.merged_into_id, sqlite_where=_merged, postgresql_where=_merged)
sa.Index("ix_report_filed", report.c.filed_at)
sa.Index("ix_report_category", report.c.category, report.c.id)
sa.Index("ix_report_town", report.c.town, report.c.id)

# Name, phone and wishes of a reporter, apart from the report, under a key of their own (domain §11). Read only with a reason and a trace.
identity = table(
    "identity",
    sa.Column("report_id", sa.ForeignKey("report.id"), primary_key=True),
    sa.Column("data_key_id", sa.ForeignKey("data_key.id"), nullable=False),
    sa.Column("content", sa.LargeBinary),
    sa.Column("wants_reply", Flag, nullable=False),
    sa.Column("may_disclose", Flag, nullable=False),
    sa.Column("erased_at", Instant),
    sa.CheckConstraint("(content IS NULL) = (erased_at IS NOT NULL)", name="erased_means_empty"),
)

assignment = table(
    "assignment",
    primary_key(),
    sa.Column("report_id", sa.ForeignKey("report.id"), nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("dispatched_at", Instant, nullable=False),
    sa.Column("claimed_at", Instant),
    sa.Column("contacted_at", Instant),
    sa.Column("submitted_at", Instant),
    sa.Column("done_at", Instant),
    sa.Column("ended_at", Instant),
    sa.Column("designated", Flag, nullable=False, server_default="0"),
    sa.Column("waived", Flag, nullable=False, server_default="0"),
    sa.Column("returns", sa.Integer, nullable=False, server_default="0"),
    sa.Column("status_before_return", sa.Text),
    sa.Column("disposition", sa.Text),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    one_of("part", Part),
    one_of("status", AssignmentStatus),
    one_of("disposition", Disposition),
    sa.CheckConstraint("(claimed_at IS NULL) = (officer_id IS NULL)", name="claimed_has_owner"),
    sa.CheckConstraint("status NOT IN ('claimed', 'working', 'submitted') OR officer_id IS NOT NULL", name="worked_has_owner"),
    sa.CheckConstraint("(status IN ('returned', 'done', 'reassigned')) = (ended_at IS NOT NULL)", name="ended_has_time"),
    sa.CheckConstraint("claimed_at IS NULL OR claimed_at >= dispatched_at", name="claimed_after_dispatched"),
    sa.CheckConstraint("ended_at IS NULL OR ended_at >= dispatched_at", name="ended_after_dispatched"),
    sa.CheckConstraint("returns BETWEEN 0 AND 1", name="returned_once"),
)
_active = assignment.c.ended_at.is_(None)
_lead = sa.and_(assignment.c.part == "lead", _active)
_assist = sa.and_(assignment.c.part == "assist", _active)
sa.Index("uq_assignment_one_lead", assignment.c.report_id, unique=True, sqlite_where=_lead, postgresql_where=_lead)
sa.Index(
    "uq_assignment_one_assist",
    assignment.c.report_id,
    assignment.c.department,
    unique=True,
    sqlite_where=_assist,
    postgresql_where=_assist,
)
sa.Index("ix_assignment_open", assignment.c.department, assignment.c.id, sqlite_where=_active, postgresql_where=_active)
sa.Index("ix_assignment_queue", assignment.c.department, assignment.c.status, assignment.c.dispatched_at)
sa.Index("ix_assignment_report", assignment.c.report_id)
sa.Index("ix_assignment_department", assignment.c.department, assignment.c.report_id)

# The original due time is never rewritten; `due_at` moves with extensions, pauses and a newly official calendar.
# `paused_seconds` and `extended` count in the clock's own time (working seconds; its unit); `next_at` is when the sweep must look again.
clock = table(
    "clock",
    primary_key(),
    sa.Column("report_id", sa.ForeignKey("report.id"), nullable=False),
    sa.Column("assignment_id", sa.ForeignKey("assignment.id")),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("due_original", Instant, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    sa.Column("provisional", Flag, nullable=False),
    sa.Column("paused_at", Instant),
    sa.Column("paused_seconds", Int64, nullable=False, server_default="0"),
    sa.Column("extended", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", Instant),
    sa.Column("stopped_at", Instant),
    sa.Column("reminded", sa.Integer, nullable=False, server_default="0"),
    one_of("kind", ClockKind),
    one_of("unit", ("minute", "work_minute", "work_day", "day")),
    sa.CheckConstraint("due_at > started_at AND due_original > started_at", name="due_after_start"),
    sa.CheckConstraint("stopped_at IS NULL OR stopped_at >= started_at", name="stopped_after_start"),
    sa.CheckConstraint("paused_at IS NULL OR stopped_at IS NULL", name="stopped_is_not_paused"),
)
_running = clock.c.stopped_at.is_(None)
sa.Index(
    "uq_clock_running",
    clock.c.report_id,
    sa.func.coalesce(clock.c.assignment_id, 0),
    clock.c.kind,
    unique=True,
    sqlite_where=_running,
    postgresql_where=_running,
)
sa.Index("ix_clock_due", clock.c.due_at, sqlite_where=_running, postgresql_where=_running)
sa.Index("ix_clock_assignment", clock.c.assignment_id)
_waking = sa.and_(_running, clock.c.paused_at.is_(None))
sa.Index("ix_clock_next", clock.c.next_at, sqlite_where=_waking, postgresql_where=_waking)

# Append-only and hash-chained per database: `hash` covers this row and `previous_hash`. Reasons are sealed under the report's key.
event = table(
    "event",
    primary_key(),
    sa.Column("report_id", sa.ForeignKey("report.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("assignment_id", sa.ForeignKey("assignment.id")),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("department", sa.Text),
    sa.Column("at", Instant, nullable=False),
    sa.Column("from_status", sa.Text),
    sa.Column("to_status", sa.Text, nullable=False),
    sa.Column("reason", sa.LargeBinary),
    sa.Column("details", Json, nullable=False),
    sa.Column("previous_hash", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    sa.UniqueConstraint("report_id", "seq"),
    one_of("kind", EventKind),
    one_of("role", Role),
    sa.CheckConstraint("(seq = 1) = (from_status IS NULL)", name="history_starts_once"),
)
sa.Index("ix_event_assignment", event.c.assignment_id, event.c.kind)

extension = table(
    "extension",
    primary_key(),
    sa.Column("assignment_id", sa.ForeignKey("assignment.id"), nullable=False),
    sa.Column("asked_by", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("decided_by", sa.ForeignKey("officer.id")),
    sa.Column("decided_at", Instant),
    sa.Column("approved", Flag),
    sa.CheckConstraint("days BETWEEN 1 AND 60", name="days_in_range"),
    sa.CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="four_eyes"),
    sa.CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decided_has_time"),
    sa.CheckConstraint("(decided_at IS NULL) = (approved IS NULL)", name="decided_has_answer"),
)
_open = extension.c.decided_at.is_(None)
sa.Index("uq_extension_one_open", extension.c.assignment_id, unique=True, sqlite_where=_open, postgresql_where=_open)

# What the officer did (domain §9 处置必填); `content` holds the findings, people and both answers, sealed under the report's key.
handling = table(
    "handling",
    primary_key(),
    sa.Column("assignment_id", sa.ForeignKey("assignment.id"), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("disposition", sa.Text, nullable=False),
    sa.Column("inspected_at", Instant),
    sa.Column("measures", Json, nullable=False),
    sa.Column("refund_asked_yuan", sa.Integer),
    sa.Column("refund_yuan", sa.Integer),
    sa.Column("fine_yuan", sa.Integer),
    sa.Column("students", sa.Integer),
    sa.Column("evacuated", sa.Integer),
    sa.Column("content", sa.LargeBinary),
    sa.Column("saved_by", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("saved_at", Instant, nullable=False),
    sa.UniqueConstraint("assignment_id", "round"),
    one_of("disposition", Disposition),
)

# Two-way talk between a reporter who may stay unknown and the officers, versions of edited texts included.
message = table(
    "message",
    primary_key(),
    sa.Column("report_id", sa.ForeignKey("report.id"), nullable=False),
    sa.Column("from_reporter", Flag, nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("department", sa.Text),
    sa.Column("internal", Flag, nullable=False, server_default="0"),
    sa.Column("at", Instant, nullable=False),
    sa.Column("text", sa.LargeBinary),
    sa.CheckConstraint("from_reporter = 1 OR officer_id IS NOT NULL", name="officer_named"),
)
sa.Index("ix_message_report", message.c.report_id, message.c.id)

# A file a reporter or officer sent. A reporter's belongs to a draft's owner until the report is filed; an officer's belongs to the
# record of one assignment from the start, and says what it shows. Content lives beside the database, sealed.
attachment = table(
    "attachment",
    primary_key(),
    sa.Column("addressee_id", sa.ForeignKey("addressee.id")),
    sa.Column("report_id", sa.ForeignKey("report.id")),
    sa.Column("album", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", Int64, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("data_key_id", sa.ForeignKey("data_key.id"), nullable=False),
    sa.Column("clean_digest", sa.LargeBinary),
    sa.Column("added_by", sa.ForeignKey("officer.id")),
    sa.Column("assignment_id", sa.ForeignKey("assignment.id")),
    sa.Column("purpose", sa.Text),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("removed_at", Instant),
    one_of("kind", ("photo", "document", "audio", "video")),
    one_of("purpose", Purpose),
    sa.CheckConstraint("(added_by IS NULL) = (assignment_id IS NULL)", name="officers_file_has_record"),
    sa.CheckConstraint("(added_by IS NULL) = (purpose IS NULL)", name="officers_file_has_purpose"),
    sa.CheckConstraint("added_by IS NULL OR (addressee_id IS NULL AND report_id IS NOT NULL)", name="officers_file_has_report"),
    sa.UniqueConstraint("report_id", "digest"),
)
sa.Index("ix_attachment_owner", attachment.c.addressee_id)
sa.Index("ix_attachment_assignment", attachment.c.assignment_id)

# Numbers are given out by day, inside the transaction that files, so two reports never share one.
number_series = table(
    "number_series",
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

__all__ = ["metadata"]
