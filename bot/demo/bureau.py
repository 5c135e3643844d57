"""Plays the office's own work: register, ledgers, joint inspections, spot checks and the year's campaign, each by the act of its page."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bot.demo.cast import FILE
from bot.demo.staff import Staff
from handlers import tables
from handlers.campaigns import Campaigns
from handlers.desk.accounts import Clock, Person
from handlers.desk.refusals import NotFound, Refused
from handlers.office.ledgers import Ledgers
from handlers.office.register import Register
from handlers.policy import Policy
from storage.policy import parse

Story = AsyncIterator[timedelta]
# How often a report is linked to an institution, a confirmed one becomes a problem, and a rectification is not accepted at once.
LINKED, PROBLEM, REFUSED = 0.4, 0.35, 0.15
# So many departments have not handed in their summary yet.
LATE_WITH_SUMMARY = 2


@dataclass(frozen=True)
class Pages:
    """What the office's pages speak to, and the time of the play."""

    ledgers: Ledgers
    register: Register
    campaigns: Campaigns
    clock: Clock
    zone: ZoneInfo


class Bureau:
    """The office at its own pages, with the departments that put problems right."""

    def __init__(self, pages: Pages, staff: Staff, people: Mapping[str, Person], office: Person, *, policy: Policy, random: Random) -> None:
        self._ledgers, self._register, self._campaigns = pages.ledgers, pages.register, pages.campaigns
        self._clock, self._zone = pages.clock, pages.zone
        self._staff, self._people, self._office = staff, people, office
        self._policy, self._random = policy, random
        self._words: Mapping[str, Any] = parse(policy.folder / FILE)
        self._tasks = {key: str(row.number("task")) for key, row in tables.load(policy.folder / "categories.toml").rows().items()}

    async def open(self, years: Sequence[int]) -> None:
        """The register's first entries, and a campaign for each of these years."""
        for one in self._words["institutions"]:
            entry = {key: [value] for key, value in one.items() if key != "aliases"}
            more = {"aliases": ["\n".join(one["aliases"])], "students": [str(self._random.randrange(20, 200))]}
            await self._register.act(self._office, "register", {**entry, **self._said("entry"), **more})
        for year in years:
            await self._campaigns.open(self._office, {"year": [str(year)]})

    async def link(self, number: str) -> None:
        """Now and then a report names an institution that the office knows."""
        if self._random.random() >= LINKED:
            return
        try:
            department = await self._staff.lead(number)
            await self._staff.does("", number, "link", institution=self._institution(self._staff.cast.answers_for.get(department, "")))
        except (NotFound, Refused):
            # A sealed report: the office does not see it.
            return

    async def problem(self, number: str, department: str, category: str) -> Story:
        """A confirmed report becomes a line of the problem ledger and goes its way to 销号."""
        words = self._words["problem"]
        description = words["description"].format(category=self._policy.label(category))
        said = {"source": "report", "report": number, "task": self._tasks[category], "description": description}
        line = await self._found(department, said)
        async for wait in self._put_right(line, department):
            yield wait

    async def round(self, place: int) -> Story:
        """What the office's own rounds found: no report stands behind it."""
        rounds = self._words["rounds"]
        place %= len(rounds["tasks"])
        department = self._random.choice(self._staff.cast.finds)
        inspected = {
            "inspected_at": self._now().strftime("%Y-%m-%dT10:00"),
            "departments": list(self._staff.cast.inspects),
            "people": self._words["inspection"]["people"],
            "place": self._random.choice(self._words["inspection"]["places"]),
            "findings": self._words["inspection"]["findings"],
            "institution": self._institution(""),
        }
        await self._act("inspect", inspected)
        yield timedelta(hours=20)
        said = {"source": "patrol", "task": rounds["tasks"][place], "description": rounds["descriptions"][place]}
        line = await self._found(department, {**said, "institution": inspected["institution"]})
        async for wait in self._put_right(line, department):
            yield wait

    def risks(self) -> Iterator[tuple[timedelta, Story]]:
        """The risks that are seen in the play, each with how long before its end."""
        for one in self._words["risks"]:
            yield timedelta(days=one["days_before"]), self.risk(one["kind"], one["level"], one["name"])

    async def risk(self, kind: str, level: str, name: str) -> Story:
        """一企一策: a risk is seen, described, followed, and in the end settled."""
        words = self._words["risk"]
        institution = next(one for one in await self._register.search(name) if one.entry.name == name)
        await self._act("warn", {"risk_kind": kind, "level": level, "why": words["why"][kind]}, institution.id)
        line = (await self._ledgers.risks())[-1].risk.id
        yield timedelta(days=2)
        due = (self._now() + timedelta(days=40)).date().isoformat()
        numbers = {"families": str(self._random.randrange(8, 40)), "yuan": str(self._random.randrange(20_000, 300_000, 1000))}
        await self._act("describe", {**numbers, "measures": words["measures"], "responsible": words["responsible"], "due_on": due}, line)
        yield timedelta(days=20)
        await self._act("describe", {"progress": words["progress"]}, line)
        yield timedelta(days=self._random.randrange(10, 60))
        await self._act("settle", {"progress": words["settled"]}, line)

    async def spot_check(self, reopened: Callable[[str], None]) -> Story:
        """The quarter's sample is drawn and looked at; one report of it is done again."""
        words, today = self._words["spot_check"], self._now().date()
        period = words["period"].format(year=today.year, quarter=(today.month + 2) // 3)
        span = {"start": (today - timedelta(days=90)).isoformat(), "end": today.isoformat()}
        await self._act("draw", {"period": period, "seed": f"{today:%Y%m%d}", **span})
        drawn = [one for one in await self._ledgers.spot_checks() if one.period == period and one.finding is None]
        for place, one in enumerate(drawn):
            yield timedelta(hours=18)
            finding = "failed" if place == 0 else "passed"
            await self._act("judge", {"finding": finding, "reason": words[finding]}, one.id)
            if finding == "failed":
                reopened(one.number)

    async def summaries(self) -> None:
        """The departments hand in what they did this year; some have not yet."""
        year = self._now().year
        campaign = next(one for one in await self._campaigns.everyone() if one.plan.year == year)
        for key in campaign.plan.departments[:-LATE_WITH_SUMMARY]:
            await self._campaigns.hand_in(self._people[key], {"year": [str(year)], "text": [self._words["summary"]["text"]]})

    async def _found(self, department: str, said: Mapping[str, Any]) -> int:
        await self._act("find_problem", {"department": department, "responsible": self._words["problem"]["responsible"], **said})
        return (await self._ledgers.problems(self._office, only_open=False))[-1].id

    async def _put_right(self, line: int, department: str) -> Story:
        words, person = self._words["problem"], self._people[department]
        yield timedelta(hours=self._random.randrange(20, 60))
        await self._act("plan", {"text": words["plan"]}, line, person)
        yield timedelta(days=self._random.randrange(4, 24))
        await self._act("put_right", {"evidence": words["evidence"]}, line, person)
        yield timedelta(hours=self._random.randrange(10, 50))
        if self._random.random() < REFUSED:
            await self._act("refuse", {"reason": words["refused"]}, line)
            yield timedelta(days=3)
            await self._act("put_right", {"evidence": words["evidence"]}, line, person)
            yield timedelta(hours=20)
        await self._act("accept", {}, line)
        yield timedelta(hours=4)
        await self._act("strike_off", {}, line)

    async def _act(self, name: str, said: Mapping[str, Any], line: int = 0, person: Person | None = None) -> None:
        values = {key: value if isinstance(value, list) else [value] for key, value in said.items()}
        await self._ledgers.act(person or self._office, name, values, line)

    def _said(self, section: str) -> dict[str, list[str]]:
        return {key: [value] for key, value in self._words[section].items()}

    def _institution(self, kind: str) -> str:
        known = [one["name"] for one in self._words["institutions"] if one["kind"] == kind or not kind]
        return str(self._random.choice(known))

    def _now(self) -> datetime:
        return self._clock().astimezone(self._zone)
