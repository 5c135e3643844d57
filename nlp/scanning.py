"""Finds many phrases in a text at once, by their first two characters; no segmentation, no guessing."""

from collections.abc import Iterable

import numpy as np

_BITS = 16
_MASK = (1 << _BITS) - 1
_MIX = 31


class PhraseIndex:
    """A fixed set of phrases. A sieve rules out almost every place at once; what passes is compared letter by letter."""

    def __init__(self, phrases: Iterable[str]) -> None:
        heads: dict[str, list[str]] = {}
        for phrase in sorted(set(phrases), key=len, reverse=True):
            heads.setdefault(phrase[:2], []).append(phrase)
        self._phrases = {head: tuple(found) for head, found in heads.items()}
        self._pairs = np.zeros(_MASK + 1, dtype=bool)
        self._singles = np.zeros(_MASK + 1, dtype=bool)
        for head in heads:
            codes = [ord(character) for character in head]
            if len(codes) == 1:
                self._singles[codes[0] & _MASK] = True
            else:
                self._pairs[(codes[0] * _MIX + codes[1]) & _MASK] = True

    def find(self, text: str) -> list[tuple[int, str]]:
        """Every phrase with its place, in reading order, longest first."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        passed = self._singles[codes & _MASK]
        passed[:-1] |= self._pairs[(codes[:-1] * _MIX + codes[1:]) & _MASK]
        phrases, starts = self._phrases, text.startswith
        found: list[tuple[int, str]] = []
        for place in passed.nonzero()[0].tolist():
            head = text[place : place + 2]
            found += [(place, phrase) for phrase in phrases.get(head, ()) if phrase == head or starts(phrase, place)]
            if head[0] in phrases and len(head) > 1:
                found.append((place, head[0]))
        return found
