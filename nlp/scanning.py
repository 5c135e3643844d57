"""Finds many phrases in a text at once; no segmentation, no guessing."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick


class PhraseIndex:
    """A fixed set of phrases. Built once, then only read."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = sorted(set(phrases))
        self._automaton = AhoCorasick(self._phrases)

    def find(self, text: str) -> list[tuple[int, str]]:
        """Every phrase with its place, overlapping or not, in reading order, longest first."""
        found = [(start, -end, which) for which, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True)]
        found.sort()
        return [(start, self._phrases[which]) for start, _, which in found]
