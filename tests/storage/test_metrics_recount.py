"""Figures equal a recount from the history, to the second, whatever happened and whenever they were kept up."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.database import Database
from storage.metrics import keeping
from storage.metrics.fold import Flag
from storage.tables.reports import report
from storage.tables.stats import stat_fact, stat_stale
from tests.storage import recount
from tests.storage.wandering import Life
from tests.thorough import lives

# Days off and a made-up working day lie ahead.
SUMMER = datetime(2026, 6, 10, 1, 30, tzinfo=UTC)
SPANS = ("sign", "first", "reply", "close", "held")


def kept(tx: Connection) -> dict[int, dict[str, Any]]:
    rows = tx.execute(sa.select(stat_fact).where(stat_fact.c.assignment_id > 0))
    return {row.assignment_id: _read(row) for row in rows}


def _read(row: Any) -> dict[str, Any]:
    flags = Flag(row.flags)
    return {
        **{name: (getattr(row, f"{name}_clock"), getattr(row, f"{name}_work")) for name in SPANS},
        "signed_in_time": Flag.SIGNED_IN_TIME in flags,
        "replied_in_time": Flag.REPLIED_IN_TIME in flags,
        "return_asked": Flag.RETURN_ASKED in flags,
        "out": Flag.OUT in flags,
        "gone": Flag.GONE in flags,
        "done": Flag.DONE in flags,
    }


def catch_up(tx: Connection) -> None:
    while keeping.catch_up(tx, at_most=3):
        pass


@lives(0, 1)
async def test_after_any_sequence_of_moves_the_figures_equal_a_recount(database: Database, seed: int) -> None:
    def lived(tx: Connection) -> None:
        life = Life(tx, SUMMER, seed)
        for _ in range(5):
            assert life.live(55) > 5
            catch_up(tx)
            assert kept(tx) == recount.assignments(tx)

    await database.write(lived)


async def test_keeping_up_late_gives_the_same_as_keeping_up_always(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        Life(tx, SUMMER, 99).live(200)
        catch_up(tx)
        once = tx.execute(sa.select(stat_fact)).all()
        keeping.start_over(tx)
        assert not keeping.is_current(tx)
        catch_up(tx)
        assert tx.execute(sa.select(stat_fact)).all() == once
        assert keeping.is_current(tx)

    await embedded.write(lived)


async def test_a_refused_move_marks_nothing(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        life = Life(tx, SUMMER, 5)
        life.live(80)
        catch_up(tx)
        with tx.begin_nested() as undo:
            life.file()
            assert tx.execute(sa.select(stat_stale.c.report_id)).all()
            undo.rollback()
        assert keeping.is_current(tx)

    await embedded.write(lived)


async def test_a_sealed_report_is_in_no_figure(embedded: Database) -> None:
    def lived(tx: Connection) -> None:
        Life(tx, SUMMER, 7).live(150)
        catch_up(tx)
        sealed = tx.execute(sa.select(report.c.id).where(report.c.sealed == 1)).scalars().all()
        assert sealed
        assert not tx.execute(sa.select(stat_fact).where(stat_fact.c.report_id.in_(sealed))).all()

    await embedded.write(lived)
