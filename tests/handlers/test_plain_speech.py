"""What would make a parent shake their head: questions that do not fit the matter, things said twice, numbers that mean nothing."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handlers.desk import dossier
from handlers.intake import contact, summary
from handlers.intake.draft import Draft
from handlers.intake.next_question import missing
from handlers.intake.scene import Said, Scene
from handlers.intake.understanding import UNDERSTANDING
from handlers.policy import Policy
from nlp.facts import Extractor
from nlp.mask import mask
from nlp.reading import Candidate, Reading
from tests.handlers.readings import a_reading
from tests.handlers.talk import Talk

FIRST_MESSAGES = Path(__file__).parents[1] / "nlp" / "facts_author_y.jsonl"
NEIGHBOURS = "我们小区楼下烧烤摊天天晚上吵到半夜，油烟味熏死人，物业不管"


def scene(policy: Policy, draft: Draft, reading: Reading) -> Scene:
    return Scene(draft, reading, mask(draft.text), policy, date(2026, 11, 25))


def test_who_insists_on_what_is_not_ours_is_asked_only_where(talk: Talk) -> None:
    talk.say(NEIGHBOURS).press("匿名继续").press("说完了").press("我还是要反映")
    assert "具体在哪里" in talk.latest
    talk.skip_all()
    assert talk.lines["反映事项"] == "由工作人员判断"


def test_who_is_cross_about_something_else_is_not_told_to_want_money_back() -> None:
    assert not contact.wants_money(a_reading("out_of_scope", nature="C"))
    assert contact.wants_money(a_reading("refund_dispute", nature="C"))


def test_a_teacher_who_was_named_is_not_asked_for_by_name_again(policy: Policy) -> None:
    reading = a_reading("teacher_paid_tutoring", facts={"teacher_identity": "实验中学的张老师"})
    asked = {question.key for question in missing(Draft("ab12"), reading, policy.questions)}
    assert not {"teacher_identity", "org_name"} & asked


def test_half_a_year_is_shown_once_and_as_months(policy: Policy) -> None:
    told = a_reading("improper_contract", facts={"months": 6})
    assert [(question.label, value) for question, value in summary.known(scene(policy, Draft("ab12"), told))] == [("多长时间", "6 个月")]


@pytest.mark.parametrize(
    ("key", "value", "shown"), [("amount_yuan", 1_500_000.0, "1500000 元"), ("amount_yuan", 99.5, "99.5 元"), ("hours", 40, "40 节")]
)
def test_a_number_is_told_whole_and_with_its_unit(key: str, value: float, shown: str, policy: Policy) -> None:
    assert policy.questions.told(key, value) == shown


def test_what_was_denied_is_not_said_back_again_after_more_words(policy: Policy) -> None:
    reading = replace(a_reading("subject_time"), candidates=(Candidate("subject_time", 6, 0.6), Candidate("refund_dispute", 5, 0.3)))
    draft = Draft("ab12", story=("英语班暑假还在上课",)).answer("consent", "agreed").answer("told", "yes")
    here = scene(policy, UNDERSTANDING.take(scene(policy, draft, reading), Said("", reading, "wrong")).draft, reading)
    more = UNDERSTANDING.take(here, Said("其实是提前收钱，退不了", reading)).draft
    reply = UNDERSTANDING.ask(scene(policy, more, reading))
    labels = [choice.label for choice in reply.choices]
    assert "是我没听明白" in reply.text
    assert labels[:2] == [policy.topics["refund_dispute"].say, policy.topics["subject_time"].say]


def test_nobody_is_asked_a_third_time_what_it_is(policy: Policy) -> None:
    reading = replace(a_reading("subject_time"), candidates=(Candidate("subject_time", 6, 0.6), Candidate("refund_dispute", 5, 0.3)))
    draft = Draft("ab12", story=("英语班暑假还在上课", "退不了")).answer("told", "yes").answer("ruled_out", "subject_time")
    taken = UNDERSTANDING.take(scene(policy, draft, reading), Said("就是老板不退", reading))
    assert taken.draft.value("topic") == "unclear"
    assert taken.draft.story[-1] == "就是老板不退"
    assert "工作人员" in taken.replies[0].text


def test_more_words_that_read_otherwise_are_said_back_plainly(policy: Policy) -> None:
    reading = a_reading("subject_time")
    draft = Draft("ab12", story=("英语班暑假还在上课",)).answer("denied", "subject_time")
    more = UNDERSTANDING.take(scene(policy, draft, reading), Said("退不了", reading)).draft
    assert "我理解您反映的是" in UNDERSTANDING.ask(scene(policy, more, a_reading("refund_dispute", nature="C"))).text


def test_nobody_who_has_said_nothing_yet_is_told_that_it_was_kept(talk: Talk) -> None:
    talk.say("你好").press("先看详细说明")
    assert "您说的都记着" not in talk.latest
    talk.say("朱兰有人补课")
    assert "您说的都记着" in talk.latest


def test_an_officer_reads_each_fact_once_and_under_its_own_name(policy: Policy) -> None:
    known = {"time_pattern": "每周六上午", "months": 6}
    told = {fact.label: fact.value for fact in dossier.facts_of(known, "sham_closure", "T", policy) if not fact.missing}
    assert told == {"上课时间": "每周六上午", "多长时间": "6 个月"}
    missing = [fact.label for fact in dossier.facts_of(known, "sham_closure", "T", policy) if fact.missing]
    assert "什么时候的事" not in missing
    assert "地点" in missing


def test_a_way_of_paying_is_not_shown_in_the_place_of_who_was_paid(policy: Policy) -> None:
    told = a_reading("refund_dispute", nature="C", facts={"pay_method": "微信"})
    assert [(question.label, value) for question, value in summary.known(scene(policy, Draft("ab12"), told))] == [("怎么交的钱", "微信")]


def test_whatever_can_be_read_has_a_name(policy: Policy) -> None:
    """What has none would be shown neither on the summary, nor to the officers, nor in one's own record."""
    extractor = Extractor.load(policy.folder)
    texts = [json.loads(row)["text"] for row in FIRST_MESSAGES.read_text("utf-8").splitlines()]
    keys = {key for text in texts for key in extractor.facts(text, date(2026, 11, 25))}
    assert {"pay_method", "fee_unit", "address"} <= keys
    assert keys <= policy.questions.by_key.keys()
