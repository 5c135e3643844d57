"""Finds the office's words in a normalised text: longest first, and with what stands before them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from operator import add

from nlp.lexicon import GAP, Group, Lexicon

_GAP_LENGTH = 8
# Negation reaches over at most this many characters inside its clause: three short words (domain §4.4).
_NEGATION_LENGTH = 5
_WORRY_LENGTH = 14


class Mode(StrEnum):
    """How a word is meant."""

    SAID = ""
    DENIED = "!"
    FEARED = "?"


@dataclass(frozen=True, slots=True)
class Hit:
    """One term found. Places are those of the normalised text."""

    group: str
    start: int
    end: int
    mode: Mode

    @property
    def feature(self) -> str:
        return self.mode + self.group


@dataclass(frozen=True, slots=True)
class _Entry:
    head: str
    tail: str
    groups: tuple[Group, ...]


class Matcher:
    """A lexicon made ready for scanning. Built once, then only read."""

    def __init__(self, lexicon: Lexicon) -> None:
        context = lexicon.context
        self._long, self._short = _index(lexicon)
        self._sentence = re.compile(f"[{re.escape(context.sentence_end)}]")
        self._clause = re.compile(f"[{re.escape(context.clause_end)}]")
        self._negator = re.compile("|".join(map(re.escape, sorted(context.negators, key=len, reverse=True))))
        self._not_negator = re.compile("|".join(map(re.escape, sorted(context.not_negators, key=len, reverse=True))))
        self._worry = re.compile("|".join(map(re.escape, sorted(context.worries, key=len, reverse=True))))

    def sentences(self, text: str) -> list[int]:
        """Where sentences end, for telling whether two words stand in the same one."""
        return [found.start() for found in self._sentence.finditer(text)]

    def hits(self, text: str) -> list[Hit]:
        """Every term in reading order. A plain term inside a longer plain term is swallowed by it."""
        found: list[Hit] = []
        covered = 0
        clauses = [-1, *(mark.start() for mark in self._clause.finditer(text))]
        for start, entry in self._candidates(text):
            end = start + len(entry.head)
            if entry.tail:
                tail = text.find(entry.tail, end, end + _GAP_LENGTH + len(entry.tail))
                if tail < 0 or self._sentence.search(text, end, tail):
                    continue
                end = tail + len(entry.tail)
            elif end <= covered:
                continue
            else:
                covered = end
            before = text[clauses[bisect_right(clauses, start - 1) - 1] + 1 : start] if start else ""
            found += (Hit(group.name, start, end, self._mode(before, group)) for group in entry.groups)
        return found

    def _candidates(self, text: str) -> Iterator[tuple[int, _Entry]]:
        """Places and terms, by place, longest first: one look at two characters decides almost always."""
        long, short = self._long, self._short
        pairs = list(map(add, text, text[1:]))
        places = [place for place, pair in enumerate(pairs) if pair in long or pair[0] in short]
        if text and text[-1] in short:
            places.append(len(text) - 1)
        for place in places:
            for entry in long.get(text[place : place + 2], ()):
                if text.startswith(entry.head, place):
                    yield place, entry
            for entry in short.get(text[place], ()):
                yield place, entry

    def _mode(self, before: str, group: Group) -> Mode:
        if not before:
            return Mode.SAID
        if not group.firm and self._denies(before[-_NEGATION_LENGTH:]):
            return Mode.DENIED
        if group.event and self._worry.search(before[-_WORRY_LENGTH:]):
            return Mode.FEARED
        return Mode.SAID

    def _denies(self, before: str) -> bool:
        return bool(self._negator.search(before)) and not self._not_negator.search(before)


def _index(lexicon: Lexicon) -> tuple[dict[str, tuple[_Entry, ...]], dict[str, tuple[_Entry, ...]]]:
    """Terms by their first two characters; terms that begin with a single one, apart."""
    owners: dict[str, list[Group]] = {}
    for group in lexicon.groups.values():
        for term in group.terms:
            owners.setdefault(term, []).append(group)
    long: dict[str, list[_Entry]] = {}
    short: dict[str, list[_Entry]] = {}
    for term in sorted(owners, key=len, reverse=True):
        head, _, tail = term.partition(GAP)
        entry = _Entry(head, tail, tuple(owners[term]))
        if len(head) == 1:
            short.setdefault(head, []).append(entry)
        else:
            long.setdefault(head[:2], []).append(entry)
    return _frozen(long), _frozen(short)


def _frozen(index: dict[str, list[_Entry]]) -> dict[str, tuple[_Entry, ...]]:
    return {head: tuple(entries) for head, entries in index.items()}
