"""What is said back after the story, for every kind of reading."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.dialogue import Reply
from handlers.intake.draft import Draft
from handlers.intake.scene import Said, Scene, Taken
from handlers.intake.understanding import UNDERSTANDING
from handlers.policy import Policy
from nlp.mask import mask
from nlp.reading import Candidate, Reading, Sureness
from tests.handlers.readings import a_reading

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
CANDIDATES = tuple(
    Candidate(key, 5.0 - place, 0.5 / (place + 1)) for place, key in enumerate(("hidden_venue", "subject_time", "illegal_fee"))
)


@pytest.fixture
def draft() -> Draft:
    return Draft("ab12", NOW, story=("小区里周末有人补课",)).answer("consent", "agreed").answer("told", "yes")


def scene(policy: Policy, draft: Draft, reading: Reading) -> Scene:
    return Scene(
        draft, replace(reading, candidates=(Candidate(reading.category, 6, 0.6), *CANDIDATES)), mask(draft.text), policy, date(2026, 11, 25)
    )


def asked(policy: Policy, draft: Draft, reading: Reading) -> Reply:
    return UNDERSTANDING.ask(scene(policy, draft, reading))


def press(policy: Policy, draft: Draft, reading: Reading, label: str) -> Taken:
    here = scene(policy, draft, reading)
    key = next(choice.key for choice in UNDERSTANDING.ask(here).choices if choice.label == label)
    return UNDERSTANDING.take(here, Said("", reading, key.partition(":")[2]))


def labels(reply: Reply) -> list[str]:
    return [choice.label for choice in reply.choices]


def test_a_sure_reading_is_said_back_and_may_be_corrected(policy, draft):
    reply = asked(policy, draft, a_reading("subject_unlicensed"))
    assert "我理解您反映的是：疑似" in reply.text
    assert labels(reply) == ["对", "不对", "我再补充几句"]


def test_what_else_was_heard_is_said_back_too(policy, draft):
    assert "地点“朱兰3号楼”" in asked(policy, draft, a_reading(facts={"address": "朱兰3号楼"})).text


def test_an_unsure_reading_costs_one_question_with_two_buttons(policy, draft):
    unsure = replace(a_reading("hidden_venue"), doubtful=True)
    reply = asked(policy, draft, unsure)
    assert len(reply.choices) == 3
    assert labels(reply)[-1] == "都不是"
    assert policy.topics["hidden_venue"].say in labels(reply)
    settled = press(policy, draft, unsure, labels(reply)[0]).draft
    assert not UNDERSTANDING.is_due(scene(policy, settled, unsure))


def test_in_danger_nobody_is_asked_what_it_is_called(policy, draft):
    unsure = replace(a_reading("safety_hazard"), doubtful=True, level="P0")
    assert not UNDERSTANDING.is_due(scene(policy, draft, unsure))


def test_a_guess_is_called_a_guess(policy, draft):
    assert "不太有把握" in asked(policy, draft, replace(a_reading(), sureness=Sureness.TRIAGE)).text


def test_no_brings_the_other_candidates_and_a_way_out(policy, draft):
    reading = a_reading("subject_unlicensed")
    denied = press(policy, draft, reading, "不对").draft
    offered = labels(asked(policy, denied, reading))
    assert policy.topics["subject_unlicensed"].say not in offered
    assert policy.topics["hidden_venue"].say in offered
    assert "都不是" in offered


def test_none_of_these_is_left_to_a_person(policy, draft):
    reading = a_reading("subject_unlicensed")
    denied = press(policy, draft, reading, "不对").draft
    assert press(policy, denied, reading, "都不是").draft.value("topic") == "unclear"


def test_what_says_nothing_yet_is_asked_for_a_little_more_and_accepted_anyway(policy, draft):
    unclear = replace(a_reading("unclear"), sureness=Sureness.TRIAGE)
    assert "多说两句" in asked(policy, draft, unclear).text
    assert press(policy, draft, unclear, "就这些").draft.value("topic") == "unclear"


def test_a_question_is_answered_with_its_basis(policy, draft):
    question = replace(draft, story=("幼小衔接班能上吗？",))
    reply = asked(policy, question, a_reading("policy_consult", nature="Q"))
    assert "依据" in reply.text
    assert labels(reply) == ["我还是要反映", "不用了，谢谢"]


def test_a_question_that_stands_nowhere_goes_to_a_person(policy, draft):
    question = replace(draft, story=("你们局长叫什么名字？",))
    reply = asked(policy, question, a_reading("policy_consult", nature="Q"))
    assert "不敢乱答" in reply.text
    assert "请工作人员答复" in labels(reply)


def test_what_is_not_ours_is_told_whose_it_is_when_the_rule_book_knows(policy, draft):
    outside = replace(a_reading("out_of_scope", nature="C"), lead="market_reg", scope="out", sureness=Sureness.NOTHING)
    assert policy.department("market_reg") in asked(policy, draft, outside).text


def test_what_is_not_ours_is_told_nothing_invented_when_it_does_not(policy, draft):
    outside = replace(a_reading("out_of_scope", nature="C"), lead="none", scope="out", sureness=Sureness.NOTHING)
    text = asked(policy, draft, outside).text
    named = [name for key, name in policy.departments.items() if name in text and key != policy.office()]
    assert named == []


def test_who_insists_is_taken_in_by_hand(policy, draft):
    outside = replace(a_reading("out_of_scope", nature="C"), lead="none", scope="out", sureness=Sureness.NOTHING)
    assert press(policy, draft, outside, "我还是要反映").draft.value("topic") == "out_of_scope"


def test_a_suggestion_is_not_called_a_suspicion(policy, draft):
    assert "疑似" not in asked(policy, draft, a_reading("suggestion", nature="G")).text


def test_nobody_is_called_guilty(policy, draft):
    for topic in policy.topics.values():
        if topic.nature == "T" and topic.key != "unclear":
            assert "疑似" in asked(policy, draft, a_reading(topic.key)).text


def test_a_question_that_is_a_report_after_all_is_asked_which(policy, draft):
    reading = a_reading("policy_consult", nature="Q")
    insisted = press(policy, draft, reading, "我还是要反映").draft
    assert policy.topics["hidden_venue"].say in labels(asked(policy, insisted, reading))
