"""Somebody tells of danger to a person: the shortest way to hand in, and nothing sent without the press."""

import pytest

from handlers import routing
from handlers.intake.scene import End
from nlp.reader import Reader
from tests.handlers.talk import HIDDEN, Talk

BEATEN = "那个培训班的老师把孩子打得头破血流，还锁着门不让出来"
PLACE = "垭口文化路88号"
NOW = "马上交"


def test_who_says_where_sends_with_one_press(talk: Talk) -> None:
    talk.say(f"{PLACE}，{BEATEN}")
    assert talk.labels[0] == NOW
    assert talk.press(NOW).end is End.SUBMIT


def test_who_does_not_say_where_is_asked_that_alone(talk: Talk) -> None:
    talk.say(BEATEN)
    assert "在哪里" in talk.asked[-1]
    talk.say(PLACE)
    assert (talk.labels[0], talk.lines["地点"]) == (NOW, PLACE)
    assert len(talk.asked) == 1


def test_who_cannot_say_where_sends_all_the_same(talk: Talk) -> None:
    assert talk.say(BEATEN).press(NOW).end is End.SUBMIT


def test_what_is_kept_and_why_is_said_before_anything_is_sent(talk: Talk) -> None:
    talk.say(BEATEN)
    assert "由市“双减”工作领导小组办公室负责" in talk.latest
    talk.say(PLACE).press("先看详细说明")
    assert "办结一年后" in talk.latest
    assert talk.labels[0] == NOW


def test_more_words_are_added_and_send_nothing(talk: Talk) -> None:
    talk.say(BEATEN).say(PLACE).say("里面还有十几个孩子，谁也不让出来")
    assert talk.end is End.NOT_YET
    assert "十几个孩子" in talk.draft.text


@pytest.mark.parametrize("label", ["反映事项", "经过", "联系方式", "地点", "改经过", "留个电话", "先不报了", "补充"])
def test_sending_is_the_first_button_wherever_one_goes(talk: Talk, label: str) -> None:
    talk.say(BEATEN).say(PLACE).press(label)
    assert "没有重复" not in talk.latest
    assert talk.labels[0] == NOW
    assert talk.press(NOW).end is End.SUBMIT


def test_a_telephone_number_is_left_with_one_press_and_one_line(talk: Talk) -> None:
    talk.say(BEATEN).say(PLACE).press("留个电话").say("王女士 13800000000").press("要，联系我")
    assert talk.lines["联系方式"] == "王女士 13800000000"


def test_personal_data_can_be_masked_before_it_is_sent(talk: Talk) -> None:
    talk.say(f"{PLACE}，{BEATEN}，我电话13800000000").press("隐私").press("帮我遮住")
    assert talk.lines["隐私"] == "个人信息已遮住"
    assert "13800000000" not in talk.lines["经过"]


def test_who_is_speaking_is_hidden_unasked_and_where_to_go_is_not(talk: Talk) -> None:
    talk.say(f"我是垭口小学三年级2班张小明的妈妈，{PLACE}，{BEATEN}，我电话13800000000")
    assert talk.lines["隐私"] == "您是谁已遮住，别的按原样"
    assert "张小明" not in talk.lines["经过"]
    assert PLACE in talk.lines["经过"]
    assert "13800000000" in talk.lines["经过"]
    talk.press("隐私").press("原样保留")
    assert "张小明" in talk.lines["经过"]


def test_a_town_hidden_with_who_is_speaking_is_known_by_the_place(talk: Talk, reader: Reader) -> None:
    talk.say(f"我是垭口小学三年级2班张小明的妈妈，{BEATEN}").say(PLACE)
    (report,) = routing.submissions(talk.scene, reader, "web")
    assert "town" not in report.facts
    assert report.town == "yakou"


def test_danger_heard_late_ends_the_questions(talk: Talk) -> None:
    talk.say(HIDDEN).press("同意，继续").press("说完了").agree().say(BEATEN)
    assert talk.labels[0] == NOW
    assert "跳过" not in talk.labels


def test_a_story_without_danger_is_sent_by_no_button_of_danger(talk: Talk) -> None:
    talk.say(HIDDEN)
    talk.press_key(f"{talk.draft.serial}.now:send")
    assert talk.end is End.NOT_YET


def test_danger_put_as_a_question_is_not_answered_with_a_rule(talk: Talk) -> None:
    talk.say(HIDDEN).press("同意，继续").press("说完了").agree().say("孩子被老师打得头破血流，能举报吗？")
    assert talk.labels[0] == NOW


def test_nobody_in_danger_is_sent_to_another_counter(talk: Talk) -> None:
    talk.say("小饭桌吃坏肚子好几个孩子住院了，在朱兰东路5号")
    assert "这件事急" in talk.latest
    assert talk.labels[0] == NOW


def test_what_concerns_an_official_is_said_to_be_sealed(talk: Talk) -> None:
    talk.say(f"{PLACE}，教体局的干部收了培训班红包通风报信，还把举报的家长打得头破血流")
    assert "密件" in talk.latest


def test_nobody_asked_what_it_is_called_so_nobody_is_said_to_have_settled_it(talk: Talk, reader: Reader) -> None:
    filed = routing.submissions(talk.say(f"{PLACE}，{BEATEN}").press(NOW).scene, reader, "web")[0]
    assert (filed.level, filed.reading["settled"], filed.contact) == ("P0", "", None)


def test_a_question_in_danger_is_filed_for_a_person_to_see(talk: Talk, reader: Reader) -> None:
    talk.say("老师性侵学生有什么处罚规定").press(NOW)
    filed = routing.submissions(talk.scene, reader, "web")[0]
    assert (filed.level, filed.category, filed.route.way) == ("P0", "unclear", "triage")
