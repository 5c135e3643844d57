"""Which group each fact or cell belongs to, and what that group is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

import numpy as np

from storage.metrics.packs import Column

EPOCH = date(1970, 1, 1)
DAY = 86_400
# The first of January 1970 was a Thursday.
DAYS_SINCE_MONDAY = 3
WITHIN_REACH = 4_000_000


class By(StrEnum):
    """What an answer can be grouped by."""

    DEPARTMENT = "department"
    CATEGORY = "category"
    TOWN = "town"
    LEVEL = "level"
    CHANNEL = "channel"
    SOURCE = "source"
    OFFICER = "officer"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


Key = str | int | date


class Source(Protocol):
    """Facts or cells: columns by name."""

    @property
    def size(self) -> int: ...

    def __getitem__(self, name: str) -> Column: ...


@dataclass(frozen=True)
class Grouping:
    """`by` what, by the time of which column, and the names behind the numbers."""

    by: Sequence[By]
    time: str
    seconds_east: int
    departments: Sequence[str]
    names: Mapping[int, str]

    def groups(self, sources: Sequence[Source]) -> tuple[list[Column], list[tuple[Key, ...]]]:
        """For each source the numbers of its groups, and each group's keys; all sources share the groups."""
        joined = [np.zeros(source.size, dtype=np.int64) for source in sources]
        steps: list[tuple[By, int, int]] = []
        for by in self.by:
            numbers = [self._numbers(source, by) for source in sources]
            low, high = min(int(one.min()) for one in numbers), max(int(one.max()) for one in numbers)
            steps.append((by, low, high - low + 1))
            numbers = [one - low for one in numbers]
            further = bool(steps[1:])
            joined = [whole * (high - low + 1) + one for whole, one in zip(joined, numbers, strict=True)] if further else numbers
        present, places = _present(joined, steps)
        return places, self._keys(present, steps)

    def _numbers(self, source: Source, by: By) -> Column:
        if by in (By.DAY, By.WEEK) or (by is By.MONTH and self.time == "due"):
            # Division is the dearest step here, and of narrow unsigned numbers four times as fast.
            days = (source[self.time].astype(np.int64) + self.seconds_east).astype(np.uint32) // np.uint32(DAY)
            match by:
                case By.WEEK:
                    days = (days + np.uint32(DAYS_SINCE_MONDAY)) // np.uint32(7) * np.uint32(7) - np.uint32(DAYS_SINCE_MONDAY)
                case By.MONTH:
                    days = days.astype(np.int64).astype("datetime64[D]").astype("datetime64[M]")
            return days.astype(np.int64)
        return source[by].astype(np.int64)

    def _keys(self, present: Column, steps: Sequence[tuple[By, int, int]]) -> list[tuple[Key, ...]]:
        columns: list[list[Key]] = []
        for by, low, size in reversed(steps):
            present, rest = np.divmod(present, size)
            names = {number: self._key(by, number + low) for number in np.unique(rest).tolist()}
            columns.append([names[number] for number in rest.tolist()])
        return list(zip(*reversed(columns), strict=True)) if columns else [()]

    def _key(self, by: By, number: int) -> Key:
        match by:
            case By.DEPARTMENT:
                return self.departments[number]
            case By.OFFICER:
                return number
            case By.DAY | By.WEEK:
                return EPOCH + timedelta(number)
            case By.MONTH:
                return date(1970 + number // 12, number % 12 + 1, 1)
        return self.names[number]


def _present(joined: Sequence[Column], steps: Sequence[tuple[By, int, int]]) -> tuple[Column, list[Column]]:
    """The groups that occur, numbered without gaps."""
    reach = int(np.prod([size for *_, size in steps], dtype=object)) if steps else 1
    if reach > WITHIN_REACH:
        present, places = np.unique(np.concatenate(joined), return_inverse=True)
        return present, np.split(places, np.cumsum([len(one) for one in joined])[:-1])
    seen = np.zeros(reach, dtype=bool)
    for one in joined:
        seen[one] = True
    present = np.flatnonzero(seen)
    place = np.zeros(reach, dtype=np.int64)
    place[present] = np.arange(len(present))
    return present, [place[one] for one in joined]
