"""Finds what is taught: the office's list of courses, longest first, passing over words that only look like one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlp.facts.page import Found, Page
from nlp.scanning import PhraseIndex

_TAUGHT = re.compile(r"课|班|老师|教练|辅导|补习|培训|都?(?:补|教)|[、,和]?[一-鿿]{2}课")
_MOST = 8


@dataclass(frozen=True)
class Courses:
    """The words for courses: one index for whole texts, one pattern to test a name against."""

    index: PhraseIndex
    pattern: re.Pattern[str]
    words: frozenset[str]
    only_taught: frozenset[str]

    @classmethod
    def of(cls, words: Iterable[str], unlike: Iterable[str], only_taught: Iterable[str]) -> "Courses":
        meant = frozenset(words)
        pattern = re.compile("|".join(map(re.escape, sorted(meant, key=lambda word: (-len(word), word)))))
        return cls(PhraseIndex([*meant, *unlike]), pattern, meant, frozenset(only_taught))

    def find(self, page: Page, *, apart_from: Found | None = None) -> Iterator[Found]:
        """All courses in the order they were named, each once, as one fact joined by semicolons; not those inside a name."""
        hidden = range(apart_from.start, apart_from.end) if apart_from else range(0)
        told: dict[str, int] = {}
        for place, word in self._apart(page.text) if page.has(self.words) else ():
            if word in self.words and place not in hidden and len(told) < _MOST:
                told.setdefault(word, place)
        if told:
            *_, last = told
            first = next(iter(told.values()))
            yield Found("course", ";".join(told), first, told[last] + len(last))

    def _apart(self, text: str) -> Iterator[tuple[int, str]]:
        """Without overlaps, leftmost and longest first; a word that is a course only when taught needs its lesson beside it."""
        done = 0
        for which, place, end in self.index.find(text):
            word = self.index.phrases[which]
            if place < done or (word in self.only_taught and not _TAUGHT.match(text, end)):
                continue
            done = end
            yield place, word
