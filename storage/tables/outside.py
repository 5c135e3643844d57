"""Programs outside: tokens they read with, and addresses that hear what happened."""

import sqlalchemy as sa

from storage.tables.columns import Instant, Int64, Json, primary_key, table

# Only the hash of a token is kept. `scopes` names what it may read; one of a department reads that department's alone.
api_token = table(
    "api_token",
    primary_key(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("department", sa.Text),
    sa.Column("made_by", sa.ForeignKey("officer.id")),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.CheckConstraint("expires_at > created_at", name="expires_later"),
)

# An address that is told what happened to reports. `told_until` is the last event it was told of; the secret is sealed with the address.
webhook = table(
    "webhook",
    primary_key(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("addressee_id", sa.ForeignKey("addressee.id"), nullable=False, unique=True),
    sa.Column("kinds", Json, nullable=False),
    sa.Column("told_until", Int64, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
)
