"""After a year of random moves by everyone every rule still holds: no illegal state, no lost time, no hole, every clock right.

`SIMULATED_REPORTS=10000` plays the long one.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import chain, events, moves, outbox
from storage.database import sqlite_engine
from storage.notices import FIELDS, Notice
from storage.rules import Rules
from storage.sealing import Keyring
from storage.tables.mail import addressee
from storage.tables.reports import assignment, clock, event, report
from storage.vocabulary import EventKind
from tests.storage import oracle
from tests.storage.year import Year

REPORTS = int(os.environ.get("SIMULATED_REPORTS", "150"))
ACTS_PER_REPORT = 8
MONTHS = (datetime(2024, 11, 4), datetime(2025, 11, 4))  # noqa: DTZ001

# Where a report may go from where, as domain §9 draws it; anything may be sealed.
WAYS: dict[str, set[str]] = {
    "received": {"dispatched", "triage", "closed"},
    "triage": {"dispatched", "need_info", "rejected", "merged", "withdrawn"},
    "dispatched": {"handling", "merged", "withdrawn"},
    "need_info": {"triage", "handling", "closed", "withdrawn"},
    "handling": {"need_info", "replied", "withdrawn"},
    "replied": {"closed", "handling"},
    "closed": {"archived", "handling"},
    "archived": {"handling"},
    "rejected": set(),
    "merged": set(),
    "withdrawn": set(),
    "sealed": set(),
}
STEPS: dict[str, set[str]] = {
    "pending_sign": {"claimed", "return_review", "reassigned", "done"},
    "claimed": {"working", "pending_sign", "return_review", "reassigned", "done"},
    "working": {"submitted", "reassigned", "done"},
    "submitted": {"done", "working", "reassigned"},
    "return_review": {"returned", "pending_sign", "claimed", "reassigned", "done"},
}
ENDS_A_PAUSE = {"info_given", "info_lapsed", "resumed", "replied", "closed", "merged", "sealed"}
AT_WORK = {"dispatched", "handling"}
OVER = {"replied", "closed", "archived", "rejected", "merged", "withdrawn", "sealed"}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, keyring: Keyring, rules: Rules) -> Iterator[Year]:
    path = tmp_path_factory.mktemp("year") / "year.db"
    path.write_bytes(migrated_file.read_bytes())
    engine = sqlite_engine(path)
    with engine.connect() as tx:
        tx.info.update({"keyring": keyring, "rules": rules})
        played = Year(tx, seed=20241104)
        play(played)
        yield played
    engine.dispose()


def play(year: Year) -> None:
    """File them one by one over the year, everything else in between; then let the last clocks run out."""
    apart = (MONTHS[1] - MONTHS[0]) / REPORTS
    pace = min(1.0, apart / timedelta(minutes=ACTS_PER_REPORT * 105))
    for _ in range(REPORTS):
        year.file()
        until = year.at + apart
        for _ in range(ACTS_PER_REPORT):
            year.act(recent=max(60, REPORTS // 5))
            year.pass_time(pace)
        year.at = max(year.at, until)
        # As in life: in one transaction of a whole year every statement would be slower than the one before.
        year.tx.commit()
    year.sweep()
    year.tx.commit()


def test_every_kind_of_move_happened_and_every_kind_of_refusal(year: Year) -> None:
    assert len(year.done) >= 27
    assert {"IllegalMove", "NotTheOwner", "TooLate", "AssistsOpen", "Involved", "ConflictDeclared", "Incomplete"} <= set(year.refused)


def test_histories_have_no_holes_and_no_illegal_step(year: Year) -> None:
    for report_id in year.reports:
        history = _history(year.tx, report_id)
        assert [one.seq for one in history] == list(range(1, len(history) + 1))
        assert history[0].from_status is None
        assert history[-1].to_status == _report(year.tx, report_id).status
        for before, after in pairwise(history):
            assert before.to_status == after.from_status
            assert before.at <= after.at
            assert after.to_status in {after.from_status, *WAYS[after.from_status], "sealed"}


def test_assignments_stand_where_their_history_says(year: Year) -> None:
    for row in _all(year.tx, assignment):
        steps = [one.details for one in _events(year.tx, row.id) if "to" in one.details and one.details.get("part") == row.part]
        stand = steps[0]["to"]
        for step in steps[1:]:
            assert step["from"] == stand
            assert step["to"] == stand or step["to"] in STEPS[stand]
            stand = step["to"]
        assert stand == row.status


def test_a_report_at_work_has_one_lead_and_one_that_is_over_has_nothing_open(year: Year) -> None:
    for row in _all(year.tx, report):
        active = moves.active(year.tx, row.id)
        running = [one for one in _clocks(year.tx, row.id) if one.stopped_at is None]
        if row.status in AT_WORK:
            assert [one.part for one in active].count("lead") == 1
        if row.status in OVER:
            assert active == []
            assert {one.kind for one in running} <= ({"callback", "review"} if row.status == "replied" else set())
        assert row.sealed == (row.status == "sealed")


def test_no_time_is_lost_between_two_leads(year: Year) -> None:
    """From dispatch to the answer there is always a lead: a return or a reassignment never stops the report's time."""
    leads: dict[int, list[Any]] = {}
    for row in _all(year.tx, assignment):
        if row.part == "lead":
            leads.setdefault(row.report_id, []).append(row)
    for report_id, those in leads.items():
        for before, after in pairwise(those):
            fresh = _between(year.tx, report_id, before.ended_at, after.dispatched_at)
            assert after.dispatched_at == before.ended_at or fresh & {EventKind.REDONE, EventKind.REOPENED}


def test_every_clock_equals_the_slow_reckoning(year: Year) -> None:
    checked = 0
    for row in _all(year.tx, report):
        history = _history(year.tx, row.id)
        if any(one.kind == EventKind.LEVEL_CHANGED for one in history):
            continue
        for one in _clocks(year.tx, row.id):
            due = _due(one, history)
            assert one.due_at == due, (row.number, one)
            assert one.due_original == _plain_due(one.started_at, one.unit, one.amount)
            checked += 1
    assert checked > REPORTS


def test_a_late_clock_was_noticed_exactly_once(year: Year) -> None:
    for row in _all(year.tx, report):
        history = _history(year.tx, row.id)
        late = [(one.assignment_id, one.details["clock"], one.details["due_at"]) for one in history if one.kind == EventKind.BECAME_OVERDUE]
        assert len(late) == len(set(late))


def test_the_chain_of_hashes_is_whole_and_shows_any_change(year: Year) -> None:
    rows = [dict(row._mapping) for row in _all(year.tx, event)]
    previous = chain.GENESIS
    for row in rows:
        assert row["previous_hash"] == previous
        assert row["hash"] == events.link(previous, row)
        previous = row["hash"]
    middle = rows[len(rows) // 2]
    for name, forged in (
        ("to_status", "archived"),
        ("at", middle["at"] + timedelta(seconds=1)),
        ("officer_id", 999),
        ("details", {"x": 1}),
    ):
        assert events.link(middle["previous_hash"], {**middle, name: forged}) != middle["hash"]


def test_every_message_can_become_a_sentence(year: Year) -> None:
    for person in _all(year.tx, addressee):
        for message in outbox.after(year.tx, person.id, 0):
            assert set(message.payload["fields"]) == FIELDS[Notice(message.payload["notice"])]


def _due(one: Any, history: list[Any]) -> datetime:
    """When this clock is due, from its start, the extensions granted and the pauses in the history; never from its stored due time."""
    extended = sum(_extension(one, entry) for entry in history if entry.kind == EventKind.EXTENSION_APPROVED and _is_its(one, entry))
    plain = _plain_due(one.started_at, one.unit, one.amount + extended)
    paused, due = 0, plain
    for since, until in _pauses(history) if one.kind != "info" else []:
        ends = [moment for moment in (until, one.stopped_at, None if until else one.paused_at) if moment is not None]
        begin, end = max(since, one.started_at), min(ends, default=since)
        # What was late already is not healed by a pause; one that still lasts moves the due time only when it ends.
        if begin < min(end, due):
            paused += oracle.working_seconds(begin, end) if one.unit.startswith("work") else int((end - begin).total_seconds())
            due = _later(plain, one.unit, paused)
    return due


def _later(plain: datetime, unit: str, paused: int) -> datetime:
    if not paused:
        return plain
    return oracle.add_working_seconds(plain, paused) if unit.startswith("work") else plain + timedelta(seconds=paused)


def _plain_due(start: datetime, unit: str, amount: int) -> datetime:
    if unit == "work_day":
        return oracle.add_working_days(start, amount)
    if unit == "work_minute":
        return oracle.add_working_seconds(start, amount * 60)
    return start + timedelta(minutes=amount)


def _pauses(history: list[Any]) -> list[tuple[datetime, datetime | None]]:
    spans: list[tuple[datetime, datetime | None]] = []
    for one in history:
        if one.kind in (EventKind.INFO_ASKED, EventKind.SUSPENDED):
            spans.append((one.at, None))
        elif spans and spans[-1][1] is None and one.kind in ENDS_A_PAUSE:
            spans[-1] = (spans[-1][0], one.at)
    return spans


def _is_its(one: Any, entry: Any) -> bool:
    running = one.started_at <= entry.at and (one.stopped_at is None or entry.at <= one.stopped_at)
    return one.kind in ("reply", "redo", "assist") and running and (one.assignment_id == entry.assignment_id or one.kind == "assist")


def _extension(one: Any, entry: Any) -> int:
    if one.kind == "assist" and entry.details["part"] == "assist" and one.assignment_id != entry.assignment_id:
        return 0
    days: int = entry.details["days"]
    return days * 1440 if one.unit == "minute" else days


def _all(tx: Connection, table: sa.Table) -> list[Any]:
    return list(tx.execute(sa.select(table).order_by(table.c.id)).all())


def _report(tx: Connection, report_id: int) -> Any:
    return tx.execute(sa.select(report).where(report.c.id == report_id)).one()


def _history(tx: Connection, report_id: int) -> list[Any]:
    return list(tx.execute(sa.select(event).where(event.c.report_id == report_id).order_by(event.c.seq)).all())


def _events(tx: Connection, assignment_id: int) -> list[Any]:
    return list(tx.execute(sa.select(event).where(event.c.assignment_id == assignment_id).order_by(event.c.id)).all())


def _clocks(tx: Connection, report_id: int) -> list[Any]:
    return list(tx.execute(sa.select(clock).where(clock.c.report_id == report_id).order_by(clock.c.id)).all())


def _between(tx: Connection, report_id: int, since: datetime, until: datetime) -> set[str]:
    return {one.kind for one in _history(tx, report_id) if since <= one.at <= until}
