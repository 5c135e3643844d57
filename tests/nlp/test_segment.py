"""The fast segmenter may replace the reference only while both cut alike."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlp.duties import Duties
from nlp.examples import read_tsv, training_files
from nlp.lexicon import Lexicon
from nlp.segment import Cut, Jieba, Rjieba, Segmenter, best_segmenter, jieba_with

pytest.importorskip("rjieba", reason="the fast segmenter is not installed")

POLICY = Path(__file__).parents[2] / "policy" / "wugang"

# Made when first asked for: every worker collects this file, one runs it.
_own_words = cache(lambda: Lexicon.load(POLICY).own_words())
_sentences = cache(lambda: [example.text for example in read_tsv(training_files(), Duties.load(POLICY))])
_SALAD = st.text(st.sampled_from("孩子补课退费班主任老师学校教数英语机构托管小饭桌周六日在家收钱不给没证了的啊 abc123，。"), max_size=60)
_SENTENCE = st.deferred(lambda: st.sampled_from(_sentences()))


@pytest.fixture(scope="module")
def fast() -> Segmenter:
    return Rjieba(_own_words())


@pytest.fixture(scope="module")
def reference() -> Segmenter:
    return Jieba(_own_words())


@pytest.fixture(scope="module")
def jieba() -> Any:
    return jieba_with(_own_words())


@given(text=st.lists(_SENTENCE, min_size=1, max_size=3).map("，".join))
def test_both_segmenters_cut_our_sentences_alike(fast, reference, text):
    # 咚咚咚 is a perfect tie, cut at either end; reading only asks which words there are.
    assert sorted(_words(fast, text)) == sorted(_words(reference, text))


@given(text=_SALAD)
@example(text="学学学教")
def test_both_segmenters_cut_word_salad_alike(fast, reference, text):
    # Here too only a perfect tie may be cut at either end: 学学+学 or 学+学学.
    assert sorted(fast.words(text)) == sorted(reference.words(text))


@given(text=_SALAD | _SENTENCE)
@example(text="大呼小叫，哈哈哈哈笑哈哈哈")
def test_the_reference_cuts_as_jieba_itself(reference, jieba, text):
    assert reference.words(text) == list(jieba.cut(_only_han(text), HMM=False))
    assert list(reference.tokens(text)) == list(jieba.tokenize(_only_han(text), mode="search", HMM=False))


@pytest.mark.parametrize("engine", ["reference", "fast"])
@given(text=_SALAD | _SENTENCE)
def test_a_cut_holds_all_words_and_where_they_end(request, engine, text):
    segmenter = request.getfixturevalue(engine)
    cut, tokens = Cut.of(text, segmenter), list(segmenter.tokens(text))
    assert cut.words == {word for word, _, _ in tokens if len(word) > 1}
    inside = {place for _, start, end in tokens for place in range(start + 1, end)}
    assert cut.ends == set(range(len(text) + 1)) - inside


_OFFICE_WORDS = ["退费难", "卷款", "跑路", "一对多", "钉钉", "学转非", "住家教师", "小饭桌", "衔接班"]


@pytest.fixture(scope="module")
def office() -> Segmenter:
    return Jieba(_OFFICE_WORDS)


@pytest.mark.parametrize("word", _OFFICE_WORDS)
def test_the_office_s_own_words_are_never_cut(office, word):
    assert word in _words(office, f"他们{word}的事")


def test_the_best_segmenter_is_the_fast_one_when_it_is_there():
    chosen: Segmenter = best_segmenter()
    assert isinstance(chosen, Rjieba)


@pytest.mark.parametrize(("text", "torn"), [("国家政策", "家政"), ("调查处理", "查处"), ("建成教学楼", "成教"), ("拖延时段", "延时")])
def test_a_stretch_of_two_words_is_not_taken_for_a_third(fast, text, torn):
    start = text.index(torn)
    assert Cut.of(text, fast).tears(start, start + len(torn))


@pytest.mark.parametrize(("text", "whole"), [("校外培训班", "培训"), ("他们退费难", "退费"), ("想问下", "问下"), ("在家政公司", "家政")])
def test_a_word_inside_or_beside_another_is_kept(fast, text, whole):
    start = text.index(whole)
    assert not Cut.of(text, fast).tears(start, start + len(whole))


def _only_han(text):
    return "".join(character if "一" <= character <= "鿕" else " " for character in text)


def _words(segmenter, text):
    return [word for word, _, _ in segmenter.tokens(text)]
