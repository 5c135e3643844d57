"""A question in words means what whoever asks it means, or is said not to be understood."""

from datetime import date

import pytest

from handlers.figures.understanding import Asking, Understood
from storage.metrics.questions import By

TODAY = date(2026, 11, 25)


def read(asking: Asking, text: str) -> Understood:
    found = asking.read(text, TODAY)
    assert found
    return found


def test_how_long_one_bureau_took_to_sign_last_month(asking: Asking) -> None:
    found = read(asking, "教体局上个月签收多久")
    assert (found.metrics, found.by, found.filters.department) == (("t_sign",), (), "edu")
    assert (found.filters.start, found.filters.end) == (date(2026, 10, 1), date(2026, 10, 31))
    assert found.unused == ()


def test_which_ones_are_overdue(asking: Asking) -> None:
    assert read(asking, "逾期的有哪些").lists
    found = read(asking, "超期的有哪些")
    assert (found.lists, found.unused) == (True, ())
    assert read(asking, "市场监管局哪些超期").filters.department == "market_reg"


def test_the_closing_rate_of_every_department_in_the_national_day_holidays(asking: Asking) -> None:
    found = read(asking, "国庆期间各部门办结率")
    assert (found.metrics, found.by) == (("close_rate",), (By.DEPARTMENT,))
    assert (found.filters.start, found.filters.end) == (date(2026, 10, 1), date(2026, 10, 7))


def test_the_trend_of_refund_disputes_over_three_months(asking: Asking) -> None:
    found = read(asking, "退费难最近三个月趋势")
    assert (found.metrics, found.by, found.filters.category) == (("received",), (By.MONTH,), "refund_dispute")
    assert (found.filters.start, found.filters.end) == (date(2026, 9, 1), TODAY)


@pytest.mark.parametrize(
    ("text", "metrics", "by", "start", "end"),
    [
        ("今年各乡镇受理多少", ("received",), (By.TOWN,), date(2026, 1, 1), TODAY),
        ("3月份满意率", ("satisfy_rate",), (), date(2026, 3, 1), date(2026, 3, 31)),
        ("12月份退单率", ("return_rate",), (), date(2025, 12, 1), date(2025, 12, 31)),
        ("2025年办结率按月", ("close_rate",), (By.MONTH,), date(2025, 1, 1), date(2025, 12, 31)),
        ("上周各单位首次响应和答复用时", ("t_reply", "t_first"), (By.DEPARTMENT,), date(2026, 11, 16), date(2026, 11, 22)),
        ("近7天每天多少件", ("received",), (By.DAY,), date(2026, 11, 19), TODAY),
        ("暑假哪类问题多", ("received",), (By.CATEGORY,), date(2026, 7, 1), date(2026, 8, 31)),
        ("春节各部门签收及时率", ("sign_timely_rate",), (By.DEPARTMENT,), date(2026, 2, 15), date(2026, 2, 23)),
        ("最近两周签收用时趋势", ("t_sign",), (By.WEEK,), date(2026, 11, 16), TODAY),
        ("自动分派准确率本季度", ("route_acc",), (), date(2026, 10, 1), TODAY),
    ],
)
def test_many_ways_of_asking(asking: Asking, text: str, metrics: tuple[str, ...], by: tuple[By, ...], start: date, end: date) -> None:
    found = read(asking, text)
    assert set(found.metrics) == set(metrics)
    assert (found.by, found.filters.start, found.filters.end) == (by, start, end)


@pytest.mark.parametrize("text", ["", "今天天气怎么样", "你好", "写一首诗", "？？"])
def test_what_is_no_question_to_the_figures_is_not_answered_with_some(asking: Asking, text: str) -> None:
    assert asking.read(text, TODAY) is None


def test_words_that_had_no_meaning_are_said(asking: Asking) -> None:
    assert read(asking, "教体局上个月和外星人签收多久").unused == ("外星人",)


def test_the_due_day_can_be_what_counts(asking: Asking) -> None:
    assert read(asking, "本月按到期日各部门按期办结率").filters.by_due
