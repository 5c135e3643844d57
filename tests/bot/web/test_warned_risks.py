"""A line that an early warning opened stands in the office's risk ledger, and the office can settle it."""

import re

from storage import warnings
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
