"""Officers, their sign-ins, and who looked at what."""

import sqlalchemy as sa

from storage.tables.columns import Flag, Instant, Json, one_of, primary_key, table
from storage.vocabulary import Role

officer = table(
    "officer",
    primary_key(),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("must_change_password", Flag, nullable=False),
    # Sealed under a key of its own, like all that is secret, so that a change of keys reaches it too.
    sa.Column("totp_secret", sa.LargeBinary),
    sa.Column("totp_key_id", sa.ForeignKey("data_key.id")),
    # The time step of the last code that was used: a code seen over a shoulder opens nothing a second time.
    sa.Column("totp_step", sa.Integer),
    sa.Column("recovery_hashes", Json, nullable=False),
    sa.Column("active", Flag, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("addressee_id", sa.ForeignKey("addressee.id")),
    one_of("role", Role),
    sa.CheckConstraint("(totp_secret IS NULL) = (totp_key_id IS NULL)", name="second_factor_has_key"),
)
sa.Index("ix_officer_department", officer.c.department)

# A sign-in is a row, so it can be listed and revoked; only the hash of its token is kept.
sign_in = table(
    "sign_in",
    primary_key(),
    sa.Column("officer_id", sa.ForeignKey("officer.id"), nullable=False),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("device", sa.Text, nullable=False),
)

# Append-only and hash-chained like the events: every read of an identity, every refusal, every export (domain §11).
access = table(
    "access",
    primary_key(),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("report_id", sa.ForeignKey("report.id")),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("allowed", Flag, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("at", Instant, nullable=False),
    sa.Column("previous_hash", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary, nullable=False, unique=True),
    one_of("role", Role),
)
sa.Index("ix_access_report", access.c.report_id)
