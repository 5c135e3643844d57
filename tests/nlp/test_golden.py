"""The rule book's own examples."""

import pytest

GOLDEN = [
    ("朱兰那个学校说关了，老师还在原来楼上教数学", "sham_closure", "edu", "P2"),
    ("寺坡某小区3号楼5楼现在正有人给初三补物理", "hidden_venue", "edu", "P1"),
    ("咨询公司招牌，里面全是小学语数外", "disguised_identity", "edu", "P2"),
    ("某教育咨询公司没证，啥兴趣班都办", "biz_no_permit", "market_reg", "P2"),
    ("报的“思维素养”，发的是奥数卷子", "disguised_theme", "edu", "P2"),
    ("舞蹈班周六上课算违规吗", "policy_consult", "none", "P3"),
    ("舞蹈机构没有办学许可证", "unlicensed_nonsubject", "culture_tourism", "P2"),
    ("晚托班老师给孩子讲新课，一月1200", "aftercare_tutoring", "edu", "P2"),
    ("交了9800，关门找不到人，家长群四十多人", "runaway", "edu", "P1"),
    ("篮球班退课不给退，合同写概不退款", "refund_dispute", "sports", "P2"),
    ("让把钱转老板微信，说不走监管", "prepaid_unsupervised", "edu", "P2"),
    ("我在培训班当老师，欠两个月工资", "wage_arrears", "hr_social", "P2"),
    ("班主任周末在家收费补课，一节80", "teacher_paid_tutoring", "edu", "P2"),
    ("教体局有人给机构通风报信", "official_misconduct", "discipline", "P2"),
]


@pytest.mark.parametrize(("said", "category", "lead", "level"), GOLDEN, ids=[row[1] for row in GOLDEN])
def test_the_rule_book_s_example_reaches_its_department(read, said, category, lead, level):
    reading = read(said)
    assert (reading.category, reading.lead, reading.level) == (category, lead, level)


def test_poisoned_children_at_a_lunch_place_are_an_emergency_whatever_it_is_called(read):
    reading = read("小饭桌吃坏肚子好几个孩子住院")
    assert reading.level == "P0"
    assert "danger" in reading.flags


def test_a_denied_lesson_is_not_taken_for_a_lesson(read):
    reading = read("他们没补课，就是看着写作业")
    assert reading.category in {"unclear", "out_of_scope"}
    assert reading.sureness in {"triage", "ask", "nothing"}


def test_a_refund_and_a_contract_stand_side_by_side(read):
    assert "improper_contract" in read("篮球班退课不给退，合同写概不退款").secondary


def test_a_sealed_report_is_copied_to_nobody(read):
    reading = read("教体局有人给机构通风报信，那家舞蹈班也没证")
    assert reading.lead == "discipline"
    assert reading.assists == ()
    assert "sealed" in reading.flags
