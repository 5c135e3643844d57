"""The receipt: a code one can read out on the phone, a number nobody shares."""

import random
from collections.abc import Callable
from datetime import date

import pytest

from storage.database import Database
from storage.receipts import ALPHABET, NotACode, new_code, next_number, read_code, read_number


def test_a_code_is_four_groups_of_four_and_none_comes_twice() -> None:
    codes = {new_code() for _ in range(2_000)}
    assert len(codes) == 2_000
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]
        assert set(code) <= {*ALPHABET, "-"}


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code.replace('-', '—')}\n",
        lambda code: code.replace("0", "O"),
        lambda code: code.replace("1", "l"),
        lambda code: code.replace("1", "I"),
        lambda code: "".join(chr(ord(one) + 0xFEE0) for one in code),
    ],
)
def test_a_code_is_read_however_it_was_typed(typed: Callable[[str], str]) -> None:
    for _ in range(50):
        code = new_code()
        assert read_code(typed(code)) == code.replace("-", "")


def test_one_wrong_character_or_two_swapped_ones_are_always_noticed() -> None:
    chance = random.Random(7)
    for _ in range(200):
        code = read_code(new_code())
        place = chance.randrange(16)
        wrong = code[:place] + chance.choice(ALPHABET.replace(code[place], "")) + code[place + 1 :]
        with pytest.raises(NotACode):
            read_code(wrong)
        place = chance.randrange(15)
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(NotACode):
                read_code(swapped)


@pytest.mark.parametrize("nonsense", ["", "1234", "U" * 16, "你好", "0" * 17, "x" * 1_000_000])
def test_nonsense_is_no_code(nonsense: str) -> None:
    with pytest.raises(NotACode):
        read_code(nonsense)


@pytest.mark.parametrize(
    "typed", ["WG-SJ-20261125-0001", "wg-sj-20261125-0001", "WGSJ202611250001", "wg sj 20261125 0001", "20261125-0001"]
)
def test_a_number_is_read_however_it_was_typed(typed: str) -> None:
    assert read_number(typed, "WG-SJ") == "WG-SJ-20261125-0001"


async def test_each_day_counts_from_one_and_nobody_shares_a_number(database: Database) -> None:
    for expected in ("WG-SJ-20261125-0001", "WG-SJ-20261125-0002"):
        assert await database.write(next_number, "WG-SJ", date(2026, 11, 25)) == expected
    assert await database.write(next_number, "WG-SJ", date(2026, 11, 26)) == "WG-SJ-20261126-0001"
