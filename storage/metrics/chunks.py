"""Chunks of facts, one a month and department: found for a question, made for a new fact, and packed when their facts changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.metrics import cells, packs
from storage.metrics.frame import Frame, Moment
from storage.metrics.packs import RECORD, TYPES, Column
from storage.metrics.pauses import Ruler
from storage.tables.stats import stat_chunk
from storage.worktime import Calendar

# So many facts are packed in one act at most (or one chunk, if that alone is larger), so that nobody's move waits long for it.
PACKED_AT_ONCE = 30_000
_FOUND = ("id", "month", "department", "settled", "open", "started_from", "started_until")


@cache
def _query(*, by_due: bool, of_one: bool) -> sa.TextClause:
    # Kept: putting a statement together would take as long as answering a small question.
    when = "due_until >= :start AND due_from < :end" if by_due else "month BETWEEN :start AND :end"
    whose = "department = :department" if of_one else "department <> ''"
    return sa.text(f"SELECT {', '.join(_FOUND)} FROM stat_chunk WHERE settled + open > 0 AND {when} AND {whose} ORDER BY department, month")


@dataclass(frozen=True)
class Scope:
    """Which facts: of reports themselves or of assignments, of a span of seconds by dispatch or by due time, with these codes."""

    of_reports: bool = False
    by_due: bool = False
    start: int = 0
    end: int = 1 << 32
    department: str = ""
    codes: Mapping[str, int] | None = None


class Chunk(NamedTuple):
    """`inside`: every fact of it lies in the span that is asked about. `place` is its department's among those of the answer."""

    id: int
    month: int
    department: str
    place: int
    settled: int
    open: int
    inside: bool


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
        return make(self._tx, month, department) if found is None else int(found)


def make(tx: Connection, month: int, department: str) -> int:
    """A new chunk with nothing packed."""
    empty = dict.fromkeys(("settled", "open", "started_from", "started_until", "due_from", "due_until"), 0)
    made = sa.insert(stat_chunk).values(month=month, department=department, stale=True, **empty)
    return int(tx.execute(made.returning(stat_chunk.c.id)).scalar_one())


def pack_stale(tx: Connection, *, at_most: int = PACKED_AT_ONCE) -> bool:
    """Pack chunks whose facts changed; whether more are waiting."""
    stale = sa.select(stat_chunk.c.id).where(stat_chunk.c.stale == 1).order_by(stat_chunk.c.id).with_for_update()
    waiting = list(tx.execute(stale).scalars())
    packed = 0
    while waiting and packed < at_most:
        chunk_id = waiting.pop(0)
        columns = packs.unpacked(tx, chunk_id)
        pack(tx, chunk_id, columns)
        packed += len(columns["flags"])
    return bool(waiting)


def pack(tx: Connection, chunk_id: int, columns: Mapping[str, Column]) -> None:
    """Keep these facts as the chunk's: the settled ones counted, sorted and in columns, the open ones as they are."""
    settled, records = packs.parted(columns)
    table, spans = cells.count(Frame(len(settled["flags"]), settled.__getitem__))
    packs.write(tx, chunk_id, settled, records, spans)
    cells.write(tx, chunk_id, table)


def find(tx: Connection, scope: Scope, zone: tzinfo) -> list[Chunk]:
    """Chunks that can hold such facts, by department and month, so that the others are never read."""
    start, end = (scope.start, scope.end) if scope.by_due else (_month(scope.start, zone), _month(scope.end - 1, zone))
    of_one = scope.of_reports or bool(scope.department)
    whose = {"department": scope.department} if of_one else {}
    rows = tx.execute(_query(by_due=scope.by_due, of_one=of_one), {"start": start, "end": end, **whose}).all()
    places: dict[str, int] = {}
    found = []
    for chunk_id, month, department, settled_ones, open_ones, first, last in rows:
        inside = not scope.by_due and scope.start <= first and last < scope.end
        found.append(Chunk(chunk_id, month, department, places.setdefault(department, len(places)), settled_ones, open_ones, inside))
    return found


Found = dict[tuple[int, str], bytes]


def facts(
    tx: Connection, chunks: Sequence[Chunk], single: Sequence[Chunk], scope: Scope, *, expected: Sequence[str], moment: Moment
) -> tuple[Frame, Frame]:
    """One by one, the settled facts of the single chunks and the open ones of all: those that are asked about.

    The expected columns are fetched at once, others when they are needed.
    """
    names = [name for name in expected if name in TYPES]
    if len(single) == len(chunks):
        found = packs.read(tx, [chunk.id for chunk in chunks], [*names, packs.OPEN])
    else:
        found = packs.read(tx, [chunk.id for chunk in single], names) | packs.read(tx, [one.id for one in chunks if one.open], [packs.OPEN])
    return _settled(tx, single, scope, expected, found), _still_open(chunks, scope, moment, found)


def _settled(tx: Connection, chunks: Sequence[Chunk], scope: Scope, expected: Sequence[str], found: Found) -> Frame:
    sizes = [chunk.settled for chunk in chunks]

    def column(name: str) -> Column:
        if name not in expected:
            found.update(packs.read(tx, [chunk.id for chunk in chunks], [name]))
        numbers: Column = np.frombuffer(b"".join(found.get((chunk.id, name), b"") for chunk in chunks), TYPES[name])
        return numbers

    return _chosen(Frame(sum(sizes), _of_chunks(chunks, sizes, column)), scope, chunks)


def _still_open(chunks: Sequence[Chunk], scope: Scope, moment: Moment, found: Found) -> Frame:
    sizes = [chunk.open for chunk in chunks]
    records = np.frombuffer(b"".join(found.get((chunk.id, packs.OPEN), b"") for chunk in chunks), RECORD)
    whole = Frame(sum(sizes), _of_chunks(chunks, sizes, lambda name: np.ascontiguousarray(records[name])), moment)
    return _chosen(whole, scope, chunks)


def _of_chunks(chunks: Sequence[Chunk], sizes: Sequence[int], column: Callable[[str], Column]) -> Callable[[str], Column]:
    """The facts' own columns, and those that all facts of a chunk have alike."""

    def read(name: str) -> Column:
        match name:
            case "department":
                return np.repeat([chunk.place for chunk in chunks], sizes)
            case "month":
                return np.repeat([cells.month_number(chunk.month) for chunk in chunks], sizes)
        return column(name)

    return read


def _chosen(frame: Frame, scope: Scope, chunks: Sequence[Chunk]) -> Frame:
    tests = []
    if not all(chunk.inside for chunk in chunks):
        time = frame["due" if scope.by_due else "started"]
        tests.append((time >= max(scope.start, 1)) & (time < scope.end))
    tests += [frame[column] == code for column, code in (scope.codes or {}).items()]
    if not tests or not frame.size:
        return frame
    return frame.only(np.flatnonzero(np.logical_and.reduce(tests)))


def _month(seconds: int, zone: tzinfo) -> int:
    local = datetime.fromtimestamp(seconds, zone)
    return local.year * 100 + local.month
