"""Institutions (一企一策): the register, every name they go by, and how records were merged."""

import sqlalchemy as sa

from storage.tables.columns import Flag, Instant, Json, one_of, primary_key, table
from storage.vocabulary import FundMode, InstitutionKind, InstitutionState, RiskLevel

institution = table(
    "institution",
    primary_key(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("credit_code", sa.Text, unique=True),
    sa.Column("licence", sa.Text),
    sa.Column("town", sa.Text),
    sa.Column("address", sa.Text),
    sa.Column("principal", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("students", sa.Integer),
    sa.Column("unused_yuan", sa.Integer),
    sa.Column("account_yuan", sa.Integer),
    sa.Column("fund_mode", sa.Text, nullable=False),
    # 两个全面纳入: the institution is covered; all its funds, old unused lessons included, are covered.
    sa.Column("covered", Flag),
    sa.Column("funds_fully_covered", Flag),
    sa.Column("risk_level", sa.Text, nullable=False),
    sa.Column("plan", sa.Text),
    sa.Column("progress", sa.Text),
    sa.Column("merged_into_id", sa.ForeignKey("institution.id")),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    one_of("kind", InstitutionKind),
    one_of("state", InstitutionState),
    one_of("fund_mode", FundMode),
    one_of("risk_level", RiskLevel),
    sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
)

# `folded` is the name as compared: no spaces, no punctuation, one width. One name points to one institution.
institution_alias = table(
    "institution_alias",
    primary_key(),
    sa.Column("institution_id", sa.ForeignKey("institution.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded", sa.Text, nullable=False, unique=True),
)
sa.Index("ix_institution_alias_institution", institution_alias.c.institution_id)

# Who changed what in the register: from and to, so that a merging can be understood later.
institution_change = table(
    "institution_change",
    primary_key(),
    sa.Column("institution_id", sa.ForeignKey("institution.id"), nullable=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("officer_id", sa.ForeignKey("officer.id")),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("details", Json, nullable=False),
)
sa.Index("ix_institution_change_institution", institution_change.c.institution_id)
