"""The parents' door on a real record: what is kept, what is let go, and what a second message in the meantime changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from handlers.dialogue import Incoming, Reply
from handlers.parent import Parent, Prepared
from handlers.policy import Policy
from nlp.reader import Reader
from storage import addressees, drafts, reports
from storage.addressees import Address, Addressee
from storage.database import Database
from storage.tables.reports import identity, report
from storage.vocabulary import Status

HIDDEN = "朱兰某小区3号楼2单元5楼，每周六上午有老师偷偷给一群初三学生补数学"
OFFICIAL = "教体局有人给培训机构通风报信，每次检查前都打招呼，收了老板红包"
AT = datetime(2026, 11, 25, 2, tzinfo=UTC)
TODAY = date(2026, 11, 25)
MOTHER = Address.of("web", "mother")


class Line:
    """One parent's messages, each in its own transaction."""

    def __init__(self, database: Database, parent: Parent, person: Addressee) -> None:
        self.database, self.parent, self.person = database, parent, person
        self._count = 0
        self.at = AT

    async def send(self, text: str = "", choice: str = "", prepared: Prepared | None = None) -> list[Reply]:
        self._count += 1
        incoming = Incoming(f"m{self._count}", "web", "mother", text, choice)
        ready = prepared or self.parent.prepare(incoming, await self.database.read(drafts.load, self.person), TODAY)
        self.replies = await self.database.write(self.parent.answer, self.person, incoming, ready, self.at)
        return self.replies

    async def press(self, *labels: str) -> None:
        for label in labels:
            await self.send(choice=next(choice.key for reply in self.replies for choice in reply.choices if choice.label == label))

    async def hand_in(self, story: str, *labels: str) -> str:
        """To the receipt, skipping every question; the number."""
        await self.send(story)
        await self.press("同意，继续", "说完了")
        await self.press("对" if "对" in self.labels else self.labels[0])
        while "跳过" in self.labels:
            await self.press("跳过")
        await self.press(*(labels or ("匿名",)), "确认提交")
        return next(reply.card.number for reply in self.replies if reply.card and reply.card.number)

    @property
    def labels(self) -> list[str]:
        return [choice.label for reply in self.replies for choice in reply.choices]


@pytest.fixture
async def line(embedded: Database, policy: Policy, reader: Reader) -> Line:
    person = await embedded.write(addressees.remember, MOTHER, AT)
    return Line(embedded, Parent(policy, reader, zone=ZoneInfo("Asia/Shanghai")), person)


async def test_after_the_receipt_nothing_of_the_story_stays_in_the_draft(line: Line) -> None:
    await line.hand_in(HIDDEN)
    kept = await line.database.read(drafts.load, line.person)
    assert HIDDEN not in str(kept.content)
    assert kept.content["consent"] == "agreed"


async def test_who_agreed_once_is_not_asked_again_for_the_next_report(line: Line) -> None:
    await line.hand_in(HIDDEN)
    await line.press("再反映一件")
    assert "同意，继续" not in line.labels


async def test_the_report_belongs_to_the_person_who_wrote_it(line: Line) -> None:
    number = await line.hand_in(HIDDEN)
    own = await line.database.read(reports.of_reporter, line.person.id)
    assert [one.number for one in own] == [number]


async def test_an_anonymous_report_leaves_no_identity(line: Line) -> None:
    await line.hand_in(HIDDEN)
    assert await line.database.read(_count, identity) == 0


async def test_what_concerns_an_official_is_sealed_at_once(line: Line) -> None:
    await line.hand_in(OFFICIAL)
    own = await line.database.read(reports.of_reporter, line.person.id)
    assert own[0].status is Status.SEALED


async def test_a_message_that_came_in_between_is_not_written_over(line: Line) -> None:
    stale = line.parent.prepare(
        Incoming("m0", "web", "mother", "第一句，小区里补数学"), await line.database.read(drafts.load, line.person), TODAY
    )
    await line.send("第二句，在3号楼")
    await line.send("第一句，小区里补数学", prepared=stale)
    kept = await line.database.read(drafts.load, line.person)
    assert kept.content["draft"]["story"] == ["第二句，在3号楼", "第一句，小区里补数学"]


async def test_the_same_message_prepared_twice_begins_the_same_draft(line: Line) -> None:
    incoming = Incoming("m1", "web", "mother", HIDDEN)
    nothing = await line.database.read(drafts.load, line.person)
    once, again = (line.parent.prepare(incoming, nothing, TODAY) for _ in range(2))
    assert once.turn.scene.draft.serial == again.turn.scene.draft.serial


async def test_a_draft_of_another_version_begins_afresh_and_says_so(line: Line) -> None:
    content = {"draft": {"schema": 99}, "errand": None, "opened": {}, "consent": "agreed"}
    await line.database.write(drafts.save, line.person, content, read=drafts.NOTHING, at=AT, keep=timedelta(days=1))
    await line.send(HIDDEN)
    assert "说完了" in line.labels


async def test_nothing_is_filed_twice_by_pressing_twice(line: Line) -> None:
    await line.send(HIDDEN)
    await line.press("同意，继续", "说完了")
    await line.press("对" if "对" in line.labels else line.labels[0])
    while "跳过" in line.labels:
        await line.press("跳过")
    await line.press("匿名")
    key = next(choice.key for reply in line.replies for choice in reply.choices if choice.label == "确认提交")
    await line.send(choice=key)
    await line.send(choice=key)
    assert "以前那张卡片" in line.replies[-1].text
    assert await line.database.read(_count, report) == 1


async def test_thanks_are_not_taken_for_a_report(line: Line) -> None:
    await line.hand_in(HIDDEN)
    await line.send("谢谢")
    assert "不客气" in line.replies[-1].text


def _count(tx: Connection, table: sa.Table) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


async def test_who_reports_a_danger_reads_who_was_told_at_once(line: Line) -> None:
    await line.send("老师把孩子锁在小黑屋里不让出来，还打他，就在尹集那个小饭桌")
    await line.press("马上交")
    assert line.labels[0] == "补充或留言"
    told = {one.label: one.value for reply in line.replies if reply.card for one in reply.card.lines}
    assert told["接下来"].startswith("已按紧急件提醒双减办")
    assert "部门 30 分钟内签收，签收后 15 分钟内联系您或者到现场" in told["什么时候有答复"]
