"""Finds the office's words in a normalised text: longest first, and with what stands before them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
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


_Groups = tuple[tuple[str, Group], ...]


class _Entry(NamedTuple):
    """The groups, by name, of a term that is this phrase alone, and of those that begin with it and go on with a tail after a gap."""

    alone: _Groups
    # By the number of the tail.
    tails: Mapping[int, _Groups]


class Matcher:
    """A lexicon made ready for scanning. Built once, then only read."""

    def __init__(self, lexicon: Lexicon) -> None:
        owners = _owners(lexicon)
        self._index = PhraseIndex(term.partition(GAP)[0] for term in owners)
        self._tails = PhraseIndex(term.partition(GAP)[2] for term in owners if GAP in term)
        entries = _entries(lexicon, owners, self._tails)
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

        def add(groups: _Groups, start: int, end: int) -> None:
            shadowed = start in denied or start in feared
            for name, group in groups:
                mark = _mark(group, denied=start in denied, feared=start in feared) if shadowed else ""
                found.append(Hit(mark + name, name, start, end))

        covered, ends = 0, cut.ends
        all_tails = self._tails.find(text)
        begin = [start for _, start, _ in all_tails]
        for which, start, end in self._index.find(text):
            alone, tails = self._entries[which]
            if alone and end > covered and (start in ends or not cut.tears(start, end)):
                covered = end
                add(alone, start, end)
            if tails:
                # A common word begins hundreds of terms: what stands behind it is looked at, not what might.
                met: set[int] = set()
                for number, place, tail_end in all_tails[bisect_left(begin, end) : bisect_right(begin, end + _GAP_LENGTH)]:
                    if number in tails and number not in met and not self._sentence.search(text, end, place):
                        met.add(number)
                        add(tails[number], start, tail_end)
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


def _owners(lexicon: Lexicon) -> dict[str, list[str]]:
    """The groups of each term, by name."""
    owners: dict[str, list[str]] = {}
    for name, group in lexicon.groups.items():
        for term in group.terms:
            owners.setdefault(term, []).append(name)
    return owners


def _entries(lexicon: Lexicon, owners: Mapping[str, list[str]], tails: PhraseIndex) -> dict[str, _Entry]:
    """Terms by the part before their gap. Those that mean the same share one tuple of groups: a few hundred stay near the processor."""
    number_of = {tail: number for number, tail in enumerate(tails.phrases)}

    @cache
    def groups(*names: str) -> _Groups:
        return tuple((name, lexicon.groups[name]) for name in names)

    alone: dict[str, _Groups] = {}
    gapped: dict[str, dict[int, _Groups]] = {}
    for term, names in owners.items():
        head, _, tail = term.partition(GAP)
        if tail:
            gapped.setdefault(head, {})[number_of[tail]] = groups(*names)
        else:
            alone[head] = groups(*names)
    return {head: _Entry(alone.get(head, ()), gapped.get(head, {})) for head in alone.keys() | gapped.keys()}
