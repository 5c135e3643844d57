"""Finds many phrases in a text at once; no segmentation, no guessing."""

from collections.abc import Iterable
from operator import itemgetter

from ahocorasick_rs import AhoCorasick

# The number of a phrase, and where it begins and ends in the text.
Place = tuple[int, int, int]
_start = itemgetter(1)


class PhraseIndex:
    """A fixed set of phrases, each with its number in `phrases`. Built once, then only read."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(sorted(set(phrases)))
        self._automaton = AhoCorasick(self.phrases)

    def find(self, text: str) -> list[Place]:
        """Every phrase with its place, overlapping or not, in reading order, longest first."""
        found: list[Place] = self._automaton.find_matches_as_indexes(text, overlapping=True)
        # They come by where they end. Turned round, the longest of those that begin together stands first.
        found.reverse()
        found.sort(key=_start)
        return found

    def seen(self, text: str) -> frozenset[str]:
        """Which phrases are there at all."""
        return frozenset(self._automaton.find_matches_as_strings(text, overlapping=True))
