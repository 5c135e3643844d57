"""Facts as columns, and the questions that can be asked of each of them with yes or no."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np

from storage.metrics.fold import PARTS, Flag
from storage.metrics.packs import Column
from storage.metrics.pauses import Ruler
from storage.worktime import Calendar


@dataclass(frozen=True)
class Moment:
    """When a question is asked: what is open has lasted until then."""

    seconds: int
    work: int
    ruler: Ruler

    @classmethod
    def of(cls, at: datetime, calendar: Calendar) -> Self:
        ruler = Ruler(calendar)
        return cls(int(at.timestamp()), ruler.base(int(at.timestamp())), ruler)


class Frame:
    """So many facts, each column of them read when it is first asked for. Settled ones need no moment: they tell the same at every one."""

    def __init__(self, size: int, read: Callable[[str], Column], moment: Moment | None = None) -> None:
        self.size = size
        self._read = read
        self._moment = moment
        self._columns: dict[str, Column] = {}

    @property
    def settled(self) -> bool:
        return self._moment is None

    def __getitem__(self, name: str) -> Column:
        if name not in self._columns:
            self._columns[name] = self._read(name)
        return self._columns[name]

    def only(self, rows: Column) -> "Frame":
        """These rows of it alone."""
        return Frame(len(rows), lambda name: self[name][rows], self._moment)

    def has(self, flag: Flag) -> Column:
        found: Column = self["flags"] & int(flag) != 0
        return found

    def is_part(self, part: str) -> Column:
        found: Column = self["part"] == PARTS.index(part)
        return found

    def is_past(self, due: str) -> Column:
        """Whether it is later than that, or was when time began to stand still; what is over waits for nothing."""
        if self._moment is None:
            return np.zeros(self.size, dtype=bool)
        limit, since = self[due], self["paused_since"]
        return (limit > 0) & (np.where(since > 0, since, self._moment.seconds) > limit)

    def so_far(self, kind: str, rows: Column) -> Column:
        """Seconds since the start, without the time that stood still: what these open ones have taken at least."""
        if self._moment is None:
            raise ValueError("what is over takes no more time")
        since = self["paused_since"][rows].astype(np.int64)
        if kind == "clock":
            until = np.where(since > 0, since, self._moment.seconds)
            return until - self["started"][rows].astype(np.int64) - self["paused_clock"][rows]
        work = np.full(len(rows), self._moment.work, dtype=np.int64)
        for place in np.flatnonzero(since):
            work[place] = self._moment.ruler.base(int(since[place]))
        return work - self["work_base"][rows] - self["paused_work"][rows]
