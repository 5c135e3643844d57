"""Finds the office's words in a normalised text: longest first, and with what stands before them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from nlp.lexicon import GAP, Group, Lexicon
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
    """A term's second half after a gap (or ""), and the groups it belongs to."""

    tail: str
    groups: tuple[Group, ...]


class Matcher:
    """A lexicon made ready for scanning. Built once, then only read."""

    def __init__(self, lexicon: Lexicon) -> None:
        context = lexicon.context
        self._entries = _entries(lexicon)
        self._index = PhraseIndex(self._entries)
        self._sentence = re.compile(f"[{re.escape(context.sentence_end)}]")
        # Most words have no such character before them, and need no further look.
        self._denying = frozenset(word[-1] for word in context.negators)
        self._negator = _any_of(context.negators, until=context.clause_end)
        self._not_negator = _any_of(context.not_negators)
        self._worry = _any_of(context.worries, until=context.clause_end)

    def sentences(self, text: str) -> list[int]:
        """Where sentences end, for telling whether two words stand in the same one."""
        return [found.start() for found in self._sentence.finditer(text)]

    def hits(self, text: str, cut: Cut) -> list[Hit]:
        """Every term in reading order. A plain term inside a longer one is swallowed by it; one torn out of two words is none."""
        found: list[Hit] = []
        covered = 0
        for start, head in self._index.find(text):
            for tail, groups in self._entries[head]:
                end = self._end(text, start + len(head), tail)
                if not end or (not tail and (end <= covered or cut.tears(start, end))):
                    continue
                covered = covered if tail else end
                found += [Hit(self._feature(text, start, group), group.name, start, end) for group in groups]
        return found

    def _end(self, text: str, head_end: int, tail: str) -> int:
        """Where the whole term ends; 0 when its second half does not follow in the same sentence."""
        if not tail:
            return head_end
        place = text.find(tail, head_end, head_end + _GAP_LENGTH + len(tail))
        if place < 0 or self._sentence.search(text, head_end, place):
            return 0
        return place + len(tail)

    def _feature(self, text: str, start: int, group: Group) -> str:
        """The group as it is meant here: said, denied or only feared."""
        if not group.firm:
            before = text[max(0, start - _NEGATION_LENGTH) : start]
            denied = not self._denying.isdisjoint(before) and self._negator.search(before)
            if denied and not self._not_negator.search(text, max(0, start - _NEGATION_LENGTH - 1), start):
                return DENIED + group.name
        if group.event and self._worry.search(text[max(0, start - _WORRY_LENGTH) : start]):
            return FEARED + group.name
        return group.name


def _entries(lexicon: Lexicon) -> dict[str, tuple[_Entry, ...]]:
    """Terms by the part before their gap."""
    owners: dict[str, list[Group]] = {}
    for group in lexicon.groups.values():
        for term in group.terms:
            owners.setdefault(term, []).append(group)
    entries: dict[str, list[_Entry]] = {}
    for term, groups in owners.items():
        head, _, tail = term.partition(GAP)
        entries.setdefault(head, []).append(_Entry(tail, tuple(groups)))
    return {head: tuple(found) for head, found in entries.items()}


def _any_of(words: Iterable[str], *, until: str = "") -> re.Pattern[str]:
    """One of these words; with `until`, in the same clause as the end of what is searched."""
    listed = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(f"(?:{listed})[^{re.escape(until)}]*$" if until else listed)
