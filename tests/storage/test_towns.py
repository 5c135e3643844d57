"""A report from before towns were kept by key is found where it lies, and its history says why it was changed."""

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import events, retention, searching, towns, verify
from storage.metrics import keeping
from storage.metrics.grouping import By
from storage.metrics.questions import Question, ask
from storage.people import SYSTEM
from storage.tables.reports import report
from storage.vocabulary import EventKind
from tests.storage.office import Office

KEYS = {"朱兰": "zhulan", "朱兰街道": "zhulan", "zhulan": "zhulan"}


def _meant(said: object) -> str | None:
    return KEYS.get(str(said))


def _because(said: str, key: str) -> str:
    return f"原记作{said}，改为{key}"


async def _lying_in(office: Office, *names: str) -> list[int]:
    filed = [await office.files(town=name) for name in names]
    return [one.report_id for one in filed]


async def test_a_report_kept_under_a_spoken_name_is_found_by_its_town(office: Office) -> None:
    old, odd, new = await _lying_in(office, "朱兰", "外地", "zhulan")
    assert await towns.set_right(office.database, _meant, _because, office.now()) == 1
    assert await towns.set_right(office.database, _meant, _because, office.now()) == 0
    assert {one.report_id for one in await office.sees(searching.search, office.qian, town="zhulan")} == {old, new}
    assert await office.sees(lambda tx: tx.execute(sa.select(report.c.town).where(report.c.id == odd)).scalar_one()) == "外地"
    told = (await office.sees(events.history, old))[-1]
    assert (told.kind, told.by, told.reason) == (EventKind.NOTED, SYSTEM, "原记作朱兰，改为zhulan")
    assert (await office.sees(verify.check)).faults == ()


async def test_figures_by_town_count_it_where_it_lies(office: Office) -> None:
    await _lying_in(office, "朱兰", "朱兰街道", "zhulan")
    await towns.set_right(office.database, _meant, _because, office.now())
    while await office.does(keeping.catch_up):
        pass
    groups = await office.sees(ask, Question(("received",), (By.TOWN,)), office.now())
    assert [group.key for group in groups] == [("zhulan",)]


async def test_the_town_of_an_erased_case_is_set_right_without_words(office: Office) -> None:
    (old,) = await _lying_in(office, "朱兰")

    def forgotten(tx: Connection) -> None:
        retention.erase_case(tx, old, office.now())

    await office.does(forgotten)
    assert await towns.set_right(office.database, _meant, _because, office.now()) == 1
    told = (await office.sees(events.history, old))[-1]
    assert (told.reason, told.details["town_to"]) == (None, "zhulan")
