"""Finds the grade: a school year, a kindergarten class, the age of one below school, or at least the stage of school."""

import re
from collections.abc import Iterator

from nlp.facts.numerals import parse
from nlp.facts.page import Found, Page

_N = "一二三四五六七八九1-9"
_YEAR = re.compile(
    rf"(?:小学)?[{_N}](?:[到至\-~、,和]?[{_N}])*(?:、|和|到|至)?年级(?!上册|下册|老师|主任|组)"
    rf"|(?<![年月最提])(?:准|新)?初[一二三123](?![五六七八九十])(?:[到至、和]初?[二三23])?"
    rf"|(?<![最提很更太比身增跳升])(?:准|新)?高[一二三123](?![点些个下截块大倍])(?:[到至、和]高?[二三23])?"
    rf"|(?:幼儿园)?(?<!一个)大班(?!课|额|制|教学)|幼儿园[小中]班|学前班(?!改)"
)
_YEAR_SIGN = re.compile(r"年级|初[一二三123]|高[一二三123]|大班|中班|小班|学前班")
_YEAR_SIGNS = frozenset({"年级", "大班", "中班", "小班", "学前班", *(stage + year for stage in "初高" for year in "一二三123")})
_AGE = re.compile(
    r"(?<![一二三四五六七八九十\d])(?P<n>\d{1,2}|[一二两三四五六七八九十]{1,2})(?:周)?岁(?:半|零?[一二三四五六七八九十两]+个月)?(?!的?(?:老"
    r"|时候|以上|以下))"
)
# A child of six or less goes to no school yet, and that is what the rule asks; an older one's age tells no grade.
_OLDEST, _YOUNGEST = 6, 2
_STAGE = re.compile(
    r"(?<!民办)(?<!公办)(?<!重点)(?<!上)(?<!每个)(?<!中)(?P<s>小学|初中|高中)"
    r"(?:生|孩子|学生|娃|阶段|部|的?(?:语文|数学|英语|物理|化学|语数|数理|理化|几何|奥数|作文|课程|补课|补习)|寒假|暑假)"
)
_TAUGHT_STAGE = re.compile(r"(?:教|给|补|辅导)(?P<s>小学|初中|高中)(?!到|老师|门口)")
_STAGE_SIGN = re.compile(r"小学|初中|高中")
_STAGE_SIGNS = frozenset({"小学", "初中", "高中"})
SIGNS = _YEAR_SIGNS | _STAGE_SIGNS | {"岁"}


def find(page: Page) -> Iterator[Found]:
    """The most exact way it was said; the first when several were."""
    years = page.around(_YEAR_SIGN.finditer(page.text), _YEAR) if page.has(_YEAR_SIGNS) else iter(())
    year = next((found for found in years if not page.is_denied(found.start())), None)
    if year:
        yield Found("grade", year.group(), *year.span())
        return
    if "岁" in page.signs:
        for age in _AGE.finditer(page.text):
            if _YOUNGEST <= (parse(age.group("n")) or 0) <= _OLDEST:
                yield Found("grade", age.group(), *age.span())
                return
    if not page.has(_STAGE_SIGNS):
        return
    signs = list(_STAGE_SIGN.finditer(page.text))
    stage = next(page.around(signs, _STAGE), None) or next(page.around(signs, _TAUGHT_STAGE), None)
    if stage:
        yield Found("grade", stage.group("s"), *stage.span("s"))
