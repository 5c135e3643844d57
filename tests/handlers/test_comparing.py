"""Beside last year: the same days, as far as they are over, and honest about what the record does not hold."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from handlers.figures.comparing import a_year_before
from handlers.figures.room import FiguresRoom
from handlers.figures.understanding import Asking
from handlers.policy import Policy
from storage.database import Database
from storage.people import Actor
from storage.rules import Rules
from storage.vocabulary import Role
from tests.clock import Now
from tests.storage.cases import a_report, an_officer

CHINA = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 30)


@pytest.fixture
def room(embedded: Database, rule_book: Policy, rules: Rules, now: Now) -> FiguresRoom:
    return FiguresRoom.over(embedded, rule_book, rules, now)


async def _office(database: Database, now: Now) -> Actor:
    return await database.write(an_officer, "shuangjian_office", Role.OFFICE, now())


def test_the_last_of_february_has_a_day_beside_it() -> None:
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("text", "compares", "money"),
    [
        ("今年受理多少，比去年同期", True, False),
        ("教体局本月办结率同比", True, False),
        ("今年一共退了多少钱", False, True),
        ("各单位今年退费金额和去年比", True, True),
        ("去年受理多少", False, False),
    ],
)
def test_what_compares_and_what_asks_for_money_is_understood(asking: Asking, text: str, compares: bool, money: bool) -> None:
    found = asking.read(text, TODAY)
    assert found
    assert (found.with_last_year, found.money, found.unused) == (compares, money, ())


async def test_the_same_days_of_last_year_stand_beside_these(room: FiguresRoom, embedded: Database, now: Now) -> None:
    by = await _office(embedded, now)
    for at in (datetime(2025, 11, 1, 10, tzinfo=CHINA), datetime(2025, 11, 28, 10, tzinfo=CHINA), now(), now()):
        await embedded.write(a_report, at)
    answer = await room.answering.answer("本月受理多少比去年同期", by)
    assert answer.sentences[0] == "受理 2 件"
    # The 28th is after the same day of last year, and the month is not over.
    assert answer.sentences[1:] == ("去年同期：2025-11-01至2025-11-25。", "受理 1 件", "受理比去年同期 +1 件")


async def test_a_change_is_told_however_the_city_words_it_and_a_span_has_none(room: FiguresRoom, embedded: Database, now: Now) -> None:
    words = room.saying.book.words
    value = {**words["value"], "count": "共 {number} 件", "nothing": "+"}
    saying = replace(room.saying, book=replace(room.saying.book, words={**words, "value": value}))
    answering = replace(room.answering, comparing=replace(room.answering.comparing, saying=saying))
    for at in (datetime(2025, 11, 1, 10, tzinfo=CHINA), now()):
        await embedded.write(a_report, at)
    said = (await answering.answer("本月受理多少、全程用时，比去年同期", await _office(embedded, now))).sentences
    assert [line for line in said if "比去年同期" in line] == ["受理比去年同期 共 +0 件"]


async def test_where_the_record_does_not_reach_back_nothing_is_made_up(room: FiguresRoom, embedded: Database, now: Now) -> None:
    by = await _office(embedded, now)
    await embedded.write(a_report, now())
    answer = await room.answering.answer("本月受理多少比去年同期", by)
    assert answer.sentences[-1] == "去年同期还没有记录，不能比。"
    answer = await room.answering.answer("今年一共退了多少钱", by)
    assert answer.sentences[0] == "已退费 0 元（0 件）"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("今年每月退了多少钱", "已退费没有按月分开。"),
        ("逾期的有哪些，比去年", "现在的情况不能和去年同期比。"),
        ("待分派多少，比去年", "现在的情况不能和去年同期比。"),
    ],
)
async def test_what_was_asked_for_and_cannot_be_told_is_said(room: FiguresRoom, embedded: Database, now: Now, text: str, told: str) -> None:
    answer = await room.answering.answer(text, await _office(embedded, now))
    assert told in answer.sentences


async def test_what_is_there_in_one_of_both_years_only_has_a_nought_in_the_other(room: FiguresRoom, embedded: Database, now: Now) -> None:
    by = await _office(embedded, now)
    await embedded.write(a_report, datetime(2025, 10, 31, 10, tzinfo=CHINA))
    await embedded.write(a_report, datetime(2025, 11, 2, 10, tzinfo=CHINA), category="refund_dispute")
    await embedded.write(a_report, now(), category="hidden_venue")
    answer = await room.answering.answer("各类别本月受理多少比去年同期", by)
    assert answer.table
    assert {line.name: line.cells for line in answer.table.lines} == {
        "居民楼等隐蔽场所补课": ("1 件", "0 件"),
        "退费难": ("0 件", "1 件"),
    }
