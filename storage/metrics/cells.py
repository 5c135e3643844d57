"""Settled facts counted once: what each figure says of a month, department and category, and the spans sorted for coarser ranks."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.metrics import packs, ranks
from storage.metrics.definitions import METRICS, Span, Unit, measured, parts, tests
from storage.metrics.frame import Frame
from storage.metrics.packs import Column
from storage.tables.stats import stat_cell

KINDS = ("clock", "work")
# The category of the row that tells of all of them.
ALL = -1
ENTRY = "<i8"


def _of_span(key: str) -> Iterator[str]:
    """How many, where they begin in the sorted pack, and of each kind the sum and the two ranks."""
    yield from (f"{key}.number", f"{key}.at")
    yield from (f"{key}.{kind}.{what}" for kind in KINDS for what in ("sum", "half", "most"))


# What each place of a row holds. Whoever changes this or the definitions has every chunk packed again.
LAYOUT = ("category", *(name for one in METRICS for name in (_of_span(one.key) if isinstance(one, Span) else parts(one))))
_PLACE = {name: place for place, name in enumerate(LAYOUT)}


def count(facts: Frame) -> tuple[Column, dict[str, Column]]:
    """The rows of a chunk's settled facts, and their spans by category and length."""
    if not facts.size:
        return np.zeros((0, len(LAYOUT)), ENTRY), {}
    of_reports = not facts["assignment_id"][0]
    categories, cell = np.unique(facts["category"], return_inverse=True)
    table = np.zeros((len(categories) + 1, len(LAYOUT)), ENTRY)
    table[:, 0] = ALL, *categories
    spans: dict[str, Column] = {}
    for metric in METRICS:
        if (metric.unit is Unit.REPORTS) is not of_reports:
            continue
        if isinstance(metric, Span):
            spans |= _measure(metric, facts, cell, table)
            continue
        for name, chosen in zip(parts(metric), tests(metric, facts), strict=True):
            table[1:, _PLACE[name]] = np.bincount(cell[chosen], minlength=len(categories))
            table[0, _PLACE[name]] = np.count_nonzero(chosen)
    return table, spans


def _measure(metric: Span, facts: Frame, cell: Column, table: Column) -> dict[str, Column]:
    key, place = metric.key, _PLACE[f"{metric.key}.number"]
    rows = np.flatnonzero(measured(metric, facts)[0])
    numbers = np.bincount(cell[rows], minlength=len(table) - 1)
    table[:, place] = len(rows), *numbers
    table[:, place + 1] = 0, *(np.cumsum(numbers) - numbers)
    sizes, starts = table[:, place].tolist(), table[:, place + 1].tolist()
    found = {}
    for kind in KINDS:
        values = np.maximum(facts[f"{metric.span}_{kind}"][rows], 0)
        ordered = values[np.lexsort((values, cell[rows]))]
        found[f"{key}.{kind}"] = ordered
        first = _PLACE[f"{key}.{kind}.sum"]
        for line, (size, start) in enumerate(zip(sizes, starts, strict=True)):
            if size:
                part = ordered[start : start + size]
                table[line, first : first + 3] = part.sum(dtype=np.int64), *ranks.ranks([part])
    return found


def write(tx: Connection, chunk_id: int, table: Column) -> None:
    """Keep these rows as the chunk's."""
    tx.execute(sa.delete(stat_cell).where(stat_cell.c.chunk_id == chunk_id))
    if len(table):
        tx.execute(sa.insert(stat_cell).values(chunk_id=chunk_id, numbers=table.tobytes()))


class Cells:
    """The rows of some chunks: those of all categories together, or of each, or of one."""

    def __init__(self, tx: Connection, places: Mapping[int, tuple[int, int]], *, each: bool, category: int | None) -> None:
        """`places`: by chunk, the number of its department and its month."""
        self._tx = tx
        # Spans are sorted by category first: those of all categories together are in no order.
        self.in_order = each or category is not None
        wanted = ",".join(map(str, places))
        query = f"SELECT chunk_id, numbers FROM stat_cell WHERE chunk_id IN ({wanted})"
        found = tx.exec_driver_sql(query).all() if places else ()
        tables = {chunk_id: np.frombuffer(numbers, ENTRY).reshape(-1, len(LAYOUT)) for chunk_id, numbers in found}
        kept = [_kept(table, each=each, category=category) for table in tables.values()]
        self._table: Column = np.concatenate(kept) if kept else np.zeros((0, len(LAYOUT)), ENTRY)
        self._chunks: Column = np.repeat(np.array(list(tables), dtype=np.int64), [len(one) for one in kept])
        self._places = np.array([places[chunk_id] for chunk_id in self._chunks.tolist()], dtype=np.int64).reshape(-1, 2)

    @property
    def size(self) -> int:
        return len(self._table)

    def __getitem__(self, name: str) -> Column:
        match name:
            case "department":
                return self._places[:, 0]
            case "month":
                return self._places[:, 1]
        return self._table[:, _PLACE[name]]

    def spans(self, key: str, rows: Sequence[int]) -> dict[str, list[Column]]:
        """Of each kind, the spans of each of these rows, sorted within a category."""
        chunks, numbers, starts = self._chunks[rows].tolist(), self[f"{key}.number"][rows].tolist(), self[f"{key}.at"][rows].tolist()
        names = [f"{key}.{kind}" for kind in KINDS]
        found = packs.read(self._tx, dict.fromkeys(chunks), names)
        size = np.dtype("<i4").itemsize
        return {
            kind: [
                np.frombuffer(found[chunk, name], "<i4", number, start * size)
                for chunk, number, start in zip(chunks, numbers, starts, strict=True)
            ]
            for kind, name in zip(KINDS, names, strict=True)
        }


def _kept(table: Column, *, each: bool, category: int | None) -> Column:
    kept = slice(1, None) if each else slice(1)
    return table[kept] if category is None else table[np.flatnonzero(table[:, 0] == category)]


def month_number(month: int) -> int:
    """Months since January 1970 of a month written as 202611."""
    return (month // 100 - 1970) * 12 + month % 100 - 1
