"""A question in words, answered: how it was understood, the figures in a sentence, a table and a picture; or that it was not understood."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.figures import charts
from handlers.figures.asked import EVERYWHERE, Record
from handlers.figures.charts import Bar, Mark, Pictures, Spec
from handlers.figures.comparing import Comparing
from handlers.figures.ranking import Ranking
from handlers.figures.saying import Saying
from handlers.figures.tables import Table, rates_table, spans_table
from handlers.figures.understanding import Asking, Understood
from storage.metrics import standing
from storage.metrics.questions import By, Group, Share, Timing, Value
from storage.metrics.standing import Late
from storage.people import Actor
from storage.refunds import GROUPS
from storage.rules import Rules

LONGEST = 100
OVER_TIME = (By.DAY, By.WEEK, By.MONTH)


@dataclass(frozen=True)
class Answer:
    """`understood` is None when it was not; `unused` are words that had no meaning. `picture` can be drawn as SVG or PNG."""

    understood: str | None
    unused: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    picture: Spec | None = None
    late: tuple[Late, ...] = ()
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answering:
    """Answers one person's questions, within what that person may see."""

    record: Record
    rules: Rules
    asking: Asking
    saying: Saying
    pictures: Pictures
    comparing: Comparing

    @property
    def ranking(self) -> Ranking:
        return Ranking(self.saying, self.asking.say)

    async def answer(self, text: str, by: Actor) -> Answer:
        """The same on a page and in a chat."""
        today = self.rules.calendar.local_day(self.record.clock())
        read = self.asking.read(text[:LONGEST], today)
        if read is None:
            return Answer(None)
        meant, own_only = read, by.role not in EVERYWHERE
        if own_only:
            read = read.at(by.department or "-")
        else:
            # Nobody is compared with a colleague from outside the own department: whoever is meant, it is the departments.
            read = replace(read, by=tuple(dict.fromkeys(By.DEPARTMENT if one is By.OFFICER else one for one in read.by)))
        answer = await self._answered(read, by)
        before = [self.asking.say["own_only"]] if own_only and meant.is_about_others(by.department or "-") else []
        after = [self.asking.say["both"]] if read.is_of_both and not read.standing else []
        return replace(answer, sentences=(*before, *answer.sentences, *after))

    async def _answered(self, read: Understood, by: Actor) -> Answer:
        if read.standing:
            return self._without_last_year(await self._standing(read, by), read)
        answer = await (self._late(read) if read.lists else self._figures(read, by))
        if read.money:
            answer = await self._with_money(answer, read)
        if read.lists:
            answer = self._without_last_year(answer, read)
        elif read.with_last_year:
            answer = await self._with_last_year(answer, read, by)
        return answer

    async def png(self, answer: Answer) -> bytes | None:
        """The picture for a chat."""
        return await asyncio.to_thread(self.pictures.png, answer.picture) if answer.picture else None

    async def _late(self, read: Understood) -> Answer:
        say = self.asking.say
        found = await self.record.database.read(standing.overdue, self.record.clock(), read.filters.department)
        chosen = tuple(one for one in found if read.filters.category in ("", one.category) and read.filters.town in ("", one.town))
        told = say["late_some"].format(number=len(chosen)) if chosen else say["late_none"]
        return Answer(say["list"].format(who=self._who(read), what=self._what(read)), read.unused, (told,), late=chosen)

    async def _standing(self, read: Understood, by: Actor) -> Answer:
        """What waits at this moment; of what waits for the city's office alone, a department is told that it is not its own."""
        say, labels = self.asking.say, self.saying.book.words["standing"]
        counted = await self.record.database.read(standing.today, self.record.clock(), read.filters.department)
        apart = say["not_by_department" if by.role in EVERYWHERE else "office_sees"]
        told = [(say["standing"] if key in counted else apart).format(label=labels[key], number=counted.get(key)) for key in read.standing]
        return Answer(say["now"].format(who=self._who(read)), read.unused, tuple(told))

    async def _figures(self, read: Understood, by: Actor) -> Answer:
        if not read.metrics:
            return Answer(self._understood(read), read.unused)
        groups = self._ordered(await self.record.ask(read.filters.ask(read.metrics, *read.by), by=by), read)
        first = read.by[0] if read.by else None
        if not first:
            said = self._sentences(groups[0]) or tuple(self._nothing(key) for key in read.metrics)
            return Answer(self._understood(read), read.unused, said, metrics=read.metrics)
        table = self._table(groups, read, first) if len(read.by) == 1 else self._crossed(groups, read)
        single = len(read.by) == 1 and read.order
        told = tuple(self.ranking.sentence(groups, key, read.order, first) for key in read.metrics) if single else ()
        # A picture shows one figure; several stand side by side in the table.
        picture = self._picture(groups, read.metrics[0], first) if groups and len(read.by) == len(read.metrics) == 1 else None
        return Answer(self._understood(read), read.unused, told, table, picture, metrics=read.metrics)

    async def _with_money(self, answer: Answer, read: Understood) -> Answer:
        """How much was refunded; in groups where the record tells them apart."""
        by = next((one for one in read.by if one in GROUPS), None)
        found = await self.comparing.money(read.filters, by)
        if read.among:
            found = [one for one in found if one.key in read.among]
        words = self.comparing.words
        told = self.asking.say["count"].format(metric=words["money"], value=self.comparing.money_said(found))
        table = self.comparing.money_table(found, by) if by and not read.metrics else answer.table
        others = self.asking.say["joined"].join(self.saying.book.words["by"][one] for one in read.by if one is not by)
        apart = [words["money_not_by"].format(by=others)] if others and not read.metrics else []
        return replace(answer, sentences=(*answer.sentences, told, *apart, words["money_definition"]), table=table)

    def _without_last_year(self, answer: Answer, read: Understood) -> Answer:
        """What is so at this moment has no last year beside it; who asked for one is told."""
        return replace(answer, sentences=(*answer.sentences, self.comparing.words["not_now"])) if read.with_last_year else answer

    async def _with_last_year(self, answer: Answer, read: Understood, by: Actor) -> Answer:
        """The same days of last year beside these; a course of time is told without."""
        words = self.comparing.words
        if set(read.by) & set(OVER_TIME) or len(read.by) > 1:
            return replace(answer, sentences=(*answer.sentences, words["not_in_time"]))
        spans = await self.comparing.spans(read.filters)
        now, before, note = spans.now, spans.before, spans.note
        if not spans.reaches_back:
            return replace(answer, sentences=(*answer.sentences, note))
        earlier = await self.record.ask(before.ask(read.metrics, *read.by), by=by) if read.metrics else []
        told: list[str] = [note]
        table = answer.table
        if read.by and read.metrics:
            groups = self._ordered(await self.record.ask(now.ask(read.metrics, *read.by), by=by), read)
            table = self.comparing.both(groups, earlier, read.metrics, read.by[0])
        elif read.metrics:
            (ours,), (theirs,) = await self.record.ask(now.ask(read.metrics), by=by), earlier
            told += self._sentences(theirs)
            changes = [(key, self.comparing.change(ours.values[key], theirs.values[key])) for key in ours.values]
            told += [words["said"].format(metric=self.saying.book.label(key), change=change) for key, change in changes if change]
        if read.money:
            grouped = next((one for one in read.by if one in GROUPS), None)
            old = await self.comparing.money(before, grouped)
            told.append(self.asking.say["count"].format(metric=words["money"], value=self.comparing.money_said(old)))
            if grouped and not read.metrics:
                table = self.comparing.money_table(await self.comparing.money(now, grouped), grouped, old)
        return replace(answer, sentences=(*answer.sentences, *told), table=table, picture=None)

    def _ordered(self, groups: Sequence[Group], read: Understood) -> Sequence[Group]:
        """Only those that are compared, and the end that was asked for first; what has no number stands last."""
        if read.among:
            place = read.by.index(By.DEPARTMENT)
            groups = [group for group in groups if group.key[place] in read.among]
        return self.ranking.ordered(groups, read.metrics[0], read.order) if read.order else groups

    def _table(self, groups: Sequence[Group], read: Understood, by: By) -> Table:
        """One span is told whole, with both ranks and how many; several figures get a column each."""
        key = read.metrics[0]
        if len(read.metrics) == 1 and groups and isinstance(groups[0].values.get(key), Timing):
            return spans_table(self.saying, key, groups, by=by)[0]
        return rates_table(self.saying, groups, read.metrics, by=by)

    def _understood(self, read: Understood) -> str:
        words, say, filters = self.saying.book.words, self.asking.say, read.filters
        groups = say["joined"].join(words["by"][by] for by in read.by)
        return say["understood"].format(
            who=self._who(read),
            what=self._what(read),
            start=filters.start,
            end=filters.end,
            basis=words["page"]["by_approval" if not read.metrics else "by_due" if filters.by_due else "by_dispatch"],
            metrics=say["joined"].join(
                (*map(self.saying.book.label, read.metrics), *([self.comparing.words["money"]] if read.money else []))
            ),
            by=say["by"].format(by=groups) if groups else "",
        )

    def _who(self, read: Understood) -> str:
        keys = read.among or ((read.filters.department,) if read.filters.department else ())
        return self.asking.say["joined"].join(self.saying.key(By.DEPARTMENT, key) for key in keys) or (
            "" if read.filters.town else self.asking.say["everywhere"]
        )

    def _what(self, read: Understood) -> str:
        filters, form = read.filters, self.asking.say["category"]
        parts = [self.saying.key(By.TOWN, filters.town)] if filters.town else []
        if filters.category:
            parts.append(form.format(name=self.saying.key(By.CATEGORY, filters.category)))
        return "".join(parts)

    def _sentences(self, group: Group) -> tuple[str, ...]:
        return tuple(line for key, value in group.values.items() for line in self._said(key, value))

    def _said(self, key: str, value: Value) -> list[str]:
        say, label = self.asking.say, self.saying.book.label(key)
        match value:
            case Timing(work=work, clock=clock) if work and clock:
                p50, p90, mean = self.saying.spread(key, work)
                c50, c90, _ = self.saying.spread(key, clock, clock=True)
                numbers = {"number": value.number, "open": value.open}
                return [
                    say["span"].format(metric=label, p50=p50, p90=p90, mean=mean, **numbers),
                    say["span_clock"].format(p50=c50, p90=c90),
                ]
            case Timing() | Share(among=0):
                return [self._nothing(key)]
        form = say["rate" if isinstance(value, Share) else "count"]
        return [form.format(metric=label, value=self.saying.value(key, value))]

    def _nothing(self, key: str) -> str:
        return self.asking.say["nothing"].format(metric=self.saying.book.label(key))

    def _crossed(self, groups: Sequence[Group], read: Understood) -> Table:
        """Two groupings: their names joined in the first column."""
        named = [self.saying.key(by, key) for group in groups for by, key in zip(read.by[1:], group.key[1:], strict=True)]
        plain = rates_table(self.saying, groups, read.metrics, by=read.by[0])
        step = len(read.by) - 1
        lines = [
            replace(line, name=" · ".join((line.name, *named[place * step : (place + 1) * step]))) for place, line in enumerate(plain.lines)
        ]
        return replace(plain, lines=tuple(lines))

    def _picture(self, groups: Sequence[Group], key: str, by: By) -> Spec | None:
        unit = self.saying.book.definitions[key].unit
        rows = [(self.saying.key(by, group.key[0]), group.values.get(key)) for group in groups]
        if by in OVER_TIME:
            points = [(name, number) for name, value in rows if (number := self.saying.figure(key, value)) is not None]
            return charts.lines({self.saying.book.label(key): points}, self._unit(unit)) if points else None
        if any(isinstance(value, Timing) for _, value in rows):
            marks = [
                Mark(
                    name,
                    self.saying.number(key, value.work.p50.seconds),
                    self.saying.number(key, value.work.p90.seconds),
                    self.saying.words["count"].format(number=value.number),
                    self.saying.is_few(value),
                )
                for name, value in rows
                if isinstance(value, Timing) and value.work
            ]
            return charts.spans(marks, self._unit(unit), None) if marks else None
        bars = [
            Bar(name, number, self.saying.value(key, value), self.saying.is_few(value))
            for name, value in rows
            if (number := self.saying.figure(key, value)) is not None
        ]
        return charts.bars(bars) if bars else None

    def _unit(self, unit: str) -> str:
        form = {"hours": "work_hours", "days": "work_days", "rate": "rate_short"}.get(unit, "count")
        return self.saying.words[form].format(number="", percent="").strip()
