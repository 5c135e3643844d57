"""A question in words gets the answer in a sentence first, and whoever may not see all is told so."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.figures.room import FiguresRoom
from handlers.policy import Policy
from storage import assignments
from storage.database import Database
from storage.people import Actor
from storage.reports import Route
from storage.rules import Rules
from storage.vocabulary import Role
from tests.clock import Now
from tests.storage import cases

ENOUGH = 5
# A Saturday.
DAY_OFF = datetime(2026, 11, 21, 6, tzinfo=UTC)


@pytest.fixture
def room(embedded: Database, rule_book: Policy, rules: Rules, now: Now) -> FiguresRoom:
    return FiguresRoom.over(embedded, rule_book, rules, now)


@pytest.fixture
async def office(embedded: Database, now: Now) -> Actor:
    return await embedded.write(cases.an_officer, "shuangjian_office", Role.OFFICE, now())


async def signed(database: Database, at: datetime, department: str, number: int, **after: float) -> Actor:
    """So many reports at this department, each signed so long after it was dispatched; the one who signed them."""
    officer = await database.write(cases.an_officer, department, Role.OFFICER, at)
    for _ in range(number):
        filed = await database.write(cases.a_report, at, route=Route("auto", department, ()))
        assignment = await database.read(cases.assignment_of, filed.report_id, department)
        await database.write(assignments.claim, assignment, officer, at + timedelta(**after))
    return officer


async def test_who_is_slowest_is_said_first_and_then_the_table(room: FiguresRoom, embedded: Database, office: Actor, now: Now) -> None:
    await signed(embedded, now(), "edu", ENOUGH, minutes=90)
    await signed(embedded, now(), "market_reg", ENOUGH, minutes=30)
    await signed(embedded, now(), "culture_tourism", 1, minutes=120)
    now.move(hours=3)
    slowest = await room.answering.answer("哪个部门签收最慢", office)
    assert slowest.sentences == ("签收用时最长的是教体局（5 件），中位 1.5 工作小时；另有 1 个单位不到 5 件，不比。",)
    assert slowest.table
    # The few are slower still, and no one is ranked by so few.
    assert [line.name for line in slowest.table.lines] == ["教体局", "市场监管局", "文广旅局"]
    fastest = await room.answering.answer("哪个部门签收最快", office)
    assert fastest.sentences[0].startswith("签收用时最短的是市场监管局（5 件），中位 30 分钟")


async def test_who_has_most_and_who_has_least_is_said(room: FiguresRoom, embedded: Database, office: Actor, now: Now) -> None:
    for department, number in (("edu", 3), ("market_reg", 1), ("culture_tourism", 1)):
        await signed(embedded, now(), department, number, minutes=1)
    assert (await room.answering.answer("哪个部门受派最多", office)).sentences == ("受派最多的是教体局，3 件。",)
    (least,) = (await room.answering.answer("哪个部门受派最少", office)).sentences
    assert least == "受派最少的是文广旅局、市场监管局，1 件。"


async def test_what_has_no_town_is_told_beside_the_town_that_has_most(
    room: FiguresRoom, embedded: Database, office: Actor, now: Now
) -> None:
    for town in ("yakou", "yakou", "sipo", None, None, None):
        await embedded.write(cases.a_report, now(), town=town)
    answer = await room.answering.answer("哪个乡镇反映最多", office)
    assert answer.sentences == ("受理最多的是垭口街道，2 件；地点不明的，3 件。",)
    assert answer.table
    assert [line.name for line in answer.table.lines] == ["垭口街道", "寺坡街道", "地点不明"]


async def test_a_rate_says_of_how_many_and_too_few_are_not_compared(room: FiguresRoom, embedded: Database, office: Actor, now: Now) -> None:
    await signed(embedded, now(), "edu", 1, minutes=1)
    asked = "签收及时率最高的是哪个部门"
    assert (await room.answering.answer(asked, office)).sentences == ("签收及时率：各单位都不到 5 件，太少，不好比。",)
    await signed(embedded, now(), "market_reg", ENOUGH, minutes=1)
    (alone,) = (await room.answering.answer(asked, office)).sentences
    assert alone == "签收及时率只有市场监管局（5/5）可看，100%，没有别的可比；另有 1 个单位不到 5 件，不比。"


async def test_what_was_done_outside_working_hours_is_said_in_words(room: FiguresRoom, embedded: Database, office: Actor, now: Now) -> None:
    await signed(embedded, DAY_OFF, "edu", 1, minutes=40)
    waits = await embedded.write(cases.a_report, DAY_OFF, route=Route("auto", "market_reg", ()))
    assert waits
    now.at = DAY_OFF + timedelta(hours=1)
    done = (await room.answering.answer("教体局本月签收多久", office)).sentences
    assert done[0].startswith("签收用时：中位 不占工作时间，")
    assert done[1] == "自然时间：中位 40 分钟，P90 40 分钟"
    waiting = (await room.answering.answer("市场监管局本月签收多久", office)).sentences
    assert waiting[0].startswith("签收用时：中位 暂未占工作时间，")


@pytest.mark.parametrize("asked", ["教体局和文广旅局谁签收快", "哪个部门签收最慢", "文广旅局签收多久"])
async def test_an_officer_who_compares_departments_is_told_of_the_own_alone(
    room: FiguresRoom, embedded: Database, now: Now, asked: str
) -> None:
    li = await signed(embedded, now(), "edu", ENOUGH, minutes=90)
    await signed(embedded, now(), "culture_tourism", ENOUGH, minutes=30)
    now.move(hours=2)
    answer = await room.answering.answer(asked, li)
    assert answer.understood
    assert answer.understood.startswith("教体局，")
    assert "文广旅局" not in answer.understood
    assert answer.sentences[0] == "您只能看到本单位的数字，不和别的单位比。"
    assert "1.5 工作小时" in answer.sentences[1]
    assert answer.table is None


async def test_whoever_asks_about_the_own_department_is_told_nothing_of_others(room: FiguresRoom, embedded: Database, now: Now) -> None:
    li = await signed(embedded, now(), "edu", 2, minutes=90)
    assert (await room.answering.answer("本月收到多少", li)).sentences == ("受派 2 件",)


async def test_what_waits_for_the_office_alone_is_no_departments_number(
    room: FiguresRoom, embedded: Database, office: Actor, now: Now
) -> None:
    li = await embedded.write(cases.an_officer, "edu", Role.OFFICER, now())
    await embedded.write(cases.a_report, now(), route=Route("triage", "", ()))
    assert (await room.answering.answer("待分派多少", office)).sentences == ("待分派 1 件",)
    assert (await room.answering.answer("待分派多少", li)).sentences == ("“待分派”由双减办掌握，单位账号看不到。",)
    assert (await room.answering.answer("教体局待分派多少", office)).sentences == ("“待分派”不按单位数，要看全市的。",)
    assert (await room.answering.answer("待签收多少", li)).sentences == ("待签收 0 件",)
