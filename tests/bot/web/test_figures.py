"""The office's figures as pages: what is shown agrees with the record, and each sees what is theirs to see."""

from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from bot.channels.web.figures import figures_routes, public_routes
from handlers.figures.room import FiguresRoom
from storage.database import Database
from storage.reports import Route
from storage.rules import Rules
from storage.vocabulary import Role
from tests.bot.web.bureau import Bureau
from tests.clock import Now


@dataclass
class Office:
    """The bureau with the pages of figures open in it."""

    bureau: Bureau
    app: FastAPI
    now: Now
    room: FiguresRoom


@pytest.fixture
def office(bureau: Bureau, embedded: Database, rules: Rules, now: Now) -> Office:
    room = FiguresRoom.over(embedded, bureau.policy, rules, now)
    if not any(getattr(route, "path", "") == "/office" for route in bureau.app.routes):
        bureau.app.include_router(figures_routes(bureau.shell, room))
    return Office(bureau, bureau.app, now, room)


async def test_the_office_sees_every_department_and_how_fast_it_signs(office: Office) -> None:
    bureau = office.bureau
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    await bureau.hire("li")
    filed = await bureau.report()
    await bureau.report(route=Route("auto", "culture_tourism", ()))
    async with bureau.browser("li") as li, bureau.browser("wang") as wang:
        office.now.move(minutes=90)
        await li.move(filed.number, "claim", no_conflict="yes")
        page = (await wang.open("/office")).text
        assert "签收用时" in page
        assert "1.5 工作小时" in page
        for name in ("教体局", "市场监管局", "文广旅局"):
            assert f'<th scope="row">{name}</th>' in page
        assert "从派单到第一次签收" in page
        assert page.count("一般件的答复时限，各种性质不同") == 2
        assert '<th scope="row">投诉</th><td class="num" data-head="时限">' in page


async def test_an_officer_sees_the_own_department_alone(office: Office) -> None:
    bureau = office.bureau
    await bureau.hire("li")
    await bureau.report(route=Route("auto", "culture_tourism", ()))
    await bureau.report()
    async with bureau.browser("li") as li:
        page = (await li.open("/office?department=culture_tourism")).text
        assert "只显示本单位的数字" in page
        assert '<th scope="row">教体局</th>' in page
        assert '<th scope="row">文广旅局</th>' not in page


async def test_filters_stand_in_the_address(office: Office) -> None:
    bureau = office.bureau
    await bureau.hire("reader", Role.READER, "edu_inspection")
    await bureau.report()
    async with bureau.browser("reader") as reader:
        page = (await reader.open("/office?period=custom&from=2026-11-01&to=2026-11-30&basis=due&town=zhulan")).text
        assert "2026-11-01至2026-11-30，按到期日" in page
        assert '<option value="zhulan" selected>' in page
        empty = (await reader.open("/office?period=custom&from=2025-01-01&to=2025-01-31")).text
        assert "这段时间没有数据" in empty


async def test_a_reader_follows_no_link_to_a_report(office: Office) -> None:
    bureau = office.bureau
    await bureau.hire("reader", Role.READER, "edu_inspection")
    filed = await bureau.report()
    office.now.move(days=40)
    async with bureau.browser("reader") as reader:
        page = (await reader.open("/office")).text
        assert filed.number in page
        assert f"/desk/reports/{filed.number}" not in page
        assert "星光教育" not in page


async def test_a_sealed_report_leaves_no_trace_in_any_figure(office: Office) -> None:
    bureau = office.bureau
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    await bureau.report(route=Route("sealed"), category="official_misconduct")
    async with bureau.browser("wang") as wang:
        page = (await wang.open("/office")).text
        assert "<b>0</b><span>今日受理</span>" in page
        assert '<th scope="row">公职人员' not in page


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("教体局本月签收多久", "这样理解：教体局，2026-11-01至2026-11-25（按派单日），看签收用时"),
        ("超期的有哪些", "没有逾期的"),
        ("本月各部门办结率", "分单位"),
        ("今天天气怎么样", "没听懂"),
        ("今年退费金额", "已退费 0 元（0 件）"),
        ("本月受理多少，比去年同期", "去年同期还没有记录，不能比。"),
    ],
)
async def test_a_question_in_words_says_how_it_was_understood(office: Office, question: str, said: str) -> None:
    bureau = office.bureau
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    await bureau.report()
    async with bureau.browser("wang") as wang:
        assert said in (await wang.client.get("/office/asked", params={"q": question})).text


async def test_an_officer_who_asks_about_another_department_hears_of_the_own(office: Office) -> None:
    bureau = office.bureau
    await bureau.hire("li")
    await bureau.report(route=Route("auto", "culture_tourism", ()))
    async with bureau.browser("li") as li:
        page = (await li.client.get("/office/asked", params={"q": "文广旅局受派多少"})).text
        assert "这样理解：教体局" in page
        assert "受派 0 件" in page


async def test_the_public_sees_whole_months_and_no_small_number(office: Office) -> None:
    bureau = office.bureau
    office.bureau.app.include_router(public_routes(bureau.shell, office.room))
    for category, number in (("sham_closure", 7), ("refund_dispute", 2), ("runaway", 6)):
        for _ in range(number):
            await bureau.report(category=category)
    office.now.move(days=10)
    async with bureau.browser() as anybody:
        page = (await anybody.open("/figures")).text
    assert "<b>15 件</b><span>受理</span>" in page
    assert "假注销、真运营" in page
    assert "退费难" not in page
    assert "卷款跑路" not in page
    assert '其他类别（合并）</th><td class="num">8 件' in page


async def test_with_hardly_any_reports_the_public_sees_none(office: Office) -> None:
    bureau = office.bureau
    office.bureau.app.include_router(public_routes(bureau.shell, office.room))
    for _ in range(3):
        await bureau.report()
    office.now.move(days=10)
    async with bureau.browser() as anybody:
        page = (await anybody.open("/figures")).text
    assert "还没有可以公布的数据" in page
    assert "假注销" not in page


async def test_every_question_that_was_understood_gets_an_answer(office: Office) -> None:
    bureau = office.bureau
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    await bureau.hire("li")
    first = await bureau.report()
    await bureau.report(route=Route("auto", "culture_tourism", ()))
    async with bureau.browser("li") as li, bureau.browser("wang") as wang:
        office.now.move(minutes=30)
        await li.move(first.number, "claim", no_conflict="yes")
        office.now.move(minutes=30)

        async def ask(question: str) -> str:
            return (await wang.open(f"/office/asked?q={question}")).text

        assert "待签收 2 件" in await ask("现在还有多少没签收")
        assert "办结率" in await ask("教体局本月办结了多少")
        assert "投诉、举报没有分开" in await ask("朱兰街道今年收到多少举报")
        slowest = await ask("哪个单位响应最慢")
        rows = [name for name in ("教体局", "文广旅局", "市场监管局") if f'<th scope="row">{name}</th>' in slowest]
        assert len(rows) == 3
        compared = await ask("教体局和文广旅局谁签收快")
        assert compared.index('<th scope="row">教体局</th>') < compared.index('<th scope="row">文广旅局</th>')
        assert '<th scope="row">市场监管局</th>' not in compared
