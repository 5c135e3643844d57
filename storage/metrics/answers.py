"""One figure of every group: what is settled is added up from cells or facts, what is open is counted as it stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from storage.metrics import ranks
from storage.metrics.cells import KINDS, Cells
from storage.metrics.definitions import Count, Metric, Rate, Span, measured, parts, tests
from storage.metrics.frame import Frame
from storage.metrics.packs import Column
from storage.metrics.ranks import NONE_OPEN, Spread


class Share(NamedTuple):
    """So many of so many."""

    of: int
    among: int

    @property
    def share(self) -> float | None:
        """None when there is nothing to have a share of: shown as a dash, never as nought."""
        return self.of / self.among if self.among else None


class Timing(NamedTuple):
    """Finished and open ones, and how long they took (at least), by the clock and in working time; None when there are none."""

    finished: int
    open: int
    clock: Spread | None
    work: Spread | None

    @property
    def number(self) -> int:
        return self.finished + self.open


Value = int | Share | Timing


@dataclass(frozen=True)
class Grouped:
    """Facts or cells, the number of the group of each, and how many groups there are."""

    cells: Sequence[tuple[Cells, Column]]
    frames: Sequence[tuple[Frame, Column]]
    size: int


@dataclass(frozen=True)
class _Loose:
    """The spans of single facts, those of one group together; `kinds`: by the clock and in working time."""

    groups: Column
    still_open: Column
    kinds: Mapping[str, Column]


def values(grouped: Grouped, metric: Metric) -> Sequence[Value]:
    """This figure of each group."""
    if isinstance(metric, Span):
        return _timings(grouped, metric)
    sums = np.zeros((len(parts(metric)), grouped.size), dtype=np.int64)
    for cells, groups in grouped.cells:
        for place, name in enumerate(parts(metric)):
            np.add.at(sums[place], groups, cells[name])
    for frame, groups in grouped.frames:
        for place, chosen in enumerate(tests(metric, frame)):
            sums[place] += np.bincount(groups[chosen], minlength=grouped.size)
    told = sums.tolist()
    return told[0] if isinstance(metric, Count) else list(map(Share, *told))


def nothing(metric: Metric) -> Value:
    """What a group without any fact has."""
    match metric:
        case Count():
            return 0
        case Rate():
            return Share(0, 0)
    return Timing(0, 0, None, None)


def _timings(grouped: Grouped, metric: Span) -> Sequence[Value]:
    size, key = grouped.size, metric.key
    loose = [_loose(frame, groups, metric) for frame, groups in grouped.frames]
    finished, unfinished = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    rows = np.zeros(size, dtype=np.int64)
    for cells, groups in grouped.cells:
        np.add.at(finished, groups, cells[f"{key}.number"])
        rows += np.bincount(groups[cells[f"{key}.number"] > 0], minlength=size)
    for one in loose:
        finished += np.bincount(one.groups[~one.still_open], minlength=size)
        unfinished += np.bincount(one.groups[one.still_open], minlength=size)
        rows += 2 * np.bincount(one.groups, minlength=size)
    # A group of one cell and nothing else has its ranks counted already.
    parted = _parted(grouped, key, loose, np.flatnonzero(rows > 1))
    kinds = [_spreads(grouped, key, kind, finished + unfinished, loose=loose, parted=parted[kind]) for kind in KINDS]
    return list(map(Timing, finished.tolist(), unfinished.tolist(), *kinds))


def _loose(frame: Frame, groups: Column, metric: Span) -> _Loose:
    has_span, ended = measured(metric, frame)
    rows = np.flatnonzero(has_span)
    order = ranks.by_group(groups[rows])
    rows = rows if order is None else rows[order]
    still_open = ~ended[rows]
    kinds = {kind: frame[f"{metric.span}_{kind}"][rows] for kind in KINDS}
    if still_open.any():
        for kind, amounts in kinds.items():
            amounts[still_open] = frame.so_far(kind, rows[still_open])
    return _Loose(groups[rows], still_open, {kind: np.maximum(amounts, 0) for kind, amounts in kinds.items()})


Parts = Mapping[int, list[Column]]


def _parted(grouped: Grouped, key: str, loose: Sequence[_Loose], wanted: Column) -> Mapping[str, Parts]:
    """The spans of these groups, each in the columns they lie in."""
    found: dict[str, dict[int, list[Column]]] = {kind: {group: [] for group in wanted.tolist()} for kind in KINDS}
    chosen = np.zeros(grouped.size, dtype=bool)
    chosen[wanted] = True
    for cells, groups in grouped.cells:
        rows = np.flatnonzero(chosen[groups] & (cells[f"{key}.number"] > 0))
        for kind, spans in cells.spans(key, rows.tolist()).items():
            for group, part in zip(groups[rows].tolist(), spans, strict=True):
                found[kind][group].append(part)
    for one in loose:
        turns = [*np.flatnonzero(np.diff(one.groups, prepend=-1)).tolist(), len(one.groups)]
        for start, end in pairwise(turns):
            for kind in KINDS:
                found[kind][int(one.groups[start])].append(one.kinds[kind][start:end])
    return found


def _spreads(grouped: Grouped, key: str, kind: str, numbers: Column, *, loose: Sequence[_Loose], parted: Parts) -> list[Spread | None]:
    sums, half, most = np.zeros((3, grouped.size), dtype=np.int64)
    shortest = np.full(grouped.size, NONE_OPEN, dtype=np.int64)
    for cells, groups in grouped.cells:
        some = np.flatnonzero(cells[f"{key}.number"] > 0)
        np.add.at(sums, groups[some], cells[f"{key}.{kind}.sum"][some])
        half[groups[some]], most[groups[some]] = (cells[f"{key}.{kind}.{what}"][some] for what in ("half", "most"))
    for one in loose:
        np.add.at(sums, one.groups, one.kinds[kind])
        np.minimum.at(shortest, one.groups[one.still_open], one.kinds[kind][one.still_open])
    if parted:
        there = list(parted)
        half[there], most[there] = ranks.ranks_of_groups(list(parted.values()))
    some = np.flatnonzero(numbers)
    means = np.rint(sums[some] / numbers[some]).astype(np.int64)
    found: list[Spread | None] = [None] * grouped.size
    columns = (means, half[some], most[some], shortest[some])
    for place, spread in zip(some.tolist(), map(Spread, *(column.tolist() for column in columns)), strict=True):
        found[place] = spread
    return found
