"""Beside the same days of last year, and money that came back: what the record can answer honestly, and what it cannot."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.figures.asked import Record
from handlers.figures.filters import CUSTOM, Filters
from handlers.figures.saying import Saying, percent
from handlers.figures.tables import Line, Table
from storage import refunds
from storage.metrics import standing
from storage.metrics.questions import By, Group, Share, Value
from storage.people import Actor
from storage.refunds import Refunded
from storage.rules import Rules

REPORTS = ("received", "closed")
DEPARTMENTS = ("assigned",)
RATES = ("sign_timely_rate", "response_rate", "close_rate", "on_time_rate", "satisfy_rate")


@dataclass(frozen=True)
class Beside:
    """The table of both years, and what must be known to read it."""

    table: Table
    note: str


@dataclass(frozen=True)
class Spans:
    """The days asked about and the same ones of last year; whether the record reaches back to any of those, and what to say of it."""

    now: Filters
    before: Filters
    reaches_back: bool
    note: str


@dataclass(frozen=True)
class Comparing:
    """Looks at the same days a year earlier, as one person may see them."""

    record: Record
    rules: Rules
    saying: Saying

    async def overview(self, filters: Filters, by: Actor) -> Beside:
        """The usual figures of these days and of last year's, and the difference."""
        spans = await self.spans(filters)
        now, before, there_was = spans.now, spans.before, spans.reaches_back
        metrics = (*(DEPARTMENTS if filters.department else REPORTS), *RATES)
        (ours,), (theirs,) = [await self.record.ask(one.ask(metrics), by=by) for one in (now, before)]
        lines = [self._line(key, ours.values[key], theirs.values[key] if there_was else None) for key in metrics if key in ours.values]
        lines.append(self._money(await self.money(now), await self.money(before) if there_was else None))
        heads = (self.words["figure"], self.words["now"], self.words["before"], self.words["change"])
        return Beside(Table("", heads, tuple(lines), tuple(key for key in metrics if key in ours.values)), spans.note)

    async def spans(self, filters: Filters) -> Spans:
        """These days as far as they are over, beside last year's."""
        today = self.rules.calendar.local_day(self.record.clock())
        now = replace(filters, end=max(filters.start, min(filters.end, today)), period=CUSTOM)
        before = replace(now, start=a_year_before(now.start), end=a_year_before(now.end))
        first = await self.record.database.read(standing.began)
        if first is None or before.end < first:
            return Spans(now, before, False, self.words["nothing_before"])
        note = self.words["partly_before"].format(first=first) if before.start < first else ""
        return Spans(now, before, True, note or self.words["whole_before"].format(start=before.start, end=before.end))

    async def money(self, filters: Filters, by: By | None = None) -> list[Refunded]:
        """What was refunded, whole or in groups."""
        await self.record.catch_up()
        return await self.record.database.read(refunds.refunded, filters.ask(()), by)

    def money_said(self, found: Sequence[Refunded]) -> str:
        yuan, reports = sum(one.yuan for one in found), sum(one.reports for one in found)
        return self.saying.words["yuan"].format(yuan=f"{yuan:,}", reports=reports)

    def money_table(self, found: Sequence[Refunded], by: By, earlier: Sequence[Refunded] | None = None) -> Table:
        """One line a group, with last year's sum where it was asked for."""
        old = {one.key: one.yuan for one in earlier or ()}
        now = {one.key: one for one in found} | {key: Refunded(key, 0, 0) for key in old.keys() - {one.key for one in found}}
        heads = [self.saying.book.words["by"][by], self.words["yuan"], self.saying.book.words["page"]["number"]]
        if earlier is not None:
            heads.append(self.words["of_last_year"].format(metric=self.words["yuan"]))
        lines = []
        for one in now.values():
            cells = (f"{one.yuan:,}", str(one.reports))
            lines.append(Line(self.saying.key(by, one.key), cells if earlier is None else (*cells, f"{old.get(one.key, 0):,}")))
        return Table("", tuple(heads), tuple(lines), ())

    def both(self, groups: Sequence[Group], earlier: Sequence[Group], metrics: Sequence[str], by: By) -> Table:
        """One line a group, also one that is there in one of both years only: each figure, and the same one of last year."""
        old = {group.key: group.values for group in earlier}
        new = {group.key: group.values for group in groups}
        known = [key for key in metrics if any(key in values for values in (*new.values(), *old.values()))]
        last_year = self.words["of_last_year"]
        heads = [self.saying.book.words["by"][by]]
        for key in known:
            heads += [self.saying.book.label(key), last_year.format(metric=self.saying.book.label(key))]
        lines = []
        for place in dict.fromkeys((*new, *old)):
            ours, theirs = new.get(place, {}), old.get(place, {})
            cells = [cell for key in known for cell in self._pair(key, ours.get(key), theirs.get(key))]
            lines.append(Line(self.saying.key(by, place[0]), tuple(cells)))
        return Table("", tuple(heads), tuple(lines), tuple(known))

    def _pair(self, key: str, now: Value | None, before: Value | None) -> tuple[str, str]:
        """A count that is not there is nought; of a rate or a span there is simply nothing."""
        if isinstance(now, int) or isinstance(before, int):
            now, before = now or 0, before or 0
        return self.saying.value(key, now), self.saying.value(key, before)

    def change(self, now: Value | None, before: Value | None) -> str | None:
        """More or less than last year; None for a span of time, and where one of both has no number."""
        match now, before:
            case Share(share=float(ours)), Share(share=float(theirs)):
                sign = "+" if ours >= theirs else "−"
                return self.words["points"].format(points=f"{sign}{percent(abs(ours - theirs))}")
            case int(ours), int(theirs):
                return self.saying.words["count"].format(number=_signed(ours - theirs))
        return None

    @property
    def words(self) -> dict[str, str]:
        return dict(self.saying.book.words["beside"])

    def _line(self, key: str, now: Value, before: Value | None) -> Line:
        cells = (self.saying.value(key, now), self.saying.value(key, before), self.change(now, before) or self.saying.words["nothing"])
        return Line(self.saying.book.label(key), cells)

    def _money(self, now: Sequence[Refunded], before: Sequence[Refunded] | None) -> Line:
        nothing = self.saying.words["nothing"]
        if before is None:
            return Line(self.words["money"], (self.money_said(now), nothing, nothing))
        change = sum(one.yuan for one in now) - sum(one.yuan for one in before)
        return Line(
            self.words["money"], (self.money_said(now), self.money_said(before), self.words["yuan_change"].format(yuan=_signed(change)))
        )


def a_year_before(day: date) -> date:
    """The same day of last year; the 29th of February is the 28th there."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _signed(number: int) -> str:
    return f"{'+' if number >= 0 else '−'}{abs(number):,}"
