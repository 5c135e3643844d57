"""What is denied or only feared is not evidence; what carries its own "not" is."""

from pathlib import Path

import pytest

from nlp.lexicon import Lexicon
from nlp.matching import Matcher
from nlp.normal import normalise
from nlp.segment import Cut, best_segmenter

POLICY = Path(__file__).parents[2] / "policy" / "wugang"


@pytest.fixture(scope="module")
def seen():
    lexicon = Lexicon.load(POLICY)
    matcher, segmenter = Matcher(lexicon), best_segmenter(lexicon.own_words())

    def features(text):
        normal = normalise(text).text
        return {hit.feature for hit in matcher.hits(normal, Cut.of(normal, segmenter))}

    return features


@pytest.mark.parametrize("text", ["舞蹈机构没有办学许可证", "他们没证", "啥手续没有", "一直不给退", "三个月没发工资", "没签合同"])
def test_lacking_a_permit_a_refund_a_wage_or_a_contract_is_the_complaint_itself(seen, text):
    assert seen(text) & {"NO_LICENSE", "REFUND", "WAGE", "CONTRACT"}


@pytest.mark.parametrize(("text", "group"), [("他们没补课", "TEACH"), ("不是培训机构", "ORG"), ("老师没有体罚", "BEATING")])
def test_what_is_denied_does_not_count(seen, text, group):
    assert f"!{group}" in seen(text)
    assert group not in seen(text)


@pytest.mark.parametrize("text", ["是不是补课", "不仅补课", "没多久就补课"])
def test_a_not_that_denies_nothing_denies_nothing(seen, text):
    assert "TEACH" in seen(text)


@pytest.mark.parametrize("text", ["我没有时间，他们在补课", "证也没有\n补课照样收钱"])
def test_a_denial_ends_with_its_clause(seen, text):
    assert "TEACH" in seen(text)


def test_what_a_letter_says_in_its_next_line_is_not_feared(seen):
    assert "RUN" in seen("真让人担心\n跑路了")


@pytest.mark.parametrize("text", ["我怕他们卷款", "万一着火了咋办", "会不会跑路"])
def test_a_fear_is_not_yet_an_event(seen, text):
    assert any(feature.startswith("?") for feature in seen(text))
    assert not seen(text) & {"RUN", "FIRE"}


def test_a_phrase_is_read_whole_and_not_by_the_words_inside_it(seen):
    assert "LICENSE" not in seen("没有办学许可证")


def test_two_halves_of_a_phrase_must_stand_in_one_sentence(seen):
    assert "WAGE" in seen("欠我们三个月工资")
    assert "WAGE" not in seen("欠了。工资")
