"""The same words are read once while a message is prepared, and forgotten with it."""

from collections.abc import Mapping
from datetime import date

from handlers.intake.read_once import ReadOnce
from nlp.reading import Reading
from tests.handlers.readings import a_reading

TODAY = date(2026, 11, 25)


class Counting:
    def __init__(self) -> None:
        self.read_so_far: list[str] = []

    def read(self, text: str, today: date, *, category: str | None = None, facts: Mapping[str, str | float | int] | None = None) -> Reading:
        self.read_so_far.append(text)
        return a_reading(category or "hidden_venue")


def test_within_a_turn_the_same_words_are_read_once() -> None:
    counting = Counting()
    reader = ReadOnce(counting)
    with reader.turn():
        assert reader.read("补课", TODAY) == reader.read("补课", TODAY, facts={})
        assert reader.read("补课", TODAY, category="sham_closure").category == "sham_closure"
        reader.read("补课", TODAY, facts={"grade": 4})
    assert len(counting.read_so_far) == 3


def test_the_next_turn_remembers_nothing() -> None:
    counting = Counting()
    reader = ReadOnce(counting)
    for _ in range(2):
        with reader.turn():
            reader.read("补课", TODAY)
    reader.read("补课", TODAY)
    reader.read("补课", TODAY)
    assert len(counting.read_so_far) == 4
