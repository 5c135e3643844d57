"""Officers on a chat network: one-time codes, the groups of departments, and the cards that keep themselves up to date."""

import sqlalchemy as sa

from storage.tables.columns import Instant, primary_key, table

# Only the hash of a code is kept; used or expired, it opens nothing.
binding_code = table(
    "binding_code",
    primary_key(),
    sa.Column("officer_id", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("code_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)

# A group of one department, by the addressee the group is.
staff_group = table(
    "staff_group",
    sa.Column("addressee_id", sa.ForeignKey("addressee.id"), primary_key=True),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("bound_by", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("bound_at", Instant, nullable=False),
)

# A message in a chat that shows a report. `digest` is of what it shows, `seen_seq` the last event it knows of.
staff_card = table(
    "staff_card",
    primary_key(),
    sa.Column("addressee_id", sa.ForeignKey("addressee.id"), nullable=False),
    sa.Column("report_id", sa.ForeignKey("report.id"), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("seen_seq", sa.Integer, nullable=False),
    sa.UniqueConstraint("addressee_id", "reference"),
)
sa.Index("ix_staff_card_report", staff_card.c.report_id)
