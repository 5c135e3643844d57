"""Finds the institution's name, and only when the words around it leave little doubt: a wrong name is worse than a question."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nlp.facts.page import Found, Page
from nlp.scanning import PhraseIndex

_NAME = r"[一-鿿a-z0-9·]{2,10}?"
_OPENING, _CLOSING = "“\"「『《【‘'", "”\"」』》】’'"
_OPEN, _CLOSE = f"[{_OPENING}]", f"[{_CLOSING}]"
_KINDS = (
    *("机构", "培训班", "补习班", "辅导班", "学校", "舞蹈室", "舞蹈班", "画室", "工作室", "中心", "地方", "培训学校", "辅导学校"),
    *("俱乐部", "琴行", "托管", "小饭桌", "公司", "店", "班", "馆", "幼儿园", "教育", "艺术"),
)
_KIND = f"(?:{'|'.join(_KINDS)})"
_SIGN = r"(?:招牌|牌子|门头|店名|名字|机构名称?|机构|公司|店)(?:上)?(?:就)?(?:是|写的?是?|写着|叫做?|挂的?是?|换成|改成|为|:|：)"
_ENDS = r"(?=[,;。!?\n\s”\"]|$)"

_QUOTED = re.compile(
    rf"(?:{_SIGN}|叫做?|名叫|名为|在|去|到|一家|有家|这家|那家|那个|报了?)\s?{_OPEN}(?P<name>[^”\"」』》】’']{{2,14}}){_CLOSE}(?!.{{0,3}}(?:的?(?:手续"
    rf"|名义|规定|说法)))"
    rf"|{_OPEN}(?P<name2>[^”\"」』》】’']{{2,14}}){_CLOSE}(?={_KIND})"
)
_CALLED = re.compile(
    rf"(?:{_SIGN}|(?:有[一]?[个家]|一[个家]|那[个家]|这[个家]|家)(?:名)?叫做?|名叫|(?<!报)名为)(?P<name>{_NAME})(?:的(?={_KIND}"
    rf"|[^,;。]{{0,4}}{_KIND})|{_ENDS})"
)
_AT = re.compile(
    rf"(?:孩子|娃|妞|闺女|儿子|女儿|孙子|孙女|我|俺|们|家|就|,|，|。|^)(?:是)?在(?P<name>{_NAME})(?=(?:给(?:孩子"
    rf"|儿子|闺女|女儿|娃|孙子))?(?:报了|报的|报名|上的课|学(?:画|舞|琴|书|编|英|数|语|钢|跳|游|吉|拉|主"
    rf"|口|篮|跆|乒|羽|轮|围|美|声|架|古)))"
)
_OWNER = re.compile(rf"(?:^|[,;。!?\n])(?P<name>{_NAME})的(?:老板|校长|负责人|法人)(?!是谁|都)")
_TEACHES = re.compile(rf"(?:^|[,;。!?\n])(?P<name>{_NAME})(?=(?:原来|以前|之前|本来)就?是(?:教|做|搞|开))")
_HERE = re.compile(rf"(?:这边|那边|街上|这里|这儿)?的(?P<name>[一-鿿]{{3,8}}){_ENDS}")
_SAID = tuple(
    sign + upon + just + is_
    for sign in ("招牌", "牌子", "门头", "店名", "名字", "机构名称", "机构名", "机构", "公司", "店")
    for upon in ("", "上")
    for just in ("", "就")
    for is_ in ("是", "写", "叫", "挂", "换成", "改成", "为", ":", "：")
)
_LEARNT = tuple(f"学{what}" for what in "画舞琴书编英数语钢跳游吉拉主口篮跆乒羽轮围美声架古")
_SPACES = tuple(filter(str.isspace, map(chr, range(0x3001))))
# What stands before a quoted name, maybe with a space between; or a kind of institution stands behind it.
_QUOTING = frozenset(
    {before + quote for before in "是着做叫挂成为:：在去到家个报了" for quote in _OPENING}
    | {space + quote for space in _SPACES for quote in _OPENING}
    | {quote + kind for quote in _CLOSING for kind in _KINDS}
)
# Each form with the strings one of which must be there at all: most texts name nobody, and are done in no time.
_FORMS = (
    (_QUOTING, _QUOTED),
    (frozenset({"个叫", "家叫", "名叫", "名为", *_SAID}), _CALLED),
    (frozenset({"报了", "报的", "报名", "上的课", *_LEARNT}), _AT),
    (frozenset({"的老板", "的校长", "的负责人", "的法人"}), _OWNER),
    (frozenset({"是教", "是做", "是搞", "是开"}), _TEACHES),
)
SIGNS = frozenset().union(*(signs for signs, _ in _FORMS))
# Group names and disguises are quoted too, but they are no institution.
_NOT_A_SIGN = re.compile(
    r"(?:群名|群|备注|会议名|登记的?是|对外[^,;。]{0,4}|名义|改名|收据|课名|管它|一律|说法|换个|把?这个?)(?:叫|是|写的?是?|为)?$"
)
_SENTENCE = re.compile(r"[,。!?、]|^第|[不没]|一律|保过|概不|包过|名师|招生|自愿")
_LONGEST_CORE, _LONGEST_WITH_KIND = 6, 12


@dataclass(frozen=True)
class Names:
    """The endings of institutions' names and the words no name is made of."""

    tails: PhraseIndex
    signs: frozenset[str]
    ending: re.Pattern[str]
    common: re.Pattern[str]

    @classmethod
    def of(cls, endings: Iterable[str], common: Iterable[str]) -> "Names":
        longest_first = sorted(endings, key=len, reverse=True)
        tail = "|".join(map(re.escape, longest_first))
        return cls(
            PhraseIndex(longest_first),
            frozenset(longest_first),
            re.compile(
                rf"(?:^|(?<=[,;。!?\n\s在去叫：:“\"《「【])|(?<=[一这那有]家))(?P<name>(?P<core>[一-鿿]{{2,{_LONGEST_CORE}}}?)(?:{tail}))(?!的?(?:局"
                rf"|部门|机构|行业|系统|资源|体育|咨询|科技|中心|厅|委|上|界|法|主管|培训|事业))"
            ),
            re.compile("|".join(map(re.escape, sorted(common, key=len, reverse=True)))),
        )

    def find(self, page: Page, course: re.Pattern[str], towns: Sequence[re.Match[str]]) -> Iterator[Found]:
        named = self._said(page, course) or self._ending_in_a_kind(page, course) or self._in_town(page, course, towns)
        # 孩子在寺坡学画画 names a town and nobody.
        if named and named.value not in {town.group() for town in towns}:
            yield named

    def _said(self, page: Page, course: re.Pattern[str]) -> Found | None:
        for signs, form in _FORMS if page.has(SIGNS) else ():
            if not page.has(signs):
                continue
            for found in form.finditer(page.text):
                group = "name2" if found.groupdict().get("name2") else "name"
                name = found.group(group)
                start, end = found.span(group)
                if _NOT_A_SIGN.search(page.text[max(0, start - 8) : start].rstrip("“\"「『《【‘'")):
                    continue
                if self._is_name(name, course):
                    return Found("org_name", name, start, end)
        return None

    def _ending_in_a_kind(self, page: Page, course: re.Pattern[str]) -> Found | None:
        if not page.has(self.signs):
            return None
        tails = [start for _, start, _ in self.tails.find(page.text)]
        places = {place for tail in tails for place in range(max(0, tail - _LONGEST_CORE), tail - 1)}
        for found in page.beginning(sorted(places), self.ending):
            core = found.group("core")
            if not self.common.search(core) and not course.search(core) and len(found.group("name")) <= _LONGEST_WITH_KIND:
                return Found("org_name", found.group("name"), *found.span("name"))
        return None

    def _in_town(self, page: Page, course: re.Pattern[str], towns: Iterable[re.Match[str]]) -> Found | None:
        """铁山这边的小雨点，: a town, a short unknown word, and a pause."""
        for place in towns:
            found = _HERE.match(page.text, place.end())
            if found and self._is_name(found.group("name"), course):
                return Found("org_name", found.group("name"), *found.span("name"))
        return None

    def _is_name(self, name: str, course: re.Pattern[str]) -> bool:
        if _SENTENCE.search(name):
            return False
        core = _without_course(self._core(name), course)
        return len(core) >= 2 and not self.common.search(core) and not course.search(core)

    def _core(self, name: str) -> str:
        found = self.ending.match(name)
        return found.group("core") if found else name


def _without_course(name: str, course: re.Pattern[str]) -> str:
    """晨星机器人 keeps 晨星; a name that is nothing but a course keeps nothing."""
    *_, last = None, *course.finditer(name)
    return name[: last.start()] if last and last.end() == len(name) else name
