"""Hides small cells so that nobody can be recognised, and enough others that nothing can be recomputed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """One line: how many came in, how many are closed; None is hidden."""

    key: object
    received: int | None
    closed: int | None


def hide(values: Sequence[int], least: int, *, also: frozenset[int] = frozenset()) -> frozenset[int]:
    """The places that must be hidden when the sum of all is known: the small ones, and company for them.

    A single hidden cell is the total minus the others; a few tiny ones would still be told to within a person or two.
    """
    hidden = {place for place, value in enumerate(values) if 0 < value < least} | set(also)
    if not hidden:
        return frozenset()
    for place in sorted(range(len(values)), key=lambda place: (values[place] == 0, values[place])):
        if len(hidden) > 1 and sum(values[one] for one in hidden) >= least:
            break
        hidden.add(place)
    return frozenset(hidden)


def cells(keys: Sequence[object], received: Sequence[int], closed: Sequence[int], least: int) -> list[Cell]:
    """Lines whose sums stand beside them. What is closed is hidden too where the rest, still open, would be a small number."""
    no_received = hide(received, least)
    few_open = frozenset(place for place, (all_of, done) in enumerate(zip(received, closed, strict=True)) if 0 < all_of - done < least)
    no_closed = hide(closed, least, also=few_open | no_received)
    return [
        Cell(key, None if place in no_received else received[place], None if place in no_closed else closed[place])
        for place, key in enumerate(keys)
    ]


def merged(keys: Sequence[str], values: Sequence[int], least: int) -> tuple[list[tuple[str, int]], int]:
    """Lines that may be told, the largest first, and the sum of those merged into one line; 0 when none had to be."""
    counted = sorted(((value, key) for key, value in zip(keys, values, strict=True) if value), reverse=True)
    small = hide([value for value, _ in counted], least)
    told = [(key, value) for place, (value, key) in enumerate(counted) if place not in small]
    return told, sum(value for place, (value, _) in enumerate(counted) if place in small)
