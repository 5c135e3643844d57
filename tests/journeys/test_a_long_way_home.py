"""One report all the way, with its parent on the page and its officers at the workbench: returned, extended, disliked, redone, closed."""

import re
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import clocks, reports
from storage.clocks import Clock
from storage.metrics import keeping
from storage.metrics.fold import Flag
from storage.tables.stats import stat_fact
from storage.vocabulary import ClockKind, Role, Status
from tests.bot.web.bureau import Browser, Bureau
from tests.bot.web.test_desk import ANSWER
from tests.journeys.telling import HIDDEN, file
from tests.journeys.world import World
from tests.phone import Phone
from tests.storage import oracle, recount
from tests.storage.test_metrics_recount import kept

REPLY_DAYS, EXTRA_DAYS, REDO_DAYS = 10, 3, 5
STEPS = [
    *("受理", "系统分派", "派单", "派单", "派单", "申请退单", "同意退单", "派单", "免交意见", "免交意见"),
    *("签收", "首次联系或到现场", "申请延期", "同意延期", "提交办理结果", "审核通过", "答复反映人"),
    *("反映人评价", "反映人有异议", "退回重办", "派单", "签收", "首次联系或到现场", "提交办理结果", "审核通过", "答复反映人"),
    *("反映人评价", "办结"),
]


@pytest.fixture
async def bureau(world: World) -> Bureau:
    """The workbench over the same records: Li of education, Mei of culture and tourism, Qian of the office."""
    made = Bureau(world.database, world.rules, Path(world.policy.folder), world.now)
    await made.hire("li")
    await made.hire("mei", department="culture_tourism")
    await made.hire("qian", Role.OFFICE, "shuangjian_office")
    return made


@pytest.mark.parametrize("phone", ["web"], indirect=True)
async def test_a_report_returned_extended_disliked_and_redone_comes_home(phone: Phone, world: World, bureau: Bureau) -> None:
    now = world.now
    number, _ = await file(phone, HIDDEN)
    async with bureau.browser("li") as li, bureau.browser("mei") as mei, bureau.browser("qian") as qian:
        now.move(hours=1)
        await li.move(number, "request_return", reason="借美术班的名义上课", suggested="culture_tourism")
        await qian.move(number, "approve_return", to="culture_tourism")
        given = now()
        assert (await newest(world, number, ClockKind.REPLY)).due_at == oracle.add_working_days(given, REPLY_DAYS)
        for _ in range(2):
            await qian.move(number, "waive", reason="不需要协办")

        await mei.move(number, "claim", no_conflict="yes")
        await mei.move(number, "start")
        await mei.move(number, "request_extension", days=EXTRA_DAYS, reason="等机构负责人到场")
        await qian.move(number, "approve_extension", reason="机构负责人外出")
        extended = await newest(world, number, ClockKind.REPLY)
        assert extended.due_at == oracle.add_working_days(given, REPLY_DAYS + EXTRA_DAYS)
        assert extended.due_original == oracle.add_working_days(given, REPLY_DAYS)
        assert shown(extended.due_at) in (await mei.open(f"/desk/reports/{number}")).text
        await answer(number, mei, qian)

        now.move(minutes=20)
        await phone.look()
        await phone.press("没有解决")
        await phone.press("不满意")
        await phone.say("他们换到隔壁楼了")
        await qian.move(number, "redo", reason="理由成立")
        assert (await newest(world, number, ClockKind.REDO)).due_at == oracle.add_working_days(now(), REDO_DAYS)
        await mei.move(number, "claim", no_conflict="yes")
        await mei.move(number, "start")
        await answer(number, mei, qian)

        now.move(minutes=20)
        await phone.look()
        await phone.press("解决了")
        await phone.press("满意")
        page = (await qian.open(f"/desk/reports/{number}")).text
    assert steps(page) == STEPS
    assert "他们换到隔壁楼了" in page
    assert (await world.database.read(reports.get, await world.database.read(reports.by_number, number))).status is Status.CLOSED
    assert await world.database.write(solved_and_recounted) == 1


async def answer(number: str, officer: Browser, office: Browser) -> None:
    assert "已完成" in (await officer.move(number, "submit", **ANSWER)).text
    assert "已完成" in (await office.move(number, "approve")).text


async def newest(world: World, number: str, kind: ClockKind) -> Clock:
    """The newest clock of this kind."""
    report_id = await world.database.read(reports.by_number, number)
    return [one for one in await world.database.read(clocks.of_report, report_id) if one.kind is kind][-1]


def steps(page: str) -> list[str]:
    """What the timeline says happened, oldest first."""
    (history,) = re.findall(r'<ol class="history">(.*?)</ol>', page, re.DOTALL)
    return list(reversed(re.findall(r"<li><b>(.*?)</b>", history)))


def shown(at: datetime) -> str:
    local = at.astimezone(oracle.CHINA)
    return f"{local.month}月{local.day}日 {local.hour:02}:{local.minute:02}"


def solved_and_recounted(tx: Connection) -> int:
    """How often the figures say "solved", once they equal a recount of the history."""
    while keeping.catch_up(tx):
        pass
    assert kept(tx) == recount.assignments(tx)
    flags = tx.execute(sa.select(stat_fact.c.flags).where(stat_fact.c.assignment_id > 0)).scalars()
    return sum(Flag.SOLVED in Flag(one) for one in flags)
