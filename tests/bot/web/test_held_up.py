"""An act is offered when it can be done; one that still waits for something stands there greyed, and says for what."""

import re
from collections.abc import AsyncIterator

import pytest

from storage.reports import Route
from storage.vocabulary import Role
from tests.bot.web.bureau import Browser, Bureau
from tests.bot.web.test_desk import ANSWER

ASSISTED = Route("auto", "edu", ("market_reg", "civil_affairs"))


@pytest.fixture
async def wang(bureau: Bureau) -> AsyncIterator[Browser]:
    """The office, at its browser; Li works at the education bureau, Zhao at the market regulator, nobody yet at civil affairs."""
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    await bureau.hire("li")
    await bureau.hire("zhao", department="market_reg")
    async with bureau.browser("wang") as browser:
        yield browser


async def test_the_office_reads_whose_opinion_holds_up_approval_and_waives_them_all_at_once(bureau: Bureau, wang: Browser) -> None:
    number = await handed_in(bureau, ASSISTED)
    page = (await wang.open(f"/desk/reports/{number}")).text
    assert moves(page, "approve") == []
    assert held_up(page) == {
        "审核通过": "还有协办单位没有交意见：市场监管局、民政局。其中没有经办账号、交不了的：民政局。可以免交，也可以先给他们开账号。"
    }
    assert page.count("没有能签收的账号") == 1
    assert "已完成：免交全部协办意见" in (await wang.move(number, "waive_all", reason="情况已经清楚")).text
    page = (await wang.open(f"/desk/reports/{number}")).text
    assert page.count("<b>免交意见</b>") == 2
    assert (held_up(page), moves(page, "waive_all")) == ({}, [])
    assert "已完成：审核通过" in (await wang.move(number, "approve")).text


async def test_an_approval_pressed_on_an_old_page_says_whose_opinion_is_missing(bureau: Bureau, wang: Browser) -> None:
    number = await handed_in(bureau, Route("auto", "edu", ("market_reg",)))
    page = (await wang.open(f"/desk/reports/{number}")).text
    refused = await wang.post(moves(page, "send_back")[0].replace("send_back", "approve"))
    assert refused.status_code == 409
    assert "还有协办单位没有交意见：市场监管局。可以等，也可以由双减办免交。" in refused.text


async def test_while_the_reporter_is_asked_neither_a_result_nor_its_approval_is_offered(bureau: Bureau, wang: Browser) -> None:
    number = await handed_in(bureau, Route("auto", "edu"))
    await wang.move(number, "ask_info", question="几号楼？")
    told = "正在等反映人补充。补充来了，或写明理由不再等，才能做这一步。"
    assert held_up((await wang.open(f"/desk/reports/{number}")).text) == {"审核通过": told}
    await wang.move(number, "send_back", reason="等补充来了再交")
    async with bureau.browser("li") as li:
        assert held_up((await li.open(f"/desk/reports/{number}")).text) == {"提交办理结果": told}


async def test_a_return_is_offered_only_while_there_is_time_for_it(bureau: Bureau, wang: Browser) -> None:
    filed = await bureau.report(route=Route("auto", "edu"))
    for days, offered in ((0, True), (2, False)):
        bureau.now.move(days=days)
        async with bureau.browser("li") as li:
            page = (await li.open(f"/desk/reports/{filed.number}")).text
        assert (bool(moves(page, "request_return")), bool(moves(page, "claim"))) == (offered, True)


async def test_more_time_is_asked_for_once(bureau: Bureau, wang: Browser) -> None:
    filed = await bureau.report(route=Route("auto", "edu"))
    async with bureau.browser("li") as li:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        await li.move(filed.number, "request_extension", days="2", reason="取证")
        asked = (await li.open(f"/desk/reports/{filed.number}")).text
        await wang.move(filed.number, "approve_extension", reason="同意")
        granted = (await li.open(f"/desk/reports/{filed.number}")).text
    assert (moves(asked, "request_extension"), moves(granted, "request_extension")) == ([], [])


async def handed_in(bureau: Bureau, route: Route) -> str:
    """The number of a report whose lead's answer waits for approval."""
    filed = await bureau.report(route=route)
    async with bureau.browser("li") as li:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        await li.move(filed.number, "submit", **ANSWER)
    return filed.number


def held_up(page: str) -> dict[str, str]:
    """The greyed acts of the page, each with what it waits for."""
    found = re.findall(r'<p class="held"><span[^>]*>([^<]*)</span> <span[^>]*>([^<]*)</span></p>', page)
    return dict(found)


def moves(page: str, name: str) -> list[str]:
    """Where this act's forms are sent to."""
    return re.findall(rf'action="([^"]*/{name})"', page)
