"""Several people on one thing within days: the office hears it once, and the overview says the same."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from handlers.figures.book import FigureBook
from handlers.figures.gathering import EarlyWarnings, Gathering, gatherings
from handlers.policy import Policy
from storage import institutions, risks
from storage.database import Database
from storage.institutions import Entry
from storage.metrics import standing
from storage.metrics.standing import Fresh
from storage.reports import Filed, Route
from storage.vocabulary import Nature, RiskKind, RiskLevel
from tests.clock import START, Now
from tests.storage import cases
from tests.storage.office import Office

HOURS, PEOPLE = 72, 5


@pytest.fixture
async def office(embedded: Database, now: Now) -> Office:
    return await Office.open(embedded, now)


@pytest.fixture
def warnings(office: Office, policy: Policy) -> EarlyWarnings:
    return EarlyWarnings(office.database, FigureBook.load(policy.folder))


async def _file(office: Office, people: Sequence[str], **changes: object) -> list[Filed]:
    """One report from each of these people, an hour apart."""
    made = []
    for name in people:
        office.now.move(hours=1)
        person = await office.does(cases.a_parent, office.now(), name)
        made.append(await office.files(reporter=person, **{"category": "runaway", "town": "zhulan", "nature": Nature.COMPLAINT, **changes}))
    return made


async def _warned(office: Office) -> list[str]:
    return [notice for notice in await office.told(office.qian) if notice.startswith("gathering")]


async def test_five_people_on_one_matter_in_one_town_are_told_to_the_office_once(office: Office, warnings: EarlyWarnings) -> None:
    await _file(office, "甲乙丙丁")
    assert await warnings.tell(office.now()) == 0
    await _file(office, "戊")
    assert await warnings.tell(office.now()) == 1
    await _file(office, "己庚")
    assert await warnings.tell(office.now()) == 0
    assert await _warned(office) == ["gathering_in_town"]


async def test_one_person_writing_five_times_is_no_early_warning(office: Office, warnings: EarlyWarnings) -> None:
    await _file(office, "甲甲甲甲甲乙")
    assert await warnings.tell(office.now()) == 0


async def test_people_who_name_one_institution_are_counted_wherever_they_live(office: Office, warnings: EarlyWarnings) -> None:
    one = await office.does(institutions.register, Entry("百花画室"), office.qian, office.now())
    for name, town in zip("甲乙丙丁戊", ("zhulan", "yakou", "sipo", "yuanling", "kuangjian"), strict=True):
        (filed,) = await _file(office, name, town=town)
        await office.does(institutions.link, filed.report_id, one, office.qian, office.now())
    assert await warnings.tell(office.now()) == 1
    assert await _warned(office) == ["gathering_at_institution"]


async def test_when_it_begins_again_weeks_later_the_office_hears_it_again(office: Office, warnings: EarlyWarnings) -> None:
    for people in ("甲乙丙丁戊", "己庚辛壬癸"):
        await _file(office, people)
        assert await warnings.tell(office.now()) == 1
        office.now.move(days=14)
    assert await warnings.tell(office.now()) == 0


async def test_sealed_reports_and_questions_warn_of_nothing(office: Office, warnings: EarlyWarnings) -> None:
    await _file(office, "甲乙丙丁戊", category="official_misconduct")
    await _file(office, "甲乙丙丁戊", category="policy_consult", nature=Nature.QUESTION, route=Route("triage"))
    assert await warnings.tell(office.now()) == 0


async def test_a_gathering_opens_one_line_in_the_risk_ledger_by_itself_and_lets_it_grow(office: Office, warnings: EarlyWarnings) -> None:
    await _file(office, "甲乙丙丁戊")
    await warnings.tell(office.now())
    (line,) = await office.sees(risks.ledger)
    assert (line.kind, line.category, line.town, line.institution_id) == (RiskKind.RUNAWAY, "runaway", "zhulan", None)
    assert line.why == "72 小时内有 5 人各自反映，共 5 件"
    await warnings.tell(office.now())
    await _file(office, "己庚甲")
    await warnings.tell(office.now())
    (grown,) = await office.sees(risks.ledger)
    assert grown.why == "72 小时内有 7 人各自反映，共 8 件"
    told = (await office.sees(risks.steps))[line.id]
    assert [(step.step, step.officer_id, step.note) for step in told] == [("opened", None, line.why), ("grown", None, grown.why)]


async def test_a_settled_line_is_opened_again_by_nothing_but_a_new_gathering(office: Office, warnings: EarlyWarnings) -> None:
    await _file(office, "甲乙丙丁戊")
    await warnings.tell(office.now())
    (line,) = await office.sees(risks.ledger)
    await office.does(risks.settle, line.id, office.qian, office.now(), progress="已退清")
    await _file(office, "己庚辛壬")
    await warnings.tell(office.now())
    assert await office.sees(risks.ledger, only_open=True) == []
    await _file(office, "癸")
    await warnings.tell(office.now())
    (fresh,) = await office.sees(risks.ledger, only_open=True)
    assert fresh.id != line.id
    assert fresh.why == "72 小时内有 5 人各自反映，共 5 件"


async def test_a_gathering_joins_the_line_the_office_opened_itself_and_keeps_its_words(office: Office, warnings: EarlyWarnings) -> None:
    one = await office.does(institutions.register, Entry("百花画室"), office.qian, office.now())
    own = await office.does(risks.warn, one, RiskKind.RUNAWAY, RiskLevel.HIGH, "老板要走", by=office.qian, at=office.now())
    for name, town in zip("甲乙丙丁戊", ("zhulan", "yakou", "sipo", "yuanling", "kuangjian"), strict=True):
        (filed,) = await _file(office, name, town=town)
        await office.does(institutions.link, filed.report_id, one, office.qian, office.now())
    await warnings.tell(office.now())
    (line,) = await office.sees(risks.ledger)
    assert (line.id, line.why, line.level) == (own, "老板要走", RiskLevel.HIGH)
    assert [step.step for step in (await office.sees(risks.steps))[own]] == ["opened", "joined"]


def test_every_kind_of_risk_of_the_policy_is_known(policy: Policy) -> None:
    words = FigureBook.load(policy.folder).words
    assert {RiskKind(kind) for kind in words["warning_kinds"].values()} < set(RiskKind)
    assert words["warning_kinds"].keys() <= policy.topics.keys()
    assert RiskLevel(words["warning_risk"]["level"])


async def test_five_calls_taken_down_by_hand_count_as_five_people(office: Office) -> None:
    for _ in range(PEOPLE):
        await office.files(reporter=None, town="zhulan")
    fresh = await office.sees(standing.fresh, office.now(), hours=HOURS)
    (found,) = gatherings(fresh, people=PEOPLE, hours=HOURS)
    assert (found.people, len(found.numbers), found.town) == (PEOPLE, PEOPLE, "zhulan")


def test_a_gathering_says_what_it_is_about() -> None:
    rows = [Fresh(f"N{n}", "百花画室", "runaway", "zhulan", f"p{n}", START + timedelta(hours=n)) for n in range(3)]
    by_name, in_town = gatherings(rows, people=3, hours=HOURS)
    assert by_name == Gathering("institution/百花画室", "百花画室", "runaway", "zhulan", ("N0", "N1", "N2"), 3)
    assert (in_town.institution, in_town.category, in_town.town) == ("", "runaway", "zhulan")
    assert gatherings(rows, people=4, hours=HOURS) == []
