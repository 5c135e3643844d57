"""Coming back weeks later on another phone, with what is written on a slip of paper."""

import pytest

from tests.journeys.officers import Officers
from tests.journeys.telling import HIDDEN, file
from tests.phone import Phone


@pytest.mark.parametrize("first", ["{number}", "我的编号是{number}。"])
async def test_the_number_alone_is_enough_to_begin_with(phone: Phone, officers: Officers, first: str) -> None:
    number, code = await file(phone, HIDDEN)
    await officers.answer(number, "已现场核查。")
    other = phone.another()
    await other.open()
    await other.say(first.format(number=number))
    assert "请再发查询码" in other.latest
    await other.say(code.lower())
    assert "已现场核查" in other.latest


async def test_the_way_to_an_earlier_report_is_offered_before_anything_is_told(phone: Phone) -> None:
    number, code = await file(phone, HIDDEN)
    other = phone.another()
    await other.open()
    await other.press("查进度")
    await other.say(f"{number} {code}")
    assert number in other.latest
    # Nothing was begun, so nothing is called unfinished.
    assert "接着刚才的" not in other.buttons


async def test_words_after_looking_up_are_taken_for_that_report(phone: Phone, officers: Officers) -> None:
    number, code = await file(phone, HIDDEN)
    other = phone.another()
    await other.open()
    await other.say(f"{number} {code}")
    await other.say("老师还在别的地方上课，根本没停")
    await other.press(f"补充到 {number}")
    assert await officers.heard(number) == ["老师还在别的地方上课，根本没停"]


async def test_what_was_opened_with_its_code_is_found_again_without_it(phone: Phone) -> None:
    number, code = await file(phone, HIDDEN)
    other = phone.another()
    await other.say(f"{number} {code}")
    await other.say("查进度")
    assert [label for label in other.buttons if label.startswith(number)]
