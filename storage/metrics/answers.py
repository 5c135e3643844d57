"""One figure of every group: what is settled is added up from cells or facts, what is open is counted as it stands now."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
# One figure: what it is for the group of this number. Answers have thousands of groups; a value is made when somebody looks at it.
Figure = Callable[[int], Value]


class Line(Mapping[str, Value]):
    """All figures of one group."""

    __slots__ = ("_figures", "_place")

    def __init__(self, figures: Mapping[str, Figure], place: int) -> None:
        self._figures = figures
        self._place = place

    def __getitem__(self, key: str) -> Value:
        return self._figures[key](self._place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._figures)

    def __len__(self) -> int:
        return len(self._figures)

    def __contains__(self, key: object) -> bool:
        return key in self._figures


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
    starts: Column


def figure(grouped: Grouped, metric: Metric) -> Figure:
    """This metric, counted for every group."""
    if isinstance(metric, Span):
        return _timings(grouped, metric)
    sums = np.zeros((len(parts(metric)), grouped.size), dtype=np.int64)
    for cells, groups in grouped.cells:
        for place, name in enumerate(parts(metric)):
            sums[place] += _added(groups, cells[name], grouped.size)
    for frame, groups in grouped.frames:
        for place, chosen in enumerate(tests(metric, frame)):
            sums[place] += np.bincount(groups[chosen], minlength=grouped.size)
    told = sums.tolist()
    if isinstance(metric, Count):
        return lambda group: int(told[0][group])
    return lambda group: Share(told[0][group], told[1][group])


def nothing(metric: Metric) -> Value:
    """What a group without any fact has."""
    match metric:
        case Count():
            return 0
        case Rate():
            return Share(0, 0)
    return Timing(0, 0, None, None)


def _timings(grouped: Grouped, metric: Span) -> Figure:
    size, key = grouped.size, metric.key
    loose = [_loose(frame, groups, metric) for frame, groups in grouped.frames]
    finished, unfinished = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    rows = np.zeros(size, dtype=np.int64)
    for cells, groups in grouped.cells:
        finished += _added(groups, cells[f"{key}.number"], size)
        rows += np.bincount(groups[cells[f"{key}.number"] > 0], minlength=size)
    for one in loose:
        finished += np.bincount(one.groups[~one.still_open], minlength=size)
        unfinished += np.bincount(one.groups[one.still_open], minlength=size)
        rows += 2 * np.bincount(one.groups, minlength=size)
    # A group of one cell and nothing else has its ranks counted already.
    parted = _parted(grouped, key, loose, np.flatnonzero(rows > 1))
    clock, work = (_spreads(grouped, key, kind, loose=loose, parted=parted[kind]) for kind in KINDS)

    def timing(group: int) -> Timing:
        over, waiting = int(finished[group]), int(unfinished[group])
        if not over + waiting:
            return Timing(0, 0, None, None)
        return Timing(over, waiting, clock(group, over + waiting), work(group, over + waiting))

    return timing


def _loose(frame: Frame, groups: Column, metric: Span) -> _Loose:
    has_span, ended = measured(metric, frame)
    rows = np.flatnonzero(has_span)
    there = groups[rows]
    order = ranks.by_group(there)
    if order is not None:
        rows, there = rows[order], there[order]
    still_open = ~ended[rows]
    kinds = {kind: frame[f"{metric.span}_{kind}"][rows] for kind in KINDS}
    if still_open.any():
        for kind, amounts in kinds.items():
            amounts[still_open] = frame.so_far(kind, rows[still_open])
    starts = np.flatnonzero(np.diff(there, prepend=-1))
    return _Loose(there, still_open, {kind: np.maximum(amounts, 0) for kind, amounts in kinds.items()}, starts)


Parts = Mapping[int, list[Column]]


def _parted(grouped: Grouped, key: str, loose: Sequence[_Loose], wanted: Column) -> Mapping[str, Parts]:
    """The spans of these groups, each in the columns they lie in, those of cells first."""
    found: dict[str, dict[int, list[Column]]] = {kind: {group: [] for group in wanted.tolist()} for kind in KINDS}
    chosen = np.zeros(grouped.size, dtype=bool)
    chosen[wanted] = True
    for cells, groups in grouped.cells:
        rows = np.flatnonzero(chosen[groups] & (cells[f"{key}.number"] > 0))
        for kind, spans in cells.spans(key, rows.tolist()).items():
            for group, part in zip(groups[rows].tolist(), spans, strict=True):
                found[kind][group].append(part)
    for one in loose:
        turns = [*one.starts.tolist(), len(one.groups)]
        for start, end in pairwise(turns):
            for kind in KINDS:
                found[kind][int(one.groups[start])].append(one.kinds[kind][start:end])
    return found


def _spreads(grouped: Grouped, key: str, kind: str, *, loose: Sequence[_Loose], parted: Parts) -> Callable[[int, int], Spread]:
    """The spread of a group, whose spans are so many."""
    sums, half, most = np.zeros((3, grouped.size), dtype=np.int64)
    shortest = np.full(grouped.size, NONE_OPEN, dtype=np.int64)
    for cells, groups in grouped.cells:
        some = np.flatnonzero(cells[f"{key}.number"] > 0)
        sums += _added(groups, cells[f"{key}.{kind}.sum"], grouped.size)
        half[groups[some]], most[groups[some]] = (cells[f"{key}.{kind}.{what}"][some] for what in ("half", "most"))
    for one in loose:
        if len(one.starts):
            sums[one.groups[one.starts]] += np.add.reduceat(one.kinds[kind], one.starts, dtype=np.int64)
        np.minimum.at(shortest, one.groups[one.still_open], one.kinds[kind][one.still_open].astype(np.int64))
    if parted:
        there = list(parted)
        half[there], most[there] = ranks.ranks_of_groups(list(parted.values()), _ordered(grouped, key)[there])

    def spread(group: int, number: int) -> Spread:
        return Spread(round(int(sums[group]) / number), int(half[group]), int(most[group]), int(shortest[group]))

    return spread


def _ordered(grouped: Grouped, key: str) -> Column:
    """By group, how many spans its cell has in order, if it is of one cell."""
    found, cells_of = np.zeros((2, grouped.size), dtype=np.int64)
    for cells, groups in grouped.cells:
        some = cells[f"{key}.number"] > 0
        cells_of += np.bincount(groups[some], minlength=grouped.size)
        if cells.in_order:
            found += _added(groups, cells[f"{key}.number"], grouped.size)
    return np.where(cells_of == 1, found, 0)


def _added(groups: Column, amounts: Column, size: int) -> Column:
    # Through floating numbers, which are exact up to 2^53: ten million spans of twenty-five years are less.
    return np.bincount(groups, amounts, minlength=size).astype(np.int64)
