"""The timeline of a report's page: every line says enough to be read aloud."""

import re

import pytest

from storage import followup, sweep
from storage.reports import Filed, Route
from storage.vocabulary import Level, Role
from tests.bot.web.bureau import Browser, Bureau


async def lines(browser: Browser, filed: Filed) -> list[str]:
    """The lines of the timeline, oldest first, as a person reads them."""
    page = (await browser.open(f"/desk/reports/{filed.number}")).text
    (history,) = re.findall(r'<ol class="history">(.*?)</ol>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", " ", one) for one in reversed(re.findall(r"<li>(.*?)</li>", history, re.DOTALL))]


@pytest.fixture
async def unsigned(bureau: Bureau) -> Filed:
    """A report that nobody signs for."""
    await bureau.hire("li")
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    return await bureau.report(route=Route("auto", "edu"))


async def test_a_reminder_says_which_deadline_and_how_far_it_was(bureau: Bureau, unsigned: Filed) -> None:
    for _ in range(16):
        bureau.now.move(days=1)
        await sweep.sweep(bureau.database, bureau.now())
    async with bureau.browser("qian") as qian:
        said = " ".join(await lines(qian, unsigned))
    assert "教体局 签收时限过半" in re.sub(r"[→ ]+", " ", said)
    for words in ("签收时限过半", "签收已逾期", "签收逾期后仍未办", "答复时限过半", "答复到期前一天", "答复已逾期"):
        assert words in said
    assert "答复到期前一天，期限 12月9日 17:30" in said


async def test_an_extension_says_the_old_and_the_new_due_time_once_each(bureau: Bureau, unsigned: Filed) -> None:
    async with bureau.browser("li") as li, bureau.browser("qian") as qian:
        await li.move(unsigned.number, "claim", no_conflict="yes")
        await li.move(unsigned.number, "start")
        await li.move(unsigned.number, "request_extension", days="3", reason="需要异地取证")
        await qian.move(unsigned.number, "approve_extension", reason="同意")
        granted = (await lines(qian, unsigned))[-1]
    assert "原定 12月9日 17:30 到期，现定 12月14日 17:30 到期" in granted
    assert "延期 3 天" not in granted


async def test_a_pause_of_seconds_does_not_show_one_time_as_two(bureau: Bureau) -> None:
    await bureau.hire("li")
    filed = await bureau.report(route=Route("auto", "edu"), level=Level.P1)
    async with bureau.browser("li") as li:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        await li.move(filed.number, "ask_info", question="几号楼？")
        bureau.now.move(seconds=20)
        await bureau.database.write(followup.add_information, filed.report_id, "3号楼", (), bureau.now(), giver=None)
        page = (await li.open(f"/desk/reports/{filed.number}")).text
    assert "到期 12月5日 09:30" in page
    assert "现定" not in page
