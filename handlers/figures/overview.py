"""The overview: how things stand, who responds how fast, what comes in, what is late, and what is brewing."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.figures import charts
from handlers.figures.asked import EVERYWHERE, Record
from handlers.figures.charts import Bar, Mark, Pictures, Spec
from handlers.figures.comparing import Beside, Comparing
from handlers.figures.filters import Filters
from handlers.figures.gathering import Gathering, gatherings
from handlers.figures.saying import HOUR, Saying
from handlers.figures.tables import Table, limits_table, rates_table, spans_table
from storage.metrics import standing
from storage.metrics.questions import By, Group, Timing
from storage.metrics.ranks import Spread
from storage.metrics.standing import Late
from storage.people import Actor
from storage.rules import Deadline, Rules, Span, Unit
from storage.vocabulary import ClockKind, Level, Nature

SPANS = ("t_sign", "t_first", "t_reply", "t_close")
# What the limit of the answer is held against.
ANSWERS = ("t_reply", "t_close")
RATES = ("assigned", "sign_timely_rate", "response_rate", "close_rate", "on_time_rate", "on_time_rate_orig")
OUTCOMES = ("solve_rate", "satisfy_rate", "callback_valid_rate", "redo_rate", "extend_rate", "overdue_cnt")
RETURNS = ("assigned", "return_rate", "return_wrong_rate", "t_held")
ROUTING = ("received", "closed", "route_acc", "t_whole")
WEEKS_BEFORE = 4
LISTED = 8
MINUTE = 60


@dataclass(frozen=True)
class Chart:
    """A picture with the same numbers as a table under it, and the definitions of what it shows."""

    title: str
    svg: str
    note: str
    tables: tuple[Table, ...]
    metrics: tuple[str, ...]
    limits: Table | None = None


@dataclass(frozen=True)
class Overview:
    """Everything the page shows."""

    filters: Filters
    standing: Mapping[str, int]
    responses: tuple[Chart, ...]
    rates: tuple[Table, ...]
    trend: tuple[Chart, ...]
    kinds: tuple[Chart, ...]
    returns: Table
    routing: tuple[tuple[str, str], ...]
    beside: Beside
    overdue: tuple[Late, ...]
    warnings: tuple[str, ...]
    own_only: bool
    provisional: bool


@dataclass(frozen=True)
class Overviews:
    """Puts the overview together for one person."""

    record: Record
    rules: Rules
    saying: Saying
    pictures: Pictures
    comparing: Comparing

    def today(self) -> date:
        return self.rules.calendar.local_day(self.record.clock())

    async def view(self, by: Actor, filters: Filters) -> Overview:
        """The page's numbers, as this person may see them; pictures are drawn beside the event loop."""
        own_only = by.role not in EVERYWHERE
        if own_only:
            filters = replace(filters, department=by.department or "-")
        now, database = self.record.clock(), self.record.database
        departments = await self.record.ask(filters.ask((*SPANS, *RATES, *OUTCOMES, *RETURNS), By.DEPARTMENT), by=by)
        weekly = await self.record.ask(filters.ask((*_flow(own_only, filters), "t_sign"), By.WEEK), by=by)
        flow = _flow(own_only, filters)[:1]
        categories = await self.record.ask(filters.ask(flow, By.CATEGORY), by=by)
        towns = await self.record.ask(filters.ask(flow, By.TOWN), by=by)
        (whole,) = await self.record.ask(filters.ask(ROUTING), by=by)
        department = filters.department
        # Drawing is pure and slow: a thread keeps the loop free for everybody else.
        return Overview(
            filters=filters,
            standing=await database.read(standing.today, now, department),
            responses=await asyncio.to_thread(self._responses, departments),
            rates=(rates_table(self.saying, departments, RATES), rates_table(self.saying, departments, OUTCOMES)),
            trend=await asyncio.to_thread(self._trend, weekly, _flow(own_only, filters)),
            kinds=await asyncio.to_thread(self._kinds, categories, towns, flow[0]),
            returns=rates_table(self.saying, departments, RETURNS),
            beside=await self.comparing.overview(filters, by),
            routing=tuple((key, self.saying.value(key, value)) for key, value in whole.values.items()),
            overdue=tuple(await database.read(standing.overdue, now, department, limit=LISTED)),
            warnings=() if own_only else tuple(await self._warnings(by)),
            own_only=own_only,
            provisional=self.rules.calendar.is_provisional(now),
        )

    def sign_limit(self) -> float:
        """The limit for signing an ordinary report, in working hours."""
        span = self.rules.deadlines[ClockKind.SIGN].limit[Level.P2]
        day = self.rules.calendar.seconds_per_day / HOUR
        return span.amount * day if span.unit is Unit.WORK_DAY else span.amount / 60

    def limit(self, key: str) -> float | None:
        """The limit of this span for an ordinary report, in the figure's unit; None where there is not one for all."""
        found = {self._amount(key, deadline.limit[Level.P2]) for deadline in self._deadlines(key)}
        return found.pop() if len(found) == 1 else None

    def _deadlines(self, key: str) -> Sequence[Deadline]:
        """What is due by the end of this span. Nothing else than the answer is ever due, so a closing is held to that."""
        match key:
            case "t_sign":
                return [self.rules.deadlines[ClockKind.SIGN]]
            case _ if key in ANSWERS:
                return [self.rules.replies[nature] for nature in Nature]
        # A first contact is due from the signing on, and its span begins with the dispatch: no one line tells both.
        return []

    def _limits(self, key: str, one_for_all: float | None) -> Table | None:
        """Where each nature has a limit of its own, one line across the picture would be wrong for some: they stand below it."""
        if key not in ANSWERS or one_for_all is not None:
            return None
        return limits_table(self.saying, {nature: self.rules.replies[nature].limit[Level.P2] for nature in Nature})

    def _amount(self, key: str, span: Span) -> float | None:
        day = self.rules.calendar.seconds_per_day
        match span.unit:
            case Unit.WORK_DAY:
                return self.saying.number(key, span.amount * day)
            case Unit.WORK_MINUTE:
                return self.saying.number(key, span.amount * MINUTE)
        # Time by the clock cannot stand on an axis of working time.
        return None

    def _responses(self, groups: Sequence[Group]) -> tuple[Chart, ...]:
        return tuple(self._response(key, groups) for key in SPANS)

    def _response(self, key: str, groups: Sequence[Group]) -> Chart:
        words, few = self.saying.book.words["page"], self.saying.book.rules["few"]
        unit = (
            self.saying.words["work_days" if self.saying.book.definitions[key].unit == "days" else "work_hours"].format(number="").strip()
        )
        marks = self._marks(key, groups)
        limit = self.limit(key)
        note = words["response_note"].format(few=few) if key == "t_sign" else ""
        svg = self.pictures.svg(charts.spans(marks, unit, limit)) if marks else ""
        return Chart(self.saying.book.label(key), svg, note, spans_table(self.saying, key, groups), (key,), self._limits(key, limit))

    def _marks(self, key: str, groups: Sequence[Group]) -> list[Mark]:
        few, marks = self.saying.book.rules["few"], []
        for group in groups:
            timing = group.values[key]
            if isinstance(timing, Timing) and timing.work:
                told = self.saying.words["count"].format(number=timing.number)
                half, most = (self.saying.number(key, rank.seconds) for rank in (timing.work.p50, timing.work.p90))
                marks.append(Mark(self.saying.key(By.DEPARTMENT, group.key[0]), half, most, told, timing.number < few))
        # The slowest first; few samples are not ranked and stand below.
        return sorted(marks, key=lambda mark: (mark.few, -mark.median))

    def _trend(self, weekly: Sequence[Group], flow: tuple[str, ...]) -> tuple[Chart, ...]:
        words, saying = self.saying.book.words["page"], self.saying
        names = [(_short(group), group) for group in weekly]
        counts = {saying.book.label(key): [(name, float(_int(group, key))) for name, group in names] for key in flow}
        signed = [(name, saying.number("t_sign", spread.p50.seconds)) for name, group in names if (spread := _work(group, "t_sign"))]
        unit = saying.words["count"].format(number="").strip()
        hours = saying.words["work_hours"].format(number="").strip()
        table = rates_table(saying, weekly, (*flow, "t_sign"), by=By.WEEK)
        return (
            Chart(words["trend"], self._lines(counts, unit) if weekly else "", words["trend_note"], (table,), flow),
            Chart(words["trend_speed"], self._lines({saying.book.label("t_sign"): signed}, hours) if signed else "", "", (), ("t_sign",)),
        )

    def _lines(self, series: Mapping[str, Sequence[tuple[str, float]]], unit: str) -> str:
        return self.pictures.svg(charts.lines(series, unit))

    def _kinds(self, categories: Sequence[Group], towns: Sequence[Group], key: str) -> tuple[Chart, ...]:
        words = self.saying.book.words["page"]
        return tuple(
            Chart(words[title], self._bars(by, groups, key), "", (rates_table(self.saying, _largest(groups, key), (key,), by=by),), (key,))
            for title, by, groups in (("categories", By.CATEGORY, categories), ("towns", By.TOWN, towns))
        )

    def _bars(self, by: By, groups: Sequence[Group], key: str) -> str:
        rows = [
            Bar(self.saying.key(by, one.key[0]), _int(one, key), self.saying.value(key, _int(one, key))) for one in _largest(groups, key)
        ]
        spec: Spec = charts.bars(rows)
        return self.pictures.svg(spec) if rows else ""

    async def _warnings(self, by: Actor) -> list[str]:
        """Where reports gather, and which categories rise."""
        rules, words = self.saying.book.rules, self.saying.book.words["page"]
        hours, least = rules["warning_hours"], rules["warning_least"]
        fresh = await self.record.database.read(standing.fresh, self.record.clock(), hours=hours)
        found = gatherings(fresh, people=least, hours=hours)
        return [self._gathering(one, hours) for one in found] + await self._rising(by, words["rising"], least, rules["rising_percent"])

    def _gathering(self, one: Gathering, hours: int) -> str:
        words, counts = self.saying.book.words["page"], {"hours": hours, "people": one.people, "number": len(one.numbers)}
        if one.institution:
            return words["at_institution"].format(name=one.institution, **counts)
        category, town = self.saying.key(By.CATEGORY, one.category), self.saying.key(By.TOWN, one.town)
        return words["at_town"].format(town=town, category=category, **counts)

    async def _rising(self, by: Actor, form: str, least: int, percent: int) -> list[str]:
        today = self.today()
        monday = today - timedelta(today.weekday())
        now, before = Filters(monday, today), Filters(monday - timedelta(7 * WEEKS_BEFORE), monday - timedelta(1))
        fresh = await self.record.ask(now.ask(("received",), By.CATEGORY), by=by)
        old = {
            one.key: _int(one, "received") / WEEKS_BEFORE for one in await self.record.ask(before.ask(("received",), By.CATEGORY), by=by)
        }
        told = []
        for one in fresh:
            number, mean = _int(one, "received"), old.get(one.key, 0.0)
            if number >= least and number * 100 >= mean * percent:
                told.append(form.format(category=self.saying.key(By.CATEGORY, one.key[0]), number=number, mean=f"{mean:.1f}"))
        return told


def _flow(own_only: bool, filters: Filters) -> tuple[str, ...]:
    """What comes in and goes out: reports of the whole city, or assignments of one department."""
    return ("assigned",) if own_only or filters.department else ("received", "closed")


def _largest(groups: Sequence[Group], key: str) -> list[Group]:
    return sorted((one for one in groups if _int(one, key)), key=lambda one: -_int(one, key))


def _int(group: Group, key: str) -> int:
    value = group.values.get(key, 0)
    return value if isinstance(value, int) else 0


def _work(group: Group, key: str) -> Spread | None:
    value = group.values.get(key)
    return value.work if isinstance(value, Timing) else None


def _short(group: Group) -> str:
    monday = group.key[0]
    return f"{monday.month}.{monday.day}" if isinstance(monday, date) else str(monday)
