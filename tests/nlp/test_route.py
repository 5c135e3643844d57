"""The exchange format, and what the parent's own answers change."""

import pytest

from nlp.explain import explain
from nlp.reading import Sureness
from nlp.route import as_row

KEYS = {"category", "secondary", "lead", "assists", "level", "nature", "auto", "margin", "evidence", "facts"}


def test_a_row_has_the_agreed_keys(read):
    row = as_row(read("篮球班退课不给退，合同写概不退款"))
    assert set(row) == KEYS
    assert {"term", "weight", "for"} == set(row["evidence"][0])


def test_a_bare_word_goes_to_a_person(read):
    reading = read("我要举报")
    assert reading.sureness is Sureness.TRIAGE
    assert reading.lead == "shuangjian_office"


def test_a_question_is_answered_and_not_dispatched(read):
    reading = read("请问周天去学跳舞算不算违规呀，看新闻说周末不让上课了")
    assert (reading.category, reading.lead, reading.nature) == ("policy_consult", "none", "Q")
    assert reading.assists == ()


def test_a_driving_school_is_not_ours(read):
    reading = read("在驾校报了名不想学了，退费一直拖着不给")
    assert (reading.category, reading.scope, reading.lead) == ("out_of_scope", "out", "none")


def test_a_school_s_own_charging_goes_to_education_by_hand(read):
    reading = read("初三全年级周六到校上课，学校统一组织补课，每人一学期交六百")
    assert (reading.category, reading.scope, reading.lead) == ("out_of_scope", "near", "edu")
    assert reading.sureness is not Sureness.ROUTE


def test_the_confirmed_category_is_routed_without_another_question(read):
    reading = read("那家的事我想说说，钱的事", category="refund_dispute")
    assert reading.sureness is Sureness.ROUTE
    assert reading.confidence == 1.0


def test_the_course_a_parent_names_decides_the_department(read):
    reading = read("报的班不想上了，钱不给退", category="refund_dispute", facts={"course": "编程"})
    assert (reading.regulator, reading.lead) == ("sci", "sci_tech")


def test_a_lesson_going_on_now_is_urgent(read):
    story = "我们小区5楼有人给一群孩子补数学，按小时收钱"
    assert read(story).level == "P2"
    assert read(story, facts={"happening_now": "yes"}).level == "P1"


def test_many_families_make_it_urgent(read):
    assert read("舞蹈班不给退费", facts={"affected_families": 9}).level == "P2"
    assert read("舞蹈班不给退费", facts={"affected_families": 10}).level == "P1"


def test_an_explanation_names_the_words_and_the_runner_up(read, reader):
    story = "班主任周末在家收费补课，一节80"
    text = "\n".join(explain(read(story), reader.duties))
    assert "teacher_paid_tutoring" in text
    assert "班主任" in text
    assert "prior" in text


@pytest.mark.parametrize(
    "question",
    [
        "请问垭口光明路3号楼2单元那个学英语的班正规吗",
        "请问政策上周末到底能不能给小学生补课？" + "我们几个家长看法不一样，有的说可以，有的说不行，说法都是从网上看来的。" * 3,
    ],
)
def test_a_question_about_one_place_or_told_at_length_goes_to_the_office(read, question):
    reading = read(question, category="policy_consult")
    assert (reading.lead, reading.sureness) == ("shuangjian_office", Sureness.ROUTE)


def test_two_categories_of_one_department_need_not_be_told_apart_to_route(read):
    reading = read("没证的辅导班，老师是学校的")
    assert reading.doubtful
    assert (reading.lead, reading.sureness) == ("edu", Sureness.ROUTE)


def test_two_categories_of_two_departments_are_asked_about(read):
    reading = read("足球班合同也不给，老师也没有证，天天换人")
    assert reading.doubtful
    assert reading.sureness is Sureness.ASK
