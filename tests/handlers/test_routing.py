"""Where a finished draft goes, and what goes with it."""

from dataclasses import replace

import pytest

from handlers import routing
from handlers.intake.turn import Intake
from handlers.policy import Policy
from nlp.mask import mask
from nlp.reader import Reader
from nlp.reading import Sureness
from storage.reports import Route, Submission
from tests.handlers.readings import a_reading
from tests.handlers.talk import Talk

HIDDEN = "朱兰某小区3号楼2单元5楼，每周六上午有老师偷偷给一群初三学生补数学"


@pytest.fixture
def filed(talk: Talk, reader: Reader):
    """The submissions a finished talk comes to."""

    def finish() -> tuple[Submission, ...]:
        return routing.submissions(talk.scene, reader, "web")

    return finish


def test_a_sure_reading_goes_to_its_department_with_its_assists(policy: Policy) -> None:
    reading = replace(a_reading(), assists=("market_reg", "town_street"))
    assert routing.route(reading, policy) == Route("auto", "edu", ("market_reg", "town_street"))


@pytest.mark.parametrize("sureness", [Sureness.ASK, Sureness.TRIAGE, Sureness.NOTHING])
def test_an_unsure_reading_goes_to_a_person(sureness: Sureness, policy: Policy) -> None:
    assert routing.route(replace(a_reading(), sureness=sureness), policy).way == "triage"


@pytest.mark.parametrize("lead", ["shuangjian_office", "none", "town_street", "fire_rescue", "nobody_knows"])
def test_only_a_working_department_ever_leads_by_itself(lead: str, policy: Policy) -> None:
    assert routing.route(replace(a_reading(), lead=lead), policy).way == "triage"


def test_what_concerns_an_official_goes_sealed_whatever_stands_beside_it(policy: Policy) -> None:
    assert routing.route(a_reading("official_misconduct"), policy).way == "sealed"
    assert routing.route(replace(a_reading("refund_dispute", nature="C"), flags=frozenset({"sealed"})), policy).way == "sealed"


def test_a_refund_and_a_violation_become_two_reports(policy: Policy) -> None:
    both = frozenset({"refund_and_violation"})
    refund = replace(a_reading("refund_dispute", nature="C"), secondary=("improper_contract", "hidden_venue"), flags=both)
    violation = replace(a_reading("hidden_venue"), secondary=("refund_dispute",), flags=both)
    assert policy.topics[str(routing.twin(refund, policy))].nature == "T"
    assert routing.twin(violation, policy) == "refund_dispute"


def test_a_refund_alone_stays_one_report(policy: Policy) -> None:
    assert routing.twin(replace(a_reading("refund_dispute", nature="C"), secondary=("improper_contract",)), policy) is None


def test_a_masked_story_is_masked_everywhere_and_its_evidence_still_fits(talk, filed) -> None:
    talk.say(HIDDEN + "，老师电话13800000000").press("同意，继续").press("说完了").agree().skip_all()
    talk.press("帮我遮住").press("匿名")
    (one,) = filed()
    assert "13800000000" not in one.story
    assert "13800000000" not in str(one.facts)
    for term in one.reading["evidence"]:
        assert one.story[term["start"] : term["end"]] == term["text"]


def test_a_story_kept_as_it_is_goes_as_it_is(talk, filed) -> None:
    story = HIDDEN + "，老师电话13800000000"
    talk.say(story).press("同意，继续").press("说完了").agree().skip_all().press("原样保留").press("匿名")
    assert filed()[0].story == story


def test_an_anonymous_report_carries_no_contact(talk, filed) -> None:
    talk.say(HIDDEN).press("匿名继续").press("说完了").agree().skip_all()
    assert filed()[0].contact is None


def test_the_contact_travels_apart_from_the_story(talk, filed) -> None:
    talk.say(HIDDEN).press("同意，继续").press("说完了").agree().skip_all().press("留联系方式").say("王女士13800000000").press("要，联系我")
    one = filed()[0]
    assert (one.contact.name, one.contact.phone, one.contact.wants_reply, one.contact.may_disclose) == (
        "王女士",
        "13800000000",
        True,
        False,
    )
    assert "13800000000" not in one.story + str(one.facts)


@pytest.mark.parametrize("story", ["有人偷偷给孩子补课收钱", "班主任偷偷给孩子补课收钱"])
def test_too_little_to_go_on_is_marked_and_taken_in_all_the_same(talk, filed, story) -> None:
    talk.say(story).press("同意，继续").press("说完了").agree().skip_all().press("匿名")
    assert filed()[0].insufficient


def test_danger_said_at_any_point_makes_it_an_emergency(talk, filed) -> None:
    talk.say(HIDDEN).press("同意，继续").press("说完了").agree().say("有个孩子被打得头破血流送医院了").press("马上交")
    assert filed()[0].level == "P0"


def test_a_long_letter_is_filed_to_its_last_word(policy: Policy, reader: Reader) -> None:
    talk = Talk(Intake(policy, reader, mask))
    letter = HIDDEN + "。" + "我们很着急，请查一查。" * 500 + "最后一句。"
    talk.say(letter).press("同意，继续").press("说完了").agree().skip_all().press("匿名")
    assert routing.submissions(talk.scene, reader, "web")[0].story == letter
