"""Counts, means and nearest ranks of every group at once: exact, by one sort of group and value together."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from storage.metrics.packs import Column

# A span never takes more bits than this: the group stands above them in the sorted number.
SPAN_BITS = 33
NONE_OPEN = 1 << SPAN_BITS
FEW_GROUPS = 400


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


def counts(groups: Column, chosen: Column, size: int) -> list[int]:
    """How many of each group are chosen."""
    found: list[int] = np.bincount(groups[chosen], minlength=size).tolist()
    return found


def by_group(groups: Column) -> Column | None:
    """The order in which rows of one group stand together; None when they do already."""
    if len(groups) < 2 or bool((groups[1:] >= groups[:-1]).all()):
        return None
    narrow = groups.astype(np.uint16) if int(groups.max()) <= np.iinfo(np.uint16).max else groups
    return np.argsort(narrow, kind="stable")


def spreads(groups: Column, values: Column, open_ones: Column, size: int) -> list[Spread | None]:
    """The spread of each group; None for an empty one. Rows of a group stand together; open ones count with what they took so far."""
    numbers = np.bincount(groups, minlength=size)
    some = np.flatnonzero(numbers)
    if not len(some):
        return [None] * size
    amounts = np.maximum(values, 0)
    first = (np.cumsum(numbers) - numbers)[some]
    means = np.rint(np.add.reduceat(amounts, first, dtype=np.int64) / numbers[some]).astype(np.int64)
    shortest = np.full(size, NONE_OPEN, dtype=np.int64)
    np.minimum.at(shortest, groups[open_ones], amounts[open_ones])
    half, most = _ranks(amounts, groups, first, numbers[some])
    found: list[Spread | None] = [None] * size
    for place, spread in zip(some.tolist(), map(Spread, means.tolist(), half, most, shortest[some].tolist()), strict=True):
        found[place] = spread
    return found


def _ranks(amounts: Column, groups: Column, first: Column, numbers: Column) -> tuple[list[int], list[int]]:
    """The two ranks of each group. Few large groups are parted one by one, many small ones sorted all together: each where it is faster."""
    places = nearest(numbers, 5), nearest(numbers, 9)
    if len(first) > FEW_GROUPS:
        joined = (groups.astype(np.int64) << SPAN_BITS) | amounts
        joined.sort()
        half, most = ((joined[first + place] & (NONE_OPEN - 1)).tolist() for place in places)
        return half, most
    half, most = [], []
    for start, number, middle, upper in zip(first.tolist(), numbers.tolist(), *(place.tolist() for place in places), strict=True):
        part = np.partition(amounts[start : start + number], (middle, upper))
        half.append(int(part[middle]))
        most.append(int(part[upper]))
    return half, most


def nearest(number: Column, tenths: int) -> Column:
    """The places of the nearest ranks among so many sorted values, counted from nought."""
    return -(-number * tenths // 10) - 1
