"""Lists that people wait for read an index and not a table; a move pays almost nothing for the figures."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.database import Database
from storage.metrics import standing
from tests.clock import START


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (lambda tx: standing.overdue(tx, START), "ix_clock_due"),
        (lambda tx: standing.overdue(tx, START, "edu"), "ix_clock_due"),
        (lambda tx: standing.fresh(tx, START, hours=72), "ix_report_filed"),
    ],
)
async def test_a_list_is_read_along_its_index(embedded: Database, query: Callable[[Connection], Any], index: str) -> None:
    def plans(tx: Connection) -> list[str]:
        seen: list[tuple[str, Any]] = []
        listen = sa.event.listens_for(tx, "before_cursor_execute")
        listen(lambda _c, _cursor, statement, parameters, *_: seen.append((statement, parameters)))
        query(tx)
        said = [tx.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {one}", given).fetchall() for one, given in list(seen)]  # type: ignore[union-attr]
        return [str(row[3]) for rows in said for row in rows]

    steps = await embedded.write(plans)
    assert any(index in step for step in steps)
    assert not any(step.startswith("SCAN") and "USING" not in step for step in steps), steps
