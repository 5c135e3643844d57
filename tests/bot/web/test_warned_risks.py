"""A line that an early warning opened stands in the office's risk ledger, and the office can settle it."""

import re

from storage import institutions, risks, warnings
from storage.institutions import Entry
from storage.vocabulary import RiskKind, RiskLevel, Role
from storage.warnings import Warned
from tests.bot.web.bureau import Bureau


async def test_the_office_reads_where_reports_gathered_and_settles_the_line(bureau: Bureau) -> None:
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    filed = [await bureau.report() for _ in range(2)]
    numbers = tuple(one.number for one in filed)
    warned = Warned("", "runaway", "zhulan", numbers, kind=RiskKind.RUNAWAY, level=RiskLevel.MEDIUM, why="2 人各自反映")
    await bureau.database.write(warnings.warn, warned, bureau.now())
    async with bureau.browser("qian") as qian:
        page = (await qian.open("/office/risks")).text
        assert "朱兰街道 · 卷款跑路、失联关门" in page
        assert re.search(r"<b>登记</b> <span[^>]*>今天 09:30 · 系统", page)
        (settle,) = re.findall(r'action="(/office/risks/\d+/settle)"', page)
        await qian.post(settle, progress="已退清")
        assert "已化解" in (await qian.open("/office/risks")).text


async def test_a_line_that_ended_because_its_institution_was_merged_says_so(bureau: Bureau) -> None:
    qian = await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    by, at = qian.actor, bureau.now()
    one, two = [await bureau.database.write(institutions.register, Entry(name), by, at) for name in ("星光艺术", "星光画室")]
    for place in (one, two):
        await bureau.database.write(risks.warn, place, RiskKind.REFUND, RiskLevel.HIGH, "退费不成", by=by, at=at)
    await bureau.database.write(institutions.merge, two, one, by, at)
    async with bureau.browser("qian") as browser:
        page = (await browser.open("/office/risks")).text
    assert re.search(r"<b>机构合并，并入同类风险</b> <span[^>]*>今天 09:30 · qian</span><p>星光画室 → 星光艺术</p>", page)
