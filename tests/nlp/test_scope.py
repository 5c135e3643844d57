"""Whether a text is ours is asked before what it is about: once by the category, once by itself, and both count the same."""

import pytest

from nlp import decision
from nlp.decision import OUT
from nlp.reading import OURS

_LETTER = (
    "尊敬的领导：我们小区后门那条巷子的路灯坏了快两个月，晚上下班回来黑灯瞎火，已经有两位老人摔过跤。"
    "我打过物业的电话，物业说归市政管，市政说归社区管，来回推了三次。今年雨水又多，路面坑坑洼洼，电动车骑过去颠得厉害。"
    "恳请安排人去看一看，把灯修好，把坑填平，让大家晚上走路心里踏实一点，谢谢。"
)


@pytest.fixture
def ranked(reader):
    """The ranking of a text that speaks a little for one of our categories, when the question of scope is answered so."""

    def rank(ours: float) -> decision.Ranking:
        scores = list(reader.model.prior)
        scores[reader.model.column("hidden_venue")] = scores[reader.model.column(OUT)] + 0.5
        scores[reader.model.column(OURS)] = ours
        return decision.rank(reader.model, scores, reader.duties)

    return rank


def test_what_does_not_sound_like_ours_is_out_of_scope_whatever_the_best_category(ranked):
    assert ranked(6.0).best == "hidden_venue"
    assert ranked(-6.0).best == OUT


def test_the_chances_still_add_up_to_one(ranked):
    for ours in (-6.0, 0.0, 6.0):
        chances = ranked(ours).chances
        assert sum(chances.values()) == pytest.approx(1.0)
        assert ranked(ours).ours == pytest.approx(1 - chances[OUT])


def test_a_letter_without_a_word_of_children_schools_or_lessons_is_not_ours(reader, read):
    assert "#no-schooling" in reader.observer.observe(_LETTER).told
    assert read(_LETTER).category == OUT


@pytest.mark.parametrize("text", [_LETTER + "我家孩子放学也走这条路。", "路灯坏了没人修"])
def test_one_such_word_or_a_short_text_leaves_it_open(reader, text):
    assert "#no-schooling" not in reader.observer.observe(text).told
