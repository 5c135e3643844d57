"""How people of the office really ask: in half sentences, without the name of any figure."""

from datetime import date

import pytest

from handlers.figures.understanding import SPEEDS, Asking, Understood
from storage.metrics.questions import By

# A Monday: "the last week" must not shrink to one day.
TODAY = date(2026, 11, 30)


def read(asking: Asking, text: str) -> Understood:
    found = asking.read(text, TODAY)
    assert found
    assert found.unused == ()
    return found


def test_who_responds_slowest_is_told_by_all_three_spans_the_slowest_first(asking: Asking) -> None:
    found = read(asking, "哪个单位响应最慢")
    assert (found.metrics, found.by, found.order) == (SPEEDS, (By.DEPARTMENT,), "most")


def test_two_departments_are_compared_and_none_is_dropped(asking: Asking) -> None:
    found = read(asking, "市场监管局和文广旅局谁办得快")
    assert set(found.among) == {"market_reg", "culture_tourism"}
    assert (found.by[0], found.filters.department, found.metrics) == (By.DEPARTMENT, "", SPEEDS)


@pytest.mark.parametrize(
    ("text", "metrics", "by", "order"),
    [
        ("满意率最低的是哪个部门", ("satisfy_rate",), (By.DEPARTMENT,), "least"),
        ("退单最多的单位", ("return_rate",), (By.DEPARTMENT,), "most"),
        ("在职教师有偿补课在哪个乡镇最多", ("received",), (By.TOWN,), "most"),
        ("退单最多", ("return_rate",), (By.DEPARTMENT,), "most"),
    ],
)
def test_the_end_that_was_asked_for_comes_first(
    asking: Asking, text: str, metrics: tuple[str, ...], by: tuple[By, ...], order: str
) -> None:
    found = read(asking, text)
    assert (found.metrics, found.by, found.order) == (metrics, by, order)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("最近一周有几件超期", date(2026, 11, 24), TODAY),
        ("最近一个月受理多少", date(2026, 11, 1), TODAY),
        ("九月到十一月每个月受理多少", date(2026, 9, 1), TODAY),
        ("7-9月办结了多少", date(2026, 7, 1), date(2026, 9, 30)),
        ("11月到2月受理多少", date(2025, 11, 1), date(2026, 2, 28)),
    ],
)
def test_spans_of_time_as_they_are_spoken(asking: Asking, text: str, start: date, end: date) -> None:
    filters = read(asking, text).filters
    assert (filters.start, filters.end) == (start, end)


@pytest.mark.parametrize(
    ("text", "key"), [("现在还有多少没签收", "to_sign"), ("教体局在办几件", "working"), ("还有几件待审核", "to_review")]
)
def test_what_waits_now_is_counted_now(asking: Asking, text: str, key: str) -> None:
    assert read(asking, text).standing == (key,)


def test_how_long_signing_takes_is_no_question_about_what_waits(asking: Asking) -> None:
    assert read(asking, "教体局签收多久").standing == ()


def test_a_department_is_asked_about_its_own_assignments(asking: Asking) -> None:
    assert read(asking, "公安局十一月办结了多少").metrics == ("close_rate",)
    assert read(asking, "公安局收到多少").metrics == ("assigned",)


def test_that_complaints_and_tip_offs_are_counted_together_is_known(asking: Asking) -> None:
    assert read(asking, "朱兰街道今年收到多少举报").is_of_both
    assert not read(asking, "朱兰街道今年收到多少").is_of_both


@pytest.mark.parametrize("text", ["这个月收到多少件", "教体局这个月收了几件"])
def test_a_counting_word_leaves_nothing_unused(asking: Asking, text: str) -> None:
    assert read(asking, text).unused == ()
