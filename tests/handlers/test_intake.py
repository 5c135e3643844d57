"""What a parent meets while telling: the notice, the story, being understood, a few questions, the summary."""

import pytest

from handlers.intake.scene import End
from tests.handlers.talk import HIDDEN, REFUND, Talk


@pytest.fixture
def told(talk: Talk) -> Talk:
    return talk.say(HIDDEN).press("同意，继续").press("说完了")


@pytest.fixture
def at_summary(told: Talk) -> Talk:
    return told.agree().skip_all().press("匿名")


def test_the_first_words_are_kept_while_the_notice_is_read(talk):
    talk.say(HIDDEN)
    assert "同意，继续" in talk.labels
    assert talk.draft.text == HIDDEN


def test_the_notice_says_who_what_for_how_long_and_which_rights(talk):
    talk.say("").press("先看详细说明")
    for part in ("谁在收", "做什么用", "收什么", "给谁看", "留多久", "您的权利", "匿名"):
        assert part in talk.latest


def test_refusing_the_notice_leads_on_without_a_name(talk):
    talk.say(HIDDEN).say("不同意").press("说完了").agree().skip_all()
    assert talk.lines["联系方式"] == "匿名"


def test_a_story_may_come_in_several_messages_and_a_photo(talk):
    talk.say("").press("同意，继续").say("垭口有个小区").say("", attachments=(7,)).say("3号楼天天补数学").press("说完了")
    assert talk.draft.story == ("垭口有个小区", "3号楼天天补数学")
    assert talk.draft.attachments == (7,)


def test_done_means_nothing_before_anything_was_told(talk):
    talk.say("").press("同意，继续").say("说完了")
    assert not talk.draft.has("told")


def test_more_words_at_the_confirmation_are_read_as_part_of_the_story(told):
    told.say("他们还在酒店办冲刺班")
    assert "他们还在酒店办冲刺班" in told.draft.text
    assert not told.draft.has("topic")


def test_what_the_story_said_is_not_asked_again(told):
    told.agree().skip_all()
    questions = "\n".join(told.asked)
    assert "几点到几点" not in questions
    assert "小区、几号楼" not in questions


def test_a_parent_who_skips_everything_reaches_the_summary(at_summary):
    assert "确认提交" in at_summary.labels
    assert at_summary.press("确认提交").end is End.SUBMIT


def test_skipped_lines_are_not_shown_but_offered_once_quietly(at_summary):
    assert "跳过" not in "".join(at_summary.lines.values())
    assert "还可以补充" in at_summary.replies[-1].hint


def test_a_typed_answer_fills_every_fact_it_holds(talk):
    talk.say("有个小区里偷偷给孩子补数学收钱").press("同意，继续").press("说完了").agree()
    talk.say("在寺坡幸福小区2号楼501，每周六上午，一学期收2600元")
    assert talk.scene.draft.given()["amount_yuan"] == 2600
    assert "几点到几点" not in talk.skip_all().latest


def test_back_asks_the_last_question_again(told):
    told.agree()
    first = told.replies[-1].text
    told.press("跳过").press("上一步")
    assert told.replies[-1].text == first


def test_back_can_be_pressed_all_the_way_to_the_start(at_summary):
    for _ in range(30):
        at_summary.say("上一步")
    assert "同意，继续" in at_summary.labels


def test_a_line_of_the_summary_can_be_changed_and_the_rest_stays(at_summary):
    before = at_summary.lines
    at_summary.press("地点").say("垭口锦绣花园3号楼2单元502")
    assert at_summary.lines["地点"] == "垭口锦绣花园3号楼2单元502"
    assert at_summary.lines["经过"] == before["经过"]


def test_a_change_can_be_called_off(at_summary):
    before = at_summary.lines
    at_summary.press("地点").press("不改了")
    assert at_summary.lines == before


def test_the_category_can_still_be_corrected_on_the_summary(at_summary):
    at_summary.press("反映事项")
    assert "都不是" in at_summary.labels


def test_the_story_can_be_written_anew(at_summary):
    at_summary.press("经过").press("重写经过").say(REFUND)
    assert at_summary.draft.story == (REFUND,)
    assert not at_summary.draft.has("topic")


def test_a_line_can_be_named_instead_of_pressed(at_summary):
    at_summary.say("改地点")
    assert "小区" in at_summary.latest


def test_cancelling_asks_once_and_then_deletes(told):
    told.say("取消")
    assert told.end is End.NOT_YET
    assert told.press("删掉，不报了").end is End.LEAVE


def test_cancelling_can_be_thought_better_of(told):
    asked = told.replies[-1].text
    assert told.say("取消").press("接着说").replies[-1].text == asked


def test_starting_again_keeps_the_consent_and_nothing_else(told):
    told.say("重新开始").press("删掉重新说")
    assert told.draft.story == ()
    assert "请用自己的话说说" in told.latest


def test_a_question_in_the_middle_is_answered_with_its_basis_and_the_talk_goes_on(told):
    told.agree()
    asked = told.replies[-1].text
    told.say("会不会泄露我是谁？")
    assert "依据" in told.replies[0].text
    assert told.replies[-1].text == asked


def test_somebody_back_after_days_is_asked_which_matter_the_words_belong_to(told):
    told.agree().later("班里有二十多个孩子")
    assert "您上次还没说完" in told.latest
    told.press("接着上次的")
    assert "二十多个孩子" in str(told.draft.to_content())


def test_somebody_back_after_days_may_begin_another_matter(told):
    told.agree().later(REFUND).press("另说一件")
    assert told.draft.story == (REFUND,)


def test_a_press_on_a_card_of_an_earlier_draft_changes_nothing(told):
    before = told.draft
    told.press_key("zzzz.summary:send")
    assert "以前那张卡片" in told.latest
    assert told.draft == before
    assert told.end is End.NOT_YET


def test_the_same_button_pressed_twice_counts_once(talk):
    talk.say(HIDDEN).press("同意，继续")
    key = next(choice.key for choice in talk.replies[-1].choices)
    talk.press_key(key).press_key(key)
    assert "已经记下" in talk.latest
    assert [answer.key for answer in talk.draft.answers] == ["consent", "told"]


@pytest.mark.parametrize(
    "key", ["x", "", "ab12", "ab12.", "ab12.go:", "ab12.edit:none", "ab12.drop:9", "ab12.payee:9", "ab12.summary:send"]
)
def test_a_forged_button_does_no_harm(key, told):
    if key:
        told.press_key(key)
    assert told.end is End.NOT_YET


def test_personal_data_is_shown_and_masked_when_wanted(talk):
    talk.say(REFUND + "，我电话13800000000").press("同意，继续").press("说完了").agree().skip_all()
    talk_text = talk.latest
    assert "13800000000" in talk_text or "遮住" in " ".join(talk.asked)


def test_who_wants_money_back_is_told_honestly_what_anonymous_means(talk):
    talk.say(REFUND).press("匿名继续").press("说完了").agree().skip_all()
    assert "没法替您要钱" in talk.latest + " ".join(talk.asked)


def test_name_and_telephone_are_given_in_one_message(told):
    told.agree().skip_all().press("留联系方式").say("王女士，电话 138 0000 0000")
    told.press("要，联系我")
    assert told.lines["联系方式"] == "王女士 13800000000"


def test_a_contact_without_a_number_is_asked_again_or_given_up(told):
    told.agree().skip_all().press("留联系方式").say("王女士")
    assert "没看到电话号码" in told.latest
    told.press("跳过")
    assert told.lines["联系方式"] == "匿名"


def test_the_contact_can_be_withdrawn_on_the_summary(told):
    told.agree().skip_all().press("留联系方式").say("王女士13800000000").press("不用，我自己查")
    told.press("联系方式").press("匿名")
    assert told.lines["联系方式"] == "匿名"
    assert "13800000000" not in str(told.draft.to_content())


def test_a_question_about_the_rules_is_answered_and_may_become_a_report(talk):
    talk.say("").press("同意，继续").say("我想问问舞蹈培训班周末上课，按规定合法吗？")
    assert "周末可以上" in talk.latest
