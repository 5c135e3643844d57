"""Figures in words: a rate with its two numbers, a span in its unit, a dash for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.desk.labels import Labels
from handlers.figures.book import FigureBook
from storage.metrics.questions import By, Key, Share, Timing, Value
from storage.metrics.ranks import Rank, Spread

HOUR, DAY = 3600, 86_400
# Fewer hours than this are told in minutes; more clock hours than that in days.
MINUTES_SHOWN, HOURS_SHOWN = HOUR, 48 * HOUR


@dataclass(frozen=True)
class Saying:
    """How figures are written, in the city's words."""

    book: FigureBook
    labels: Labels
    work_day: int

    @property
    def words(self) -> Mapping[str, str]:
        return self.book.words["value"]

    def value(self, key: str, value: Value | None) -> str:
        """One figure, whatever it is; a span by its median in working time."""
        match value:
            case None:
                return self.words["nothing"]
            case Share():
                return self.share(value)
            case Timing():
                return self.rank(key, value.work.p50 if value.work else None)
        return self.words["count"].format(number=value)

    def share(self, value: Share, *, short: bool = False) -> str:
        if value.share is None:
            return self.words["nothing"]
        form = self.words["rate_short" if short else "rate"]
        return form.format(percent=percent(value.share), of=value.of, among=value.among)

    def rank(self, key: str, rank: Rank | None, *, clock: bool = False) -> str:
        """A span of working time in hours or working days, of clock time in hours or days; "≥" when open ones may still push it up.

        What was done (or waits) outside working hours took no working time at all: that is said in words, not as nought minutes.
        """
        if rank is None:
            return self.words["nothing"]
        if not rank.seconds and not clock:
            return self.words["no_work_yet" if rank.at_least else "no_work"]
        said = self._clock(rank.seconds) if clock else self._work(key, rank.seconds)
        return self.words["at_least"].format(value=said) if rank.at_least else said

    def number(self, key: str, seconds: int) -> float:
        """A span of working time as a number in the figure's unit, for a chart."""
        return round(seconds / (self.work_day if self.book.definitions[key].unit == "days" else HOUR), 2)

    def figure(self, key: str, value: Value | None) -> float | None:
        """One figure as a number, for a chart and to put figures in order; None where there is none."""
        match value:
            case Timing(work=work):
                return self.number(key, work.p50.seconds) if work else None
            case Share(share=share):
                return None if share is None else round(share * 100, 1)
        return None if value is None else float(value)

    def is_few(self, value: Value | None) -> bool:
        """Whether a span or a rate is made of too few to be compared; a count is what it is."""
        match value:
            case Timing(number=number) | Share(among=number):
                return number < self.book.rules["few"]
        return False

    def key(self, by: By, key: Key) -> str:
        """What a group is called."""
        match by:
            case By.DEPARTMENT:
                return self.labels.departments.get(str(key), str(key))
            case By.CATEGORY:
                return self.labels.categories.get(str(key), str(key))
            case By.TOWN:
                return self.labels.towns.get(str(key), str(key)) or self.words["unknown_town"]
            case By.LEVEL | By.SOURCE:
                return self.book.words[by].get(str(key), str(key))
        if isinstance(key, date):
            form = self.words[{By.MONTH: "month_of", By.WEEK: "week_of"}.get(by, "day_of")]
            return form.format(year=key.year, month=key.month, day=key.day)
        return str(key) if key else self.words["nobody"]

    def spread(self, key: str, spread: Spread | None, *, clock: bool = False) -> tuple[str, str, str]:
        """Median, ninth tenth and mean."""
        if spread is None:
            nothing = self.words["nothing"]
            return nothing, nothing, nothing
        return (
            self.rank(key, spread.p50, clock=clock),
            self.rank(key, spread.p90, clock=clock),
            self.rank(key, spread.mean, clock=clock),
        )

    def _work(self, key: str, seconds: int) -> str:
        # A tenth of a day is the least that is told in days.
        if self.book.definitions[key].unit == "days" and seconds >= self.work_day / 10:
            return self.words["work_days"].format(number=f"{seconds / self.work_day:.1f}")
        if seconds < MINUTES_SHOWN:
            return self._minutes(seconds)
        return self.words["work_hours"].format(number=f"{seconds / HOUR:.1f}")

    def _clock(self, seconds: int) -> str:
        if seconds < MINUTES_SHOWN:
            return self._minutes(seconds)
        if seconds < HOURS_SHOWN:
            return self.words["clock_hours"].format(number=f"{seconds / HOUR:.1f}")
        return self.words["clock_days"].format(number=f"{seconds / DAY:.1f}")

    def _minutes(self, seconds: int) -> str:
        """Never rounded down to nought."""
        return self.words["minutes"].format(number=max(1, round(seconds / 60)) if seconds else 0)


def percent(share: float) -> str:
    """One decimal; never rounded up to a hundred or down to nought."""
    tenths = round(share * 1000)
    if tenths == 1000 and share < 1:
        tenths = 999
    if tenths == 0 and share > 0:
        tenths = 1
    return f"{tenths / 10:.1f}".removesuffix(".0")
