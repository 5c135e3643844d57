"""The facts a question is about, as columns: which chunks, which rows of them, read only when a figure asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.metrics import names, packs
from storage.metrics.fold import PARTS, Flag
from storage.metrics.packs import Column
from storage.metrics.pauses import Ruler
from storage.rules import rules
from storage.tables.stats import stat_chunk

DAY = 86_400
# The first of January 1970 was a Thursday.
DAYS_SINCE_MONDAY = 3


@dataclass(frozen=True)
class Scope:
    """Which facts: of reports themselves or of assignments, of a span of seconds by dispatch or by due time, with these keys."""

    of_reports: bool = False
    by_due: bool = False
    start: int = 0
    end: int = 1 << 32
    department: str = ""
    officer: int = 0
    keys: Mapping[str, str] | None = None


class Frame:
    """Columns of the chosen facts, and the questions that can be asked of each of them with yes or no."""

    def __init__(self, tx: Connection, scope: Scope, at: datetime) -> None:
        self._tx = tx
        self.calendar = rules(tx).calendar
        self.now = int(at.timestamp())
        self.now_work = Ruler(self.calendar).base(self.now)
        self.codes = names.known(tx)
        self._columns: dict[str, Column] = {}
        self._chunks = _chunks(tx, scope, self.calendar.zone)
        self._rows: Column | None = None
        self.departments = list(dict.fromkeys(row.department for row in self._chunks))
        self._keep(self._chosen(scope))

    def __getitem__(self, name: str) -> Column:
        if name not in self._columns:
            whole = packs.read(self._tx, [(row.id, row.size) for row in self._chunks], [name])[name]
            self._columns[name] = whole if self._rows is None else whole[self._rows]
        return self._columns[name]

    @property
    def size(self) -> int:
        return len(self["started"])

    def has(self, flag: Flag) -> Column:
        found: Column = self["flags"] & int(flag) != 0
        return found

    def is_part(self, *parts: str) -> Column:
        return np.isin(self["part"], [PARTS.index(part) for part in parts])

    def is_past(self, due: str) -> Column:
        """Whether it is later than that, or was when time began to stand still."""
        limit, since = self[due], self["paused_since"]
        return (limit > 0) & (np.where(since > 0, since, self.now) > limit)

    def so_far(self, kind: str, rows: Column) -> Column:
        """Seconds since the start, without the time that stood still: what these open ones have taken at least."""
        since = self["paused_since"][rows].astype(np.int64)
        taken = np.where(since > 0, since, self.now) - self["started"][rows].astype(np.int64) - self["paused_clock"][rows]
        if kind == "clock":
            return taken
        work = np.full(len(rows), self.now_work, dtype=np.int64)
        for place in np.flatnonzero(since):
            work[place] = Ruler(self.calendar).base(int(since[place]))
        return work - self["work_base"][rows] - self["paused_work"][rows]

    def department_numbers(self) -> Column:
        """For each row, the place of its department in `departments`."""
        place = {key: number for number, key in enumerate(self.departments)}
        whole = np.repeat([place[row.department] for row in self._chunks], [row.size for row in self._chunks])
        return whole if self._rows is None else whole[self._rows]

    def days(self, name: str) -> Column:
        """Local days since 1970 of a column of moments."""
        offset = int(self.calendar.zone.utcoffset(None).total_seconds())
        days: Column = (self[name].astype(np.int64) + offset) // DAY
        return days

    def weeks(self, name: str) -> Column:
        """The Monday of the week, as days since 1970."""
        days: Column = self.days(name)
        mondays: Column = days - (days + DAYS_SINCE_MONDAY) % 7
        return mondays

    def months(self, name: str) -> Column:
        return self.days(name).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)

    def _chosen(self, scope: Scope) -> Column | None:
        time = "due" if scope.by_due else "started"
        chosen = (self[time] >= max(scope.start, 1)) & (self[time] < scope.end)
        if scope.officer:
            chosen &= self["officer"] == scope.officer
        numbers = {name: number for number, name in self.codes.items()}
        for column, key in (scope.keys or {}).items():
            chosen &= self[column] == numbers.get(key, 0)
        return None if chosen.all() else np.flatnonzero(chosen)

    def _keep(self, rows: Column | None) -> None:
        if rows is not None:
            self._rows = rows
            self._columns = {name: column[rows] for name, column in self._columns.items()}


def _chunks(tx: Connection, scope: Scope, zone: object) -> list[sa.Row[tuple[int, str, int]]]:
    """Chunks that can hold such facts, so that the others are never read."""
    query = sa.select(stat_chunk.c.id, stat_chunk.c.department, stat_chunk.c.size).where(stat_chunk.c.size > 0)
    if scope.of_reports:
        query = query.where(stat_chunk.c.department == "")
    else:
        query = query.where(stat_chunk.c.department == scope.department if scope.department else stat_chunk.c.department != "")
    if scope.by_due:
        query = query.where(stat_chunk.c.due_until >= scope.start, stat_chunk.c.due_from < scope.end)
    else:
        query = query.where(stat_chunk.c.month.between(_month(scope.start, zone), _month(scope.end - 1, zone)))
    return list(tx.execute(query.order_by(stat_chunk.c.department, stat_chunk.c.month)))


def _month(seconds: int, zone: object) -> int:
    local = datetime.fromtimestamp(seconds, zone)  # type: ignore[arg-type]
    return local.year * 100 + local.month
