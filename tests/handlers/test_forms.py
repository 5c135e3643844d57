"""What is written into a form's field, and how it is read."""

from zoneinfo import ZoneInfo

import pytest

from handlers.desk.forms import Answers, Field, Kind, Wrong

FIELDS = (Field("refund_yuan", Kind.NUMBER),)


def number(text: str) -> int | None:
    return Answers(FIELDS, {"refund_yuan": [text]}, ZoneInfo("Asia/Shanghai")).number("refund_yuan")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9600", 9600),
        ("9,600", 9600),
        ("９６００", 9600),
        ("9600元", 9600),
        ("九千六", 9600),
        ("1.2万", 12000),
        ("六百块钱", 600),
        ("0", 0),
        ("", None),
    ],
)
def test_a_sum_is_read_however_it_is_written(text: str, value: int | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["几千", "九千多", "没有", "9600.5", "-5", "三千到五千", "9600元左右", "10000000000"])
def test_what_is_no_exact_sum_is_sent_back(text: str) -> None:
    with pytest.raises(Wrong) as wrong:
        number(text)
    assert wrong.value.unreadable == ("refund_yuan",)
