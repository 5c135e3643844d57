"""Turns a text into named features, each with a value and the place it was seen."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

from nlp.lexicon import Lexicon, parts
from nlp.matching import Hit, Matcher, Mode
from nlp.normal import Normal, normalise
from nlp.segment import Segmenter

# In a long letter many groups are touched in passing: beyond this many, each counts for less.
_FULL_GROUPS = 8
_FULL_WORDS = 16
_OPENING = 40
_LONG_TEXT = 100
_SHORT_TEXT = 12
WORD = "w:"
OPENING = "^"


@dataclass(frozen=True)
class Features:
    """What was seen: values by feature name, the hits behind them, and the text they were seen in."""

    normal: Normal
    values: Mapping[str, float]
    places: Mapping[str, tuple[int, int]]
    hits: tuple[Hit, ...]

    def span(self, feature: str) -> tuple[int, int]:
        """Where this feature stands in the text as it was written; the whole text when it has no place of its own."""
        if feature in self.places:
            return self.normal.span(*self.places[feature])
        if feature.startswith(WORD):
            word = feature.removeprefix(WORD)
            start = self.normal.text.find(word)
            if start >= 0:
                return self.normal.span(start, start + len(word))
        return 0, len(self.normal.original)


class Observer:
    """Reads features with one lexicon and one segmenter; built once, then only read."""

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self._matcher = Matcher(lexicon)
        self._segmenter = segmenter
        self._reach = lexicon.context.reach
        self._order = {name: place for place, name in enumerate(lexicon.groups)}

    def observe(self, text: str) -> Features:
        normal = normalise(text)
        hits = self._matcher.hits(normal.text)
        places: dict[str, tuple[int, int]] = {}
        for hit in hits:
            places.setdefault(hit.feature, (hit.start, hit.end))
        long = len(normal.text) > _LONG_TEXT
        if long:
            for hit in hits:
                if hit.start < _OPENING and not hit.mode:
                    places.setdefault(OPENING + hit.group, (hit.start, hit.end))
        self._pairs(normal.text, hits, places)
        share = min(1.0, sqrt(_FULL_GROUPS / max(1, sum(1 for hit in places if hit[0] not in OPENING and "+" not in hit))))
        values = dict.fromkeys(places, share)
        words = {word for word in self._segmenter.words(normal.text) if len(word) > 1}
        share = min(1.0, sqrt(_FULL_WORDS / max(1, len(words))))
        values |= {WORD + word: share for word in words}
        values[_length_feature(normal.text)] = 1.0
        return Features(normal, values, places, tuple(hits))

    def _pairs(self, text: str, hits: Iterable[Hit], places: dict[str, tuple[int, int]]) -> None:
        """Two groups in one sentence and within reach of each other say more than either alone."""
        ends = self._matcher.sentences(text)
        recent: list[tuple[Hit, int]] = []
        for hit in hits:
            if hit.mode is not Mode.SAID:
                continue
            sentence = bisect_right(ends, hit.start)
            recent = [(other, where) for other, where in recent if where == sentence and hit.start - other.start <= self._reach]
            for other, _ in recent:
                if other.group != hit.group:
                    places.setdefault(self.pair(other.group, hit.group), (other.start, hit.end))
            recent.append((hit, sentence))

    def pair(self, one: str, other: str) -> str:
        """One name for a pair, whichever came first in the text."""
        return f"{one}+{other}" if self._order[one] < self._order[other] else f"{other}+{one}"


def combination_feature(lexicon: Lexicon, key: str) -> str:
    """The feature that a combination of the lexicon speaks about."""
    names = list(lexicon.groups)
    return "+".join(sorted(parts(key), key=names.index))


def _length_feature(text: str) -> str:
    if len(text) <= _SHORT_TEXT:
        return "#short"
    return "#long" if len(text) > _LONG_TEXT else "#middle"
