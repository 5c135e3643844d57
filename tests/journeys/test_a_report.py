"""From the first word to the receipt, and back again with number and code, on every channel."""

from tests.clock import Now
from tests.journeys.telling import HIDDEN, REFUND, SHAM, agree, file, tell
from tests.phone import Phone, a_photo


async def test_a_parent_who_skips_every_question_is_still_accepted(phone: Phone) -> None:
    await file(phone, SHAM)
    assert phone.screen[-1].startswith("已受理")


async def test_the_receipt_says_all_one_needs_to_come_back(phone: Phone) -> None:
    number, code = await file(phone, HIDDEN)
    for part in (number, code, "现在由", "查进度", "清除手机"):
        assert part in phone.latest


async def test_the_receipt_says_that_a_person_checks_what_the_system_sorted(phone: Phone) -> None:
    await file(phone, HIDDEN)
    assert "工作人员" in phone.latest


async def test_two_reports_of_the_same_person_have_two_numbers(phone: Phone) -> None:
    first, _ = await file(phone, HIDDEN)
    await phone.press("再反映一件")
    second, _ = await file(phone, REFUND)
    assert first != second


async def test_who_writes_again_is_asked_whether_it_belongs_to_the_first_report(phone: Phone) -> None:
    number, _ = await file(phone, HIDDEN)
    await phone.say("对了，他们周日也上课")
    await phone.press(f"补充到 {number}")
    assert "转给办件的人" in phone.latest


async def test_words_that_belong_to_nothing_earlier_begin_a_new_report(phone: Phone) -> None:
    await file(phone, HIDDEN)
    await phone.say(REFUND)
    await phone.press("另外一件")
    await phone.press("说完了")
    assert "退" in phone.latest


async def test_progress_needs_only_number_and_code_on_any_phone(phone: Phone) -> None:
    number, code = await file(phone, HIDDEN)
    neighbour = phone.another()
    await neighbour.say(f"{number} {code}")
    assert number in neighbour.latest


async def test_number_and_code_may_come_in_two_messages_however_typed(phone: Phone) -> None:
    number, code = await file(phone, HIDDEN)
    neighbour = phone.another()
    await neighbour.say("查进度")
    await neighbour.say(number.lower())
    await neighbour.say(code.lower().replace("-", " "))
    assert number in neighbour.latest


async def test_a_wrong_code_and_an_unknown_number_sound_the_same(phone: Phone) -> None:
    number, _ = await file(phone, HIDDEN)
    neighbour = phone.another()
    await neighbour.say(f"{number} 0000-0000-0000-0000")
    wrong_code = neighbour.latest
    await neighbour.say("WG-SJ-20200101-0001 0000-0000-0000-0000")
    assert neighbour.latest == wrong_code


async def test_somebody_else_cannot_press_their_way_into_a_report(phone: Phone) -> None:
    await file(phone, HIDDEN)
    await phone.say("查进度")
    shown = phone.shown[-1]
    stranger = phone.another()
    stranger.shown.append(shown)
    await stranger.press(next(label for label in shown.buttons if label.startswith("WG-")))
    assert "没有找到" in stranger.latest


async def test_looking_up_progress_does_not_lose_the_report_in_the_making(phone: Phone) -> None:
    number, code = await file(phone, HIDDEN)
    neighbour = phone.another()
    await tell(neighbour, REFUND)
    await neighbour.say(f"{number} {code}")
    await neighbour.press("接着刚才的")
    await agree(neighbour)
    assert "确认提交" in neighbour.buttons or "跳过" in neighbour.buttons


async def test_a_complaint_may_be_withdrawn_by_its_reporter(phone: Phone) -> None:
    await file(phone, REFUND)
    await phone.press("查进度")
    await phone.press(next(label for label in phone.buttons if label.startswith("WG-")))
    await phone.press("撤回")
    await phone.press("确定撤回")
    assert "已经撤回" in phone.latest


async def test_days_later_the_draft_is_still_there(phone: Phone, now: Now) -> None:
    await tell(phone, HIDDEN)
    await agree(phone)
    now.move(days=3)
    await phone.say("对了，一个班二十个人")
    assert "您上次还没说完" in phone.latest
    await phone.press("接着上次的")
    await phone.press("跳过", until_gone=True)
    await phone.press("匿名")
    await phone.press("确认提交")
    assert phone.screen[-1].startswith("已受理")


async def test_opening_the_page_again_goes_on_where_it_was(phone: Phone) -> None:
    await tell(phone, HIDDEN)
    asked = phone.screen[-1]
    await phone.open()
    assert "您上次还没说完" in phone.latest
    assert phone.screen[-1] == asked


async def test_a_button_of_the_first_report_does_not_send_the_second(phone: Phone) -> None:
    await file(phone, HIDDEN)
    await phone.press("再反映一件")
    await tell(phone, REFUND)
    await phone.press_old("确认提交")
    assert "以前那张卡片" in phone.latest


async def test_danger_is_answered_in_the_very_first_sentence(phone: Phone) -> None:
    await phone.say("托管班着火了，孩子还在里面被困住了")
    assert "110" in phone.screen[0].split("。")[0]


async def test_a_question_about_the_rules_needs_no_report(phone: Phone) -> None:
    await phone.say("非学科的培训班周末能上课吗？")
    assert "依据" in phone.latest
    assert "我要反映问题" in phone.buttons


async def test_photos_go_with_the_story_and_more_can_follow(phone: Phone) -> None:
    await phone.send_photo(a_photo(), "")
    await phone.press("同意，继续")
    await phone.say(HIDDEN)
    await phone.send_photo(a_photo((1, 2, 3)))
    await phone.press("说完了")
    await agree(phone)
    if "跳过" in phone.buttons:
        await phone.press("跳过", until_gone=True)
    await phone.press("匿名")
    assert "2 份" in phone.latest
    await phone.press("确认提交")
    await phone.press("查进度")
    await phone.press(next(label for label in phone.buttons if label.startswith("WG-")))
    await phone.press("补充或留言")
    await phone.send_photo(a_photo((9, 9, 9)))
    assert "转给办件的人" in phone.latest


async def test_danger_said_about_an_earlier_report_is_answered_first_too(phone: Phone) -> None:
    number, _ = await file(phone, HIDDEN)
    await phone.say("刚才老师把孩子打得头破血流，送医院了")
    assert "110" in phone.latest.split("。")[0]
    await phone.press(f"补充到 {number}")
    assert "转给办件的人" in phone.latest


async def test_who_was_asked_for_a_number_may_tell_a_story_instead(phone: Phone) -> None:
    await phone.say("查进度")
    await phone.say(HIDDEN)
    assert "同意，继续" in phone.buttons


async def test_a_number_without_its_letters_is_understood_when_asked_for(phone: Phone) -> None:
    number, code = await file(phone, HIDDEN)
    neighbour = phone.another()
    await neighbour.say("查进度", number.removeprefix("WG-SJ-"), code)
    assert number in neighbour.latest
