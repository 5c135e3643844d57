"""Reads part of a report's number as places in the order of numbers, so that a search walks an index and not every report."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.tables.reports import number_series

DAY_DIGITS, SERIAL_DIGITS = 8, 4
# Sorts after every digit and dash, in the order of bytes as in that of a language.
AFTER = "Z"


@dataclass(frozen=True)
class Stretch:
    """Numbers from `first` to `last`, both included."""

    first: str
    last: str

    @property
    def is_one(self) -> bool:
        return self.first == self.last


def stretches(tx: Connection, text: str, prefix: str) -> list[Stretch]:
    """Where numbers with this part stand, the newest first. Digits that are no date count as the whole number within a day."""
    part = text.strip().upper()
    if part in f"{prefix}-":
        return [Stretch(prefix, prefix + AFTER)]
    if re.fullmatch(rf"{re.escape(prefix)}-\d{{{DAY_DIGITS}}}-\d{{{SERIAL_DIGITS},}}", part):
        return [Stretch(part, part)]
    found: list[Stretch] = []
    previous = False
    for day, last in _days(tx, part):
        start = f"{prefix}-{day}-"
        if part in start:
            # Days that follow each other and match alike are one stretch: a year is looked up once, not day by day.
            found = [*found[:-1], Stretch(start, found[-1].last)] if previous else [*found, Stretch(start, start + AFTER)]
            previous = True
            continue
        previous = False
        found += [Stretch(one, one + AFTER) for one in _begun(start, part)]
        if part.isdecimal() and len(part) <= SERIAL_DIGITS and 0 < int(part) <= last:
            found.append(Stretch(one := f"{start}{int(part):0{SERIAL_DIGITS}d}", one))
    return found


def _begun(start: str, part: str) -> Iterator[str]:
    """Numbers of this day that the part ends within: its head closes the day's beginning, its rest opens the number within the day."""
    head, dash, rest = part.rpartition("-")
    if dash and head and rest.isdecimal() and start.endswith(f"{head}-"):
        yield start + rest


def _days(tx: Connection, part: str) -> list[tuple[str, int]]:
    """The days with reports that such a number can be of, and the last number of each."""
    day = number_series.c.day
    head, dash, rest = part.rpartition("-")
    possible = [day.contains(rest, autoescape=True)]
    if dash:
        possible.append(day.endswith(head.rpartition("-")[2], autoescape=True))
    if rest.isdecimal() and len(rest) <= SERIAL_DIGITS and not dash:
        possible.append(number_series.c.last >= int(rest))
    rows = tx.execute(sa.select(day, number_series.c.last).where(sa.or_(*possible)).order_by(day.desc()))
    return [(row.day, row.last) for row in rows if row.day.isdecimal() and len(row.day) == DAY_DIGITS]
