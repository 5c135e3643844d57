"""The receipt: a number for talking, and a query code that can be read out on the phone and is hard to guess."""

import secrets
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

# Crockford's alphabet: no I, L, O or U, so nothing is mistaken for a digit when read aloud or written down.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 15
GROUP = 4
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IGNORED = dict.fromkeys(map(ord, " -\u3000—–－‐·_.\t\r\n"))


class NotACode(Exception):
    """This text cannot be a query code: its length, a character, or the check character is wrong."""


def new_code() -> str:
    """A fresh code: 75 random bits and a check character, in four groups of four."""
    return _written([secrets.randbelow(len(ALPHABET)) for _ in range(RANDOM_CHARACTERS)])


def code_from(secret: bytes) -> str:
    """The code that follows from 75 bits or more that nobody can guess."""
    number = int.from_bytes(secret)
    return _written([number >> (5 * place) & 0b11111 for place in range(RANDOM_CHARACTERS)])


def _written(values: list[int]) -> str:
    code = "".join(ALPHABET[value] for value in (*values, _check(values)))
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(text: str) -> str:
    """The code's sixteen characters as we keep them, however typed: lower case, spaces, dashes, O for 0, I or L for 1, full width."""
    code = _plain(text).translate(_READ_AS)
    if len(code) != RANDOM_CHARACTERS + 1 or not all(character in _VALUES for character in code):
        raise NotACode
    values = [_VALUES[character] for character in code]
    if _check(values[:-1]) != values[-1]:
        raise NotACode
    return code


def read_number(text: str, prefix: str) -> str:
    """A report's number as we write it, however it was typed. Whether such a report exists is not said."""
    plain = _plain(text)
    start = _plain(prefix)
    digits = plain.removeprefix(start)
    return f"{prefix}-{digits[:8]}-{digits[8:]}"


def next_number(tx: Connection, prefix: str, day: date) -> str:
    """The next number of this day's series, `WG-SJ-20261125-0001`; a transaction that fails gives its number back."""
    key = f"{day:%Y%m%d}"
    return f"{prefix}-{key}-{next_of_series(tx, key):04d}"


def next_of_series(tx: Connection, key: str) -> int:
    """The next number of any series; each begins with 1."""
    # One statement, so that two who file at the same instant never share a number, and neither needs to try twice.
    take = sa.text(
        "INSERT INTO number_series (day, last) VALUES (:day, 1)"
        " ON CONFLICT (day) DO UPDATE SET last = number_series.last + 1 RETURNING last"
    )
    return int(tx.execute(take, {"day": key}).scalar_one())


def _plain(text: str) -> str:
    halved = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
    return halved.translate(_IGNORED).upper()


def _check(values: list[int]) -> int:
    # A polynomial over the field of 32 elements: any one wrong character and any two swapped neighbours change it.
    total = 0
    for value in values:
        total = _doubled(total) ^ value
    return _doubled(total)


def _doubled(value: int) -> int:
    # Times x, modulo the primitive polynomial x^5 + x^2 + 1.
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)
