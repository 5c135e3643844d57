"""The office's ledgers: nothing leaves them unmended, and every sample can be drawn again."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import duties, inspections, outcomes, problems, reports, spot_checks
from storage.database import Database
from storage.errors import (
    AlreadyStruckOff,
    CheckedBefore,
    NoSuchReport,
    NotAccepted,
    NotPermitted,
    NotPutRight,
    ReasonMissing,
    TooFewInspectors,
)
from storage.inspections import Inspection
from storage.reports import Route
from storage.tables.ledgers import problem
from storage.vocabulary import EventKind, Finding, ProblemSource, Status
from tests.clock import START, Now
from tests.storage.office import Office

FOUND = {"source": ProblemSource.PATROL, "department": "edu", "responsible": "某人", "description": "居民楼内补课", "task": 1}
ALONE = Route("auto", "edu")


async def test_a_problem_leaves_the_ledger_only_when_its_mending_was_accepted(office: Office) -> None:
    one = await office.does(problems.find_problem, office.qian, office.now(), **FOUND)
    with pytest.raises(NotPutRight):
        await office.does(problems.put_right, one, office.li, office.now(), evidence="照片")
    assert await office.does(problems.plan, one, office.li, office.now(), text="限期停止") == date(2026, 12, 10)
    with pytest.raises(NotPutRight):
        await office.does(problems.accept, one, office.qian, office.now())
    await office.does(problems.put_right, one, office.li, office.now(), evidence="照片三张")
    with pytest.raises(NotAccepted):
        await office.does(problems.strike_off, one, office.qian, office.now())
    await office.does(problems.accept, one, office.qian, office.now())
    await office.does(problems.strike_off, one, office.qian, office.now())
    assert await office.sees(problems.ledger, only_open=True) == []
    assert [step.step for step in await office.sees(problems.steps, one)] == ["found", "planned", "put_right", "accepted", "struck_off"]
    with pytest.raises(AlreadyStruckOff):
        await office.does(problems.plan, one, office.li, office.now(), text="再改")


async def test_what_is_not_accepted_goes_back_with_a_reason_and_may_get_a_new_date(office: Office) -> None:
    one = await office.does(problems.find_problem, office.qian, office.now(), **FOUND)
    await office.does(problems.plan, one, office.li, office.now(), text="限期停止", due_on=date(2026, 12, 1))
    await office.does(problems.put_right, one, office.li, office.now(), evidence="照片")
    with pytest.raises(ReasonMissing):
        await office.does(problems.refuse, one, office.qian, office.now(), reason="")
    await office.does(problems.refuse, one, office.qian, office.now(), reason="还在上课", due_on=date(2026, 12, 20))
    (line,) = await office.sees(problems.ledger, department="edu")
    assert (line.put_right_at, line.due_on) == (None, date(2026, 12, 20))
    assert not line.is_overdue(date(2026, 12, 20))
    assert line.is_overdue(date(2026, 12, 21))


async def test_other_departments_have_nothing_to_do_with_it(office: Office) -> None:
    one = await office.does(problems.find_problem, office.qian, office.now(), **FOUND)
    with pytest.raises(NoSuchReport):
        await office.does(problems.plan, one, office.zhao, office.now(), text="限期停止")
    with pytest.raises(NotPermitted):
        await office.does(problems.find_problem, office.li, office.now(), **FOUND)


async def test_a_joint_inspection_needs_two_departments_and_two_people(office: Office) -> None:
    filed = await office.files()
    whole = Inspection(office.now(), ("edu", "market_reg"), ("甲", "乙"), "朱兰", "有学生上课", report_id=filed.report_id)
    for people, departments in ((("甲",), whole.departments), (("甲", "甲 "), whole.departments), (whole.people, ("edu", "edu"))):
        lacking = Inspection(office.now(), departments, people, "朱兰", "有学生上课")
        with pytest.raises(TooFewInspectors):
            await office.does(inspections.record, lacking, office.li, office.now())
    await office.does(inspections.record, whole, office.li, office.now())
    assert await office.sees(inspections.on, report_id=filed.report_id) == [whole]
    assert (await office.history(filed))[-1].kind is EventKind.INSPECTED


async def test_a_sample_can_be_drawn_again_by_anyone_who_knows_the_seed(office: Office) -> None:
    for _ in range(12):
        filed = await office.files(route=ALONE, reporter=None)
        await office.answers(filed)
    span = {"start": office.now() - timedelta(days=1), "end": office.now() + timedelta(days=1)}
    drawn = await office.does(spot_checks.draw, office.qian, office.now(), period="2026Q4", seed="20261125", **span)
    assert len(drawn) == 5
    sample = {check.number for check in await office.sees(spot_checks.drawn, "2026Q4")}
    again = await office.does(spot_checks.draw, office.qian, office.now(), period="再抽", seed="20261125", **span)
    assert {check.number for check in await office.sees(spot_checks.drawn, "再抽")} == sample
    assert again
    other = await office.does(spot_checks.draw, office.qian, office.now(), period="换种子", seed="7", **span)
    assert {check.number for check in await office.sees(spot_checks.drawn, "换种子")} != sample
    assert other


@pytest.mark.parametrize(("closed", "size"), [(0, 0), (3, 3), (12, 5), (50, 5), (51, 6), (1000, 100)])
async def test_a_tenth_is_looked_at_and_at_least_five(office: Office, closed: int, size: int) -> None:
    assert await office.sees(spot_checks.sample_size, closed) == size


async def test_what_fails_the_spot_check_is_done_again(office: Office) -> None:
    filed = await office.files(route=ALONE, reporter=None)
    await office.answers(filed)
    await office.does(outcomes.archive, filed.report_id, office.qian, office.now())
    span = {"start": office.now() - timedelta(days=1), "end": office.now() + timedelta(days=1)}
    (check,) = await office.does(spot_checks.draw, office.qian, office.now(), period="2026Q4", seed="1", **span)
    await office.does(spot_checks.judge, check, Finding.FAILED, office.qian, office.now(), reason="现场仍在上课")
    assert (await office.sees(reports.get, filed.report_id)).status is Status.HANDLING
    with pytest.raises(CheckedBefore):
        await office.does(spot_checks.judge, check, Finding.PASSED, office.qian, office.now(), reason="看错了")


async def test_the_roster_names_who_is_on_duty(office: Office) -> None:
    day = datetime(2026, 10, 3).date()  # noqa: DTZ001
    li, wang = office.li.officer_id or 0, office.wang.officer_id or 0
    await office.does(duties.put, day, "edu", [li, wang], office.qian)
    await office.does(duties.put, day, "edu", [wang], office.qian)
    for by in (office.li, office.head, office.zhou):
        with pytest.raises(NotPermitted):
            await office.does(duties.put, day, "edu", [li], by)
    assert await office.sees(duties.on_duty, day, "edu") == (wang,)
    assert await office.sees(duties.roster, day, day) == {(day, "edu"): (wang,)}


@pytest.mark.parametrize(
    "forged",
    [
        {"struck_off_at": START},
        {"put_right_at": START, "evidence": "照片"},
        {"plan": "停止"},
        {"source": "rumour"},
        {"task": 6},
    ],
)
async def test_the_database_itself_refuses_what_the_ledger_never_allows(database: Database, now: Now, forged: dict[str, object]) -> None:
    office = await Office.open(database, now)
    one = await office.does(problems.find_problem, office.qian, now(), **FOUND)
    with pytest.raises(sa.exc.IntegrityError):
        await office.does(_forge, one, forged)


def _forge(tx: Connection, problem_id: int, values: dict[str, object]) -> None:
    tx.execute(sa.update(problem).where(problem.c.id == problem_id).values(values))
