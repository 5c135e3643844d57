"""Finds what is taught: the office's list of courses, longest first, passing over words that only look like one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from nlp.facts.page import Found, Page

_TAUGHT_AFTER = r"(?=课|班|老师|教练|辅导|补习|培训|都?(?:补|教)|[、,，和]?[一-鿿]{2}课)"
_MOST = 8


@dataclass(frozen=True)
class Courses:
    """The words for courses, made into one pattern."""

    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[str], unlike: Iterable[str], only_taught: Iterable[str]) -> "Courses":
        guarded = frozenset(only_taught)
        forms: Mapping[str, str] = {
            **{word: f"{re.escape(word)}{_TAUGHT_AFTER}" if word in guarded else re.escape(word) for word in words},
            **{word: f"(?P<w{place}>{re.escape(word)})" for place, word in enumerate(sorted(frozenset(unlike)))},
        }
        longest_first = sorted(forms, key=lambda word: (-len(word), word))
        return cls(re.compile("|".join(forms[word] for word in longest_first)))

    def find(self, page: Page, *, apart_from: Found | None = None) -> Iterator[Found]:
        """All courses in the order they were named, each once, as one fact joined by semicolons; not those inside a name."""
        named: dict[str, re.Match[str]] = {}
        hidden = range(apart_from.start, apart_from.end) if apart_from else range(0)
        for found in self.pattern.finditer(page.text):
            if found.lastgroup is None and found.start() not in hidden:
                named.setdefault(found.group(), found)
        told = dict(list(named.items())[:_MOST])
        if told:
            spans = list(told.values())
            yield Found("course", ";".join(told), spans[0].start(), spans[-1].end() if len(told) > 1 else spans[0].end())
