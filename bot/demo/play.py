"""The play itself: fifteen months of reports and moves in the order of time, then the clock is let go."""

import heapq
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from bot.demo.bureau import PROBLEM, Bureau
from bot.demo.clock import StageClock
from bot.demo.long_way import long_way
from bot.demo.parents import Parents, Receipt
from bot.demo.staff import Staff
from bot.demo.stories import stories

SEED = 2022
# Longer than a year, so that every figure has the same time of last year beside it; the first part is a thin one.
LENGTH = timedelta(days=460)
THIN = timedelta(days=340)
# When the report that takes the long way is filed: long enough ago to have come home.
LONG_AGO = timedelta(days=30)
# Reports on a working day and on a weekend day: subject tutoring is a matter of weekends.
A_DAY, A_WEEKEND_DAY, A_THIN_DAY = 0.35, 0.65, 0.04
# The office's own work: rounds every so many days, a sample every quarter, and summaries so long before the end.
ROUND, QUARTER, SUMMARIES = timedelta(days=24), timedelta(days=91), timedelta(days=12)
A_YEAR = timedelta(days=365)
HOURS = (7, 22)
RATED = 0.6
RATING_DELAY = (2, 70)


Act = Callable[[], Awaitable[None]]


@dataclass(order=True)
class _Due:
    at: datetime
    order: int
    act: Act = field(compare=False)


class Play:
    """Runs what is due, earliest first; every act may put later ones on the list."""

    def __init__(
        self,
        clock: StageClock,
        parents: Parents,
        staff: Staff,
        bureau: Bureau,
        random: Random,
        *,
        sweep: Callable[[datetime], Awaitable[object]],
        end: datetime,
    ) -> None:
        self._clock, self._parents, self._staff, self._bureau, self._random = clock, parents, staff, bureau, random
        self._sweep, self._end = sweep, end
        self._list: list[_Due] = []
        self._order = count()
        self._stories = stories(random)
        self._receipts: dict[str, Receipt] = {}

    async def run(self, tell: Callable[[int, int], None]) -> int:
        """Play to the end; `tell` hears how many reports of how many are filed. Returns how many reports were filed."""
        for at in self._filings():
            self._at(at, self._file)
        total = len(self._list)
        self._at(_working_morning(self._end - LONG_AGO), partial(self._go_on, long_way(self._parents, self._staff)))
        for day in range(LENGTH.days):
            self._at(self._end - LENGTH + timedelta(days=day), self._remind)
        await self._office()
        while self._list and self._list[0].at < self._end:
            due = heapq.heappop(self._list)
            self._clock.set(due.at)
            await due.act()
            if due.act == self._file:
                tell(len(self._receipts), total)
        return len(self._receipts)

    async def _office(self) -> None:
        """The office's own work, beside the reports."""
        start = self._end - LENGTH
        await self._bureau.open(range(start.year, self._end.year + 1))
        for place in range(1, LENGTH // ROUND):
            self._at(_working_morning(start + place * ROUND), partial(self._go_on, self._bureau.round(place)))
        for place in range(LENGTH // QUARTER):
            sample = self._bureau.spot_check(lambda number: self._after(timedelta(hours=2), partial(self._handle, number)))
            self._at(_working_morning(self._end - timedelta(days=9) - place * QUARTER), partial(self._go_on, sample))
        for before, seen in self._bureau.risks():
            self._at(_working_morning(self._end - before), partial(self._go_on, seen))
        for before in (SUMMARIES, SUMMARIES + A_YEAR):
            self._at(self._end - before, self._bureau.summaries)

    def _filings(self) -> list[datetime]:
        days = (self._end - LENGTH + timedelta(days=n) for n in range(LENGTH.days))
        found = []
        for day in days:
            usual = A_WEEKEND_DAY if day.weekday() >= 5 else A_DAY
            mean = A_THIN_DAY if day < self._end - LENGTH + THIN else usual
            for _ in range(self._random.choices((0, 1, 2, 3, 4), weights=(1, mean, mean, mean / 2, mean / 4))[0]):
                hour = self._random.uniform(*HOURS) - 8
                found.append(day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour))
        return sorted(found)

    async def _file(self) -> None:
        for receipt in await self._parents.report(next(self._stories)):
            self._receipts[receipt.number] = receipt
            await self._bureau.link(receipt.number)
            first = self._staff.first(receipt.number)
            self._after(first.after, partial(self._handle, receipt.number))

    async def _handle(self, number: str) -> None:
        following = await self._staff.step(number)
        if following:
            self._after(following.after, partial(self._handle, number))
        elif number in self._staff.replied:
            self._staff.replied.discard(number)
            if number in self._staff.confirmed and self._random.random() < PROBLEM:
                await self._go_on(self._bureau.problem(number, *self._staff.confirmed.pop(number)))
            if self._random.random() < RATED:
                self._after(timedelta(hours=self._random.uniform(*RATING_DELAY)), partial(self._rate, number))

    async def _go_on(self, story: AsyncIterator[timedelta]) -> None:
        after = await anext(story, None)
        if after:
            self._after(after, partial(self._go_on, story))

    async def _remind(self) -> None:
        await self._sweep(self._clock())

    async def _rate(self, number: str) -> None:
        await self._parents.rate(self._receipts[number])

    def _after(self, span: timedelta, act: Act) -> None:
        self._at(self._clock() + span, act)

    def _at(self, at: datetime, act: Act) -> None:
        heapq.heappush(self._list, _Due(at, next(self._order), act))


def _working_morning(at: datetime) -> datetime:
    """Ten o'clock of that day, or of the Monday after it."""
    day = at + timedelta(days=max(0, 7 - at.weekday()) % 7 if at.weekday() >= 5 else 0)
    return day.replace(hour=2, minute=0, second=0, microsecond=0)
