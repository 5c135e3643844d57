"""What the public may see: totals of whole months, small cells hidden."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.figures import disclosure
from handlers.figures.asked import Record
from handlers.figures.disclosure import Cell
from handlers.figures.filters import months_back
from handlers.figures.saying import Saying
from storage.metrics.questions import By, Group, Question, Timing
from storage.rules import Rules

MONTHS = 12


@dataclass(frozen=True)
class PublicView:
    """Twelve whole months up to the end of the last one. `other` is the sum of categories too small to be told, 0 when there is none."""

    start: date
    end: date
    received: int | None
    closed: int | None
    median: str
    months: tuple[tuple[str, Cell], ...]
    categories: tuple[tuple[str, int], ...]
    other: int


@dataclass
class PublicFigures:
    """Counts once a day: the page is open to everybody, the record need not be asked each time."""

    record: Record
    rules: Rules
    saying: Saying
    _kept: tuple[date, PublicView] | None = field(default=None, repr=False)

    async def view(self) -> PublicView:
        today = self.rules.calendar.local_day(self.record.clock())
        if self._kept is None or self._kept[0] != today:
            self._kept = today, await self._count(today)
        return self._kept[1]

    async def _count(self, today: date) -> PublicView:
        first = today.replace(day=1)
        start, end = months_back(first, MONTHS), first - timedelta(1)
        months = await self.record.ask(Question(("received", "closed"), (By.MONTH,), start, end))
        kinds = await self.record.ask(Question(("received",), (By.CATEGORY,), start, end))
        (whole,) = await self.record.ask(Question(("received", "closed", "t_whole"), start=start, end=end))
        least = self.saying.book.rules["public_least"]
        (total,) = disclosure.cells(["all"], [_number(whole, "received")], [_number(whole, "closed")], least)
        told = disclosure.cells(
            [one.key[0] for one in months], [_number(one, "received") for one in months], [_number(one, "closed") for one in months], least
        )
        categories, other = disclosure.merged([str(one.key[0]) for one in kinds], [_number(one, "received") for one in kinds], least)
        if total.received is None:
            # Too few altogether: then no part of it can be told either.
            told, categories, other = [], [], 0
        return PublicView(
            start=start,
            end=end,
            received=total.received,
            closed=total.closed,
            median=self._median(whole, least),
            months=tuple((self.saying.key(By.MONTH, _day(cell.key)), cell) for cell in told),
            categories=tuple((self.saying.key(By.CATEGORY, key), number) for key, number in categories),
            other=other,
        )

    def _median(self, whole: Group, least: int) -> str:
        value = whole.values["t_whole"]
        enough = isinstance(value, Timing) and value.finished >= least and value.work
        return self.saying.value("t_whole", value) if enough else self.saying.words["nothing"]


def _number(group: Group, key: str) -> int:
    value = group.values[key]
    return value if isinstance(value, int) else 0


def _day(key: object) -> date:
    if not isinstance(key, date):
        raise TypeError(key)
    return key
