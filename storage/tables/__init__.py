"""The tables, one MetaData for SQLite and PostgreSQL; each module holds one subject."""

from storage.tables import (
    bindings,
    campaigns,
    evidence,
    institutions,
    ledgers,
    mail,
    outside,
    papers,
    reports,
    reroutes,
    similarity,
    staff,
    stats,
)
from storage.tables.columns import metadata

__all__ = [
    "bindings",
    "campaigns",
    "evidence",
    "institutions",
    "ledgers",
    "mail",
    "metadata",
    "outside",
    "papers",
    "reports",
    "reroutes",
    "similarity",
    "staff",
    "stats",
]
