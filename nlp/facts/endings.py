"""Knows an institution by how its name ends, 飞扬武道馆 or 卓然书法, and where such a name begins."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.facts.page import Found, Page
from nlp.scanning import PhraseIndex

_SHORTEST, _LONGEST = 2, 7
_REACH = 12
# Behind these a name begins. The words of the first kind are so common that only an ending that is nothing else follows them.
_LOOSE = r"[把被让跟和与由从对向是说、]|一下|查查|管管"
_PLACED = r"(?:[街路楼层口边面头里院区城园场室镇乡村店旁近段号栋东西南北\d]|那儿|这儿|那块儿?|这块儿?|这片儿?|那片儿?)的"
_FIRM = (
    rf"[在搁去叫给找到,;:。!?\n\s\"'(“”「『《【‘’、]|[一有这那某]家|[一有这那了]个|{_PLACED}|[一二三四五六七八九十\d](?:号?楼|层|室|号院?)的?"
    r"|[报办开去选换进找]了[个家]?|[报上办开去选找学]的|报名|投诉|举报|反映|曝光|查处|关于|名为|收到|位于|(?<=[娃子女妮儿孙天直都想])上|加盟|签约"
)
_STRICT = re.compile(_FIRM)
_WIDE = re.compile(rf"{_FIRM}|{_LOOSE}")
_CORE = re.compile(r"[一-鿿a-z0-9·]+")
# The last character before an ending says most often that a common word stands there: 孩子的托管, 学美术, 补英语.
_NO_END = frozenset(
    "的了是学教报上课补个在和与及、,。;:!?\n \"'(（）()把给有做搞办开练讲说叫过习着到去年级级班周天晚午里外家校们这那该各某种类"
)
# 教育局, 托管费, 艺术节: the word goes on, and it is no name.
_GOES_ON = re.compile(
    r"的?(?:局|部门?|行业|系统|资源|体育|科技|厅|委|界|法|主管|事业|费|服务|业务|模式|方式|时间|问题|市场|平台|协议|资金|位置|节|类|生\b|学院"
    r"|教学|活动|理念|质量|水平|方面|内容|需求|工作|改革|发展|公平|经费|投入|制度|政策|督导|基地|专业|老师们|考试|成绩|作业|卷(?![钱款走跑铺着])|书|教师|路|街|洲|镇|社区|小区|教材|题|竞赛|比赛|等级)"
)
# What an institution does, or what is done with it: behind a word that might as well be a subject.
_DOES = re.compile(
    r"$|[,;:。!?\n\s\"'“”」』》】’)(]|[收卷跑关换搬欠骗坑退不没无倒停失黄散让叫说答也就又还都在搁开招教乱虚强拖拒违被把要突已现今昨前那这办交报学上买充预套贷吞涨偷借跟从位涉存里了\d]"
    r"|一[万千百年学次共直]|老板|校长|负责|店|承诺|合同|机构|公司|学校|集团|培训|中心|门口|楼|的?(?:老板|校长|负责人|老师|课|教练|法人|学费|卡|会员|前台|班)"
)
# 琴韵坊,古筝,交了…: a clause of nothing but a name, and the next one tells what was learnt or paid there.
_ALONE = re.compile(r"(?:^|(?<=[,;。!?\n\s]))(?P<name>(?P<core>[一-鿿]{2,4})[坊轩堂苑阁斋屋馆])(?=[,\s](?P<next>[^,;。!?\n]{1,8}))")
_ALONE_SIGN = re.compile(r"[坊轩堂苑阁斋屋馆][,\s]")
_DEALINGS = re.compile(r"[交收报学买充欠卷跑关退骗]|老板|校长|教练")


@dataclass(frozen=True)
class Endings:
    """The endings that only institutions have, those that subjects and services have as well, and the words no name is made of."""

    index: PhraseIndex
    words: frozenset[str]
    tail: re.Pattern[str]
    sure: tuple[str, ...]
    common: re.Pattern[str]
    ordinary: re.Pattern[str]
    quoted: tuple[str, ...]
    towns: re.Pattern[str]
    # 朱兰的阳光培训学校: the town says where, and is no part of the name.
    of_town: re.Pattern[str]

    @classmethod
    def of(cls, words: Mapping[str, Sequence[str]], towns: Iterable[str]) -> "Endings":
        sure, shared = words["endings"], words["subjects"]
        surely, maybe, town = _either(sure), _either(shared), rf"(?:{_either([*words['cities'], *towns])})+(?:街道|[市镇乡])?"
        return cls(
            PhraseIndex([*sure, *shared]),
            frozenset([*sure, *shared]),
            re.compile(rf"(?:{maybe}){{0,2}}(?:{surely})|(?:{maybe}){{1,2}}"),
            tuple(sure),
            re.compile(_either(words["common"])),
            re.compile(_either([*words["common"], *words["ordinary"]])),
            tuple(words["quoted"]),
            re.compile(f"^{town}"),
            re.compile(f"{town}(?:那边|这边)?的"),
        )

    def find(self, page: Page, course: re.Pattern[str]) -> Iterator[Found]:
        """Each name with such an ending, in order."""
        if page.has(self.words):
            yield from self._ended(page, course)
        if _ALONE_SIGN.search(page.text):
            yield from self._alone(page, course)

    def core(self, name: str) -> str:
        """The name without its town and its ending: what makes it a name."""
        name = self.towns.sub("", name)
        quoted = next((ending for ending in self.quoted if name.endswith(ending)), None)
        found = next((found for place in range(len(name)) if (found := self.tail.fullmatch(name, place))), None)
        return name[: found.start()] if found else name.removesuffix(quoted or "")

    def is_own(self, core: str, *, announced: bool) -> bool:
        """Whether these characters may be somebody's own word; where no name was announced, fewer words may be."""
        return len(core) >= _SHORTEST and not (self.common if announced else self.ordinary).search(core) and not core.isdigit()

    def _is_name(self, name: str, core: str, course: re.Pattern[str]) -> bool:
        """Where only the ending tells: no course is in it or runs into the ending, 跆拳+道馆, and it is no ending itself."""
        if not self.is_own(core, announced=False) or len(self.core(core)) < _SHORTEST:
            return False
        return all(found.start() >= len(core) for found in course.finditer(name))

    def _ended(self, page: Page, course: re.Pattern[str]) -> Iterator[Found]:
        text, done = page.text, 0
        for _, place, _ in self.index.find(text):
            if place < max(done, _SHORTEST) or text[place - 1] in _NO_END:
                continue
            if self.ordinary.search(text, place - _SHORTEST, place) or not (tail := self.tail.match(text, place)):
                continue
            is_sure = tail.group().endswith(self.sure)
            if _GOES_ON.match(text, tail.end()) or not (is_sure or _DOES.match(text, tail.end())):
                continue
            start = self._begin(text, place, _WIDE if is_sure else _STRICT)
            core = self.towns.sub("", text[start:place]) if start is not None else ""
            if start is not None and _CORE.fullmatch(core) and self._is_name(core + tail.group(), core, course):
                done = tail.end()
                yield Found("org_name", text[start:done], start, done)

    def _begin(self, text: str, place: int, boundary: re.Pattern[str]) -> int | None:
        """Behind the nearest word that leads to a name and leaves room for one."""
        left = max(0, place - _REACH)
        begins = [0] if place <= _LONGEST else []
        for leading in (boundary, self.of_town):
            begins += [seen.end() for seen in leading.finditer(text, left, place - _SHORTEST)]
        start = max(begins, default=None)
        return start if start is not None and place - start <= _LONGEST else None

    def _alone(self, page: Page, course: re.Pattern[str]) -> Iterator[Found]:
        for found in _ALONE.finditer(page.text):
            follows = found.group("next")
            if self._is_name(found.group("name"), found.group("core"), course) and (course.match(follows) or _DEALINGS.match(follows)):
                yield Found("org_name", found.group("name"), *found.span("name"))


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))
