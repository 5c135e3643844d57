"""The facts in columns: one chunk a month and department, each column a row of plain numbers that numpy reads where they lie."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.metrics.fold import Flag
from storage.tables.stats import NAMES, SPANS, TIMES, stat_chunk, stat_fact, stat_pack

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
# Open facts are few and asked about in many ways, so they lie whole, one after another.
OPEN = "open"
RECORD = np.dtype(list(TYPES.items()))


def unpacked(tx: Connection, chunk_id: int) -> dict[str, Column]:
    """The facts of this chunk as columns, as its rows tell them."""
    facts = sa.select(*(stat_fact.c[name] for name in TYPES)).where(stat_fact.c.chunk_id == chunk_id)
    rows = tx.execute(facts.order_by(stat_fact.c.report_id, stat_fact.c.assignment_id)).all()
    columns = zip(*rows, strict=True) if rows else ((),) * len(TYPES)
    return {name: np.array(column, dtype=kind) for (name, kind), column in zip(TYPES.items(), columns, strict=True)}


def parted(columns: Mapping[str, Column]) -> tuple[dict[str, Column], Column]:
    """The settled facts as columns, and the open ones as records."""
    over = columns["flags"] & int(Flag.ENDED) != 0
    records = np.zeros(int(np.count_nonzero(~over)), dtype=RECORD)
    for name, column in columns.items():
        records[name] = column[~over]
    return {name: column[over] for name, column in columns.items()}, records


def write(tx: Connection, chunk_id: int, columns: Mapping[str, Column], records: Column, others: Mapping[str, Column]) -> None:
    """Keep the settled columns, the open records and whatever else is packed of this chunk."""
    tx.execute(sa.delete(stat_pack).where(stat_pack.c.chunk_id == chunk_id))
    packs = {**columns, OPEN: records, **others}
    rows = [{"chunk_id": chunk_id, "name": name, "numbers": pack.tobytes()} for name, pack in packs.items() if len(pack)]
    if rows:
        tx.execute(sa.insert(stat_pack), rows)
    started, due = (np.concatenate((columns[name], records[name])) for name in ("started", "due"))
    bounds = {**_bounds("started", started), **_bounds("due", due[due > 0])}
    sizes = {"settled": len(columns["due"]), "open": len(records)}
    tx.execute(sa.update(stat_chunk).where(stat_chunk.c.id == chunk_id).values(stale=False, **sizes, **bounds))


def read(tx: Connection, chunks: Iterable[int], names: Sequence[str]) -> dict[tuple[int, str], bytes]:
    """The packs of these names of these chunks; what is empty is not among them."""
    # Numbers and names of ours, written into the statement: hundreds of bound ones would take longer than the reading.
    wanted, named = ",".join(map(str, chunks)), ",".join(f"'{name}'" for name in names)
    if not wanted:
        return {}
    query = f"SELECT chunk_id, name, numbers FROM stat_pack WHERE chunk_id IN ({wanted}) AND name IN ({named})"
    return {(chunk_id, name): numbers for chunk_id, name, numbers in tx.exec_driver_sql(query).all()}


def _bounds(name: str, column: Column) -> dict[str, int]:
    first, last = (int(column.min()), int(column.max())) if len(column) else (0, 0)
    return {f"{name}_from": first, f"{name}_until": last}
