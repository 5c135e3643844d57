"""One report all the way between the two bots: returned, given to another, extended, answered, disliked, redone, closed."""

from storage import events
from storage.reports import Route
from storage.vocabulary import EventKind as K
from storage.vocabulary import Role, Status
from tests.telegram.conftest import Hand, OpenTown
from tests.telegram.test_officers import CLAIM, due, standing
from tests.telegram.test_pushes import filed_by

STEPS = [
    *(K.RETURN_REQUESTED, K.RETURN_APPROVED, K.DISPATCHED, K.CLAIMED, K.STARTED, K.EXTENSION_REQUESTED, K.EXTENSION_APPROVED),
    *(K.SUBMITTED, K.APPROVED, K.REPLIED, K.RATED, K.DISPUTED, K.REDONE, K.DISPATCHED, K.CLAIMED, K.STARTED),
    *(K.SUBMITTED, K.APPROVED, K.REPLIED, K.RATED, K.CLOSED),
]


async def test_a_report_returned_extended_disliked_and_redone_comes_home_by_telegram(open_town: OpenTown) -> None:
    town = await open_town(parents_library="ptb")
    li, zhao, office = await town.officer("edu"), await town.officer("market_reg"), await town.officer("shuangjian_office", Role.OFFICE)
    parent = town.parent()
    await parent.say("你好")
    made = await town.database.write(filed_by, parent, town.now(), route=Route("auto", "edu", ()))
    town.service.delivery.wake()
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

    assert "您好，已核实并答复。" in await parent.press("看进度")
    await parent.press("没有解决")
    await parent.press("不满意")
    await parent.say("他们换到隔壁楼了")
    await office.say(made.number)
    await office.press("退回重办")
    await office.say("理由成立")
    await office.press("确定：退回重办")
    await zhao.say(made.number)
    await takes(zhao, made.number)
    await answers(zhao, office, made.number)
    await parent.press("看进度")
    await parent.press("解决了")
    await parent.press("满意")

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
    await officer.say("您好，已核实并答复。")
    await officer.press("确定：提交办理结果")
    # The newest card: the first answer's has a button of the same name.
    await office.say(number)
    await office.press("审核通过")
    await office.press("确定：审核通过")
