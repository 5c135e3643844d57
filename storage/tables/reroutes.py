"""What the office set right: labelled examples for the reading to learn from. The words stay sealed in the report."""

import sqlalchemy as sa

from storage.tables.columns import Instant, one_of, primary_key, table

# `what` was wrong: the category, or the department in the lead.
reroute = table(
    "reroute",
    primary_key(),
    sa.Column("report_id", sa.ForeignKey("report.id"), nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("was", sa.Text, nullable=False),
    sa.Column("became", sa.Text, nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("at", Instant, nullable=False),
    one_of("what", ("category", "lead")),
    sa.CheckConstraint("was <> became", name="something_changed"),
)
sa.Index("ix_reroute_report", reroute.c.report_id)
