"""Reads a number however it is written: 一万二千八, 1万2, 2k6, 三十多, 仨."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000}
_TEN_THOUSAND = frozenset("万w")

# It begins with the characters of a number and looks only then whether that was a digit: five times faster than two alternatives.
_NUMERAL = re.compile(
    r"[0-9零〇一二两俩仨三四五六七八九十]"
    r"(?:(?<=\d)(?:\d{0,2}(?:,\d{3})+(?![\d,])|\d*(?:\.\d+)?(?:[万千百wk](?![a-z])(?:\d*[千百十]?\d*|[一二两三四五六七八九十百千]*))?)"
    r"|(?<=\D)[零〇一二两三四五六七八九十百千万]*)"
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[^\d]")
# "三十多万": the tail multiplies what stands before it.
_ROUGHLY = frozenset("多来几余")
_ROUGH_TAIL = re.compile(r"[多来几余](万|千|百)(?![多来几余])")
# 几十, 上百, 数千: about so many.
_ABOUT = frozenset("几上数")
# 第三次, 周五, 礼拜六: a place in an order, and no count.
_WEEKS = ("周", "礼拜", "星期")
_WEEK_ENDS = frozenset("周拜期")
# "八百一学期" is 800 for one term, "一百五一节" 150 for one lesson: the last 一 belongs to what follows.
_ONE_OF = re.compile(r"(?:节|次|堂|课时|学期|季|个|月|人|位|小时|钟头|年|期|天|对一|家|套|科|门)")
_SPARE_ONE = re.compile(r"[百千万][二两三四五六七八九]?一$")
# 七八 and 三五: neighbours, and the one pair of strangers people say.
_ROUGH_PAIR = re.compile(
    r"(?<![零〇一二两三四五六七八九])([一二两三四五六七八])(?:(?<=一)二|(?<=[二两])三|(?<=三)[四五]|(?<=四)五|(?<=五)六|(?<=六)七|(?<=七)八|(?<=八)九)(?![零〇一二两三四五六七八九])"
)
_ELLIPTIC = re.compile(r"[万千百wk][一二两三四五六七八九\d]$")


class Numeral(NamedTuple):
    """A number in a text. `is_exact` is False for 七八个, 几百, 十几: a person meant "about"."""

    value: float
    start: int
    end: int
    text: str
    is_exact: bool

    @property
    def least(self) -> float:
        """The smaller number of one said roughly: 七 of 七八, 十五 of 十五六, 六十 of 六七十; else the number itself."""
        smaller = _smaller(self.text)
        return self.value if smaller is None else smaller

    @property
    def is_elliptic(self) -> bool:
        """一百五, 三千九: the last unit left out, which people do for money and hardly for anything else."""
        return bool(_ELLIPTIC.search(self.text))


def numerals(text: str) -> Iterator[Numeral]:
    """Every number of a normalised text, in order."""
    done = 0
    for found in _NUMERAL.finditer(text):
        start, end = found.span()
        if start < done:
            continue
        if end - start > 1 and text[end - 1] == "一" and _SPARE_ONE.search(text, start, end) and _ONE_OF.match(text, end):
            end -= 1
        before, after = text[start - 1 : start], text[end : end + 1]
        value = parse(text[start:end])
        exact = value is not None and before not in _ABOUT and after != "几"
        tail = _ROUGH_TAIL.match(text, end) if after in _ROUGHLY else None
        if value is not None and tail:
            value, end = value * {"万": 10_000, "千": 1000, "百": 100}[tail.group(1)], tail.end()
            exact = False
        done = end
        is_weekday = before in _WEEK_ENDS and end - start == 1 and text.endswith(_WEEKS, max(0, start - 2), start)
        if before != "第" and not is_weekday:
            yield Numeral(value or 0, start, end, text[start:end], exact)


@lru_cache(1024)
def _smaller(written: str) -> float | None:
    """The smaller number of one said roughly, or None."""
    smaller, pairs = _ROUGH_PAIR.subn(r"\1", written)
    return parse(smaller) or 0 if pairs else None


@lru_cache(1024)
def parse(written: str) -> float | None:
    """The value, or None when two digits stand side by side without a unit: 七八 is about, not seventy-eight."""
    total, section, digit, unit, after_zero = 0.0, 0.0, None, 1, False
    for token in _TOKEN.findall(written.replace(",", "")):
        if token in _TEN_THOUSAND:
            total += (section + (digit or 0) or 1) * 10_000
            section, digit, unit, after_zero = 0.0, None, 10_000, False
        elif token in _UNITS:
            unit = _UNITS[token]
            section += (1 if digit is None else digit) * unit
            digit, after_zero = None, False
        elif digit is not None:
            return None
        elif token in {"零", "〇"}:
            after_zero = True
        else:
            digit = float(token) if token[0].isdigit() and token.isascii() else float(_DIGITS[token])
    return total + section + _last(digit, unit, after_zero)


def _last(digit: float | None, unit: int, after_zero: bool) -> float:
    """The 五 of 一百五 is fifty; the 五 of 一百零五 is five; the 2800 of 1万2800 is itself."""
    if digit is None:
        return 0
    return digit * unit / 10 if unit >= 100 and digit < 10 and not after_zero else digit
