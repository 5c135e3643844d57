"""The tables, one MetaData for SQLite and PostgreSQL; each module holds one subject."""

from storage.tables import evidence, institutions, ledgers, mail, reports, staff, stats
from storage.tables.columns import metadata

__all__ = ["evidence", "institutions", "ledgers", "mail", "metadata", "reports", "staff", "stats"]
