"""A month at the office, for tests of its papers: reports answered in time and late, a return, a problem, an inspection, a sample."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from handlers.desk.accounts import Person
from handlers.papers.book import PaperBook, Period
from handlers.papers.documents import Documents
from handlers.policy import Policy
from storage import assignments, inspections, institutions, moves, outcomes, problems, reports, spot_checks, supervision
from storage.database import Database
from storage.handling import Handling
from storage.inspections import Inspection
from storage.institutions import Entry
from storage.reports import Contact, Route
from storage.rules import Rules
from storage.vocabulary import Disposition, Level, Measure, Nature, ProblemSource, Resolved
from tests.clock import Now
from tests.handlers import stations

ZONE = ZoneInfo("Asia/Shanghai")
MONTH = Period(date(2026, 11, 1), date(2026, 12, 31))
SECRET = ("李强", "13812345678", "我家就在三楼")
FACTS = {
    "address": "朱兰街道某小区3号楼2单元501",
    "org_name": "星光教育",
    "course": "数学",
    "time_pattern": "每周六上午",
    "amount_yuan": 3000.0,
    "student_count": 12,
    "grade": "五年级",
}
FINED = replace(
    stations.DONE,
    disposition=Disposition.SUBSTANTIATED_PENALIZED,
    findings="现场有学生12名、教师2名，正在讲授数学；<未能出示>办学许可证 & 营业执照。\n已当场固定证据。",
    answer="经核查，您反映的情况部分属实。已责令该处停止培训，并依法给予处罚。\n感谢您的监督。",
    measures=(Measure.ORDERED_TO_STOP, Measure.FINED, Measure.RECTIFICATION_NOTICE),
    documents=("舞教罚〔2026〕1号",),
    fine_yuan=20000,
    refund_yuan=36000,
    refund_asked_yuan=40000,
    students=12,
    evacuated=12,
    joint=("market_reg",),
)


@dataclass(frozen=True)
class Month:
    """What happened, and who may print it. `number` is the report on which everything is known."""

    database: Database
    book: PaperBook
    documents: Documents
    people: dict[str, Person]
    number: str
    waiting: str
    now: Now

    @classmethod
    async def open(cls, database: Database, rules: Rules, policy: Policy, now: Now) -> "Month":
        people = await database.write(stations.hire, now())
        book = PaperBook.load(policy, ZONE)
        documents = Documents(database, book, rules, now, drafts=_drafts)
        month = cls(database, book, documents, people, "", "", now)
        number = await month.answered(FINED, satisfied=5)
        await month.answered(stations.DONE, days=30, satisfied=2)
        await month.answered(replace(stations.DONE, disposition=Disposition.UNSUBSTANTIATED, measures=()), satisfied=5)
        waiting = (await month.file()).number
        await month._ledgers()
        return replace(month, number=number, waiting=waiting)

    def again(self, database: Database, rules: Rules, now: Now) -> "Month":
        """The same month in a copy of its database, at its end."""
        now.at = self.now.at
        return replace(self, database=database, documents=Documents(database, self.book, rules, now, drafts=_drafts), now=now)

    async def file(self) -> reports.Filed:
        spoken = {
            "story": f"{SECRET[2]}，{SECRET[0]}，{SECRET[1]}",
            "facts": FACTS,
            "contact": Contact(*SECRET[:2]),
            "town": "zhulan",
            "nature": Nature.TIPOFF,
            "level": Level.P2,
            "category": "subject_unlicensed",
            "route": Route("auto", "edu", ("market_reg",)),
        }
        return await self.database.write(reports.file, stations.submission(**spoken), self.now())

    async def answered(self, record: Handling, *, satisfied: int, days: int = 1) -> str:
        """Filed, signed for, answered after so many days, approved and rated; its number."""
        filed = await self.file()
        owner, office = self.people["owner"].actor, self.people["office"].actor
        lead = await self.database.read(moves.lead_of, filed.report_id)
        await self.database.write(assignments.claim, lead.id, owner, self.now.move(hours=1))
        await self.database.write(assignments.start, lead.id, owner, self.now.move(hours=1))
        await self.database.write(assignments.submit, lead.id, owner, record, self.now.move(days=days))
        for row in await self.database.read(moves.active, filed.report_id):
            if row.part == "assist":
                await self.database.write(supervision.waive, row.id, office, self.now(), reason="不需要意见")
        await self.database.write(assignments.approve, lead.id, office, self.now.move(hours=1))
        rating = {"resolved": Resolved.YES if satisfied > 3 else Resolved.NO, "satisfaction": satisfied}
        await self.database.write(outcomes.rate_for, filed.report_id, office, self.now(), **rating)
        return filed.number

    async def _ledgers(self) -> None:
        by = self.people["office"].actor
        made = await self.database.write(institutions.register, Entry("星光教育"), by, self.now())
        found = {"source": ProblemSource.PATROL, "department": "edu", "responsible": "张三", "task": 1, "institution_id": made}
        line = await self.database.write(problems.find_problem, by, self.now(), description="违规上课", **found)
        await self.database.write(problems.plan, line, by, self.now(), text="停课", due_on=date(2026, 11, 26))
        visit = Inspection(self.now(), ("edu", "market_reg"), ("张三", "李四", "王五"), "朱兰街道", "正在上课", institution_id=made)
        await self.database.write(inspections.record, visit, by, self.now())
        start, end = MONTH.bounds(ZONE)
        drawn = {"period": "2026年第四季度", "seed": "3141", "start": start, "end": end}
        await self.database.write(spot_checks.draw, by, self.now(), **drawn)


async def _drafts(_year: int) -> tuple[list[str], list[str]]:
    return ["edu"], ["market_reg", "sci_tech"]
