"""The fast segmenter may replace the reference only while both cut alike."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlp.duties import Duties
from nlp.examples import read_tsv, training_files
from nlp.lexicon import Lexicon
from nlp.segment import Cut, Jieba, Rjieba, Segmenter, best_segmenter, jieba_with

pytest.importorskip("rjieba", reason="the fast segmenter is not installed")

POLICY = Path(__file__).parents[2] / "policy" / "wugang"
OWN_WORDS = Lexicon.load(POLICY).own_words()
REFERENCE = Jieba(OWN_WORDS)
FAST = Rjieba(OWN_WORDS)
JIEBA = jieba_with(OWN_WORDS)
_SALAD = st.text(st.sampled_from("孩子补课退费班主任老师学校教数英语机构托管小饭桌周六日在家收钱不给没证了的啊 abc123，。"), max_size=60)
SENTENCES = [example.text for example in read_tsv(training_files(), Duties.load(POLICY))]


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map("，".join))
def test_both_segmenters_cut_our_sentences_alike(text):
    # 咚咚咚 is a perfect tie, cut at either end; reading only asks which words there are.
    assert sorted(_words(FAST, text)) == sorted(_words(REFERENCE, text))


@given(_SALAD)
@example("学学学教")
def test_both_segmenters_cut_word_salad_alike(text):
    # Here too only a perfect tie may be cut at either end: 学学+学 or 学+学学.
    assert sorted(FAST.words(text)) == sorted(REFERENCE.words(text))


@given(_SALAD | st.sampled_from(SENTENCES))
@example("大呼小叫，哈哈哈哈笑哈哈哈")
def test_the_reference_cuts_as_jieba_itself(text):
    assert REFERENCE.words(text) == list(JIEBA.cut(_only_han(text), HMM=False))
    assert list(REFERENCE.tokens(text)) == list(JIEBA.tokenize(_only_han(text), mode="search", HMM=False))


@pytest.mark.parametrize("segmenter", [REFERENCE, FAST], ids=["reference", "fast"])
@given(text=_SALAD | st.sampled_from(SENTENCES))
def test_a_cut_holds_all_words_and_where_they_end(segmenter, text):
    cut, tokens = Cut.of(text, segmenter), list(segmenter.tokens(text))
    assert cut.words == {word for word, _, _ in tokens if len(word) > 1}
    inside = {place for _, start, end in tokens for place in range(start + 1, end)}
    assert cut.ends == set(range(len(text) + 1)) - inside


@pytest.mark.parametrize("word", ["退费难", "卷款", "跑路", "一对多", "钉钉", "学转非", "住家教师", "小饭桌", "衔接班"])
def test_the_office_s_own_words_are_never_cut(word):
    assert word in _words(Jieba([word]), f"他们{word}的事")


def test_the_best_segmenter_is_the_fast_one_when_it_is_there():
    chosen: Segmenter = best_segmenter()
    assert isinstance(chosen, Rjieba)


@pytest.mark.parametrize(("text", "torn"), [("国家政策", "家政"), ("调查处理", "查处"), ("建成教学楼", "成教"), ("拖延时间", "延时")])
def test_a_stretch_of_two_words_is_not_taken_for_a_third(text, torn):
    start = text.index(torn)
    assert Cut.of(text, FAST).tears(start, start + len(torn))


@pytest.mark.parametrize(("text", "whole"), [("校外培训班", "培训"), ("他们退费难", "退费"), ("想问下", "问下"), ("在家政公司", "家政")])
def test_a_word_inside_or_beside_another_is_kept(text, whole):
    start = text.index(whole)
    assert not Cut.of(text, FAST).tears(start, start + len(whole))


def _only_han(text):
    return "".join(character if "一" <= character <= "鿕" else " " for character in text)


def _words(segmenter, text):
    return [word for word, _, _ in segmenter.tokens(text)]
