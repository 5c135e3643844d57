"""One word, however it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normal import normalise


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("老師在家收錢補習", "老师在家收钱补习"),
        ("１对１　８０元", "一对一 80元"),
        ("补\u200b课", "补课"),
        ("补*课,退·费", "补课,退费"),
        ("补 课 班", "补课班"),
        ("bu课,补ke,BUKE", "补课,补课,补课"),
        ("ban主任收bu习费", "班主任收补习费"),
        ("脱管班的浮岛班", "托管班的辅导班"),
        ("衤卜讠果的又来了", "补课的又来了"),
        ("收了၅000,电话١٣٨", "收了5000,电话138"),
    ],
)
def test_a_word_is_the_same_word_however_it_is_disguised(written, meant):
    assert normalise(written).text == meant


@pytest.mark.parametrize("untouched", ["每天放学 老师还在", "8:30.5", "rebukes", "新华学校", "艺术学校", "没有正规手续"])
def test_what_is_no_disguise_is_left_alone(untouched):
    assert normalise(untouched).text == untouched


def test_a_disguised_word_is_marked_where_the_parent_wrote_it():
    normal = normalise("朱兰那个tui费的老師")
    start = normal.text.index("退费")
    assert normal.original[slice(*normal.span(start, start + 2))] == "tui费"
    start = normal.text.index("老师")
    assert normal.original[slice(*normal.span(start, start + 2))] == "老師"


_MIXED = st.text(alphabet=st.sampled_from("补课退费老師教学校语 \u200b*·buketi１Ａ。，\n冇💰"), max_size=40)


@given(_MIXED | st.text(max_size=60))
def test_every_character_leads_back_into_the_original(text):
    normal = normalise(text)
    before = 0
    for place in range(len(normal.text)):
        start, end = normal.span(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert start >= before
        before = start


@given(_MIXED | st.text(max_size=60))
def test_the_whole_of_a_text_leads_back_to_nothing_outside_it(text):
    normal = normalise(text)
    start, end = normal.span(0, len(normal.text))
    assert 0 <= start <= end <= len(text)
