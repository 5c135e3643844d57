"""One normalised text laid open for the finders: its numbers, the signs of facts in it, and today's date."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from nlp.facts.numerals import Numeral, numerals
from nlp.scanning import PhraseIndex

_REACH_LEFT, _REACH_RIGHT = 18, 20
CLAUSE_ENDS = ",;。!?\n… "
_CLAUSE_END = re.compile(f"[{CLAUSE_ENDS}]")
# 是不是 asks, and denies nothing.
_NOT_SO = re.compile(r"(?:(?<!是)不是|并非|不在|没在)[在到去]?$")
_NOT_SO_REACH = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A fact with its place in the normalised text; the extractor leads it back to the original."""

    key: str
    value: str | float | int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A finder first asks for the signs without which its slow pattern cannot fit; those of all finders were looked for at once."""

    text: str
    numerals: tuple[Numeral, ...]
    signs: frozenset[str]
    today: date

    @classmethod
    def open(cls, text: str, today: date, signs: PhraseIndex) -> "Page":
        return cls(text, tuple(numerals(text)), signs.seen(text), today)

    def has(self, signs: frozenset[str]) -> bool:
        """Whether any of these strings is there at all. They must be among those looked for: the finder's SIGNS."""
        return not signs.isdisjoint(self.signs)

    def is_denied(self, place: int) -> bool:
        """Whether what stands there is said not to be so: 不是三年级, 不在寺坡."""
        return _NOT_SO.search(self.before(place, _NOT_SO_REACH)) is not None

    def before(self, place: int, length: int) -> str:
        return self.text[max(0, place - length) : place]

    def after(self, place: int, length: int) -> str:
        return self.text[place : place + length]

    def around(self, signs: Iterable[re.Match[str]], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where a slow pattern fits, looked for only near a quick sign of it."""
        done = 0
        for seen in signs:
            found = pattern.search(self.text, max(done, seen.start() - _REACH_LEFT), seen.end() + _REACH_RIGHT)
            if found and found.end() > done:
                done = found.end()
                yield found

    def beginning(self, places: Iterable[int], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where a slow pattern fits, as `finditer`, but tried only at the places where it may begin, in order."""
        done = 0
        for place in places:
            found = pattern.match(self.text, place) if place >= done else None
            if found:
                done = found.end()
                yield found

    def places(self, sign: re.Pattern[str]) -> list[int]:
        """Where a quick sign begins."""
        return [seen.start() for seen in sign.finditer(self.text)]

    def clause(self, start: int, end: int) -> str:
        """The stretch between the punctuation marks around this place."""
        while start and self.text[start - 1] not in CLAUSE_ENDS:
            start -= 1
        stop = _CLAUSE_END.search(self.text, end)
        return self.text[start : stop.start() if stop else len(self.text)]
