"""Hears a collapse coming: several people, independently, about one institution or one place, within days."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby


@dataclass(frozen=True)
class Filed:
    """One report as a cluster sees it: what it is about, who speaks (an opaque mark), when. Empty `about` joins no cluster."""

    report: str
    about: str
    reporter: str
    filed_at: datetime


@dataclass(frozen=True)
class Cluster:
    """The busiest stretch about one thing. `reporters` counts people, not reports: one person writing thrice is one."""

    about: str
    reports: tuple[str, ...]
    reporters: int
    first: datetime
    last: datetime


def find(rows: Iterable[Filed], *, reporters: int, within: timedelta) -> tuple[Cluster, ...]:
    """For each institution or place the stretch with the most independent reporters, when there are enough; the busiest first."""
    told = sorted((row for row in rows if row.about), key=lambda row: (row.about, row.filed_at))
    busiest = (_busiest(about, list(group), within) for about, group in groupby(told, key=lambda row: row.about))
    found = (cluster for cluster in busiest if cluster.reporters >= reporters)
    return tuple(sorted(found, key=lambda cluster: (-cluster.reporters, cluster.about)))


def _busiest(about: str, rows: list[Filed], within: timedelta) -> Cluster:
    """A window slides over the rows in time; of equally busy ones the latest stays."""
    people: Counter[str] = Counter()
    start, best, span = 0, 0, (0, 0)
    for end, row in enumerate(rows):
        people[row.reporter] += 1
        while row.filed_at - rows[start].filed_at > within:
            people[rows[start].reporter] -= 1
            start += 1
        alone = sum(1 for count in people.values() if count)
        if alone >= best:
            best, span = alone, (start, end)
    inside = rows[span[0] : span[1] + 1]
    return Cluster(about, tuple(row.report for row in inside), best, inside[0].filed_at, inside[-1].filed_at)
