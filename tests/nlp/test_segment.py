"""The fast segmenter may replace the reference only while both cut alike."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.duties import Duties
from nlp.examples import read_tsv, training_files
from nlp.lexicon import Lexicon
from nlp.segment import Jieba, Rjieba, Segmenter, best_segmenter

pytest.importorskip("rjieba", reason="the fast segmenter is not installed")

POLICY = Path(__file__).parents[2] / "policy" / "wugang"
OWN_WORDS = Lexicon.load(POLICY).own_words()
REFERENCE = Jieba(OWN_WORDS)
FAST = Rjieba(OWN_WORDS)
SENTENCES = [example.text for example in read_tsv(training_files(), Duties.load(POLICY))]


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3).map("，".join))
def test_both_segmenters_cut_our_sentences_alike(text):
    # 咚咚咚 is a perfect tie, cut at either end; reading only asks which words there are.
    assert sorted(FAST.words(text)) == sorted(REFERENCE.words(text))


@given(
    st.text(
        alphabet=st.sampled_from("孩子补课退费班主任老师学校教数英语机构托管小饭桌周六日在家收钱不给没证了的啊 abc123，。"), max_size=60
    )
)
def test_both_segmenters_cut_word_salad_alike(text):
    assert FAST.words(text) == REFERENCE.words(text)


@pytest.mark.parametrize("word", ["退费难", "卷款", "跑路", "一对多", "钉钉", "学转非", "住家教师", "小饭桌", "衔接班"])
def test_the_office_s_own_words_are_never_cut(word):
    assert word in Jieba([word]).words(f"他们{word}的事")


def test_the_best_segmenter_is_the_fast_one_when_it_is_there():
    chosen: Segmenter = best_segmenter()
    assert isinstance(chosen, Rjieba)
