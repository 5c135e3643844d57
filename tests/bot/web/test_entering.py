"""A clerk enters what a caller said: once, whatever the mouse or the network does."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.database import Database
from storage.tables.reports import report
from storage.vocabulary import Role
from tests.bot.web.bureau import Browser, Bureau

STORY = "朱兰街道某小区3号楼2单元5楼，每周六上午有老师偷偷给一群初三学生补数学，一个人收三千块"
TWO_MATTERS = "孩子在寺坡星光舞蹈班报名交了9800元，一直不退钱，而且他们没有办学许可证"
CALL = {"source": "phone", "story": STORY, "category": "hidden_venue", "reporter_phone": "13912345678"}
RECEIPT = re.compile(r"WG-SJ-\d{8}-\d{4}|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}")


@pytest.fixture
async def clerk(bureau: Bureau) -> AsyncIterator[Browser]:
    await bureau.hire("zhang", Role.CLERK, "shuangjian_office")
    async with bureau.browser("zhang") as zhang:
        yield zhang


async def form_key(clerk: Browser) -> str:
    """What the form carries unseen."""
    found = re.search(r'name="once" value="([^"]+)"', (await clerk.open("/desk/enter")).text)
    assert found
    return found[1]


def filed(tx: Connection) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(report)).scalar_one())


async def test_a_double_click_files_once_and_shows_one_receipt(clerk: Browser, embedded: Database) -> None:
    form = {**CALL, "once": await form_key(clerk)}
    pages = await asyncio.gather(*(clerk.post("/desk/enter", **form) for _ in range(2)))
    receipts = [RECEIPT.findall(page.text) for page in pages]
    assert len(receipts[0]) == 2
    assert receipts[0] == receipts[1]
    assert await embedded.read(filed) == 1


async def test_a_form_sent_again_after_a_lost_answer_brings_the_same_page(clerk: Browser, bureau: Bureau) -> None:
    form = {**CALL, "once": await form_key(clerk)}
    first = (await clerk.post("/desk/enter", **form)).text
    bureau.now.move(minutes=3)
    assert RECEIPT.findall((await clerk.post("/desk/enter", **form)).text) == RECEIPT.findall(first)


async def test_two_matters_in_one_call_are_two_reports_however_often_they_are_sent(clerk: Browser, embedded: Database) -> None:
    form = {"source": "phone", "story": TWO_MATTERS, "once": await form_key(clerk)}
    first, second = [RECEIPT.findall((await clerk.post("/desk/enter", **form)).text) for _ in range(2)]
    assert first == second
    assert await embedded.read(filed) == len(first) / 2


async def test_the_next_caller_with_the_same_words_is_another_report(clerk: Browser, embedded: Database) -> None:
    for _ in range(2):
        await clerk.post("/desk/enter", **CALL, once=await form_key(clerk))
    assert await embedded.read(filed) == 2


async def test_a_word_corrected_after_going_back_is_not_swallowed(clerk: Browser, embedded: Database) -> None:
    key = await form_key(clerk)
    await clerk.post("/desk/enter", **CALL, once=key)
    await clerk.post("/desk/enter", **{**CALL, "story": STORY + "，老师姓王"}, once=key)
    assert await embedded.read(filed) == 2


async def test_a_refused_form_keeps_its_key(clerk: Browser) -> None:
    key = await form_key(clerk)
    refused = await clerk.post("/desk/enter", source="phone", story="", once=key)
    assert refused.status_code == 409
    assert f'value="{key}"' in refused.text


async def test_another_clerk_with_a_copied_form_files_a_report_of_their_own(clerk: Browser, bureau: Bureau, embedded: Database) -> None:
    key = await form_key(clerk)
    await bureau.hire("qian", Role.CLERK, "shuangjian_office")
    async with bureau.browser("qian") as qian:
        pages = [await one.post("/desk/enter", **CALL, once=key) for one in (clerk, qian)]
    assert not set(RECEIPT.findall(pages[0].text)) & set(RECEIPT.findall(pages[1].text))
    assert await embedded.read(filed) == 2


async def test_the_town_chosen_in_the_form_is_read_by_its_name(clerk: Browser, bureau: Bureau) -> None:
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    form = {**CALL, "town": "zhulan", "once": await form_key(clerk)}
    number = RECEIPT.findall((await clerk.post("/desk/enter", **form)).text)[0]
    async with bureau.browser("qian") as qian:
        page = (await qian.open(f"/desk/reports/{number}")).text
        found = (await qian.open("/desk/search?town=zhulan")).text
    assert "<dd>朱兰街道</dd>" in page
    assert "zhulan" not in page
    assert number in found
