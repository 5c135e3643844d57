"""Finds what was counted: lessons bought or left, months paid ahead, pupils in the room, families concerned."""

import re
from collections.abc import Iterator, Sequence

from nlp.facts.numerals import Numeral, parse
from nlp.facts.page import Found, Page

_LESSONS = re.compile(r"(?:多|来)?(?:个)?(?:课时|节课?|次课?|堂课?|课)")
_CLASS_HOURS = re.compile(r"(?:多|来)?(?:个)?课时")
_LEFT = re.compile(r"(?:剩|还有|余|没上的?)[^,;。!?\n\d]{0,5}$")
_BOUGHT = re.compile(r"(?:(?<!举)(?<!上)报了?|买了?|交了?|充了?|办了?|签了?|含|共|总共|一次性|套餐)[^,;。!?\n\d]{0,6}$")
_EACH = re.compile(r"(?:第|每|一|才|只|已经|已|上了?|扣了?)$")

_CHILD = r"(?:小学生|初中生|高中生|学生|孩子们?|小孩儿?|孩儿们?|娃娃?|小朋友|小朋友们|孩童|学员)"
_PUPILS = re.compile(rf"[多来余]?[个名位]?(?:半大)?{_CHILD}")
_PEOPLE = re.compile(r"(?:多|来)?(?:个|名)?人?(?:一个?(?:房间|屋|间|班|教室|教练|老师|组)|(?:挤|坐)(?:在)?(?:一|里))")
_BARE_PEOPLE = re.compile(r"(?:多|来)?(?:个|名)(?:人)?(?:$|[,;。!?\n\s]|人)")
_ROOM_BEFORE = re.compile(
    r"(?:带|一个班|每班|一班|一屋|一间|班里|群里|一共有?|至少有?|最多[^,;。\d]{0,4}|挤着?|坐着?|收了?|总共)[^,;。!?\n\d]{0,3}$"
)
# Children who came to harm or are stuck are no class size.
_NOT_A_CLASS = re.compile(
    r"(?:吐了?|伤了?|卡住了?|困住?了?|淹了?|传了?|核载|原来|前面排了?|病了?|其他|其它|另外|[高初第]|班上原来|走了?|剩)[^,;。\d]{0,4}$"
)
_FEWEST_PUPILS = 5

_FAMILIES = re.compile(r"(?:多|来|几)?(?:户|家(?:人)?(?=[,。都也]|$)|(?:个|名|位)?(?:家长|家庭|宝妈|受害者?|业主))")
# Those who work there: a group of them unpaid is another matter than one.
_STAFF = re.compile(
    r"(?:多|来|几)?(?:个|名|位|口)(?:[^,;。!?\n\d个名位口]{0,5})?(?:老师|教师|教练|员工|顾问|陪练|同事|姊妹|工友|职工|人(?:没发|没领|一分))|口人"
)

_SPAN = (
    r"(?P<n>[一二两三四五六七八九十仨俩]+|(?<!\d)\d{1,2}|半)(?P<u>个?半?年(?!\d|级|代|头|轻|前|后|内|来"
    r"|多|了|没|底|初|下|上|的时间)|个?学年|个月(?!前|后|内|来|多|了|没|的时间|大)|(?<=[仨俩])月)"
)
_PAID_SPAN = re.compile(rf"(?:交|缴|续|充|办|买|报|订|签|预付|收|预收)(?:了|过|的|满|够|就是|一下子?)?{_SPAN}")
_SPAN_OF = re.compile(rf"(?<!最后)(?<![欠拖这那上]){_SPAN}(?:卡|会员|套餐|私教|的(?:卡|课|课程|费用?|学费|会员|套餐|钱|课时费?))")
_SPAN_PRICE = re.compile(
    r"(?P<n>[一二两三四五六七八九十]|\d+|半)(?P<u>年)(?:交|收|要)?(?=[\d一二两三四五六七八九][\d一二两三四五六七八九十百千万])"
)
_YEAR_CARD = re.compile(r"(?P<n>半?)(?P<u>年卡)(?!维护|的?押金)|(?P<q>季卡)")
# A number stands before it, and not that of a date: 今年, 2019年 are no span of time.
_SPAN_SIGN = re.compile(
    r"年(?:(?=卡)|(?<=[一二两三四五六七八九十仨俩半\d个学]年)(?<!\d\d\d年))|个月(?<=[一二两三四五六七八九十仨俩\d]个月)|仨月|俩月|季卡"
)
SIGNS = frozenset({"年", "个月", "仨月", "俩月", "季卡"})
# Nobody pays more than five years ahead: a larger number is a calendar year.
_LONGEST = 60
_SPANS = (_PAID_SPAN, _SPAN_OF, _SPAN_PRICE, _YEAR_CARD)


# What is counted begins so; most numbers are dates and prices, and are not asked further.
_COUNTS = frozenset("多来几余个名位口户家宝受业课节次堂人一挤坐半小初高学孩娃")


def find(page: Page) -> Iterator[Found]:
    counting = [one for one in page.numerals if one.value >= 2 and page.text[one.end : one.end + 1] in _COUNTS]
    yield from _hours(page, counting)
    yield from _months(page)
    yield from _pupils(page, counting)
    yield from _first("affected_families", _FAMILIES, page, counting)
    yield from _first("affected_staff", _STAFF, page, counting)


def _hours(page: Page, counting: Sequence[Numeral]) -> Iterator[Found]:
    """Lessons bought come before lessons left; the lessons already had are neither."""
    best: tuple[int, Found] | None = None
    for numeral in counting:
        after = page.after(numeral.end, 6)
        lessons = _LESSONS.match(after)
        if not lessons or numeral.value < 3 or not numeral.is_exact:
            continue
        rank = _lesson_rank(page.before(numeral.start, 12), after)
        if rank is not None and (best is None or rank < best[0]):
            best = rank, _whole("hours", numeral, numeral.end + lessons.end())
    if best:
        yield best[1]


def _lesson_rank(before: str, after: str) -> int | None:
    if before.endswith("第"):
        return None
    if _CLASS_HOURS.match(after) and not _EACH.search(before):
        return 0
    if _LEFT.search(before):
        return 2
    return 1 if _BOUGHT.search(before) and not _EACH.search(before) else None


def _months(page: Page) -> Iterator[Found]:
    signs = list(_SPAN_SIGN.finditer(page.text)) if page.has(SIGNS) else ()
    for pattern in _SPANS if signs else ():
        for found in page.around(signs, pattern):
            months = _months_of(found)
            if months:
                yield Found("months", months, found.start(), found.end())
                return


def _months_of(found: re.Match[str]) -> int:
    groups = found.groupdict()
    if groups.get("q"):
        return 3
    unit, written = groups["u"], groups["n"]
    if "年" in unit:
        count = 0.5 if written == "半" else (parse(written) or 0) if written else 1
        months = int(12 * (count + (0.5 if "半" in unit else 0)))
    else:
        months = int(parse(written) or 0) if written != "半" else 0
    return months if months <= _LONGEST else 0


def _pupils(page: Page, counting: Sequence[Numeral]) -> Iterator[Found]:
    for numeral in counting:
        if numeral.value < _FEWEST_PUPILS or not numeral.is_exact:
            continue
        before, after = page.before(numeral.start, 8), page.after(numeral.end, 8)
        if _NOT_A_CLASS.search(before):
            continue
        said = _PUPILS.match(after) or _PEOPLE.match(after) or (_BARE_PEOPLE.match(after) if _ROOM_BEFORE.search(before) else None)
        if said:
            yield _whole("student_count", numeral, numeral.end + len(said.group().rstrip("，。！？；,;!?\n ")))
            return


def _first(key: str, counted: re.Pattern[str], page: Page, counting: Sequence[Numeral]) -> Iterator[Found]:
    """The first number that counts these people."""
    for numeral in counting:
        said = counted.match(page.after(numeral.end, 10))
        if said:
            yield _whole(key, numeral, numeral.end + said.end())
            return


def _whole(key: str, numeral: Numeral, end: int) -> Found:
    return Found(key, int(numeral.value), numeral.start, end)
