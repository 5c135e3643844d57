"""The one thing a move does for the figures: it says that its report is not what it was."""

import sqlalchemy as sa
from sqlalchemy import Connection

# Written out: this runs with every event, and what it costs is a promise.
_MARK = sa.text(
    "INSERT INTO stat_stale (report_id, marks) VALUES (:report_id, 1) ON CONFLICT (report_id) DO UPDATE SET marks = stat_stale.marks + 1"
)


def mark(tx: Connection, report_id: int) -> None:
    """The facts of this report are out of date from here.

    The row is changed even when it stands already: on PostgreSQL that keeps whoever is just catching up from clearing
    a mark whose move is not committed yet.
    """
    tx.execute(_MARK, {"report_id": report_id})
