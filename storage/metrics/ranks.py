"""Means and nearest ranks of spans: exact, whether they lie counted, sorted in parts, or one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, TypeVar

import numpy as np

from storage.metrics.packs import Column

Number = TypeVar("Number", int, Column)

# A span never takes more bits than this: the group stands above them in the sorted number.
SPAN_BITS = 33
NONE_OPEN = 1 << SPAN_BITS
TENTHS = (5, 9)
# With fewer spans in a group than this, sorting all groups together is faster than parting each by itself.
WORTH_PARTING = 150
# With fewer in one, parting it at one rank after the other is faster than at both at once.
WORTH_PARTING_ONCE = 4_000
# A sorted column is looked at around its ranks alone, unless the others are more than such a part of it.
FEW = 0.25


@dataclass(frozen=True)
class Rank:
    """A value, in seconds; `at_least`: an open one may still push it up."""

    seconds: int
    at_least: bool


class Spread(NamedTuple):
    """How a span is spread: the mean, and the nearest ranks at a half and at nine tenths. A plain tuple: thousands are made at once."""

    mean_seconds: int
    half: int
    most: int
    shortest_open: int

    @property
    def mean(self) -> Rank:
        return Rank(self.mean_seconds, self.shortest_open < NONE_OPEN)

    @property
    def p50(self) -> Rank:
        return self._rank(self.half)

    @property
    def p90(self) -> Rank:
        return self._rank(self.most)

    def _rank(self, seconds: int) -> Rank:
        # What is still open and already longer cannot move this rank; what is still shorter may come to lie above it.
        return Rank(seconds, self.shortest_open <= seconds)


def by_group(groups: Column) -> Column | None:
    """The order in which rows of one group stand together; None when they do already."""
    if len(groups) < 2 or bool((groups[1:] >= groups[:-1]).all()):
        return None
    narrow = groups.astype(np.uint16) if int(groups.max()) <= np.iinfo(np.uint16).max else groups
    return np.argsort(narrow, kind="stable")


def ranks(parts: Sequence[Column]) -> tuple[int, int]:
    """The nearest ranks at a half and at nine tenths of these columns together; there is one span at least."""
    values = np.concatenate(parts)
    middle, upper = nearest(len(values), 5), nearest(len(values), 9)
    if len(values) < WORTH_PARTING_ONCE:
        values.partition(middle)
        values[middle:].partition(upper - middle)
    else:
        values.partition((middle, upper))
    return int(values[middle]), int(values[upper])


def ranks_of_groups(groups: Sequence[Sequence[Column]], ordered: Column) -> Column:
    """The two ranks of each group, whose spans lie in several columns: a line of those at a half, and one of those at nine tenths.

    `ordered`: how many spans the first column of each has, if it is sorted; nought if it is not.
    """
    found = np.zeros((len(TENTHS), len(groups)), dtype=np.int64)
    numbers = np.array([sum(map(len, group)) for group in groups], dtype=np.int64)
    near = numbers - ordered <= FEW * ordered
    for places, ranked in ((np.flatnonzero(near), _around), (np.flatnonzero(~near), _throughout)):
        if len(places):
            found[:, places] = ranked([groups[place] for place in places.tolist()], numbers[places], ordered[places])
    return found


def _around(groups: Sequence[Sequence[Column]], numbers: Column, ordered: Column) -> list[Column]:
    """Of a sorted column and a few others: so many others move a rank by so many places at most, and nothing further off matters."""
    found, others = [], numbers - ordered
    for tenths in TENTHS:
        rank = nearest(numbers, tenths)
        first, last = np.maximum(rank - others, 0), np.minimum(rank + 1, ordered)
        pieces: list[Column] = []
        for group, start, end in zip(groups, first.tolist(), last.tolist(), strict=True):
            pieces += group[0][start:end], *group[1:]
        joined, starts = _sorted(pieces, last - first + others)
        found.append(joined[starts + rank - first])
    return found


def _throughout(groups: Sequence[Sequence[Column]], numbers: Column, _: Column) -> list[Column]:
    if int(numbers.sum()) >= WORTH_PARTING * len(groups):
        return [np.array(one) for one in zip(*map(ranks, groups), strict=True)]
    joined, starts = _sorted(list(chain.from_iterable(groups)), numbers)
    return [joined[starts + nearest(numbers, tenths)] for tenths in TENTHS]


def _sorted(columns: Sequence[Column], numbers: Column) -> tuple[Column, Column]:
    """The spans of groups that follow each other, each group's sorted by themselves, and where each begins; `numbers`: of each group."""
    joined = np.concatenate(columns).astype(np.int64)
    joined |= np.repeat(np.arange(len(numbers)) << SPAN_BITS, numbers)
    joined.sort()
    return joined & (NONE_OPEN - 1), np.cumsum(numbers) - numbers


def nearest(number: Number, tenths: int) -> Number:
    """The places of the nearest ranks among so many sorted values, counted from nought."""
    return -(-number * tenths // 10) - 1
