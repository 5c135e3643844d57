"""An officer who types what they remember of a number finds the report, along an index however many reports there are."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bench.lists import plan
from storage import searching
from storage.database import Database
from storage.numbers import Stretch, stretches
from storage.people import Actor
from storage.tables.reports import number_series
from storage.vocabulary import Role
from tests.clock import START
from tests.storage import cases

OFFICE, HEAD = Actor(Role.OFFICE, 1), Actor(Role.HEAD, 2, "edu")


@pytest.mark.parametrize(
    "part", ["WG-SJ-20261125-0001", "wg-sj-20261125", "20261125-0001", "1125-0001", "1125-00", "0001", "1", "202611", "WG"]
)
async def test_every_part_of_a_number_a_person_may_remember_finds_it(embedded: Database, part: str) -> None:
    def lived(tx: Connection) -> list[str]:
        cases.a_report(tx, START)
        return [one.number for one in searching.search(tx, OFFICE, text=part.replace("20261125", f"{START:%Y%m%d}"))]

    assert await embedded.write(lived) == ["WG-SJ-20261125-0001"]


async def test_a_number_of_another_day_is_not_found(embedded: Database) -> None:
    def lived(tx: Connection) -> list[object]:
        cases.a_report(tx, START)
        return [searching.search(tx, OFFICE, text=part) for part in ("1124-0001", "0002", "2025", "%", "_", "WG-SJ-20261125-0002")]

    assert await embedded.write(lived) == [[]] * 6


async def test_days_that_follow_each_other_are_looked_up_as_one_stretch(embedded: Database) -> None:
    def lived(tx: Connection) -> list[Stretch]:
        tx.execute(sa.insert(number_series), [{"day": f"202611{day:02}", "last": 9} for day in range(1, 26)])
        return stretches(tx, "202611", "WG-SJ")

    assert await embedded.write(lived) == [Stretch("WG-SJ-20261101-", "WG-SJ-20261125-Z")]


@pytest.mark.parametrize(
    ("who", "asked", "index"),
    [
        (OFFICE, {"text": "1125-0001"}, "autoindex_report"),
        (HEAD, {"text": "1125-0001"}, "autoindex_report"),
        (OFFICE, {"text": "0001", "status": "handling"}, "autoindex_report"),
        (OFFICE, {"category": "hidden_venue"}, "ix_report_category"),
        (OFFICE, {"town": "zhulan", "status": "handling"}, "ix_report_town"),
        (OFFICE, {"status": "handling"}, "ix_report_status"),
        (HEAD, {"category": "hidden_venue"}, "ix_assignment_department"),
    ],
)
async def test_every_search_goes_along_its_index(embedded: Database, who: Actor, asked: dict[str, str], index: str) -> None:
    def lived(tx: Connection) -> str:
        cases.a_report(tx, START)
        return plan(tx, lambda: searching.search(tx, who, **asked))

    told = await embedded.write(lived)
    assert index in told
    assert "SCAN report" not in told
    assert "SCAN assignment" not in told
