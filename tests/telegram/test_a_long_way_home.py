"""One report all the way inside the staff's bot: returned, given to another, extended, answered, disliked, redone, closed."""

from storage import events, followup
from storage.reports import Route
from storage.vocabulary import EventKind as K
from storage.vocabulary import Role, Status
from tests.storage import cases
from tests.telegram.conftest import Hand, OpenTown
from tests.telegram.test_officers import CLAIM, STAFF_ONLY, due, filed, standing

STEPS = [
    *(K.RETURN_REQUESTED, K.RETURN_APPROVED, K.DISPATCHED, K.CLAIMED, K.STARTED, K.EXTENSION_REQUESTED, K.EXTENSION_APPROVED),
    *(K.SUBMITTED, K.APPROVED, K.REPLIED, K.RATED, K.DISPUTED, K.REDONE, K.DISPATCHED, K.CLAIMED, K.STARTED),
    *(K.SUBMITTED, K.APPROVED, K.REPLIED, K.RATED, K.CLOSED),
]


async def test_a_report_returned_extended_disliked_and_redone_comes_home_by_telegram(open_town: OpenTown) -> None:
    town = await open_town(**STAFF_ONLY)
    li, zhao, office = await town.officer("edu"), await town.officer("market_reg"), await town.officer("shuangjian_office", Role.OFFICE)
    parent = await town.database.write(cases.a_parent, town.now())
    made = await filed(town, route=Route("auto", "edu", ()), reporter=parent)
    await li.answered()
    await li.press("申请退单")
    await li.say("这是市场监管的事")
    await li.press("市场监管局")
    await li.press("确定：申请退单")
    await office.press("同意退单，改派")
    await office.press("市场监管局")
    await office.press("确定：同意退单，改派")

    await zhao.answered()
    await takes(zhao, made.number)
    before = await due(town.database, made.report_id)
    await zhao.say(made.number)
    await zhao.press("申请延期")
    await zhao.say("3")
    await zhao.say("等机构负责人到场")
    await zhao.press("确定：申请延期")
    await office.press("同意延期")
    await office.say("情况属实")
    await office.press("确定：同意延期")
    assert await due(town.database, made.report_id) > before
    await answers(zhao, office, made.number)

    await town.database.write(followup.rate, made.report_id, "no", 1, None, town.now())
    await town.database.write(followup.explain, made.report_id, "他们换到隔壁楼了", town.now())
    await office.say(made.number)
    await office.press("退回重办")
    await office.say("理由成立")
    await office.press("确定：退回重办")
    await zhao.say(made.number)
    await takes(zhao, made.number)
    await answers(zhao, office, made.number)
    await town.database.write(followup.rate, made.report_id, "yes", 5, None, town.now())

    assert (await standing(town.database, made.report_id))[0] is Status.CLOSED
    history = [one.kind for one in await town.database.read(events.history, made.report_id)]
    assert [kind for kind in history if kind in STEPS][1:] == STEPS


async def takes(officer: Hand, number: str) -> None:
    await officer.press(CLAIM)
    await officer.say(number)
    await officer.press("已联系或到现场")


async def answers(officer: Hand, office: Hand, number: str) -> None:
    await officer.say(number)
    await officer.press("提交办理结果")
    await officer.press("已解答")
    await officer.press("确定：提交办理结果")
    for _ in range(8):
        if "请核对" in officer.last:
            break
        await officer.say("您好，已核实并答复。")
    await officer.press("确定：提交办理结果")
    # The newest card: the first answer's has a button of the same name.
    await office.say(number)
    await office.press("审核通过")
    await office.press("确定：审核通过")
