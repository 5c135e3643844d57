"""What the parent wanted masked is masked among the facts too, however it was written."""

import pytest

from handlers.desk.dossier import facts_of
from handlers.intake.next_question import facts
from handlers.intake.privacy import facts_to_send, story
from handlers.policy import Policy

HIDDEN = "朱兰某小区3号楼2单元5楼，每周六上午有老师偷偷给一群初三学生补数学"


def sent(talk) -> dict[str, object]:
    """The facts that would be handed in as the talk stands."""
    return dict(facts_to_send(talk.scene, facts(talk.scene.draft, talk.scene.reading)))


@pytest.mark.parametrize("written", ["13800000000", "138 0000 0000", "138-0000-0000", "一三八零零零零零零零零"])
def test_a_masked_number_is_no_fact_either_however_it_was_written(talk, written: str) -> None:
    talk.say(f"{HIDDEN}，老师电话{written}").press("同意，继续").press("说完了").agree().skip_all()
    assert sent(talk)["phone"] == "13800000000"
    talk.press("帮我遮住")
    assert "phone" not in sent(talk)


def test_what_was_not_masked_is_still_told(talk) -> None:
    talk.say(f"{HIDDEN}，老师电话13800000000").press("同意，继续").press("说完了").agree().skip_all().press("帮我遮住")
    assert sent(talk)["grade"] == "初三"


def test_the_school_of_a_teacher_who_is_reported_is_told_without_the_class(talk) -> None:
    talk.say("实验小学三年级2班的王老师每周末在自己家收费补课，一节80，电话13800000000")
    talk.press("同意，继续").press("说完了").agree().skip_all().press("帮我遮住")
    assert sent(talk)["teacher_identity"] == "实验小学[班级]的王老师"
    assert story(talk.scene) == "实验小学[班级]的王老师每周末在自己家收费补课，一节80，电话[手机号]"


def test_an_officer_reads_the_school_in_the_answer_to_which_teacher(rule_book: Policy) -> None:
    said = {"teacher_identity": "实验小学三年级2班，王老师", "org_name": "实验小学三年级2班"}
    told = {fact.label: fact.value for fact in facts_of(said, "teacher_paid_tutoring", "T", rule_book)}
    assert told["老师是哪个学校的"] == "实验小学[班级]，王老师"
    assert "实验小学" not in told["机构或个人"]
