"""After the receipt: the officers work, the parent hears of it, answers, adds, and says whether it was solved."""

import pytest

from storage.vocabulary import Level, Status
from tests.journeys.officers import Officers
from tests.journeys.telling import HIDDEN, REFUND, file
from tests.phone import Phone, a_photo


async def test_the_parent_hears_that_it_is_in_hand(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.claim(number)
    await phone.look()
    assert "签收" in phone.latest


async def test_a_question_of_the_officer_is_answered_right_there(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.ask(number, "请问是哪个小区？")
    await phone.look()
    assert "请问是哪个小区？" in phone.latest
    assert await officers.status(number) is Status.NEED_INFO
    await phone.press("补充或留言")
    await phone.say("锦绣花园")
    assert await officers.status(number) is Status.HANDLING
    assert await officers.heard(number) == ["锦绣花园"]


async def test_a_wait_that_the_officer_ended_is_not_called_waited_out(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.ask(number, "请问是哪个小区？")
    await officers.stop_waiting(number)
    await phone.say("进度")
    await phone.press(own(phone, number))
    assert "不再等补充" in phone.latest
    assert "没等到补充" not in phone.latest


async def test_both_sides_write_while_nobody_learns_who_the_parent_is(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.write(number, "我们周六去看，请问是上午吗？")
    await phone.look()
    await phone.press("补充或留言")
    await phone.say("是上午八点")
    await phone.press("看进度")
    assert "我们周六去看" in phone.latest
    assert "您：是上午八点" in phone.latest


async def test_the_answer_comes_with_the_question_whether_it_is_solved(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.answer(number, "已现场核查，要求停止。")
    await phone.look()
    assert "已现场核查" in phone.latest
    await phone.press("解决了")
    await phone.press("满意")
    assert "谢谢" in phone.latest
    assert await officers.status(number) is Status.CLOSED


async def test_solved_in_part_is_closed_and_says_so_and_how_to_tell_the_rest(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, REFUND)
    await officers.answer(number, "已协调，先退一半。")
    await phone.look()
    await phone.press("解决了一部分")
    await phone.press("基本满意")
    assert "办结" in phone.latest
    assert {"补充或留言", "再反映一件"} <= set(phone.buttons)
    assert await officers.status(number) is Status.CLOSED


async def test_not_solved_with_a_reason_reaches_the_office(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.answer(number, "没有发现。")
    await phone.look()
    await phone.press("没有解决")
    await phone.press("不满意")
    await phone.say("他们换到隔壁楼了")
    assert "双减办" in phone.latest
    assert await officers.status(number) is Status.REPLIED


async def test_not_solved_without_a_reason_waits_for_it_until_the_callback_ends(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.answer(number, "没有发现。")
    await phone.look()
    await phone.press("没有解决")
    await phone.press("不满意")
    await phone.press("跳过")
    assert "到期就办结" in phone.latest
    assert await officers.status(number) is Status.REPLIED
    await phone.say("进度")
    await phone.press(own(phone, number))
    await phone.press("说说原因")
    await phone.say("他们换到隔壁楼了")
    assert "双减办" in phone.latest
    assert await officers.status(number) is Status.REPLIED


async def test_an_answer_is_rated_once(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await officers.answer(number, "已现场核查。")
    await phone.look()
    await phone.press("解决了")
    await phone.press("满意")
    await phone.press_old("解决了")
    await phone.press("不满意")
    assert "别的步骤" in phone.latest


async def test_a_complaint_that_is_answered_can_no_longer_be_withdrawn(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, REFUND)
    await phone.press("查进度")
    await phone.press(next(label for label in phone.buttons if label.startswith(number)))
    await phone.press("撤回")
    await officers.answer(number, "已调解。")
    await phone.press("确定撤回")
    assert "别的步骤" in phone.latest


async def test_on_another_phone_the_code_opens_all_that_the_owner_can_do(phone: Phone, officers: Officers) -> None:
    number, code = await file(phone, HIDDEN)
    await officers.answer(number, "已现场核查。")
    other = phone.another()
    await other.say(f"{number} {code}")
    assert "已现场核查" in other.latest
    await other.press("没有解决")
    await other.press("不满意")
    await other.say("还在上课")
    assert await officers.status(number) is Status.REPLIED


async def test_a_photo_sent_from_another_phone_with_the_code_is_part_of_the_report(phone: Phone, officers: Officers) -> None:
    number, code = await file(phone, HIDDEN)
    other = phone.another()
    await other.say(f"{number} {code}")
    await other.press("补充或留言")
    await other.send_photo(a_photo((9, 9, 9)))
    assert "转给办件的人" in other.latest
    assert await officers.files(number) == ["photo"]
    # The rest of an album, say: it comes without a word, and may mean the report or another one.
    await other.send_photo(a_photo((7, 7, 7)))
    await other.press(f"补充到 {number}")
    assert await officers.files(number) == ["photo", "photo"]


async def test_without_the_code_nobody_attaches_a_photo_to_a_report(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    stranger = phone.another()
    await stranger.say(f"{number} 0000-0000-0000-0000")
    assert "补充或留言" not in stranger.buttons
    await stranger.send_photo(a_photo((9, 9, 9)))
    assert await officers.files(number) == []


async def test_news_does_not_disturb_a_report_in_the_making(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, HIDDEN)
    await phone.press("再反映一件")
    await phone.say(REFUND)
    await officers.ask(number, "请问是哪个小区？")
    await phone.look()
    await phone.press("补充或留言")
    await phone.say("锦绣花园")
    assert await officers.heard(number) == ["锦绣花园"]
    await phone.press("接着刚才的")
    await phone.press("说完了")
    assert "退" in phone.latest


@pytest.mark.parametrize("which", ["by its button", "chosen afterwards"])
async def test_a_danger_told_later_is_warned_about_and_raises_the_report(phone: Phone, officers: Officers, which: str) -> None:
    number, _ = await file(phone, REFUND)
    assert await officers.level(number) is Level.P2
    if which == "by its button":
        await phone.say("进度")
        await phone.press(own(phone, number))
        await phone.press("补充或留言")
        await phone.say("孩子刚才被老师打伤了，流血了")
    else:
        await phone.say("孩子刚才被老师打伤了，流血了")
        await phone.press(f"补充到 {number}")
    assert any("120" in text for text in phone.screen)
    assert await officers.level(number) is Level.P0


async def test_a_calm_addition_lowers_nothing(phone: Phone, officers: Officers) -> None:
    number, _ = await file(phone, REFUND)
    await phone.say("进度")
    await phone.press(own(phone, number))
    await phone.press("补充或留言")
    await phone.say("一共交了三千块")
    assert await officers.level(number) is Level.P2


def own(phone: Phone, number: str) -> str:
    """The button of this report in the list of one's own."""
    return next(label for label in phone.buttons if label.startswith(number))
