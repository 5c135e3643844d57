"""What is marked in a story shows an officer at a glance why it came here."""

from datetime import date
from math import fsum

import pytest

from handlers.desk.passages import passage, why
from handlers.routing import Settled, as_content
from nlp.reader import Reader

STORY = "寺坡幸福小区5号楼2单元301有个培优班，每周六上午教初一数学，收费一学期3200，没有证"


def test_only_what_decided_is_marked_and_never_a_whole_sentence(reader: Reader) -> None:
    pieces = passage(STORY, as_content(reader.read(STORY, date(2026, 11, 25))))
    marked = [piece.text for piece in pieces if piece.mark]
    assert "".join(piece.text for piece in pieces) == STORY
    assert 2 <= len(marked) <= 10
    assert sum(map(len, marked)) < len(STORY) * 0.7
    assert max(map(len, marked)) <= 12
    assert any("数学" in text for text in marked)


def test_the_strongest_of_overlapping_terms_is_marked() -> None:
    evidence = [
        {"text": "有人补数学", "start": 2, "end": 7, "weight": 0.4, "supports": "hidden_venue", "group": "A+B"},
        {"text": "补数学", "start": 4, "end": 7, "weight": 2.0, "supports": "hidden_venue", "group": "A"},
    ]
    assert [piece.text for piece in passage("小区有人补数学", {"evidence": evidence}) if piece.mark] == ["补数学"]


def test_single_characters_are_one_line_below_the_words_and_the_sum_stays_exact(reader: Reader) -> None:
    kept = as_content(reader.read(STORY, date(2026, 11, 25)))
    support = why(kept, "subject_unlicensed").support
    assert {one.category for one in support} == {one["supports"] for one in kept["evidence"]}
    assert [one.is_scope for one in support] == [False] * (len(support) - 1) + [True]
    assert [one.weight for one in support[:-1]] == sorted((one.weight for one in support[:-1]), reverse=True)
    for one in support:
        words = [term for term in one.terms if not (term.is_letters or term.is_whole)]
        whole, letters = [term for term in one.terms if term.is_whole], [term for term in one.terms if term.is_letters]
        assert one.terms == (*words, *whole, *letters)
        assert len(letters) == 1
        assert STORY not in {term.text for term in words}
        assert min(len(term.text) for term in words) >= 2
        assert len({term.text for term in words}) == len(words)
        weights = [term["weight"] for term in kept["evidence"] if term["supports"] == one.category]
        assert fsum(term.weight for term in one.terms) == pytest.approx(fsum(weights), abs=1e-12)
        assert (one.weight, sum(term.count for term in one.terms)) == (fsum(weights), len(weights))


def test_what_the_reporter_confirmed_has_no_second_thought(reader: Reader) -> None:
    confirmed = reader.read(STORY, date(2026, 11, 25), category="hidden_venue")
    told = why(as_content(confirmed, Settled.REPORTER), "hidden_venue")
    assert (told.sureness, told.settled, told.runner_up) == ("route", Settled.REPORTER, "")


@pytest.mark.parametrize(
    ("kept", "category", "runner_up"),
    [
        ({"settled": ""}, "hidden_venue", "subject_time"),
        ({"settled": "", "confidence": 1.0}, "hidden_venue", "subject_time"),
        # Kept before it was noted who had settled the category: certain meant confirmed.
        ({"confidence": 1.0}, "hidden_venue", ""),
        ({"confidence": 0.6}, "hidden_venue", "subject_time"),
        # Set right by the office since.
        ({"settled": ""}, "subject_time", ""),
    ],
)
def test_a_second_thought_is_told_only_while_nobody_has_settled_it(kept: dict[str, object], category: str, runner_up: str) -> None:
    chances = {"hidden_venue": 0.6, "subject_time": 0.3, "safety_hazard": 0.01}
    candidates = [{"category": key, "score": 1.0, "probability": chance} for key, chance in chances.items()]
    told = why({"category": "hidden_venue", "sureness": "route", "candidates": candidates, **kept}, category)
    assert told.runner_up == runner_up
