"""One normalised text laid open for the finders: its words, its numbers, and today's date."""

from dataclasses import dataclass
from datetime import date

from nlp.facts.numerals import Numeral, numerals

CLAUSE_ENDS = ",;。!?\n… "


@dataclass(frozen=True, slots=True)
class Found:
    """A fact with its place in the normalised text; the extractor leads it back to the original."""

    key: str
    value: str | float | int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    text: str
    numerals: tuple[Numeral, ...]
    today: date

    @classmethod
    def open(cls, text: str, today: date) -> "Page":
        return cls(text, tuple(numerals(text)), today)

    def before(self, place: int, length: int) -> str:
        return self.text[max(0, place - length) : place]

    def after(self, place: int, length: int) -> str:
        return self.text[place : place + length]

    def clause(self, start: int, end: int) -> str:
        """The stretch between the punctuation marks around this place."""
        left = max((self.text.rfind(mark, 0, start) for mark in CLAUSE_ENDS), default=-1) + 1
        rights = [place for mark in CLAUSE_ENDS if (place := self.text.find(mark, end)) >= 0]
        return self.text[left : min(rights, default=len(self.text))]
