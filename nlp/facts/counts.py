"""Finds what was counted: lessons bought or left, months paid ahead, pupils in the room, families concerned."""

import re
from collections.abc import Iterator, Sequence

from nlp.facts.numerals import Numeral, parse
from nlp.facts.page import Found, Page

_LESSONS = re.compile(r"(?:多|来)?(?:个)?(?:课时|节课?|次课?|堂课?|课)")
_CLASS_HOURS = re.compile(r"(?:多|来)?(?:个)?课时")
_LEFT = re.compile(r"(?:剩|还有|余|没上的?)[^,;。!?\n\d]{0,5}$")
_BOUGHT = re.compile(
    r"(?:(?<!举)(?<!上)报了?|买了?|[买报]的|交了?|充了?|办了?|签了?|含|共|总共|一次性|套餐|(?<!没)[学上][满够完]|说好|答应|承诺|合同[上里]?写?的?是?)[^,;。!?\n\d]{0,6}$"
)
_EACH = re.compile(r"(?:第|每|一|才|只|已经|已|上了?|扣了?|[周月天]|星期|礼拜)$")
# 二十节4500, 24节的课,: a clause that begins with so many lessons and tells their price or nothing more.
_PACKAGE = re.compile(
    r"(?:多|来)?(?:个)?(?:课时|节课?|次课?|堂课?)(?:的课)?(?:$|[,;。!?\n\s]|一?共?[花交收要]?了?[\d一二两三四五六七八九]+[\d百千万])"
)
_CLAUSE_START = re.compile(r"(?:^|[,;。!?\n\s])(?:就是|是|共|一共|总共)?$")
_FEWEST_LESSONS, _SMALLEST_PACKAGE = 3, 8

_CHILD = (
    r"(?:小学生|初中生|高中生|学生娃?|孩子们?|小孩子?们?|孩儿们?|孩娃|娃娃?们?|娃儿们?|小朋友们?|孩童|学员|小娃|小家伙|妮儿?|小子|半大小子)"
)
# 二十来个初三学生, 三十个同班的孩子.
_WHOSE = r"(?:(?:[初高][一二三123]|[一二三四五六七八九\d]年级|小学|初中|高中|毕业班|[大中小]班|同班|本班|[她他]?们?班上?|附近|周边)的?)?"
_PUPILS = re.compile(rf"[多来余]?(?:好?几)?[个名位号]?(?:半大|左右的?|上下的?|大大小小的?)?{_WHOSE}{_CHILD}")
_PEOPLE = re.compile(
    r"(?:多|来)?(?:好?几)?[个名号]?人?(?:一个?(?:房间|屋|间|班|教室|教练|老师|组)|(?:挤|坐)(?:在)?(?:一|里)|(?:都|全)?(?:在|搁|跟着|去)[^,;。!?\n]{0,12}?(?:补课|上课|补习|学|[那里]上|[那里]补))"
)
_BARE_PEOPLE = re.compile(r"(?:多|来|余)?(?:好?几)?(?:[个名号]|口子)(?:人)?(?:左右|上下|的样子)?(?:$|[,;。!?\n\s]|人|[呢嘞哩吧了])")
_ROOM_BEFORE = re.compile(
    r"(?:带|一个班|每班|一班|一屋子?|一间|一教室|班里|班上|屋里|教室里|里头|里面|一共有?|至少有?|最多[^,;。\d]{0,4}|挤着?|坐着?|收了?|总共|拢共|统共|得有|少说|大概有?|差不多)[^,;。!?\n\d]{0,3}$"
)
# 娃们都搁那补课,十好几个: who is counted was said in the clause before.
_PUPILS_BEFORE = re.compile(
    rf"(?:{_CHILD}|补课|补习|上课|[教学补][^,;。!?\n]{{0,8}}|年级|[初高][一二三]|班)[^;。!?\n,]{{0,6}},\s?(?:有|得有|大概|差不多|一共|总共|少说有?|至少)?$"
)
# Children who came to harm or are stuck are no class size.
_NOT_A_CLASS = re.compile(
    r"(?:吐了?|伤了?|卡住了?|困住?了?|淹了?|传了?|核载|原来|前面排了?|病了?|其他|其它|另外|[高初第]|班上原来|走了?|剩)[^,;。\d]{0,4}$"
)
_FEWEST_PUPILS = 5
# 几十个, 数百户: nobody can say how many.
_UNTOLD = frozenset("几数第")
# 俺家俩孙子都搁那补: our own children are the pupils we know of.
_OUR_OWN = re.compile(r"(?:我|俺|咱|我们|俺们|家)(?:家)?(?:里)?(?:有|的)?$")
_OWN_CHILDREN = re.compile(
    r"个?(?:孙子|孙女|孩子|孩儿|娃|闺女|妮儿?|儿子|女儿|外孙女?|小孩)[^,;。!?]{0,4}(?:都|全|一起|一块儿?)?[^,;。!?]{0,3}(?:[在搁去][^,;。!?]{1,8})?[补学上报]"
)

_FAMILIES = re.compile(
    r"(?:多|来|几|好几)?(?:户(?!口|外|型|籍)|家(?:人)?(?=[,。;!都也全一的被交受]|$)|(?:个|名|位)?(?:家长|家庭|宝妈|受害者?|业主|学生家))"
)
# Families stand for their children where they speak together or were all charged: 我们六家, 十几家都去找过.
_TOGETHER_BEFORE = re.compile(r"(?:我们|俺们|咱们|咱|俺|一共|总共|共|合计|联合)(?:这|班|一共|总共|共)?(?:有)?$")
_PARENTS = re.compile(
    r"(?P<who>(?:多|来|几|好几)?(?:户(?!口|外|型|籍)|家(?:人)?(?!店|公司|机构|单位|培训|企业|超市|银行|媒体|医院|长)|(?:个|名|位)?(?:家长|学生家)))"
    r"(?P<deed>都|全|联名|一起|一块|交|被|的钱|受骗|要求|集体)?"
)
# 上百个: a hundred, said without a figure before it.
_HUNDRED = re.compile(
    rf"(?:上|过|成|近|快|小)百(?:十)?[来多]?[个名号口]?(?:{_CHILD}|家长)|(?<![\d一二两三四五六七八九几])百十[来多]?[个名号]?(?:{_CHILD}|家长)"
)
# Those who work there: a group of them unpaid is another matter than one.
_STAFF = re.compile(
    r"(?:多|来|几)?(?:个|名|位|口)(?:[^,;。!?\n\d个名位口]{0,5})?(?:老师|教师|教练|员工|顾问|陪练|同事|姊妹|工友|职工|人(?:没发|没领|一分))|口人"
)

_SPAN = (
    r"(?P<n>[一二两三四五六七八九十仨俩]+|(?<!\d)\d{1,2}|半)(?P<u>个?半?年(?!\d|级|代|头|轻|前|后|内|来"
    r"|多|了|没|底|初|下|上|的时间)|个?学年|个月(?!前|后|内|来|多|了|没|的时间|大)|(?<=[仨俩])月)"
)
_PAID_SPAN = re.compile(rf"(?:交|缴|续|充|办|买|报|订|签|预付|收|预收)(?:了|过|的|满|够|就是|一下子?)?{_SPAN}")
_AGREED_SPAN = re.compile(
    rf"(?:说是|说好的?|说的是?|讲好|包|签的?是?|签了|期限是?|有效期|课期|课程|够上|能上|管|学费是)(?:了|要|学|上|一共|整)?{_SPAN}(?!级|前|后|多|了)"
)
_SPAN_OF = re.compile(rf"(?<!最后)(?<![欠拖这那上]){_SPAN}(?:卡|会员|套餐|私教|的(?:卡|课|课程|费用?|学费|会员|套餐|钱|课时费?))")
_SPAN_PRICE = re.compile(
    r"(?P<n>[一二两三四五六七八九十]|\d+|半)(?P<u>年)(?:交|收|要)?(?=[\d一二两三四五六七八九][\d一二两三四五六七八九十百千万])"
)
_YEAR_CARD = re.compile(r"(?P<n>半?)(?P<u>年卡)(?!维护|的?押金)|(?P<q>季卡)")
# A number stands before it, and not that of a date: 今年, 2019年 are no span of time.
_SPAN_SIGN = re.compile(
    r"年(?:(?=卡)|(?<=[一二两三四五六七八九十仨俩半\d个学]年)(?<!\d\d\d年))|个月(?<=[一二两三四五六七八九十仨俩\d]个月)|仨月|俩月|季卡"
)
_SPAN_SIGNS = frozenset({"年", "个月", "仨月", "俩月", "季卡"})
_HUNDREDS = frozenset({"上百", "过百", "成百", "近百", "快百", "小百", "百十"})
SIGNS = _SPAN_SIGNS | _HUNDREDS
# Nobody pays more than five years ahead: a larger number is a calendar year.
_LONGEST = 60
_SPANS = (_PAID_SPAN, _SPAN_OF, _SPAN_PRICE, _YEAR_CARD, _AGREED_SPAN)


# What is counted begins so; most numbers are dates and prices, and are not asked further.
_COUNTS = frozenset("多来几余好个名位口号户家宝受业课节次堂人一挤坐半小初高学孩娃孙闺妮儿女外到至")


def find(page: Page) -> Iterator[Found]:
    counting = [one for one in page.numerals if page.text[one.end : one.end + 1] in _COUNTS and one.least >= 2]
    yield from _hours(page, counting)
    yield from _months(page)
    yield from _pupils(page, counting)
    yield from _first("affected_families", _FAMILIES, page, counting)
    yield from _first("affected_staff", _STAFF, page, counting)


def _hours(page: Page, counting: Sequence[Numeral]) -> Iterator[Found]:
    """Lessons bought come before lessons left; the lessons already had are neither."""
    best: tuple[int, Found] | None = None
    for numeral in counting:
        if numeral.value < _FEWEST_LESSONS or not numeral.is_exact:
            continue
        after = page.after(numeral.end, 10)
        lessons = _LESSONS.match(after)
        if not lessons:
            continue
        rank = _lesson_rank(page.before(numeral.start, 12), after, numeral.value)
        if rank is not None and (best is None or rank < best[0]):
            best = rank, _whole("hours", numeral, numeral.end + lessons.end())
    if best:
        yield best[1]


def _lesson_rank(before: str, after: str, count: float) -> int | None:
    if before.endswith("第"):
        return None
    if _CLASS_HOURS.match(after) and not _EACH.search(before):
        return 0
    if _LEFT.search(before):
        return 2
    if _BOUGHT.search(before) and not _EACH.search(before):
        return 1
    return 1 if count >= _SMALLEST_PACKAGE and _CLAUSE_START.search(before) and _PACKAGE.match(after) else None


def _months(page: Page) -> Iterator[Found]:
    signs = list(_SPAN_SIGN.finditer(page.text)) if page.has(_SPAN_SIGNS) else ()
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
    """Children in a room, else families that paid, else our own children; of a rough number the smaller one."""
    for numeral in counting:
        if numeral.least < _FEWEST_PUPILS:
            continue
        before, after = page.before(numeral.start, 16), page.after(numeral.end, 14)
        said = _PUPILS.match(after) or _PEOPLE.match(after)
        if not said and (bare := _BARE_PEOPLE.match(after)) and (_ROOM_BEFORE.search(before) or _PUPILS_BEFORE.search(before)):
            said = bare
        if said and before[-1:] not in _UNTOLD and not _NOT_A_CLASS.search(before):
            yield _whole("student_count", numeral, numeral.end + len(said.group().rstrip("，。！？；,;!?\n ")))
            return
    hundred = _HUNDRED.search(page.text) if page.has(_HUNDREDS) else None
    if hundred:
        yield Found("student_count", 100, *hundred.span())
        return
    yield from _spoken_for(page, counting)


def _spoken_for(page: Page, counting: Sequence[Numeral]) -> Iterator[Found]:
    for numeral in counting:
        families = _PARENTS.match(page.text, numeral.end, numeral.end + 10)
        before = page.before(numeral.start, 6) if families else ""
        if families and before[-1:] not in _UNTOLD and (families.group("deed") or _TOGETHER_BEFORE.search(before)):
            yield _whole("student_count", numeral, families.end("who"))
            return
    for numeral in counting:
        own = _OWN_CHILDREN.match(page.text, numeral.end, numeral.end + 18)
        if own and _OUR_OWN.search(page.before(numeral.start, 6)):
            yield _whole("student_count", numeral, own.end())
            return


def _first(key: str, counted: re.Pattern[str], page: Page, counting: Sequence[Numeral]) -> Iterator[Found]:
    """The first number that counts these people."""
    for numeral in counting:
        said = counted.match(page.text, numeral.end, numeral.end + 10)
        if said and page.before(numeral.start, 1) not in _UNTOLD:
            yield _whole(key, numeral, said.end())
            return


def _whole(key: str, numeral: Numeral, end: int) -> Found:
    return Found(key, int(numeral.least), numeral.start, end)
