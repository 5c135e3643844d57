"""Counts, means and nearest ranks of every group at once: exact, by one sort of group and value together."""

from dataclasses import dataclass

import numpy as np

from storage.metrics.packs import Column

# A span never takes more bits than this: the group stands above them in the sorted number.
SPAN_BITS = 33


@dataclass(frozen=True)
class Rank:
    """A value, in seconds; `at_least`: an open one may still push it up."""

    seconds: int
    at_least: bool


@dataclass(frozen=True)
class Spread:
    """How a span is spread: the mean, and the nearest ranks at a half and at nine tenths."""

    mean: Rank
    p50: Rank
    p90: Rank


def counts(groups: Column, chosen: Column, size: int) -> Column:
    """How many of each group are chosen."""
    return np.bincount(groups[chosen], minlength=size)


def spreads(groups: Column, values: Column, open_ones: Column, size: int) -> list[Spread | None]:
    """The spread of each group; None for an empty one. Open ones count with what they have taken so far."""
    amounts = np.maximum(values.astype(np.int64), 0)
    joined = (groups.astype(np.int64) << SPAN_BITS) | amounts
    joined.sort()
    numbers = np.bincount(groups, minlength=size)
    first = np.concatenate(([0], np.cumsum(numbers)[:-1]))
    sums = np.bincount(groups, weights=amounts, minlength=size)
    least = np.full(size, np.iinfo(np.int64).max)
    np.minimum.at(least, groups[open_ones], amounts[open_ones])
    low = (1 << SPAN_BITS) - 1
    found: list[Spread | None] = []
    for group in range(size):
        number = int(numbers[group])
        if not number:
            found.append(None)
            continue
        half, most = (int(joined[first[group] + nearest(number, tenths)]) & low for tenths in (5, 9))
        shortest = int(least[group])
        mean = round(sums[group] / number)
        found.append(Spread(Rank(mean, shortest < np.iinfo(np.int64).max), Rank(half, shortest <= half), Rank(most, shortest <= most)))
    return found


def nearest(number: int, tenths: int) -> int:
    """The place of the nearest rank among so many sorted values, counted from nought."""
    return -(-number * tenths // 10) - 1
