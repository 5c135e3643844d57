"""Papers the office gives out: numbered letters, and ledgers being written to a file."""

import sqlalchemy as sa

from storage.tables.columns import Instant, one_of, primary_key, table

EXPORT_STATES = ("running", "ready", "failed")

# 交办函: one numbered letter for each assignment, so that printing it again never uses up another number.
letter = table(
    "letter",
    primary_key(),
    sa.Column("assignment_id", sa.ForeignKey("assignment.id"), nullable=False, unique=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("serial", sa.Integer, nullable=False),
    sa.Column("issued_by", sa.ForeignKey("officer.id")),
    sa.Column("issued_at", Instant, nullable=False),
    sa.UniqueConstraint("year", "serial"),
)

# A ledger on its way into a file. The row tells how far it is, whichever process is asked.
export = table(
    "export",
    primary_key(),
    sa.Column("token", sa.Text, nullable=False, unique=True),
    sa.Column("officer_id", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("paper", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("done", sa.Integer, nullable=False, server_default="0"),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("moved_at", Instant, nullable=False),
    one_of("state", EXPORT_STATES),
)
sa.Index("ix_export_officer", export.c.officer_id, export.c.id)
