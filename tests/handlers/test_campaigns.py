"""A year's campaign: opened once, reminded of in time, and handed in by departments that see only their own."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from handlers.campaigns import Campaigns, working_days_before
from handlers.desk.refusals import Forbidden, Refused
from handlers.papers.book import PaperBook
from handlers.policy import Policy
from storage import addressees, outbox
from storage.addressees import Address
from storage.database import Database
from storage.rules import Rules
from storage.tables.staff import officer
from tests.clock import Now
from tests.handlers import stations
from tests.handlers.paperwork import ZONE

YEAR = {"year": ["2026"]}
# Eleven working days before the inside date, Tuesday 24 November.
EARLY = datetime(2026, 11, 9, 2, tzinfo=UTC)


@pytest.fixture
def now() -> Now:
    return Now(EARLY)


@pytest.fixture
def campaigns(embedded: Database, policy: Policy, rules: Rules, now: Now) -> Campaigns:
    return Campaigns(embedded, PaperBook.load(policy, ZONE), rules, now)


@pytest.fixture
async def people(embedded: Database, now: Now) -> dict:
    """Everybody can be reached."""
    people = await embedded.write(stations.hire, now())
    for name, person in people.items():
        address = await embedded.write(addressees.remember, Address.of("web", name), now())
        reachable = sa.update(officer).where(officer.c.id == person.officer.id).values(addressee_id=address.id)
        await embedded.write(lambda tx, change: tx.execute(change), reachable)
    return people


async def told(database: Database, name: str, now: Now) -> list[str]:
    person = await database.write(addressees.remember, Address.of("web", name), now())
    return [str(one.payload["text"]) for one in await database.read(outbox.after, person.id, 0)]


async def test_the_office_opens_a_year_once_and_nobody_else_does(campaigns: Campaigns, people: dict) -> None:
    with pytest.raises(Forbidden):
        await campaigns.open(people["head"], YEAR)
    await campaigns.open(people["office"], YEAR)
    with pytest.raises(Refused):
        await campaigns.open(people["office"], YEAR)
    plan = (await campaigns.everyone())[0].plan
    assert (plan.summary_due.isoformat(), plan.inside_due.isoformat()) == ("2026-11-25", "2026-11-24")
    assert plan.stage(EARLY.date()).name == "检查验收"


async def test_a_department_hands_in_and_hands_in_again_and_reads_only_its_own(campaigns: Campaigns, people: dict) -> None:
    await campaigns.open(people["office"], YEAR)
    await campaigns.hand_in(people["owner"], {**YEAR, "text": ["初稿"]})
    await campaigns.hand_in(people["head"], {**YEAR, "text": ["定稿"]})
    await campaigns.hand_in(people["elsewhere"], {**YEAR, "text": ["民政的总结"]})
    campaign = (await campaigns.everyone())[0]
    assert [(one.department, one.version, one.text) for one in campaigns.shown(people["office"], campaign)] == [
        ("edu", 2, "定稿"),
        ("civil_affairs", 1, "民政的总结"),
    ]
    assert [one.text for one in campaigns.shown(people["owner"], campaign)] == ["定稿"]
    handed_in, missing = await campaigns.handed_in(2026)
    assert handed_in == ["edu", "civil_affairs"]
    assert "edu" not in missing
    assert "market_reg" in missing


async def test_who_has_not_handed_in_is_reminded_at_each_mark_once(
    campaigns: Campaigns, people: dict, embedded: Database, now: Now, rules: Rules
) -> None:
    await campaigns.open(people["office"], YEAR)
    due = (await campaigns.everyone())[0].plan.inside_due
    assert await campaigns.remind(now()) == 0, "eleven working days are early enough"
    for days in (10, 5, 1):
        day = working_days_before(due, days, rules)
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        assert await campaigns.remind(at) > 0
        assert await campaigns.remind(at + timedelta(hours=3)) == 0
    assert [text.partition("还有")[2] for text in await told(embedded, "head", now)] == ["10个工作日）。", "5个工作日）。", "1个工作日）。"]
    assert (await told(embedded, "office", now))[-1].startswith("2026年校外培训整治攻坚年：还有8个单位没有报总结：教体局、")
    assert await told(embedded, "reader", now) == []


async def test_who_has_handed_in_is_left_in_peace(campaigns: Campaigns, people: dict, embedded: Database, now: Now) -> None:
    await campaigns.open(people["office"], YEAR)
    await campaigns.hand_in(people["elsewhere"], {**YEAR, "text": ["总结"]})
    await campaigns.remind(now.move(days=14))
    assert await told(embedded, "elsewhere", now) == []
    assert len(await told(embedded, "owner", now)) == 1, "after a standstill only the latest mark is said"
