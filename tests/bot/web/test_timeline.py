"""The timeline of a report's page: every line says enough to be read aloud."""

import re

import pytest

from storage import sweep
from storage.reports import Filed, Route
from storage.vocabulary import Role
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
