"""Finds the office's words in a normalised text: longest first, and with what stands before them."""

import re
from functools import cache
from typing import NamedTuple

from nlp.lexicon import GAP, Context, Group, Lexicon
from nlp.scanning import PhraseIndex
from nlp.segment import Cut

_GAP_LENGTH = 8
# Negation reaches over at most this many characters inside its clause: three short words (domain §4.4).
_NEGATION_LENGTH = 5
_WORRY_LENGTH = 14
DENIED = "!"
FEARED = "?"


class Hit(NamedTuple):
    """One term found. Places are those of the normalised text. A group that is denied or only feared is another feature."""

    feature: str
    group: str
    start: int
    end: int


class _Entry(NamedTuple):
    """A term's second half after a gap (or ""), how far behind the first half it may end, and the term's groups by name."""

    tail: str
    reach: int
    groups: tuple[tuple[str, Group], ...]


class Matcher:
    """A lexicon made ready for scanning. Built once, then only read."""

    def __init__(self, lexicon: Lexicon) -> None:
        entries = _entries(lexicon)
        self._index = PhraseIndex(entries)
        self._entries = tuple(entries[head] for head in self._index.phrases)
        self._shadows = Shadows(lexicon.context)
        self._sentence = re.compile(f"[{re.escape(lexicon.context.sentence_end)}]")

    def sentences(self, text: str) -> list[int]:
        """Where sentences end, for telling whether two words stand in the same one."""
        return [found.start() for found in self._sentence.finditer(text)]

    def hits(self, text: str, cut: Cut) -> list[Hit]:
        """Every term in reading order. A plain term inside a longer one is swallowed by it; one torn out of two words is none."""
        found: list[Hit] = []
        denied, feared = self._shadows.over(text)
        covered, ends = 0, cut.ends
        for which, start, head_end in self._index.find(text):
            for tail, reach, groups in self._entries[which]:
                if tail:
                    place = text.find(tail, head_end, head_end + reach)
                    if place < 0 or self._sentence.search(text, head_end, place):
                        continue
                    end = place + len(tail)
                elif head_end <= covered or (start not in ends and cut.tears(start, head_end)):
                    continue
                else:
                    end = covered = head_end
                shadowed = start in denied or start in feared
                for name, group in groups:
                    mark = _mark(group, denied=start in denied, feared=start in feared) if shadowed else ""
                    found.append(Hit(mark + name, name, start, end))
        return found


class Shadows:
    """Negations and worries lie over what follows them in their clause: a word that begins there is denied, or only feared."""

    def __init__(self, context: Context) -> None:
        self._index = PhraseIndex([*context.negators, *context.not_negators, *context.worries])
        phrases = self._index.phrases
        self._negators, self._not_negators, self._worries = (
            frozenset(number for number, phrase in enumerate(phrases) if phrase in words)
            for words in (context.negators, context.not_negators, context.worries)
        )
        self._clause_end = re.compile(f"[{re.escape(context.clause_end)}]")

    def over(self, text: str) -> tuple[set[int], set[int]]:
        """The places denied, and those feared."""
        denied: set[int] = set()
        spared: set[int] = set()
        feared: set[int] = set()
        for which, start, end in self._index.find(text):
            if which in self._negators:
                denied.update(self._behind(text, end, start + _NEGATION_LENGTH))
            if which in self._not_negators:
                spared.update(range(end, start + _NEGATION_LENGTH + 2))
            if which in self._worries:
                feared.update(self._behind(text, end, start + _WORRY_LENGTH))
        return denied - spared, feared

    def _behind(self, text: str, end: int, last: int) -> range:
        """From the end of such a word to the last place it reaches, or to the end of its clause."""
        stop = self._clause_end.search(text, end, last)
        return range(end, (stop.start() if stop else last) + 1)


def _mark(group: Group, *, denied: bool, feared: bool) -> str:
    if denied and not group.firm:
        return DENIED
    return FEARED if feared and group.event else ""


def _entries(lexicon: Lexicon) -> dict[str, tuple[_Entry, ...]]:
    """Terms by the part before their gap. Those that mean the same share one entry: a few hundred stay near the processor."""
    owners: dict[str, list[str]] = {}
    for name, group in lexicon.groups.items():
        for term in group.terms:
            owners.setdefault(term, []).append(name)
    ends: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for term, names in owners.items():
        head, _, tail = term.partition(GAP)
        ends.setdefault(head, []).append((tail, tuple(names)))

    @cache
    def entry(tail: str, names: tuple[str, ...]) -> _Entry:
        return _Entry(tail, _GAP_LENGTH + len(tail), tuple((name, lexicon.groups[name]) for name in names))

    @cache
    def entries(*listed: tuple[str, tuple[str, ...]]) -> tuple[_Entry, ...]:
        return tuple(entry(tail, names) for tail, names in listed)

    return {head: entries(*listed) for head, listed in ends.items()}
