"""The facts in columns: one chunk a month and department, each column a row of plain numbers that numpy reads where they lie."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.metrics.pauses import Ruler
from storage.tables.stats import NAMES, SPANS, TIMES, stat_chunk, stat_fact, stat_pack
from storage.worktime import Calendar

Column = npt.NDArray[Any]

# Little-endian, whatever machine packed them.
TYPES: dict[str, str] = {
    "part": "u1",
    "satisfaction": "u1",
    "flags": "<u4",
    "officer": "<u4",
    "work_base": "<i4",
    **dict.fromkeys(NAMES, "<u2"),
    **dict.fromkeys(TIMES, "<u4"),
    **dict.fromkeys(SPANS, "<i4"),
    "report_id": "<i8",
    "assignment_id": "<i8",
}


class Chunks:
    """Finds the chunk of a month and department, or makes it."""

    def __init__(self, tx: Connection, calendar: Calendar) -> None:
        self._tx = tx
        self.ruler = Ruler(calendar)
        self._known: dict[tuple[int, str], int] = {}

    def of(self, at: int, department: str) -> int:
        day = self.ruler.calendar.local_day(datetime.fromtimestamp(at, UTC))
        key = (day.year * 100 + day.month, department)
        if key not in self._known:
            self._known[key] = self._find(*key)
        return self._known[key]

    def _find(self, month: int, department: str) -> int:
        where = (stat_chunk.c.month == month, stat_chunk.c.department == department)
        found = self._tx.execute(sa.select(stat_chunk.c.id).where(*where)).scalar_one_or_none()
        if found is not None:
            return int(found)
        empty = {"size": 0, "due_from": 0, "due_until": 0, "stale": True}
        made = sa.insert(stat_chunk).values(month=month, department=department, **empty).returning(stat_chunk.c.id)
        return int(self._tx.execute(made).scalar_one())


def pack_stale(tx: Connection) -> int:
    """Pack every chunk whose facts changed; how many there were."""
    stale = sa.select(stat_chunk.c.id).where(stat_chunk.c.stale == 1).order_by(stat_chunk.c.id).with_for_update()
    chunks = tx.execute(stale).scalars().all()
    for chunk_id in chunks:
        facts = sa.select(*(stat_fact.c[name] for name in TYPES)).where(stat_fact.c.chunk_id == chunk_id)
        rows = tx.execute(facts.order_by(stat_fact.c.report_id, stat_fact.c.assignment_id)).all()
        columns = zip(*rows, strict=True) if rows else ((),) * len(TYPES)
        packed = {name: np.array(column, dtype=kind) for (name, kind), column in zip(TYPES.items(), columns, strict=True)}
        write(tx, chunk_id, packed)
    return len(chunks)


def write(tx: Connection, chunk_id: int, columns: dict[str, Column]) -> None:
    """Keep these columns as the chunk's."""
    tx.execute(sa.delete(stat_pack).where(stat_pack.c.chunk_id == chunk_id))
    size = len(columns["due"])
    if size:
        tx.execute(sa.insert(stat_pack), [{"chunk_id": chunk_id, "name": name, "numbers": one.tobytes()} for name, one in columns.items()])
    due = columns["due"][columns["due"] > 0]
    span = {"due_from": int(due.min()), "due_until": int(due.max())} if len(due) else {"due_from": 0, "due_until": 0}
    tx.execute(sa.update(stat_chunk).where(stat_chunk.c.id == chunk_id).values(size=size, stale=False, **span))


def read(tx: Connection, chunks: Sequence[tuple[int, int]], wanted: Iterable[str]) -> dict[str, Column]:
    """These columns of these chunks (id and size), one chunk after another."""
    order = {chunk_id: place for place, (chunk_id, size) in enumerate(chunks) if size}
    starts = np.concatenate(([0], np.cumsum([size for _, size in chunks]))).astype(int).tolist()
    columns = {name: np.empty(starts[-1], dtype=TYPES[name]) for name in wanted}
    if not order:
        return columns
    # Numbers of ours, written into the statement: hundreds of bound ones would take longer than the reading.
    wanted_chunks = ",".join(map(str, order))
    for name, column in columns.items():
        query = f"SELECT chunk_id, numbers FROM stat_pack WHERE name = '{name}' AND chunk_id IN ({wanted_chunks})"
        for chunk_id, numbers in tx.exec_driver_sql(query).all():
            place = order[chunk_id]
            column[starts[place] : starts[place + 1]] = np.frombuffer(numbers, dtype=TYPES[name])
    return columns
