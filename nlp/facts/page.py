"""One normalised text laid open for the finders: its words, its numbers, and today's date."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from nlp.facts.numerals import Numeral, numerals

_REACH_LEFT, _REACH_RIGHT = 18, 20
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

    def has(self, signs: Iterable[str]) -> bool:
        """Whether any of these strings is there at all: a look that costs next to nothing before a slow pattern is tried."""
        return any(sign in self.text for sign in signs)

    def before(self, place: int, length: int) -> str:
        return self.text[max(0, place - length) : place]

    def after(self, place: int, length: int) -> str:
        return self.text[place : place + length]

    def around(self, sign: re.Pattern[str], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where a slow pattern fits, looked for only near a quick sign of it."""
        done = 0
        for seen in sign.finditer(self.text):
            found = pattern.search(self.text, max(done, seen.start() - _REACH_LEFT), seen.end() + _REACH_RIGHT)
            if found and found.end() > done:
                done = found.end()
                yield found

    def clause(self, start: int, end: int) -> str:
        """The stretch between the punctuation marks around this place."""
        left = max((self.text.rfind(mark, 0, start) for mark in CLAUSE_ENDS), default=-1) + 1
        rights = [place for mark in CLAUSE_ENDS if (place := self.text.find(mark, end)) >= 0]
        return self.text[left : min(rights, default=len(self.text))]
