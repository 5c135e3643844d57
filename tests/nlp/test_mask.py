"""Nobody who reads a masked text learns who wrote it, or which child it is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.mask import mask
from nlp.normal import normalise
from nlp.spoken import DIGITS

_SPELLED = str.maketrans("0123456789", "零一二三四五六七八九")
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("有事打我电话 138 0013 8000", "phone"),
        ("一三八零零一三八零零零是俺的号", "phone"),
        ("幺三八零零幺三八零零零", "phone"),
        ("１３８００１３８０００", "phone"),
        ("1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "phone"),
        ("座机0375-8123456找我", "phone"),
        ("打0375-1234567没人接", "phone"),
        ("身份证是410481199003074512", "id_card"),
        ("身份证41048119900307451X", "id_card"),
        ("退到6222 0217 0000 1234 567", "bank_card"),
        ("写信到someone.else@example.com", "email"),
        ("加我微信号abc_12345", "wechat"),
        ("我的QQ号12345678", "wechat"),
        ("您好，我叫王小明，住在垭口", "name"),
        ("我实名，李某，随时可以作证", "name"),
        ("孩子叫张小花，今年八岁", "child"),
        ("儿子李浩然在那儿上课", "child"),
        ("张小花同学被老师罚站", "child"),
        ("孩子在实验小学三年级二班", "school"),
        ("孩子是五年级(3)班的", "school"),
        ("我是3班张某的妈妈", "self"),
        ("我是实验小学三年级二班的家长", "self"),
        ("俺是张小花的奶奶", "self"),
    ],
)
def test_what_tells_who_somebody_is_does_not_stay(said, kind):
    masked = mask(said)
    assert kind in {span.kind for span in masked.spans}
    assert all(span.text not in masked.text for span in masked.spans)


@pytest.mark.parametrize(
    "said",
    [
        "我是高二学生，学校名字就不写了",
        "我是击剑班的家长，我们有十九户",
        "我叫什么不重要，打12345和12315都没用",
        "报名那天是2024年8月2号，交了11600元，买了90课时",
        "帮我看看WG-SJ-20261203-0042办得怎样",
        "三班倒的人家，孩子上三年级的班",
        "孩子周末在家，学生费用没退",
    ],
)
def test_what_a_case_needs_stays_readable(said):
    assert mask(said).text == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("举报实验小学三年级2班的王老师在家收费补课", "举报实验小学[班级]的王老师在家收费补课"),
        ("实验小学三(2)班的数学老师王某周末补课", "实验小学[班级]的数学老师王某周末补课"),
        ("他是实验小学三年级2班的班主任，姓王", "他是实验小学[班级]的班主任，姓王"),
        ("孩子在实验小学三年级二班，班主任在家收费补课", "孩子在[学校班级]，班主任在家收费补课"),
        ("俺孩实验小学三年级2班王老师补课收费", "俺孩[学校班级]王老师补课收费"),
        ("张小花同学是实验小学三年级2班王老师的学生", "[孩子姓名]同学是[学校班级]王老师的学生"),
        ("孩子叫张小花，实验小学三年级2班王老师", "孩子叫[孩子姓名]，[学校班级]王老师"),
        ("我是实验小学三年级2班王老师班上学生的家长", "我是[家长身份]"),
        ("我家二妮实验小学三年级2班李老师要求补课", "我家[学校班级]李老师要求补课"),
        ("我孩子的班主任是实验小学三年级2班的王老师", "我孩子的班主任是[学校班级]的王老师"),
        ("我女儿，实验小学三年级2班王老师让补课", "我女儿，[学校班级]王老师让补课"),
        ("我爱人是实验小学三年级2班的老师", "我爱人是[学校班级]的老师"),
        ("我本人实验小学三年级2班数学老师", "我[学校班级]数学老师"),
        ("我举报实验小学三年级2班的王老师", "我举报实验小学[班级]的王老师"),
        ("他在家给孩子补课，实验小学三年级2班的王老师", "他在家给孩子补课，实验小学[班级]的王老师"),
    ],
)
def test_the_school_of_a_reported_teacher_stays_and_a_childs_own_does_not(said, shown):
    assert mask(said).text == shown
    assert mask(shown).text == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("实验小学三年级2班王老师", "实验小学[班级]王老师"),
        ("实验小学三年级2班，王老师，教数学", "实验小学[班级]，王老师，教数学"),
        ("孩子在实验小学三年级二班，班主任王老师", "孩子在实验小学[班级]，班主任王老师"),
        ("孩子叫张小花，在实验小学三年级2班，王老师", "孩子叫[孩子姓名]，在[学校班级]，王老师"),
        ("实验小学三年级2班王老师，我电话13800138000", "实验小学[班级]王老师，我电话[手机号]"),
        ("我是实验小学三年级2班的老师，举报王老师", "我是[学校班级]的老师，举报王老师"),
    ],
)
def test_an_answer_about_a_teacher_keeps_the_school_and_hides_the_class(said, shown):
    assert mask(said, about_teacher=True).text == shown


def test_the_place_of_each_mark_is_that_of_the_original_text():
    said = "電話１３８００１３８０００，我叫王小明"
    masked = mask(said)
    assert [said[span.start : span.end] for span in masked.spans] == [span.text for span in masked.spans]
    assert masked.text == "電話[手机号]，我叫[姓名]"


def test_the_name_beside_a_number_goes_with_it():
    assert mask("尹集镇，13900139000刘女士").text == "尹集镇，[手机号][姓名]"


def test_a_town_beside_a_number_is_no_name():
    assert mask("13900139000，朱兰那边，尹集，13800138000").text == "[手机号]，朱兰那边，尹集，[手机号]"


def test_masking_a_masked_text_changes_nothing():
    once = mask("我是3班张某的妈妈，我叫王小明，微信号abc_12345，电话13800138000").text
    assert mask(once).text == once


@st.composite
def _phones(draw: st.DrawFn) -> tuple[str, str]:
    plain = "1" + draw(st.sampled_from("3456789")) + draw(st.text("0123456789", min_size=9, max_size=9))
    table = draw(st.sampled_from([{}, _SPELLED, _FULL_WIDTH, _CIRCLED]))
    gap = draw(st.sampled_from(["", " ", "-", ".", "·", "\u200b", "  "]))
    places = draw(st.sampled_from([(), (3, 7), tuple(range(1, 11))]))
    return plain, "".join((gap if place in places else "") + digit.translate(table) for place, digit in enumerate(plain))


@given(
    _phones(),
    st.sampled_from(["", "打我电话", "你们可以找", "号码是:", "退费的事，"]),
    st.sampled_from(["", "，谢谢", "找我妈", " 晚上打"]),
)
def test_no_spelling_of_a_phone_comes_through(phone, before, after):
    plain, written = phone
    left = normalise(mask(before + written + after).text).text.translate(DIGITS)
    assert plain not in "".join(filter(str.isdigit, left))
    assert sum(map(str.isdigit, left)) == 0
