"""Plays the officers and the office: each move is the one the workbench makes, with the fields it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from bot.demo.cast import Cast
from handlers.desk.accounts import Person
from handlers.desk.desk import Desk
from handlers.desk.dossier import Page, Task
from handlers.desk.forms import fields_of
from handlers.desk.moving import ON_ASSIGNMENT
from handlers.desk.refusals import AlreadyTaken, NotFound, Refused
from storage.vocabulary import AssignmentStatus, Disposition, Part, Status

Values = Mapping[str, list[str]]

# How long each step takes in hours, shortest and longest; a department's own pace multiplies it.
PACE = {"sort": (0.3, 5), "claim": (0.3, 9), "start": (0.2, 6), "work": (14, 120), "review": (1, 16), "opinion": (8, 60)}
OUTCOMES = {
    "C": (Disposition.REFUND_DONE, Disposition.REFUND_DONE, Disposition.MEDIATED, Disposition.MEDIATION_FAILED),
    "T": (
        Disposition.SUBSTANTIATED_RECTIFIED,
        Disposition.SUBSTANTIATED_RECTIFIED,
        Disposition.SUBSTANTIATED_PENALIZED,
        Disposition.CLOSED_DOWN,
        Disposition.PARTLY,
        Disposition.UNSUBSTANTIATED,
    ),
}
CONFIRMED = (Disposition.SUBSTANTIATED_RECTIFIED, Disposition.SUBSTANTIATED_PENALIZED, Disposition.CLOSED_DOWN, Disposition.PARTLY)
OFTEN = (["rectification_notice"], ["talked_to", "rectification_notice"], ["ordered_to_stop", "refund_ordered"])
MEASURES = {
    Disposition.SUBSTANTIATED_PENALIZED: ["fined", "rectification_notice"],
    Disposition.CLOSED_DOWN: ["closure_notice", "refund_ordered"],
    Disposition.UNSUBSTANTIATED: ["not_true"],
}
# How often a department gives a report back.
RETURNED = 0.08
WORDS = {
    "findings": "到现场核查，登记了在场人员、学生人数和收费情况，查看了收费记录。",
    "answer": "您反映的情况已经核查，相关问题已要求限期整改，我们会继续巡查。谢谢您告诉我们。",
    "return": "我单位核对后认为属于学科类培训，建议转交。",
    "deny": "按职责分工仍由你单位牵头办理。",
    "opinion": "建议列入重点巡查名单，周末和寒暑假复查。",
}


@dataclass(frozen=True)
class Next:
    """What happens next to a report, and after how long."""

    after: timedelta
    number: str


class Staff:
    """Knows everyone who works here; `step` makes the next sensible move on one report."""

    def __init__(self, desk: Desk, people: Mapping[str, Person], office: Person, random: Random, *, cast: Cast) -> None:
        self.cast = cast
        self._desk, self._people, self._office, self._random = desk, people, office, random
        self._paces = {key: random.choice((0.6, 0.9, 1.0, 1.3, 2.4)) for key in people}
        self.replied: set[str] = set()
        # What was confirmed on the spot: by the number of its report, who led it and what it was about.
        self.confirmed: dict[str, tuple[str, str]] = {}

    def first(self, number: str) -> Next:
        return Next(self._span("sort", ""), number)

    async def step(self, number: str) -> Next | None:
        """Make one move; None when nothing is left to do, or only somebody else can go on."""
        try:
            page = await self._desk.report(self._office, number)
        except NotFound:
            # A sealed report: the office does not see it either, only the discipline inspection.
            return None
        if page.report.status is Status.TRIAGE:
            return await self._sort(page)
        for task in page.tasks:
            made = await self._work(page, task)
            if made:
                return made
        if page.report.status is Status.REPLIED:
            self.replied.add(number)
        return None

    async def lead(self, number: str) -> str:
        """The department that leads this report now; empty while none does."""
        page = await self._desk.report(self._office, number)
        return next((task.assignment.department for task in page.tasks if task.assignment.part is Part.LEAD), "")

    async def does(self, who: str, number: str, move: str, **said: str) -> None:
        """This department, or without a name the office, makes this move on the report or on what its lead has."""
        page = await self._desk.report(self._office, number)
        leads = [task.assignment.id for task in page.tasks if task.assignment.part is Part.LEAD]
        person = self._people[who] if who else self._office
        task = leads[0] if move in ON_ASSIGNMENT else None
        await self._desk.move(person, number, move, {name: [text] for name, text in said.items()}, task)

    async def submit(self, who: str, number: str, answer: str) -> None:
        """Hand in a record with this answer for the reporter."""
        page = await self._desk.report(self._office, number)
        said = {name: "\n".join(texts) for name, texts in self._record(page).items()}
        outcome = {"disposition": str(Disposition.SUBSTANTIATED_RECTIFIED), "measures": "rectification_notice"}
        await self.does(who, number, "submit", **{**said, **outcome, "answer": answer})

    async def waive(self, number: str, reason: str) -> None:
        """The lead need not wait for anybody's opinion."""
        page = await self._desk.report(self._office, number)
        for task in page.tasks:
            if task.assignment.part is Part.ASSIST:
                await self._desk.move(self._office, number, "waive", {"reason": [reason]}, task.assignment.id)

    async def _sort(self, page: Page) -> Next:
        await self._move(self._office, page, "dispatch", {"lead": [self.cast.sorted_to]})
        return Next(self._span("claim", self.cast.sorted_to), page.report.number)

    async def _work(self, page: Page, task: Task) -> Next | None:
        department = task.assignment.department
        person = self._people.get(department)
        said: Values
        match task.assignment.status:
            case AssignmentStatus.PENDING_SIGN if person and self._is_not_theirs(task):
                name, said, pace = "request_return", {"reason": [WORDS["return"]], "suggested": [self.cast.sorted_to]}, "sort"
            case AssignmentStatus.RETURN_REVIEW:
                person, name, said, pace = self._office, "deny_return", {"reason": [WORDS["deny"]]}, "claim"
            case AssignmentStatus.PENDING_SIGN if person:
                name, said, pace = "claim", {"no_conflict": ["yes"]}, "start"
            case AssignmentStatus.CLAIMED if person:
                name, said, pace = "start", {}, "work" if task.assignment.part is Part.LEAD else "opinion"
            case AssignmentStatus.WORKING if person:
                name, said, pace = "submit", self._record(page, task.assignment.part), "review"
            case AssignmentStatus.SUBMITTED:
                person, name, said, pace = self._office, "approve", {}, "claim"
            case _:
                return None
        if not await self._move(person, page, name, said, task.assignment.id):
            return None
        if name == "submit" and task.assignment.part is Part.LEAD and said["disposition"][0] in CONFIRMED:
            self.confirmed[page.report.number] = (department, page.report.category)
        return Next(self._span(pace, department), page.report.number)

    def _is_not_theirs(self, task: Task) -> bool:
        """Now and then a department thinks a report belongs elsewhere."""
        own = task.assignment
        return own.part is Part.LEAD and own.department != self.cast.sorted_to and not own.returns and self._random.random() < RETURNED

    def _record(self, page: Page, part: Part = Part.LEAD) -> Values:
        nature = "C" if page.report.nature == "C" else "T"
        outcome = self._random.choice(OUTCOMES[nature])
        asked = self._random.randrange(800, 12_000, 100)
        refunded = {Disposition.REFUND_DONE: asked, Disposition.MEDIATED: asked // 2}.get(outcome, 0)
        whole: Values = {
            **{name: [text] for name, text in WORDS.items()},
            "disposition": [outcome],
            "inspected_at": [page.report.filed_at.strftime("%Y-%m-%dT10:30")],
            "place": [page.report.town or "现场"],
            "people": ["甲\n乙"],
            "measures": MEASURES.get(outcome) or self._random.choice(OFTEN),
            "documents": ["责改〔示例〕1号"],
            "students": [str(self._random.randrange(3, 30))],
            "refund_asked_yuan": [str(asked)],
            "refund_yuan": [str(refunded)],
            "fine_yuan": [str(self._random.randrange(2_000, 30_000, 500) if outcome is Disposition.SUBSTANTIATED_PENALIZED else 0)],
            "evacuated": [str(self._random.randrange(5, 40) if outcome is Disposition.CLOSED_DOWN else 0)],
        }
        return {field.name: whole[field.name] for field in fields_of("submit", part) if field.name in whole}

    async def _move(self, person: Person, page: Page, name: str, said: Values, assignment_id: int | None = None) -> bool:
        try:
            await self._desk.move(person, page.report.number, name, said, assignment_id)
        except (Refused, AlreadyTaken):
            return False
        return True

    def _span(self, pace: str, department: str) -> timedelta:
        shortest, longest = PACE[pace]
        return timedelta(hours=self._random.triangular(shortest, longest, shortest) * self._paces.get(department, 1.0))
