"""What is marked in a story shows an officer at a glance why it came here."""

from datetime import date

from handlers.desk.passages import passage
from handlers.routing import as_content
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
