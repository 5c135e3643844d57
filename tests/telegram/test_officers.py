"""Officers and the office inside the staff's bot."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.simulator.people import Person, a_group, migrate
from storage import clocks, moves, reports
from storage.database import Database
from storage.reports import Filed, Route
from storage.tables.reports import assignment
from storage.tables.staff import access
from storage.vocabulary import AssignmentStatus, Role, Status
from tests.storage.cases import a_report
from tests.telegram.conftest import Hand, OpenTown, Town, in_group, until

CLAIM = "签收（我与此事无利害关系）"
# The likeliest library of this audience is the default; where it says so, the other one carries the same officers.
STAFF_ONLY = {"parents_token": ""}
ALONE = {"route": Route("auto", "edu", ())}
BOTH_WAYS = pytest.mark.parametrize(("library", "mode"), [("ptb", "webhook"), ("aiogram", "polling")])


async def filed(town: Town, **changes: object) -> Filed:
    made = await town.database.write(a_report, town.now(), **changes)
    town.service.delivery.wake()
    town.service.staff.wake()
    return made


async def standing(database: Database, report_id: int) -> tuple[Status, AssignmentStatus | None]:
    def read(tx: sa.Connection) -> tuple[Status, AssignmentStatus | None]:
        lead = moves.lead_of(tx, report_id)
        step = tx.execute(sa.select(assignment.c.status).where(assignment.c.id == lead.id)).scalar_one() if lead else None
        return reports.get(tx, report_id).status, AssignmentStatus(step) if step else None

    return await database.read(read)


async def test_a_stranger_is_told_where_codes_come_from_and_a_code_works_once(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    li = await town.officer("edu", name="李")
    code = li.person.chat.messages[1]["text"]
    assert "李" in li.last
    thief = Hand(Person(town.network.staff), town.service)
    assert "绑定码不对" in await thief.say(code)
    assert "只给办件的工作人员" in await thief.say("待办")


@pytest.mark.parametrize("library", ["ptb", "aiogram"])
async def test_of_two_officers_one_gets_it_and_the_other_is_told_who_has_it(open_town: OpenTown, library: str) -> None:
    town = await open_town(**STAFF_ONLY, staff_library=library)
    li, wang = await town.officer("edu", name="李"), await town.officer("edu", name="王")
    made = await filed(town)
    assert made.number in await li.answered()
    assert "为" not in (await wang.answered()).split("反映的内容")[0]
    assert "由您签收" in await li.press(CLAIM)
    assert "李" in await wang.press_old(CLAIM)
    assert (await standing(town.database, made.report_id))[1] is AssignmentStatus.CLAIMED


async def test_a_card_says_nothing_of_who_reported_and_changes_by_itself(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    li, wang = await town.officer("edu", name="李"), await town.officer("edu", name="王")
    await filed(town, story="我叫张小明，电话13812345678，朱兰那个学校说关了，老师还在原来楼上教数学")
    card = await li.answered()
    await wang.answered()
    assert "13812345678" not in card
    assert "张小明" not in card
    await li.press(CLAIM)
    await until(lambda: any("已签收 · 李" in shown.text for shown in wang.screen))
    assert not any(CLAIM in shown.buttons for shown in wang.screen)


@BOTH_WAYS
async def test_a_return_is_asked_for_step_by_step_and_arbitrated_by_buttons(open_town: OpenTown, library: str, mode: str) -> None:
    town = await open_town(**STAFF_ONLY, staff_library=library, telegram_mode=mode)
    li, office = await town.officer("edu"), await town.officer("shuangjian_office", Role.OFFICE)
    made = await filed(town, **ALONE)
    await li.answered()
    assert "理由" in await li.press("申请退单")
    assert "建议转给" in await li.say("这是市场监管的事")
    assert "请核对" in await li.press("市场监管局")
    assert "已完成" in await li.press("确定：申请退单")
    assert (await standing(town.database, made.report_id))[1] is AssignmentStatus.RETURN_REVIEW
    assert "退单待裁定" in await office.answered()
    await office.press("不同意退单")
    await office.say("教育部门先核实")
    await office.press("确定：不同意退单")
    assert (await standing(town.database, made.report_id))[1] is AssignmentStatus.PENDING_SIGN


async def test_the_answer_is_collected_field_by_field_and_whatever_the_outcome_needs_is_asked_at_once(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    li, office = await town.officer("edu"), await town.officer("shuangjian_office", Role.OFFICE)
    made = await filed(town, **ALONE)
    await li.answered()
    await li.press(CLAIM)
    await li.say(made.number)
    await li.press("已联系或到现场")
    await li.say(made.number)
    await li.press("提交办理结果")
    assert "给群众的答复" in await li.press("已解答")
    assert "请核对" in await li.say("您好，已核实并答复。")
    await li.press("确定：提交办理结果")
    assert (await standing(town.database, made.report_id))[1] is AssignmentStatus.SUBMITTED
    await office.answered()
    await office.press("审核通过")
    await office.press("确定：审核通过")
    assert (await standing(town.database, made.report_id))[0] in (Status.REPLIED, Status.CLOSED)


@pytest.mark.parametrize("library", ["ptb", "aiogram"])
async def test_more_time_is_asked_for_step_by_step_and_the_reporter_hears_until_when(open_town: OpenTown, library: str) -> None:
    town = await open_town(**STAFF_ONLY, staff_library=library)
    li, office = await town.officer("edu"), await town.officer("shuangjian_office", Role.OFFICE)
    made = await filed(town, **ALONE)
    await li.answered()
    await li.press(CLAIM)
    await li.say(made.number)
    await li.press("已联系或到现场")
    before = await due(town.database, made.report_id)
    await li.say(made.number)
    assert "天" in await li.press("申请延期")
    assert "看不懂" in await li.say("好多天")
    assert "理由" in await li.say("3")
    assert "请核对" in await li.say("需要等检测结果")
    assert "已完成" in await li.press("确定：申请延期")
    assert await due(town.database, made.report_id) == before
    assert "延期申请" in await office.answered()
    await office.press("同意延期")
    await office.say("情况属实")
    await office.press("确定：同意延期")
    assert await due(town.database, made.report_id) > before
    await li.sees("延期申请已有结果")


async def due(database: Database, report_id: int) -> datetime:
    def read(tx: sa.Connection) -> datetime:
        lead = moves.lead_of(tx, report_id)
        clock = clocks.main_clock(tx, lead.id) if lead else None
        assert clock
        return clock.due_at

    return await database.read(read)


async def test_another_departments_report_does_not_exist_and_the_attempt_is_written_down(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    zhang = await town.officer("sport_tourism")
    made = await filed(town, **ALONE)
    assert "没有这件线索" in await zhang.say(made.number)
    zhang.person.bot.push("callback_query", a_forged_press(zhang, f"c.{made.number}"))
    assert "没有这件线索" in await zhang.answered()
    refusals = await town.database.read(lambda tx: tx.execute(sa.select(access.c.allowed).where(access.c.allowed == 0)).all())
    assert refusals


def a_forged_press(hand: Hand, data: str) -> dict[str, object]:
    message = hand.person.chat.from_bot()[-1]
    return {
        "id": "1",
        "from": message["chat"] | {"is_bot": False, "id": hand.person.id},
        "message": message,
        "chat_instance": "1",
        "data": data,
    }


async def test_a_departments_group_gets_a_card_and_follows_the_group_when_it_moves(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    li = await town.officer("edu", name="李")
    group = a_group(town.network.staff, "教体局线索群")
    li.person.say("/here", group)
    assert "本群归" in await li.answered()
    first = await filed(town, **ALONE)
    await until(lambda: any(first.number in shown.text for shown in in_group(group)))
    li.person.press(next(key for key in in_group(group)[-1].buttons.values() if key.endswith(".claim")), group)
    await until(lambda: "已签收 · 李" in in_group(group)[-1].text)
    moved = migrate(town.network.staff, group)
    second = await filed(town, **ALONE)
    await until(lambda: any(second.number in shown.text for shown in in_group(moved)))


async def test_what_waits_is_listed_and_opened_and_a_number_is_found_by_its_end(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    li = await town.officer("edu")
    made = await filed(town)
    await li.answered()
    await li.say("待办")
    assert made.number in await li.press("待签收 1")
    assert "反映的内容" in await li.press(f"打开 {made.number}")
    assert "反映的内容" in await li.say(made.number[-6:])


async def test_the_office_asks_for_figures_in_words_and_gets_a_picture(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    office = await town.officer("shuangjian_office", Role.OFFICE)
    await filed(town)
    await office.say("统计 本月各部门办结率")
    await until(lambda: any("photo" in message for message in office.person.chat.from_bot()))


async def test_the_digest_comes_once_a_day_at_its_hour(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    office = await town.officer("shuangjian_office", Role.OFFICE)
    await filed(town, route=Route("triage", None, ()))
    await office.answered()
    for _ in range(2):
        await town.service.staff.write_digest(town.now())
    town.service.delivery.wake()
    assert "每日提要" in await office.answered()
    assert sum("每日提要" in shown.text for shown in office.screen) == 1


async def test_an_old_button_of_a_form_that_is_over_does_nothing(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    li = await town.officer("edu")
    await filed(town, **ALONE)
    await li.answered()
    await li.press("申请退单")
    await li.say("取消")
    assert "过时" in await li.press_old("取消")
