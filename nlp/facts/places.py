"""Finds the town, by its new, old or spoken name, and the place inside it, down to the room."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.facts.page import Found, Page

_HAN = "一-鿿a-z0-9"
_N = r"[一二三四五六七八九十\d]"
# Characters no name of a place is made of; they end its reach to the left.
_PLAIN = r"(?:(?![的了是在就都不也还每本某这那哪时们他她它你我俺恁有说把给让被从去到搁跑送拉租住开个张址置座])[一-鿿a-z0-9])"
_ROOM = (
    rf"(?:(?:[\da-z一二三四五六七八九十]{{1,4}}(?:号楼|栋|幢|号院)|[a-z]座|\d{{1,2}}排)(?:{_N}{{1,3}}单元|[东西南北中]单元)?"
    rf"(?:负?{_N}{{1,3}}[楼层])?(?:[东西南北中]户|\d{{3,4}}(?:室|户|号)?|\d{{1,2}}[户号]|底商)?)|(?:楼上|楼下)?[1-9]\d{{2,3}}室|楼上\d{{3,4}}"
)
_ESTATE = (
    r"(?:小区|家园|花园|新村|家属院|家属楼|公寓|大厦|广场(?!舞)|国际城|苑|步行街|商业街|大街上?|街上|商场|商城|商贸城|商厦"
    r"|市场(?!监)|写字楼|大楼|综合楼|供销社|粮站|宾馆|酒店(?<!烟酒店)|农家院|文化宫|少年宫)"
)
_ESTATES = frozenset(
    {"小区", "家园", "花园", "家属院", "家属楼", "公寓", "大厦", "广场", "国际城", "苑", "步行街", "商业街", "大街", "街上", "商场", "商城"}
    | {"新村", "商贸城", "商厦"}
    | {"市场", "写字楼", "大楼", "综合楼", "供销社", "粮站", "宾馆", "酒店", "农家院", "文化宫", "少年宫"}
)
_KINDS = (
    r"(?:电影院|派出所|邮政所|政府|学校|中学|小学|路口|转盘|加油站|卫生院|村委会?|信用社|银行|超市|幼儿园|邮局|街道办"
    r"|办事处|居委会|戏台|戏楼|医院|车站|公园|体育场|场|厂|店|院|所|站|桥|局|村|庄|集|街|园|馆|校|社|区|坡|庙|塔|井|城)"
)
# Known well enough to stand without a name of their own.
_LONE = (
    r"(?:学校|幼儿园|中学|小学|体育场|体育馆|医院|超市|银行|政府|派出所|车站|市场|广场|公园|转盘|影院|影剧院|粮站|粮所|供销社"
    r"|信用社|农信社|邮政所|邮局|街道办事处|街道办|办事处|居委会|卫生院|卫生所|村委会?|村部|法院|供电所|农机站|加油站|戏台|文化站|水厂)"
)
_SIDE = (
    rf"(?:旁边|旁|斜对过|斜对面|对过|对面|隔壁|附近|后面|后头|前面|前头|边上|往[东西南北](?:走)?{_N}*[两百]*(?:米"
    rf"|步|家)|往[东西南北]第{_N}+家|后边|东边|西边|南边|北边|东头|西头|南头|北头|那条巷子里?)"
)
_INSIDE = (
    rf"(?:(?:那个|这个|那栋|这栋|那排)?(?:家属院|家属楼|门面房?|平房|院里|[一-鿿]家院里?|{_N}{{1,2}}[楼层]|楼上|里头|里面|车库里?"
    r"|地下室|[东西南北]屋|底商))"
)
_SHOP = rf"(?:店|诊所|酒店|宾馆|饭店|网吧|茶楼|餐馆|饭馆|药房|写字楼|百货楼|厂|{_LONE})"
# Inside a landmark: 邮政所楼上, 农机站院内东屋, 体育场东门.
_WITHIN = rf"(?:楼上|楼下|{_N}{{1,2}}[楼层]|后院|院内|院里|地下室|[东西南北]门)"
_WITHIN_SIGNS = frozenset(
    {"楼上", "楼下", "后院", "院内", "院里", "地下室"}
    | {side + "门" for side in "东西南北"}
    | {number + floor for number in "一二三四五六七八九十0123456789" for floor in "楼层"}
)

_EXACT = re.compile(rf"(?:{_PLAIN}{{0,6}}某?{_ESTATE}|{_PLAIN}{{2,5}}[路街巷])?(?:{_ROOM})")
_BESIDE = re.compile(rf"(?:{_PLAIN}{{2,4}}那个)?(?:{_PLAIN}{{1,7}}{_KINDS}|{_LONE}){_SIDE}{_INSIDE}?")
_IN_ESTATE = re.compile(
    rf"(?:{_PLAIN}{{2}}(?:那个|这个|一个|某))?{_PLAIN}{{0,5}}{_ESTATE}(?:[东西南北]门(?:那排|口)?|\d{{3,4}}(?![\d元块万千百多]))?{_INSIDE}?"
)
_UPSTAIRS = re.compile(rf"(?:[他她][一-鿿]{{1,3}}的?)?{_PLAIN}{{0,6}}{_SHOP}{_WITHIN}(?:会议室|包间|房间|{_INSIDE})?")
_ROAD = re.compile(rf"[{_HAN}]{{2,4}}(?:路|街|巷|胡同)(?:中段|东段|西段|南段|北段|\d+号|[东西南北]头|{_SIDE})")
_SOMEONES = re.compile(
    r"(?:他|她|老师|老板|班主任)(?:们)?(?:自己)?(?:丈母娘|姐|妈|亲戚|妹|哥|婆婆|爸妈|朋友|奶奶|对象|媳妇"
    r"|老婆|老公)(?:家|的?院)(?:里|的?车库)?|(?:他|她)租的?(?:房子|屋)|[俺我]?(?:家)?楼底?下(?:车库|地下室"
    r"|门面房?)(?:里)?|(?<!居)(?:一栋|一间)[一-鿿]{0,8}(?:写字楼|居民楼)(?:[一二三四五六七八九十\d]{1,2}[楼层])"
    r"|临街的?(?:一个)?(?:门面房?|门市)"
)

_SIDES = frozenset(
    {"旁", "对过", "对面", "隔壁", "附近", "后面", "后头", "前面", "前头", "边上", "后边", "那条巷子"}
    | {side + part for side in "东西南北" for part in "边头"}
    | {f"往{side}" for side in "东西南北"}
)
# Each way of saying a place with the strings without which it is not said, and the words that give it away: only around these
# is it looked for, which is five times faster.
_PATTERNS = (
    (
        frozenset({"号楼", "栋", "幢", "室", "号院", "座", "排", "楼上"}),
        re.compile(r"号楼|栋|幢|室|号院|座(?<=[a-z]座)|排(?<=\d排)|楼上\d"),
        _EXACT,
    ),
    (_SIDES, re.compile(_SIDE), _BESIDE),
    (_WITHIN_SIGNS, re.compile(rf"楼上|楼下|楼(?<={_N}楼)|层(?<={_N}层)|后院|院内|院里|地下室|门(?<=[东西南北]门)"), _UPSTAIRS),
    (_ESTATES, re.compile(_ESTATE), _IN_ESTATE),
    (
        frozenset(
            road + place
            for road in "路街巷同"
            for place in [*_SIDES, "斜对", *"0123456789", *(side + part for side in "中东西南北" for part in "段头")]
        ),
        re.compile(rf"(?:路|街|巷|胡同)(?:[中东西南北][段头]|\d+号|{_SIDE})"),
        _ROAD,
    ),
    (
        frozenset(
            {
                kin + home
                for kin in ("姐", "妈", "戚", "妹", "哥", "婆", "友", "奶", "象", "妇", "公", "娘")
                for home in ("家", "院", "的院")
            }
            | {"租房", "租屋", "租的房", "租的屋", "写字楼", "居民楼", "临街"}
            | {under + what for under in ("楼下", "楼底下") for what in "车地门"}
        ),
        re.compile(r"[姐妈戚妹哥婆友奶象妇公娘]家|的?院|租的?[房屋]|楼底?下[车地门]|写字楼|居民楼|临街"),
        _SOMEONES,
    ),
)
SIGNS = frozenset().union(*(signs for signs, _, _ in _PATTERNS))

# What a place does not begin with: the reach to the left stops behind these.
_LEAD = re.compile(
    r".*(?:地址|位置|地点|就是|是|在|搁|到|去|从|反映|举报|投诉|跑|搬|送|拉|租|住|俺们?|我们?|咱们?|你们?|这边的?|那边的?"
    r"|那家|有个|有一|一个|开|给|的楼|说|看|把|的人|走|门口)(?=[^的])"
)
_BARE = re.compile(r"^(?:学校旁边|马路.*|[这那]条?街.*|[这那我]们?街.*)$")
_VAGUE = re.compile(
    r"^(?:这|那|哪|某|隔壁|以前|居民|烂尾|里|几|老|好)?(?:个|一个|条)?(?:小区|步行街|大街|街上|写字楼|大楼"
    r"|广场|市场|医院|学校|宾馆|酒店|超市|公寓|苑|大厦|小学|中学|幼儿园)(?:里面|里头|楼上|楼下)?$"
)


# 我家住…, 我人在…, 从…跑来: the writer, and not the lessons.
_LIVES = re.compile(r"(?:家住在?|家是|家在|[我俺]住在?|[我俺]人在|老家在?|从)$")
# 老师家在…: there the lessons are given.
_TEACHERS = re.compile(r"(?:老师|教师|教练|主任|校长|老板|[他她某])们?的?家(?:住在?|是|在)$")
_FROM = re.compile(r"从$")
_CAME = re.compile(r"(?:街道|[镇乡])?[^,;。!?\n]{0,3}(?:来|过去|赶)")


@dataclass(frozen=True)
class Towns:
    """The fourteen towns with every name people use."""

    pattern: re.Pattern[str]
    stems: Mapping[str, str]
    names: frozenset[str]

    @classmethod
    def load(cls, policy: Path) -> "Towns":
        rows = tomllib.loads((policy / "towns.toml").read_text("utf-8"))
        stems = {name: row["stem"] for row in rows.values() for name in (row["stem"], row["name"], *row["old"])}
        forms = {name: _guarded(name, row) for row in rows.values() for name in (row["stem"], row["name"], *row["old"])}
        return cls(re.compile("|".join(forms[name] for name in sorted(forms, key=len, reverse=True))), stems, frozenset(stems))

    def named(self, page: Page) -> tuple[re.Match[str], ...]:
        """Every place where a town is named."""
        return tuple(self.pattern.finditer(page.text)) if page.has(self.names) else ()

    def find(self, page: Page, towns: Sequence[re.Match[str]], *, apart_from: Found | None = None) -> Iterator[Found]:
        """The first town named, and the place in it; 灵动舞苑 is a name and no estate."""
        meant = next((town for town in towns if not _at_home(page, town) and not page.is_denied(town.start())), None)
        if meant:
            yield Found("town", self.stems[meant.group()], *meant.span())
        yield from _address(page, apart_from)


def _at_home(page: Page, town: re.Match[str]) -> bool:
    """我家住八台: where the writer lives tells nothing about where the lessons are."""
    if not _LIVES.search(page.before(town.start(), 6)) or _TEACHERS.search(page.before(town.start(), 8)):
        return False
    return bool(_FROM.search(page.before(town.start(), 2)) is None or _CAME.match(page.text, town.end()))


def _guarded(name: str, row: Mapping[str, Any]) -> str:
    unlike = row.get("unlike", {})
    before = f"(?<![{unlike['before']}])" if name == row["stem"] and unlike.get("before") else ""
    after = f"(?![{unlike['after']}])" if name == row["stem"] and unlike.get("after") else ""
    return f"{before}{re.escape(name)}{after}"


def _address(page: Page, apart_from: Found | None) -> Iterator[Found]:
    """The most exact way the place was said: a building and room, beside a landmark, an estate, a road, somebody's home."""
    for signs, sign, pattern in _PATTERNS if page.has(SIGNS) else ():
        for found in page.around(sign.finditer(page.text), pattern) if page.has(signs) else ():
            start = _begin(page.text, found.start(), found.end())
            place = page.text[start : found.end()]
            if apart_from and start < apart_from.end and apart_from.start < found.end() <= apart_from.end + 1:
                continue
            if len(place) < 3 or _VAGUE.match(place) or _BARE.match(place):
                continue
            yield Found("address", place, start, found.end())
            return


def _begin(text: str, start: int, end: int) -> int:
    lead = _LEAD.match(text, start, max(start, end - 1))
    return lead.end() if lead else start
