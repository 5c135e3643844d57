"""专项: a year's campaign, its stages, and the summaries departments hand in."""

import sqlalchemy as sa

from storage.tables.columns import Instant, Json, primary_key, table

# `stages` is a list of [name, last day]. Departments hand in by `inside_due`, the office reports upwards by `summary_due`.
campaign = table(
    "campaign",
    primary_key(),
    sa.Column("year", sa.Integer, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("stages", Json, nullable=False),
    sa.Column("departments", Json, nullable=False),
    sa.Column("summary_due", sa.Text, nullable=False),
    sa.Column("inside_due", sa.Text, nullable=False),
    sa.Column("opened_by", sa.ForeignKey("officer.id")),
    sa.Column("opened_at", Instant, nullable=False),
    sa.CheckConstraint("inside_due <= summary_due", name="inside_first"),
)

# One draft of each department; every version handed in stays.
campaign_draft = table(
    "campaign_draft",
    primary_key(),
    sa.Column("campaign_id", sa.ForeignKey("campaign.id"), nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("handed_in_by", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("handed_in_at", Instant, nullable=False),
    sa.UniqueConstraint("campaign_id", "department", "version"),
)
