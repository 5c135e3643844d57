"""Finds telephone numbers in any spelling, and the software, groups and accounts that were named."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlp.facts.page import Found, Page
from nlp.spoken import DIGITS

_GAP = r"[\s\-.·—–_*,、()/]{0,2}"
MOBILE = re.compile(rf"(?<!\d)1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\s-]?[1-9]\d{6,7}(?!\d)")
# A cheap first look, before the whole text is rewritten in plain digits.
_MANY_DIGITS = re.compile(rf"[0-9零〇一二三四五六七八九幺壹](?:{_GAP}[0-9零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]){{9}}")
_QUOTED = "“\"'「『《【‘"
SIGNS = frozenset({"群名", "群叫", "直播间", "账号", "帐号", "会议名", "公众号", "视频号", "会议号"})
_GROUP_NAME = re.compile(
    rf"(?:群名|群名叫|群叫|直播间(?:名)?|账号|帐号|会议名|公众号|视频号|会议号)(?:是|叫|为|:|也?叫做?)?[{_QUOTED}]?(?P<name>[一-鿿a-z0-9_]{{2,16}})"
)


@dataclass(frozen=True)
class Platforms:
    """The software by which people teach or pay."""

    words: frozenset[str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, words: Iterable[str]) -> "Platforms":
        listed = frozenset(words)
        return cls(listed, re.compile("|".join(map(re.escape, sorted(listed, key=lambda word: (-len(word), word))))))


def find(page: Page, platforms: Platforms) -> Iterator[Found]:
    yield from _phone(page)
    named = _GROUP_NAME.search(page.text) if page.has(SIGNS) else None
    if named:
        yield Found("platform_account", named.group("name"), named.start("name"), named.end("name"))
        return
    platform = platforms.pattern.search(page.text) if page.has(platforms.words) else None
    if platform:
        yield Found("platform_account", platform.group(), platform.start(), platform.end())


def _phone(page: Page) -> Iterator[Found]:
    if not _MANY_DIGITS.search(page.text):
        return
    plain = page.text.translate(DIGITS)
    found = MOBILE.search(plain) or LANDLINE.search(plain)
    if found:
        yield Found("phone", re.sub(r"\D", "", found.group()), found.start(), found.end())
