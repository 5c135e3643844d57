"""Whoever changes the history behind the service's back is found out."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import accesses, assignments, triggers, verify
from storage.accesses import Action
from storage.database import Database, sqlite_engine
from storage.people import Actor
from storage.verify import Fault, Finding, Verdict
from storage.vocabulary import Role
from tests.clock import Now
from tests.storage.cases import a_report, an_officer, assignment_of

CLERK = Actor(Role.OFFICE, None, "shuangjian_office")


@pytest.fixture
async def lived(embedded: Database, now: Now) -> None:
    """Three reports, one of them claimed, and some who looked."""
    for _ in range(3):
        filed = await embedded.write(a_report, now())
        await embedded.write(accesses.record, CLERK, Action.READ_REPORT, now(), allowed=True, report_id=filed.report_id)
        now.move(minutes=5)
    officer = await embedded.write(an_officer, "edu", Role.OFFICER, now())
    task = await embedded.read(assignment_of, 1, "edu")
    await embedded.write(assignments.claim, task, officer, now())


@pytest.fixture
def burgle(tmp_path: Path, lived: None) -> Callable[..., None]:
    """Somebody with the file in hand: takes the guards away, changes a row, and puts the guards back."""

    def act(*statements: str) -> None:
        engine = sqlite_engine(tmp_path / "tipline.db")
        with engine.begin() as tx:
            triggers.drop(tx)
            for statement in statements:
                tx.exec_driver_sql(statement)
            triggers.create(tx)
        engine.dispose()

    return act


def _faults(verdict: Verdict, table: str = "event") -> set[Finding]:
    return {fault.finding for fault in verdict.faults if fault.table == table}


async def test_an_untouched_history_is_found_whole(embedded: Database, lived: None) -> None:
    verdict = await embedded.read(verify.check)
    assert verdict.faults == ()
    assert verdict.heads == await embedded.read(verify.heads)


@pytest.mark.parametrize(
    "change",
    ["at = at - 60", "officer_id = 1", "kind = 'noted'", "details = '{}'", "to_status = 'closed'", "seq = seq + 100", "reason = x'00'"],
)
async def test_an_altered_row_is_found(embedded: Database, burgle: Callable[..., None], change: str) -> None:
    burgle(f"UPDATE event SET {change} WHERE id = 2")
    assert Fault("event", 2, Finding.ALTERED) in (await embedded.read(verify.check)).faults


async def test_a_removed_row_is_found(embedded: Database, burgle: Callable[..., None]) -> None:
    burgle("DELETE FROM event WHERE id = 2")
    assert Fault("event", 3, Finding.BROKEN_LINK) in (await embedded.read(verify.check)).faults


async def test_a_cut_off_end_is_found_without_anything_kept_elsewhere(embedded: Database, burgle: Callable[..., None]) -> None:
    burgle("DELETE FROM event WHERE id = (SELECT max(id) FROM event WHERE to_status = 'dispatched' AND kind = 'dispatched')")
    assert (await embedded.read(verify.check)).faults


async def test_an_inserted_row_is_found(embedded: Database, burgle: Callable[..., None]) -> None:
    columns = "report_id, seq, kind, role, at, from_status, to_status, details, previous_hash, hash"
    values = "1, 99, 'noted', 'office', at, to_status, to_status, '{}', hash, randomblob(32)"
    burgle(f"INSERT INTO event ({columns}) SELECT {values} FROM event ORDER BY id DESC LIMIT 1")
    assert _faults(await embedded.read(verify.check)) >= {Finding.ALTERED}


async def test_who_hides_that_he_looked_is_found(embedded: Database, burgle: Callable[..., None]) -> None:
    burgle("DELETE FROM access WHERE id = 1", "UPDATE access SET officer_id = 1 WHERE id = 3")
    assert _faults(await embedded.read(verify.check), "access") == {Finding.BROKEN_LINK, Finding.ALTERED}


async def test_a_history_written_anew_from_the_start_differs_from_the_head_kept_elsewhere(
    embedded: Database, burgle: Callable[..., None]
) -> None:
    anchors = await embedded.read(verify.heads)
    assert (await embedded.read(verify.check, anchors)).faults == ()
    burgle("DELETE FROM access WHERE id = (SELECT max(id) FROM access)")
    assert (await embedded.read(verify.check)).faults == ()
    assert _faults(await embedded.read(verify.check, anchors), "access") == {Finding.ANCHOR_DIFFERS}


async def test_a_status_changed_without_a_step_is_found(embedded: Database, burgle: Callable[..., None]) -> None:
    burgle("UPDATE report SET status = 'archived', closed_at = filed_at WHERE id = 2")
    assert Fault("report", 2, Finding.STATUS_DIFFERS) in (await embedded.read(verify.check)).faults


async def test_missing_guards_are_found(embedded: Database, tmp_path: Path, lived: None) -> None:
    with sqlite3.connect(tmp_path / "tipline.db") as raw:
        raw.execute("DROP TRIGGER event_no_update")
    raw.close()
    assert Fault("event", 0, Finding.GUARD_MISSING) in (await embedded.read(verify.check)).faults


async def test_a_clock_that_goes_back_does_not_break_the_order_of_history(embedded: Database, now: Now) -> None:
    filed = await embedded.write(a_report, now())
    officer = await embedded.write(an_officer, "edu", Role.OFFICER, now())
    now.move(days=-400)
    await embedded.write(assignments.claim, await embedded.read(assignment_of, filed.report_id, "edu"), officer, now())
    await embedded.write(accesses.record, CLERK, Action.READ_REPORT, now(), allowed=True)
    assert (await embedded.read(verify.check)).faults == ()
