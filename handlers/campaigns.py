"""年度专项: opened with the city's usual dates, reminded of before they come, and the departments' summaries collected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.forms import YEARS, Answers, Field, Kind, Values, Wrong
from handlers.desk.refusals import translated
from handlers.dialogue import Kind as ReplyKind
from handlers.dialogue import Reply
from handlers.papers.book import PaperBook
from storage import campaigns
from storage.campaigns import Campaign, Plan, Stage
from storage.database import Database
from storage.policy import PolicyUnreadable, parse
from storage.rules import Rules
from storage.vocabulary import Role

FILE = "campaign.toml"
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "open": (Field("year", Kind.NUMBER, required=True), Field("summary_due", Kind.DAY)),
    "hand_in": (Field("year", Kind.NUMBER, required=True), Field("text", Kind.AREA, required=True)),
}


@dataclass(frozen=True)
class Usual:
    """campaign.toml: what a new year's campaign begins with. Days are (month, day)."""

    name: str
    stages: tuple[tuple[str, str], ...]
    summary_due: str
    inside_days_before: int
    remind_days_before: tuple[int, ...]
    departments: tuple[str, ...]
    texts: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path, rules: Rules) -> Self:
        try:
            read: dict[str, Any] = parse(folder / FILE)
            read["stages"] = tuple((name, until) for name, until in read["stages"])
            read |= {key: tuple(read[key]) for key in ("remind_days_before", "departments")}
            found = cls(**read)
            for _, day in (*found.stages, ("", found.summary_due)):
                date.fromisoformat(f"2000-{day}")
        except (KeyError, TypeError, ValueError) as fault:
            raise PolicyUnreadable(f"{FILE}: {fault}; compare it with policy/wugang.") from fault
        for key in found.departments:
            if not rules.departments.may_lead(key):
                raise PolicyUnreadable(f"{FILE}: departments: {key} does not work on reports; take a line department.")
        return found

    def plan(self, year: int, rules: Rules, *, summary_due: date | None = None) -> Plan:
        """This year's campaign with the usual dates; the inside date lies some working days earlier."""
        due = summary_due or date.fromisoformat(f"{year}-{self.summary_due}")
        stages = tuple(Stage(name, date.fromisoformat(f"{year}-{until}")) for name, until in self.stages)
        return Plan(year, self.name, stages, self.departments, due, working_days_before(due, self.inside_days_before, rules))


class Campaigns:
    """The office opens a year and sees everybody's; a department hands in its own."""

    def __init__(self, database: Database, book: PaperBook, rules: Rules, clock: Clock) -> None:
        self._database, self._book, self._rules, self._clock = database, book, rules, clock
        self._usual = Usual.load(book.folder, rules)

    async def everyone(self) -> Sequence[Campaign]:
        return await self._database.read(campaigns.everyone)

    async def open(self, person: Person, values: Values) -> None:
        """Wrong, Refused (there is one already), Forbidden, or done."""
        said = Answers(FIELDS["open"], values, self._rules.calendar.zone)
        year, due = said.number("year") or 0, said.day("summary_due")
        if year not in YEARS or (due and due.year != year):
            raise Wrong(unreadable=("year",))
        plan = self._usual.plan(year, self._rules, summary_due=due)
        with translated():
            await self._database.write(campaigns.begin, plan, person.actor, self._clock())

    async def hand_in(self, person: Person, values: Values) -> None:
        """A department's summary, or its next version."""
        said = Answers(FIELDS["hand_in"], values, self._rules.calendar.zone)
        with translated():
            await self._database.write(campaigns.hand_in, said.number("year") or 0, said.text("text"), person.actor, self._clock())

    async def handed_in(self, year: int) -> tuple[Sequence[str], Sequence[str]]:
        """Which departments have handed in their summary, and which have not; of a year without campaign, nobody."""
        found = await self._database.read(campaigns.of_year, year)
        return ([one.department for one in found.drafts], found.missing) if found else ([], [])

    def shown(self, person: Person, campaign: Campaign) -> Sequence[campaigns.Draft]:
        """The drafts this person may read: the office all, a department its own."""
        if person.role is Role.OFFICE:
            return campaign.drafts
        own = campaign.draft(person.officer.department)
        return [own] if own else []

    async def remind(self, at: datetime) -> int:
        """Tell who has not handed in, and the office, at each mark before the inside date; how many messages were new.

        Harmless to repeat: each mark is said once to each person. After a standstill only the latest mark passed is said.
        """
        return await self._database.write(self._remind, at)

    def _remind(self, tx: Connection, at: datetime) -> int:
        today = self._rules.calendar.local_day(at)
        return sum(self._remind_of(tx, one, today, at) for one in campaigns.everyone(tx) if one.missing and today <= one.plan.inside_due)

    def _remind_of(self, tx: Connection, campaign: Campaign, today: date, at: datetime) -> int:
        due = campaign.plan.inside_due
        passed = [days for days in self._usual.remind_days_before if today >= working_days_before(due, days, self._rules)]
        if not passed:
            return 0
        mark, told = min(passed), 0
        fields = {"year": campaign.plan.year, "name": campaign.plan.name, "day": self._book.day(due)}
        fields["days"] = working_days_until(today, due, self._rules)
        once = f"{campaign.id}:{mark}"
        for key in campaign.missing:
            told += campaigns.tell(tx, key, self._say("remind", **fields), at, once=once)
        names = "、".join(map(self._book.short, campaign.missing))
        payload = self._say("remind_office", **fields, count=len(campaign.missing), departments=names)
        return told + campaigns.tell(tx, self._rules.departments.office, payload, at, once=once)

    def _say(self, key: str, **fields: object) -> dict[str, Any]:
        return Reply(self._usual.texts[key].format(**fields), kind=ReplyKind.NOTICE).as_dict()


def working_days_before(day: date, days: int, rules: Rules) -> date:
    """The day that lies so many working days before this one."""
    while days > 0:
        day -= timedelta(days=1)
        days -= rules.calendar.is_working_day(day)
    return day


def working_days_until(today: date, day: date, rules: Rules) -> int:
    """Working days after today up to and including that day."""
    return sum(rules.calendar.is_working_day(today + timedelta(days=n)) for n in range(1, (day - today).days + 1))
