"""Reports that tell the same, and institutions under other spellings: found at filing, and shown to the office alone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from handlers.desk.accounts import Person
from handlers.desk.desk import Desk
from handlers.desk.entry import Counter
from handlers.desk.likeness import NOTHING_ALIKE
from handlers.dialogue import Incoming, Reply
from handlers.known import Known
from handlers.parent import Parent
from handlers.policy import Policy
from nlp.reader import Reader
from storage import addressees, drafts, events, institutions, officers, reports
from storage.addressees import Address
from storage.database import Database
from storage.institutions import Entry
from storage.people import SYSTEM
from storage.rules import Rules
from storage.vocabulary import EventKind, Role
from tests.clock import Now

ZONE = ZoneInfo("Asia/Shanghai")
STORY = "朱兰街道幸福小区三号楼二单元五楼，每个周六上午都有人给十几个孩子补初二数学，收现金，楼道里天天吵，请来查一查。"
RETOLD = "您好，" + STORY.replace("楼道里天天吵", "物业也不管") + "谢谢。"
ASKED = "那里叫什么"
ELSEWHERE = "垭口街道有个篮球馆没有灭火器，安全出口锁着。"


class House:
    """A counter where stories are taken down, and the desks of those who work on them."""

    def __init__(self, database: Database, policy: Policy, reader: Reader, rules: Rules, now: Now) -> None:
        self.database, self.now = database, now
        self.desk = Desk(database, policy, rules, now)
        self.counter = Counter(database, policy, reader, now, ZONE)
        self.people: Mapping[str, Person] = {}

    async def hire(self) -> None:
        places = {"office": ("shuangjian_office", Role.OFFICE), "edu": ("edu", Role.OFFICER), "market": ("market_reg", Role.OFFICER)}
        for login, (department, role) in places.items():
            kept = {"login": login, "name": login, "department": department, "password_hash": "-"}
            made = await self.database.write(officers.create, self.now(), role=role, **kept)
            self.people = {**self.people, login: Person(made, 0)}

    async def takes(self, story: str, org_name: str = "") -> str:
        """What a caller said, written down; its number."""
        said = {"source": ["phone"], "story": [story], "org_name": [org_name]}
        return (await self.counter.enter(self.people["office"], said))[0].filed.number

    async def registers(self, name: str, *aliases: str) -> int:
        by = self.people["office"].actor
        return await self.database.write(institutions.register, Entry(name), by, self.now(), aliases=aliases)

    async def institution_of(self, number: str) -> int | None:
        def named(tx: Connection) -> int | None:
            return reports.get(tx, reports.by_number(tx, number) or 0).institution_id

        return await self.database.read(named)


@pytest.fixture
async def house(embedded: Database, policy: Policy, reader: Reader, rules: Rules, now: Now) -> House:
    house = House(embedded, policy, reader, rules, now)
    await house.hire()
    return house


async def test_the_office_sees_which_report_tells_the_same_and_nobody_else_does(house: House) -> None:
    first, again, _ = [await house.takes(story) for story in (STORY, RETOLD, ELSEWHERE)]
    page = await house.desk.report(house.people["office"], again)
    (same,) = page.likeness.reports
    assert (same.number, same.takes_merger) == (first, True)
    assert same.share > 0.5
    here = next(who for who in house.people.values() if who.officer.department in {task.assignment.department for task in page.tasks})
    assert (await house.desk.report(here, again)).likeness == NOTHING_ALIKE


async def test_the_office_merges_what_was_suggested(house: House) -> None:
    first, again = await house.takes(STORY), await house.takes(RETOLD)
    await house.desk.move(house.people["office"], again, "merge", {"into": [first]})
    assert (await house.desk.report(house.people["office"], first)).likeness.reports == ()


async def test_a_name_that_is_surely_one_of_the_register_is_linked_by_the_system(house: House) -> None:
    baihua = await house.registers("舞钢市百花艺术培训有限公司", "百花画室")
    number = await house.takes(STORY, "百花画室")
    assert await house.institution_of(number) == baihua
    linked = [event for event in await house.database.read(_history, number) if event.kind is EventKind.LINKED]
    assert [(event.by, event.details["institution"]) for event in linked] == [(SYSTEM, baihua)]


async def test_a_name_that_could_be_either_is_left_to_the_office_with_both_to_choose_from(house: House) -> None:
    await house.registers("金苹果艺术培训")
    await house.registers("金萍果艺术学校")
    number = await house.takes(STORY, "金平果")
    assert await house.institution_of(number) is None
    page = await house.desk.report(house.people["office"], number)
    assert set(page.likeness.institutions) == {"金苹果艺术培训", "金萍果艺术学校"}
    await house.desk.move(house.people["office"], number, "link", {"institution": [page.likeness.institutions[0]]})
    assert (await house.desk.report(house.people["office"], number)).likeness.institutions == ()


async def test_nobody_is_linked_to_an_institution_the_register_does_not_have(house: House) -> None:
    await house.registers("星火体育俱乐部")
    assert await house.institution_of(await house.takes(STORY, "百花画室")) is None
    assert await house.institution_of(await house.takes(ELSEWHERE)) is None


async def test_a_name_entered_later_is_known_at_once(house: House) -> None:
    known = Known()
    assert await house.database.read(known.sure, "百花画室") is None
    made = await house.registers("百花艺术")
    await house.database.write(institutions.add_alias, made, "小荷画坊", house.people["office"].actor, house.now())
    assert await house.database.read(known.sure, "小荷画坊") == made


async def test_a_parents_own_report_is_linked_and_compared_too(house: House, policy: Policy, reader: Reader) -> None:
    baihua = await house.registers("百花画室")
    earlier = await house.takes(STORY)
    number = await _hand_in(house, Parent(policy, reader, zone=ZONE))
    assert await house.institution_of(number) == baihua
    same = (await house.desk.report(house.people["office"], number)).likeness.reports
    assert [one.number for one in same] == [earlier]


async def _hand_in(house: House, parent: Parent) -> str:
    at, step = datetime(2026, 11, 25, 1, 30, tzinfo=UTC), 0
    person = await house.database.write(addressees.remember, Address.of("web", "mother"), at)

    async def send(text: str = "", choice: str = "") -> list[Reply]:
        nonlocal step
        step += 1
        incoming = Incoming(f"m{step}", "web", "mother", text, choice)
        ready = parent.prepare(incoming, await house.database.read(drafts.load, person), date(2026, 11, 25))
        return await house.database.write(parent.answer, person, incoming, ready, at)

    replies = await send(RETOLD)
    while not any(reply.card and reply.card.code for reply in replies):
        if any(ASKED in reply.text for reply in replies):
            replies = await send("百花画室")
            continue
        choices = {choice.label: choice.key for reply in replies for choice in reply.choices}
        wanted = next(label for label in ("同意，继续", "说完了", "确认提交", "跳过", "匿名", "对", *choices) if label in choices)
        replies = await send(choice=choices[wanted])
    return next(reply.card.number for reply in replies if reply.card and reply.card.code)


def _history(tx: Connection, number: str) -> list[events.Event]:
    return events.history(tx, reports.by_number(tx, number) or 0)
