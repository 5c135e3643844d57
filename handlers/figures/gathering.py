"""Early warnings: several people, independently, on one institution or one matter in one town; shown, and told to the office once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.figures.book import FigureBook
from nlp import clusters
from nlp.clusters import Filed
from storage import telling, warnings
from storage.database import Database
from storage.metrics import standing
from storage.metrics.standing import Fresh
from storage.notices import Notice
from storage.vocabulary import RiskKind, RiskLevel
from storage.warnings import Warned


@dataclass(frozen=True)
class Gathering:
    """Reports that came together. `institution` is empty when it is about a category in a town; `numbers` are in order of time."""

    about: str
    institution: str
    category: str
    town: str
    numbers: tuple[str, ...]
    people: int


def gatherings(fresh: Sequence[Fresh], *, people: int, hours: int, settled: Collection[tuple[str, str, str, str]] = ()) -> list[Gathering]:
    """Where at least so many people reported within so many hours (domain §7), the most people first; `settled` were dealt with."""
    by_number = {one.number: one for one in fresh}
    rows = [
        Filed(one.number, about, one.reporter, one.filed_at)
        for one in fresh
        for about, known in (
            (_institution(one), (one.institution or "", "", "", one.number)),
            (_matter(one), ("", one.category, one.town or "", one.number)),
        )
        if known not in settled
    ]
    found = clusters.find(rows, reporters=people, within=timedelta(hours=hours))
    return [_gathering(cluster, by_number[cluster.reports[-1]]) for cluster in found]


@dataclass(frozen=True)
class EarlyWarnings:
    """Tells the office as soon as reports gather, and opens a line in the risk ledger.

    Run as often as wanted, from several processes: each gathering is told once and has one line.
    """

    database: Database
    book: FigureBook

    async def tell(self, at: datetime) -> int:
        """How many messages were written."""
        hours, people = self.book.rules["warning_hours"], self.book.rules["warning_least"]
        fresh = await self.database.read(standing.fresh, at, hours=hours)
        settled = await self.database.read(warnings.settled)
        found = gatherings(fresh, people=people, hours=hours, settled=settled)
        return await self.database.write(_tell, found, self.book, at) if found else 0


def _tell(tx: Connection, found: Sequence[Gathering], book: FigureBook, at: datetime) -> int:
    return sum(_tell_one(tx, one, book, at) for one in found)


def _tell_one(tx: Connection, one: Gathering, book: FigureBook, at: datetime) -> int:
    notice = Notice.GATHERING_AT_INSTITUTION if one.institution else Notice.GATHERING_IN_TOWN
    counts = {"people": one.people, "reports": len(one.numbers), "hours": book.rules["warning_hours"]}
    ledger, kinds = book.words["warning_risk"], book.words["warning_kinds"]
    kind = RiskKind(kinds.get(one.category, RiskKind.OTHER))
    why = ledger["why"].format(**counts)
    level = RiskLevel(ledger["level"])
    warnings.warn(tx, Warned(one.institution, one.category, one.town, one.numbers, kind=kind, level=level, why=why), at)
    return telling.office_of_several(tx, notice, about=one.about, numbers=one.numbers, at=at, **counts)


def _institution(one: Fresh) -> str:
    return f"institution/{one.institution}" if one.institution else ""


def _matter(one: Fresh) -> str:
    # A category alone, from nobody knows where, is no place: the rise of categories is watched elsewhere.
    return f"matter/{one.category}/{one.town}" if one.town else ""


def _gathering(cluster: clusters.Cluster, newest: Fresh) -> Gathering:
    by_name = cluster.about == _institution(newest)
    return Gathering(
        about=cluster.about,
        institution=newest.institution or "" if by_name else "",
        category=newest.category,
        town=newest.town or "",
        numbers=cluster.reports,
        people=cluster.reporters,
    )
