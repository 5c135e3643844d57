"""Finds the money that was said, and what each sum is: paid, owed, a price, a refund, a fine; the main sum is chosen by that."""

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from nlp.facts.numerals import Numeral
from nlp.facts.page import Found, Page


class Role(IntEnum):
    """What a sum is. The smaller one is the main sum of a report; from EXTRA on, only when nothing better was said."""

    TOTAL = 0
    PAID = 1
    RATE = 2
    PRICE = 3
    WAGE = 4
    OTHER = 5
    EXTRA = 6
    REFUND = 7
    DISCOUNT = 8
    COST = 9


# A price and a rate are the same thing said in two ways; the first one said counts.
_RANK = {Role.PRICE: Role.RATE}
_NEVER_MAIN = frozenset({Role.DISCOUNT, Role.COST})

# What may stand between the cue and the number: a few characters of the same clause.
_GAP = r"[^,;。!?\n\d]"
_PER = (
    r"(?:(?:每|一|1|按|论)(?:个)?(?:节课?|次课?|堂课?|课时|课|小时|钟头|月|学期|期|年|季度?|天|晌|晚上?"
    r"|人|生|位|家|户|套|张卡?|科|门|单|学生|孩子|小孩|娃|对一|分钟|暑假|寒假|假期|暑期班?)"
    r"|半年|半个月|[二两三四五六七八九十\d]+(?:个)?(?:分钟|小时|课时|节课?|次课|年|个月|天))"
)
_SPAN = r"(?:[一二两三四五六七八九十\d]{1,2}|半|俩|仨)(?:个?月|年|个?学期|期)"
# Tried in this order on the words before the number; the first that fits decides.
_BEFORE = (
    # A fine, rent, a dinner, what the house owes to others: no parent paid it for lessons.
    (
        Role.COST,
        re.compile(
            r"(?:(?:罚|滞纳金)[^,;。!?\n\d]{0,4}|(?:验收|装修|消防|房租|租金|转让费|请客|吃饭|酒席|一桌|水电费?|电费|水费|物业费?)[^,;。!?\n\d]{0,6})$"
        ),
    ),
    # What others charge elsewhere.
    (
        Role.OTHER,
        re.compile(
            r"(?:人家|别家|别处|别的|其他|其它|外地|市里|城里|平顶山|郑州|漯河|许昌)[^,;。!?\n\d]{0,8}(?:才|只|也就|就)[^,;。!?\n\d]{0,3}$"
        ),
    ),
    (Role.PRICE, re.compile(rf"(?:优惠|打折|折)(?:后|下来|完|价){_GAP}{{0,3}}$")),
    (
        Role.DISCOUNT,
        re.compile(
            r"(?:便宜|立减|减免?|优惠|立省|省了?|赠送?|奖励?|奖金|优惠券|代金券|抵|团购|体验课?|试听课?)[^,;。!?\n\d交扫付转花收]{0,3}$"
        ),
    ),
    (Role.WAGE, re.compile(rf"(?:工资|底薪|月薪|提成|生活费|挣|劳务费){_GAP}{{0,5}}$")),
    (
        Role.EXTRA,
        re.compile(
            r"(?:(?:每个?月|按月|月月|一个?月)(?:要|得|还得|都)?还|月供|(?:道服|舞鞋|服装|衣服|校服|教材|课本|画具|器材|护具|球拍|乐器|平板|琴也?是|琴钱"
            r"|医药|药水|药费|看病|检查|打车|路费|油钱)[^,;。!?\n\d]{0,8}(?:买|花|交|掏|要|收|用)"
            r"|提成?|返给?|回扣|介绍费|给[她他]|再交|再加|加收|另收|再收|再掏|另加|另交|加了|又加|还要交|又交|又要|多掏|多收|多交|扣|赔|涨了|参展费"
            r"|考级费?|服装费?|教具费?|补训费|材料费|资料费)[^,;。!?\n\d]{0,3}$"
        ),
    ),
    (Role.TOTAL, re.compile(rf"(?:一共|总共|共计|合计|加起来|合起来|统共|拢共|总计|前前后后|前后|总额){_GAP}{{0,6}}$")),
    (Role.PAID, re.compile(rf"(?:拖欠|欠|拖|差我|该我){_GAP}{{0,8}}$")),
    (Role.PAID, re.compile(rf"(?:交|缴|充|付|花|掏|报)[了过满的]?(?:一次性)?{_SPAN}(?:的|嘞)?(?:钱|费用?|学费|课时费|课)?{_GAP}{{0,3}}$")),
    (Role.REFUND, re.compile(rf"(?:退|返还|要回来?|剩|余额|还有){_GAP}{{0,6}}$")),
    (Role.PAID, re.compile(r"(?:交|缴|花|掏|付|充|打|转|续|扫|刷|投|贷)了(?:将?近|大约|整整|约)?$")),
    (Role.RATE, re.compile(rf"{_PER}[^,;。!?\n\d退扣]{{0,5}}$")),
    (Role.PAID, re.compile(rf"(?:交|缴|收|花|充|掏|付|转|打|刷|扫|续|存|汇|买|报名?|押|给|投|凑|垫|要|贷|卷走?|借|骗){_GAP}{{0,8}}$")),
    (
        Role.PRICE,
        re.compile(rf"(?:学费|费用|费|价钱?|价格|全款|一半|报价|收费|卖|卡|只要|定价|课包|钱|元\)?|才|就是|变成|贵到|涨到){_GAP}{{0,4}}$"),
    ),
)
_UNIT = re.compile(r"(?:多|来|几|余|出头|左右|好几)?(?:块|元|圆|大洋|人民币|rmb|大元|整(?![天个日夜容改治体年套月条]))(?!宵|旦)")
# 拼一块, 一块儿: together, unless money follows.
_TOGETHER = re.compile(r"块(?!钱|[一二两三四五六七八九\d])")
_COIN_BEGINS = frozenset("多来几余出左好块元圆大人r整")
_SIGNS = ("¥", "￥")
SIGNS = frozenset(_SIGNS)
_FRACTION = re.compile(r"块([一二两三四五六七八九\d])(?![\d一二三四五六七八九十百千万个名人位节次])")
# Counted things: such a number is no money unless a coin follows it.
_COUNTED = re.compile(
    r"\s?(?:多|来|几|余|好几)?(?:个|名|人|位|户|家|节|课|次|堂|年|月|号|日|天|岁|周|星期|礼拜|分|点|时"
    r"|小时|米|平|公里|里|斤|度|遍|趟|句|页|张|道|台|辆|桶|只|份|口|条|拨|班|学生|孩|娃"
    r"|级|期|楼|层|栋|幢|单元|室|户|段|中|小学|高|本|套|粉|播放|票|%|％|折|分之|[:：./\-~—]|对|排|间|门"
    r"|科|样|种|项|件|声|下|回|倍|步|车|群|号|所|院|军|师|路|线|起|平米|平方|字|集|讲|单|斗|元旦|块地|克"
    r"|ml|kg|g\b|万粉|大|旬|胎|者|来万|秒|成|版|杯|碗|瓶|袋|箱|盒|包(?![一半整年两三])|顿|餐|支|棵|头|双|枚|根|险|县|区|镇"
    r"|村|市|国|张|幅|把|件|处|座|辆|份|伙|批|堆|拍|处)"
)
# Those of one character after which no price is told, 一百年.
_COUNTERS = frozenset("年月号日点分时秒岁周%届级期楼层班")
_HOTLINE = re.compile(r"(?:1[12]\d|12\d{3}|95\d{3}|985|211|360|110|120|119)$")
_METRES = re.compile(r"米(?!线|粉|饭|长|宽|高|处|远|的)")
_TOTAL_AFTER = re.compile(r"[^,;。!?\n\d]{0,3}(?:全包|全部包|包干|打包|封顶)")
_RATE_AFTER = re.compile(rf"(?:多|来)?(?:块|元|圆)?(?:钱)?\s?(?:{_PER}|(?:[/]\s?(?:节|次|月|小时|课时|人|学期|期|天)))")
# 四百块定金, 六百资料费 stand beside the fee; 3200学费 is the fee, whatever was paid before it.
_BESIDE_AFTER = re.compile(
    r"(?:多|来)?(?:块|元)?(?:钱)?的?(?:定金|订金|押金|资料费|材料费|服装费|教材费|书本费|餐费|伙食费|饭钱|报名费|空调费|道具费|考级费|保险费?|手续费)"
)
_FEE_AFTER = re.compile(r"(?:多|来)?(?:块|元)?(?:钱)?的?(?:学费|课费|课时费|培训费)")
_YEARLY_AFTER = re.compile(r"(?:多|来)?(?:块|元)?(?:钱)?包(?:一|半|整|两|三)?(?:个?学)?[年期月]")
_OWED_AFTER = re.compile(r"(?:多|来)?(?:块|元)?(?:多)?(?:钱)?(?:要回来|要了|追回来|拿回来|打了?水漂)")
_GIFT_AFTER = re.compile(r"(?:多|来)?(?:块|元)?(?:钱)?的?(?:红包|优惠券|代金券|奖金|购物卡|转让费)")
_WAGE_AFTER = re.compile(r"(?:多|来)?(?:块|元)?(?:钱)?的?(?:工资|底薪|生活费)")
_AFTER = (
    (Role.DISCOUNT, _GIFT_AFTER),
    (Role.TOTAL, _TOTAL_AFTER),
    (Role.EXTRA, _BESIDE_AFTER),
    (Role.PAID, _FEE_AFTER),
    (Role.PAID, _YEARLY_AFTER),
    (Role.PAID, _OWED_AFTER),
    (Role.WAGE, _WAGE_AFTER),
    (Role.RATE, _RATE_AFTER),
)
# The first of them say it better than the words before.
_SURER = 5
_RANGE_AFTER = re.compile(r"(?:块|元)?(?:到|至|[-~—])(?=[\d一二两三四五六七八九十])")
_RANGE_BEFORE = re.compile(r"[\d一二两三四五六七八九十百千万](?:块|元)?(?:到|至|[-~—])$")
# Percentages, codes, doors, clicks: numbers that are never a sum.
_NO_SUM_BEFORE = re.compile(
    r"(?:分之|[a-z]|第|双|[楼层室房]|单元|少说[^,;。!?]{0,4}|(?:播放|点赞|浏览|粉丝(?!团)|评论|留言|盖了|阅读|转发)[^,;。!?]{0,5})\s?$"
)
# 138 0000 2468: the beginning of a telephone number.
_PHONE_GOES_ON = re.compile(r"[\s\-]\d{4}(?!\d)")
_ONCE_WAS = re.compile(r"(?:原来|以前|之前|本来)[^,;。]{0,6}$")
_BUT_NOW = re.compile(r".{0,8}(?:现在|如今|涨到)")
_FEE_UNIT = re.compile(_PER)
_LEAST_BARE = 10
_BEFORE_LENGTH, _AFTER_LENGTH = 16, 10


class Sum:
    """One sum of money in the text."""

    __slots__ = ("end", "role", "start", "unit", "value")

    def __init__(self, value: float, start: int, end: int, role: Role, unit: Found | None) -> None:
        self.value, self.start, self.end, self.role, self.unit = value, start, end, role, unit


def find(page: Page) -> Iterator[Found]:
    """The main sum, what it is per, and a refund that was said beside it."""
    sums = [one for numeral in _likely(page) if (one := _sum(page, numeral))]
    refunds = [one for one in sums if one.role is Role.REFUND]
    usable = [one for one in sums if one.role not in _NEVER_MAIN]
    if refunds:
        yield Found("refund_amount", _plain(refunds[-1].value), refunds[-1].start, refunds[-1].end)
    if not usable:
        return
    main = min(usable, key=lambda one: (_RANK.get(one.role, one.role), one.start))
    if _is_replaced(page, main):
        main = next((one for one in usable if one.start > main.start and one.role <= Role.PRICE), main)
    yield Found("amount_yuan", _plain(main.value), main.start, main.end)
    if main.unit:
        yield main.unit


def _likely(page: Page) -> Sequence[Numeral]:
    """Most numbers are 一个, 2019年 and the like: they leave here, before the slower questions."""
    if page.has(SIGNS):
        return page.numerals
    behind = [page.text[one.end : one.end + 1] for one in page.numerals]
    return [
        one
        for one, after in zip(page.numerals, behind, strict=True)
        if after in _COIN_BEGINS or (one.value >= _LEAST_BARE and after not in _COUNTERS)
    ]


def _sum(page: Page, numeral: Numeral) -> Sum | None:
    if not numeral.value or not numeral.is_exact:
        return None
    before, after = page.before(numeral.start, _BEFORE_LENGTH), page.after(numeral.end, _AFTER_LENGTH)
    coin = _UNIT.match(after)
    is_marked = bool(coin) or before.rstrip().endswith(_SIGNS)
    if not is_marked and (numeral.value < _LEAST_BARE or (_is_count(numeral, after) and not _METRES.match(after) and not _is_rate(after))):
        return None
    if _is_no_sum(numeral, before, after):
        return None
    role = _role(before, after)
    if not is_marked and not _is_bare_money(numeral, role, after):
        return None
    value, end = numeral.value, numeral.end + (coin.end() if coin else 0)
    fraction = _FRACTION.match(after) if coin else None
    if fraction and numeral.value < 1000:
        value, end = value + (_tenths(fraction.group(1)) / 10), numeral.end + fraction.end()
    return Sum(value, numeral.start, end, role if role is not None else Role.OTHER, _fee_unit(page, numeral, role))


def _is_no_sum(numeral: Numeral, before: str, after: str) -> bool:
    """Percentages, codes, ranges, and 一块 in the sense of together."""
    if (numeral.text == "一" and _TOGETHER.match(after)) or (len(numeral.text) == 3 and _PHONE_GOES_ON.match(after)):
        return True
    return bool(_NO_SUM_BEFORE.search(before) or _RANGE_AFTER.match(after) or _RANGE_BEFORE.search(before))


def _role(before: str, after: str) -> Role | None:
    for role, cue in _AFTER[:_SURER]:
        if cue.match(after):
            return role
    for role, cue in _BEFORE:
        if cue.search(before):
            return role
    return next((role for role, cue in _AFTER[_SURER:] if cue.match(after)), None)


def _is_bare_money(numeral: Numeral, role: Role | None, after: str) -> bool:
    """Money without 元 or 块: nothing is counted after it, and either a price word leads to it or it is said as only money is."""
    if role is Role.RATE and _METRES.match(after):
        return True  # 一次50米: a common disguise of 元
    if _is_rate(after):
        return True
    if _is_count(numeral, after):
        return False
    return role is not None or numeral.is_elliptic or bool(numeral.value >= 100 and _ABOUT_AND_END.match(after))


def _is_rate(after: str) -> bool:
    return bool(_RATE_AFTER.match(after) and not _PERIOD.match(after))


def _is_count(numeral: Numeral, after: str) -> bool:
    # 一人一千 班里都交了: behind Chinese figures a space is a pause, and nothing is counted across it.
    is_apart = after.startswith(" ") and not numeral.text.isascii()
    return bool((_COUNTED.match(after) and not is_apart) or _HOTLINE.match(numeral.text) or len(numeral.text) > 7 or numeral.text == "十一")


_ABOUT_AND_END = re.compile(r"(?:多|来|左右|出头)(?:[呢吧了啊嘞,。!?\s]|$)")
_PERIOD = re.compile(r"(?:多|来)?(?:年|个月|天|小时|分钟|课时|节|次|期)")


def _is_replaced(page: Page, main: Sum) -> bool:
    """原来八十一次，如今一百: the price that holds is the new one."""
    if main.role not in {Role.RATE, Role.PRICE}:
        return False
    return bool(_ONCE_WAS.search(page.before(main.start, 12)) and _BUT_NOW.match(page.after(main.end, 14)))


def _fee_unit(page: Page, numeral: Numeral, role: Role | None) -> Found | None:
    if role is not Role.RATE:
        return None
    left = max(0, numeral.start - _BEFORE_LENGTH)
    *_, before = None, *_FEE_UNIT.finditer(page.text, left, numeral.start)
    unit = before or _FEE_UNIT.search(page.text, numeral.end, numeral.end + _AFTER_LENGTH)
    return Found("fee_unit", unit.group(), unit.start(), unit.end()) if unit else None


def _tenths(digit: str) -> float:
    return float(digit) if digit.isascii() else float("零一二三四五六七八九".find(digit) if digit != "两" else 2)


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else round(value, 2)
