"""A decision can be checked by adding up: nothing counts that is not shown."""

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.features import HAN, HANS, _characters
from nlp.reading import OURS

STORIES = [
    "朱兰那个学校说关了，老师还在原来楼上教数学",
    "小饭桌吃坏肚子好几个孩子住院",
    "你好",
    "",
    "😡😡😡",
    "老師在自己家收錢補習，一個學生三千塊，是學校的老師喔",
    "尊敬的领导：我家孩子去年在寺坡一家美术班报名，交了九千八，上到一半老师走光了。前台先说装修，后来电话也打不通，群也解散了。家长们都想知道这钱还能不能要回来，请有关部门查一查，谢谢。",
]


@pytest.mark.parametrize("story", STORIES)
def test_prior_and_terms_add_up_exactly_to_the_winner_s_score(read, story):
    reading = read(story)
    own = [term.weight for term in reading.evidence if term.supports == reading.category]
    assert fsum([reading.prior, *own]) == reading.candidates[0].score


@pytest.mark.parametrize("story", STORIES)
def test_whether_it_is_ours_can_be_added_up_too(read, story):
    ours = read(story).ours
    weights = [term.weight for term in read(story).evidence if term.supports == OURS]
    assert fsum([ours.prior, *weights]) == pytest.approx(ours.score, abs=1e-9)


@pytest.mark.parametrize("story", STORIES)
def test_every_term_is_quoted_from_what_the_parent_wrote(read, story):
    for term in read(story).evidence:
        assert story[term.start : term.end] == term.text


@pytest.mark.parametrize("story", STORIES)
def test_there_is_always_a_runner_up_for_the_second_button(read, story):
    first, second, *_ = read(story).candidates
    assert first.category != second.category
    assert first.probability >= second.probability


def test_what_the_parent_confirmed_stands_and_its_evidence_still_adds_up(read):
    reading = read("老师在家给孩子补课，钱也不退", category="refund_dispute")
    own = [term.weight for term in reading.evidence if term.supports == "refund_dispute"]
    assert reading.category == reading.candidates[0].category == "refund_dispute"
    assert fsum([reading.prior, *own]) == reading.candidates[0].score


def test_the_same_text_is_read_the_same_twice(read):
    assert read(STORIES[0]) == read(STORIES[0])


@pytest.mark.parametrize("story", STORIES)
def test_a_text_weighs_what_its_features_weigh_by_name(reader, story):
    features = reader.observer.observe(story)
    at_once, by_name = reader.model.weigh_text(features), reader.model.weigh(features.values)
    assert at_once.scores.tolist() == pytest.approx(by_name.scores.tolist(), abs=1e-9)
    assert dict(at_once.contributions("refund_dispute")) == dict(by_name.contributions("refund_dispute"))


@given(text=st.text(st.sampled_from("补课退退退费一龿䷿鿿a1，😡\ud800")) | st.text())
def test_every_han_character_counts_once_and_nothing_else_does(text):
    assert {HANS[code] for code in _characters(text)} == HAN.intersection(text)
    assert len(_characters(text)) == len(HAN.intersection(text))
