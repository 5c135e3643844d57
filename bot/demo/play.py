"""The play itself: four months of reports and moves in the order of time, then the clock is let go."""

import heapq
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from bot.demo.clock import StageClock
from bot.demo.long_way import long_way
from bot.demo.parents import Parents, Receipt
from bot.demo.staff import Staff
from bot.demo.stories import stories

SEED = 2022
LENGTH = timedelta(days=120)
# When the report that takes the long way is filed: long enough ago to have come home.
LONG_AGO = timedelta(days=30)
# Reports on a working day and on a weekend day: subject tutoring is a matter of weekends.
A_DAY, A_WEEKEND_DAY = 1.1, 2.0
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
        random: Random,
        *,
        sweep: Callable[[datetime], Awaitable[object]],
        end: datetime,
    ) -> None:
        self._clock, self._parents, self._staff, self._random = clock, parents, staff, random
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
        while self._list and self._list[0].at < self._end:
            due = heapq.heappop(self._list)
            self._clock.set(due.at)
            await due.act()
            if due.act == self._file:
                tell(len(self._receipts), total)
        return len(self._receipts)

    def _filings(self) -> list[datetime]:
        days = (self._end - LENGTH + timedelta(days=n) for n in range(LENGTH.days))
        found = []
        for day in days:
            mean = A_WEEKEND_DAY if day.weekday() >= 5 else A_DAY
            for _ in range(self._random.choices((0, 1, 2, 3, 4), weights=(1, mean, mean, mean / 2, mean / 4))[0]):
                hour = self._random.uniform(*HOURS) - 8
                found.append(day.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(hours=hour))
        return sorted(found)

    async def _file(self) -> None:
        for receipt in await self._parents.report(next(self._stories)):
            self._receipts[receipt.number] = receipt
            first = self._staff.first(receipt.number)
            self._after(first.after, partial(self._handle, receipt.number))

    async def _handle(self, number: str) -> None:
        following = await self._staff.step(number)
        if following:
            self._after(following.after, partial(self._handle, number))
        elif number in self._staff.replied and self._random.random() < RATED:
            self._staff.replied.discard(number)
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
