"""Reminders: at half time, the day before, when late and after; once, however many sweep, and caught up after a stop."""

import asyncio
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, duties, events, followup, problems, supervision, sweep
from storage.database import Database
from storage.metrics import keeping
from storage.metrics.fold import Flag
from storage.reminding import Stage, stages
from storage.reports import Filed, Route
from storage.rules import Rules
from storage.sealing import Keyring
from storage.tables.reports import event
from storage.vocabulary import ClockKind, EventKind, Level, ProblemSource, Status
from tests.clock import Now
from tests.storage.office import Office
from tests.storage.oracle import CHINA

ALONE = Route("auto", "edu")
REMINDERS = ("half_time", "due_soon", "overdue", "urged", "circular")


async def reminders(office: Office, filed: Filed) -> list[tuple[str, str]]:
    return [(one.details["clock"], one.details["stage"]) for one in await office.history(filed) if one.kind is EventKind.REMINDED]


async def test_an_unanswered_report_speaks_up_at_the_hours_the_rule_book_names(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.works_on(filed, office.li)
    said = []
    while office.now() < datetime(2026, 12, 22, 0, 0, tzinfo=CHINA):
        office.now.move(hours=1)
        await sweep.sweep(office.database, office.now())
        said += [(one.details["stage"], one.at.astimezone(CHINA)) for one in await _reminded(office, filed) if one.at == office.now()]
    assert [stage for stage, _ in said] == ["half", "soon", "overdue", "urged", "circular"]
    assert [at.date().isoformat() for _, at in said] == ["2026-12-02", "2026-12-08", "2026-12-09", "2026-12-10", "2026-12-17"]
    assert [notice for notice in await office.told(office.li) if notice in REMINDERS] == list(REMINDERS)
    assert [notice for notice in await office.told(office.head) if notice in REMINDERS] == list(REMINDERS[2:])
    assert [notice for notice in await office.told(office.qian) if notice in REMINDERS] == list(REMINDERS[2:])


async def test_nobody_signing_is_told_to_the_whole_department(office: Office) -> None:
    filed = await office.files(route=ALONE)
    office.now.move(days=1)
    await sweep.sweep(office.database, office.now())
    assert ("sign", "half") in await reminders(office, filed)
    for by in (office.li, office.wang, office.head):
        assert "half_time" in await office.told(by)


async def test_after_a_standstill_only_the_latest_is_said_and_lateness_is_still_remembered(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.works_on(filed, office.li)
    office.now.at = datetime(2026, 12, 11, 9, 0, tzinfo=CHINA)
    await sweep.sweep(office.database, office.now())
    assert await reminders(office, filed) == [("reply", "urged")]
    assert (await office.kinds(filed)).count(EventKind.BECAME_OVERDUE) == 1
    assert await sweep.sweep(office.database, office.now()) == 0


async def test_many_sweeping_at_once_say_everything_once(database: Database, now: Now) -> None:
    office = await Office.open(database, now)
    for _ in range(5):
        await office.files()
    now.at = datetime(2026, 12, 11, 9, 0, tzinfo=CHINA)
    done = await asyncio.gather(*(sweep.sweep(database, now()) for _ in range(4)))
    assert sum(done) == 20
    said = await database.read(_all_reminders)
    assert set(Counter(said).values()) == {1}
    assert len(said) == 20


async def test_a_supervised_report_is_told_to_the_head_and_its_reminders_too(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    await office.does(supervision.escalate, lead, office.qian, office.now(), reason="群众催办")
    assert "supervised" in await office.told(office.li)
    assert "supervised" in await office.told(office.head)
    office.now.at = datetime(2026, 12, 3, 9, 0, tzinfo=CHINA)
    await sweep.sweep(office.database, office.now())
    assert "half_time" in await office.told(office.head)


async def test_at_night_an_urgent_report_wakes_who_is_on_duty(office: Office) -> None:
    sun = office.sun.officer_id or 0
    await office.does(duties.put, datetime(2026, 10, 3, tzinfo=CHINA).date(), "edu", [sun], office.qian)
    office.now.at = datetime(2026, 10, 3, 23, 0, tzinfo=CHINA)
    await office.files(route=ALONE, level=Level.P2)
    assert await office.told(office.sun) == []
    await office.files(route=ALONE, level=Level.P0)
    assert "dispatched" in await office.told(office.sun)


async def test_the_reporter_is_asked_three_times_and_then_it_is_closed_as_not_reached(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    for _ in range(12):
        office.now.move(hours=12)
        await sweep.sweep(office.database, office.now())
    assert (await office.parent_told()).count("rate_again") == 2
    assert (await office.kinds(filed)).count(EventKind.CALLED_BACK) == 2
    last = (await office.history(filed))[-1]
    assert (last.kind, last.details["because"]) == (EventKind.CLOSED, "unreached")


async def test_not_solved_without_a_reason_is_asked_about_until_the_callback_ends_and_never_counts_as_solved(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    await office.does(followup.rate, filed.report_id, "no", 1, None, office.now())
    for _ in range(12):
        office.now.move(hours=12)
        await sweep.sweep(office.database, office.now())
    told = await office.parent_told()
    assert (told.count("reason_again"), told.count("rate_again")) == (2, 0)
    last = (await office.history(filed))[-1]
    assert (last.kind, last.details["because"]) == (EventKind.CLOSED, "unexplained")
    (fact,) = [one for one in (await office.does(keeping.folded, [filed.report_id]))[filed.report_id] if one.department]
    assert Flag.RATED in fact.flags
    assert Flag.SOLVED not in fact.flags


async def test_a_closed_report_is_archived_after_its_days(office: Office) -> None:
    filed = await office.files(route=ALONE, reporter=None)
    await office.answers(filed)
    office.now.move(days=29)
    await sweep.sweep(office.database, office.now())
    assert (await office.sees(followup.view_for_reporter, filed.report_id)).status is Status.CLOSED
    office.now.move(days=1)
    await sweep.sweep(office.database, office.now())
    assert (await office.sees(followup.view_for_reporter, filed.report_id)).status is Status.ARCHIVED


async def test_a_late_rectification_is_told_once(office: Office) -> None:
    finding = {"source": ProblemSource.PATROL, "department": "edu", "responsible": "某人", "description": "居民楼补课"}
    problem = await office.does(problems.find_problem, office.qian, office.now(), **finding)
    await office.does(problems.plan, problem, office.li, office.now(), text="限期停止")
    office.now.move(days=16)
    for _ in range(2):
        await sweep.sweep(office.database, office.now())
    assert (await office.told(office.li)).count("rectification_due") == 1
    assert (await office.told(office.qian)).count("rectification_due") == 1


async def test_when_the_official_calendar_comes_provisional_dates_are_reckoned_anew(
    sqlite_url: str, keyring: Keyring, policy: Path, tmp_path: Path, now: Now
) -> None:
    """The table of 2026 is missing when a report comes in before the Spring Festival; then it is loaded."""
    old, new = _rules_until(policy, tmp_path / "old", 2025), Rules.load(policy)
    now.at = datetime(2026, 2, 10, 9, 0, tzinfo=CHINA)
    before = await Database.open(sqlite_url, keyring=keyring, rules=old)
    office = await Office.open(before, now)
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    provisional = await office.sees(clocks.main_clock, lead)
    assert provisional is not None
    assert provisional.provisional
    await before.close()
    after = await Database.open(sqlite_url, keyring=keyring, rules=new)
    await sweep.sweep(after, now())
    official = await after.read(clocks.main_clock, lead)
    recalculated = EventKind.DUE_RECALCULATED in [one.kind for one in await after.read(events.history, filed.report_id)]
    await after.close()
    assert official is not None
    assert not official.provisional
    assert provisional.due_at == official.due_original == datetime(2026, 2, 24, 17, 30, tzinfo=CHINA)
    assert official.due_at == datetime(2026, 3, 2, 17, 30, tzinfo=CHINA)
    assert recalculated


@pytest.mark.parametrize("kind", ClockKind)
def test_every_clock_has_something_to_say(rules: Rules, kind: ClockKind) -> None:
    said = stages(rules, kind)
    assert said[-1] is Stage.LAPSED or Stage.OVERDUE in said


async def test_an_assignment_that_is_done_says_nothing_more(office: Office) -> None:
    filed = await office.files(route=ALONE, reporter=None)
    await office.answers(filed)
    office.now.move(days=25)
    assert await sweep.sweep(office.database, office.now()) == 0


def _rules_until(policy: Path, folder: Path, year: int) -> Rules:
    folder.mkdir()
    for name in ("deadlines.toml", "departments.toml", "holidays.toml", "categories.toml"):
        text = (policy / name).read_text("utf-8")
        known = text.split(f"[official.{year + 1}]")[0] if name == "holidays.toml" else text
        (folder / name).write_text(known, "utf-8")
    return Rules.load(folder)


async def _reminded(office: Office, filed: Filed) -> list[Any]:
    return [one for one in await office.history(filed) if one.kind is EventKind.REMINDED and one.details["clock"] == "reply"]


def _all_reminders(tx: Connection) -> list[tuple[int, str]]:
    rows = tx.execute(sa.select(event).where(event.c.kind == EventKind.REMINDED)).all()
    return [(row.assignment_id, row.details["clock"]) for row in rows]
