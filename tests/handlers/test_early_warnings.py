"""Several people on one thing within days: the office hears it once, and the overview says the same."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from handlers.figures.book import FigureBook
from handlers.figures.gathering import EarlyWarnings, Gathering, gatherings
from handlers.policy import Policy
from storage import institutions
from storage.database import Database
from storage.institutions import Entry
from storage.metrics import standing
from storage.metrics.standing import Fresh
from storage.reports import Filed, Route
from storage.vocabulary import Nature
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
