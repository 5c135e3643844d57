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
# With fewer spans in a group than this, sorting all groups together is faster than parting each by itself.
WORTH_PARTING = 150
# With fewer in one, parting it at one rank after the other is faster than at both at once.
WORTH_PARTING_ONCE = 4_000


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


def ranks_of_groups(groups: Sequence[Sequence[Column]]) -> tuple[list[int], list[int]]:
    """The two ranks of each group, whose spans lie in several columns."""
    if not groups:
        return [], []
    numbers = np.array([sum(map(len, group)) for group in groups])
    if int(numbers.sum()) >= WORTH_PARTING * len(groups):
        half, most = zip(*map(ranks, groups), strict=True)
        return list(half), list(most)
    joined = np.concatenate(list(chain.from_iterable(groups))).astype(np.int64)
    joined |= np.repeat(np.arange(len(groups)) << SPAN_BITS, numbers)
    joined.sort()
    first = np.cumsum(numbers) - numbers
    middle, upper = ((joined[first + nearest(numbers, tenths)] & (NONE_OPEN - 1)).tolist() for tenths in (5, 9))
    return middle, upper


def nearest(number: Number, tenths: int) -> Number:
    """The places of the nearest ranks among so many sorted values, counted from nought."""
    return -(-number * tenths // 10) - 1
