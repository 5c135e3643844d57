"""Whatever a parent sends while telling is taken kindly: signs, markup, letters, danger, photos, what is not ours, and a child's words."""

import pytest

from handlers.intake.scene import End
from tests.handlers.talk import HIDDEN, REFUND


@pytest.mark.parametrize("text", ["😀😀😀", "。。。", "!!!"])
def test_signs_alone_get_a_kind_word(text, talk):
    talk.say("").press("同意，继续").say(text)
    assert "没看到文字" in talk.latest
    assert talk.draft.story == ()


def test_another_language_is_kept_and_a_person_will_read_it(talk):
    talk.say("").press("同意，继续").say("My child's tutoring centre has closed and kept our money")
    assert "只看得懂中文" in talk.latest
    assert "tutoring" in talk.draft.text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>补课班收钱不退", "'; DROP TABLE report; -- 补课", "{{7*7}} {count} %s 补课"])
def test_markup_is_only_words(text, talk):
    talk.say("").press("同意，继续").say(text).press("说完了")
    assert talk.draft.text == text


def test_a_text_beyond_the_limit_is_refused_kindly_and_nothing_before_it_is_lost(talk):
    talk.say(HIDDEN).press("同意，继续").say("啊" * 20_001)
    assert "太长" in talk.latest
    assert talk.draft.story == (HIDDEN,)


def test_a_long_letter_is_kept_to_the_last_word(talk):
    letter = HIDDEN + "。" + "我们家长很着急。" * 400 + "请尽快查一查。"
    talk.say(letter).press("同意，继续").press("说完了").agree().skip_all()
    assert talk.scene.draft.text.endswith("请尽快查一查。")


def test_danger_is_answered_before_anything_else_and_only_once(talk):
    talk.say("小饭桌老师把孩子打得头破血流，送医院了")
    assert talk.replies[0].text.startswith("如果有人受伤或正有危险，请先拨打 110")
    talk.say("就在朱兰东路那栋楼")
    assert "110" not in talk.latest


def test_danger_answered_in_a_question_also_counts(talk):
    talk.say("培训班消防通道锁死了，没有灭火器，太不安全了").press("同意，继续").press("说完了").agree()
    assert "有人受伤" in talk.labels
    talk.press("有人受伤")
    assert "120" in talk.replies[0].text


def test_what_is_not_ours_is_said_kindly_and_may_be_insisted_on(talk):
    talk.say("驾校学费交了四千不给退，教练也不安排练车").press("同意，继续").press("说完了")
    assert "不像校外培训的事" in talk.latest
    talk.press("我还是要反映").skip_all()
    talk.press("匿名").press("确认提交")
    assert talk.end is End.SUBMIT


def test_what_concerns_an_official_is_told_to_be_sealed(talk):
    talk.say("教体局有人给培训机构通风报信，每次检查前都打招呼，收了老板红包").press("同意，继续").press("说完了").agree()
    assert "密件" in talk.latest
    assert "纪检监察" in talk.latest


def test_a_photo_can_be_taken_back(talk):
    talk.say(HIDDEN, attachments=(7, 8)).press("同意，继续").press("说完了").agree().skip_all().press("匿名")
    talk.press("材料").press("拿掉第 1 份")
    assert talk.draft.attachments == (8,)


def test_more_photos_than_can_be_carried_are_refused_kindly(talk):
    talk.say("", attachments=tuple(range(1, 51)))
    assert len(talk.draft.attachments) == 9
    assert "最多" in talk.latest


def test_an_album_is_answered_once(talk):
    talk.say(HIDDEN).press("同意，继续").say("", attachments=(1,), album="x").say("", attachments=(2,), album="x")
    assert talk.replies == ()
    assert talk.draft.attachments == (1, 2)


def test_an_edited_message_is_kept_beside_what_was_said_first(talk):
    talk.say(HIDDEN).press("同意，继续").say("是4号楼", edits="1")
    assert HIDDEN in talk.draft.text
    assert "更正：是4号楼" in talk.draft.text


def test_a_place_sent_from_the_map_is_a_place(talk):
    talk.say("有人偷偷给孩子补数学收费").press("同意，继续").press("说完了").agree().say("", location=(33.29, 113.52))
    assert "33.29" in str(talk.draft.value("address"))


def test_a_child_is_asked_to_bring_a_grown_up_and_is_heard_all_the_same(talk):
    talk.say("我上五年级，周末被叫去老师家补课，一个人收一百")
    assert "爸爸妈妈" in talk.latest
    talk.press("同意，继续")
    assert "爸爸妈妈" not in talk.latest
    assert talk.press("说完了").end is End.NOT_YET


@pytest.mark.parametrize(
    ("said", "kept"), [("是的", "正在"), ("现在正在上课，有个孩子在阳台上坐着", "正在（现在正在上课，有个孩子在阳台上坐着）")]
)
def test_a_question_with_buttons_is_answered_in_words_too_and_none_is_lost(talk, said, kept):
    talk.say("朱兰某小区3号楼502每周六上午八点给初三学生补数学，叫小李家").press("同意，继续").press("说完了").agree()
    while "正在" not in talk.labels:
        talk.press("跳过")
    talk.say(said)
    assert talk.draft.value("happening_now") == kept
    assert "happening_now" in talk.scene.reading.flags


def test_a_greeting_is_no_story(talk):
    talk.say("你好").press("同意，继续").say("您好").say("好的").say("谢谢")
    assert talk.draft.story == ()


@pytest.mark.parametrize(("story", "first", "second"), [(REFUND, "留联系方式", "匿名"), (HIDDEN, "匿名", "留联系方式")])
def test_who_wants_money_back_is_first_offered_to_be_reached_and_may_stay_unknown(talk, story, first, second):
    talk.say(story).press("同意，继续").press("说完了").agree().skip_all()
    assert talk.labels[:2] == [first, second]
