"""Finds when lessons are held, in the writer's words, and when something was last seen, as a date."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from nlp.facts.numerals import parse
from nlp.facts.page import Found, Page

_N = "一二两三四五六七八九十"
_WEEKDAY = r"(?:周|星期|礼拜)[一二三四五六日天末1-7]"
_DAYS = rf"(?:{_WEEKDAY}(?:(?:到|至|[-~、,和跟])?(?:{_WEEKDAY}|[一二三四五六日天]))*|双休日?|周末|[一二三四五六]{{2,4}}(?=教|上|补|晚))"
_EVERY = (
    r"(?:(?:每天|天天)(?:放学(?:后|以后|之后|了)?|黑[了喽嘞])?|每晚|每周(?![一二三四五六日天末])|每个?(?:星期|礼拜)"
    r"|每逢|每到|一到|平时|放学后|放学以后|放了学|晚饭后"
    r"|天黑[了后喽嘞]|黑[了喽](?=就)|早读前|早自习|晚自习|午休|中午|晌午)"
)
_PART = r"(?:早上|上午|中午|下午|后晌|前晌|晌午|傍晚|擦黑|晚上|晚|夜里|夜晚|黑[了喽]|黑家|凌晨|早|白天|全天|整天)"
_CLOCK = (
    rf"(?:快|差不多|大概|大约)?(?:[{_N}]{{1,3}}|\d{{1,2}})(?:点钟?|时(?![候间代常])|:\d{{2}})(?:半|整|多"
    rf"|[一二三]刻|(?:[{_N}]{{1,3}}|\d{{1,2}})分?)?"
)
_HOURS = (
    rf"(?:{_PART}?{_CLOCK}(?:(?:一拨|左右|以后|之后|以前|开始)?(?:到|至|[-~—、])?(?:{_PART})?(?:{_CLOCK}(?:一拨)?"
    rf"|[{_N}]点))?(?:以后|之后|左右|开始|多)?)"
)
_HOLIDAY = (
    r"(?:国庆|(?<![百千万])五一|(?<![一二三四五六七八九十双])十一(?![一-鿿]?[个点月岁日号])|端午|中秋|清明"
    r"|元旦|寒假|暑假|暑期|寒暑假|节假日|假期|春节|过年)"
)
_TIMES_A_WEEK = rf"(?:一|每)(?:周|星期|礼拜)(?:上)?[{_N}\d](?:次|节|回|天)"

_WEEKDAYS = frozenset(week + day for week in ("周", "星期", "礼拜") for day in "一二三四五六日天末1234567")
_CLOCKS = frozenset(hour + mark for hour in f"{_N}0123456789" for mark in "点时:")
# Two figures side by side may be days, 二四六晚上; so may 一周 and 每周 with a number behind.
_CHAIN_SIGNS = (
    _WEEKDAYS
    | _CLOCKS
    | {one + other for one in "一二三四五六" for other in "一二三四五六"}
    | {every + week for every in "一每" for week in ("周", "星期", "礼拜")}
    | {
        "双休",
        "每天",
        "天天",
        "每晚",
        "每个星期",
        "每个礼拜",
        "每逢",
        "每到",
        "平时",
        "放学后",
        "放学以后",
        "放了学",
        "晚饭后",
        "天黑",
        "黑了",
        "黑喽",
        "一到",
    }
    | {"早读前", "早自习", "晚自习", "午休", "中午", "晌午", "国庆", "五一", "十一", "端午", "中秋", "清明", "元旦", "寒假", "暑假", "暑期"}
    | {"寒暑假", "节假日", "假期", "春节", "过年"}
)
# A look at two characters rules out most places, and of figures what follows them; without it the chain is five times slower.
_CHAIN_BEGINS = re.compile(
    rf"[{_N}0-9每天平放晚黑早午中晌周星礼双国端清元寒暑节假春过快差大傍下上夜凌后个擦前白全整]"
    rf"(?:(?<=\d)(?=\d?[点时:])"
    rf"|(?<=\D)(?=[黑喽了家{_N}0-9每天平放晚黑早午中周星礼双国明旦清寒暑节假年快差大下上夜里晨了日末期拜休点时:学饭自读秋庆逢到个不概约晌]))"
)
_CHAIN = re.compile(
    rf"(?:(?:每?个?{_DAYS}|{_EVERY}|{_HOLIDAY})(?:的|都|要)?(?:[{_N}]{{1,3}}天)?(?:{_EVERY}|{_DAYS}|{_PART}|一天"
    rf"|半天|、|和|,)*(?:{_HOURS}|[两二一]小时)?(?:一拨)?(?:{_PART}一拨)?"
    rf"|{_TIMES_A_WEEK}|一天从{_HOURS}|{_HOURS}|{_EVERY})"
)
_REGULAR = re.compile(rf"每|天天|平时|一天从|{_TIMES_A_WEEK}|{_WEEKDAY}(?:到|至|[-~、,和跟])?(?:{_WEEKDAY})|{_CLOCK}(?:到|至|[-~—])")
_BARE = frozenset(
    {
        "每天",
        "天天",
        "每周",
        "平时",
        "放学后",
        "放学以后",
        "中午",
        "晌午",
        "午休",
        "一点",
        "每逢",
        "每到",
        "一到",
        "每星期",
        "每个星期",
        "一点多",
    }
)
# Said of lessons these are a habit; of anything else they are but a moment.
_HABITS = frozenset({"晌午", "中午", "放学后", "放学以后", "午休", "每天", "天天", "平时"})
_TEACHING = re.compile(r"补课|上课|补习|教(?!育|体|室|委)|讲课|辅导|开课|[补上]着?课")
_SUBJECT = re.compile(r"补|教(?!育|体|委)|年级|[初高][一二三]|语文|数学|英语|物理|化学|奥数|上课|班|学员|课")
# A text without punctuation is one clause: only what is near speaks of this time.
_LONGEST_CLAUSE, _NEAR = 40, 16
_WEEKLY = re.compile(_DAYS)
_HOLIDAYS = re.compile(_HOLIDAY)
_LESSON = re.compile(
    r"补|上课|上到|上满|[还都也就连接着全整]上|(?<![早晚])上[一二三四五六七八九十两\d]|教|讲|课|培训|辅导|晚自习|排满"
    r"|放学|(?<!上)学[^校生期费历位员会习]|练|班|收[^到拾据]|一拨|早读|整天|全天|到校|开门"
)
_ONCE = re.compile(r"(?:上个?|上上个?|这个?|本|下个?|昨|今|那个?|当|某个?|放)$")
_MOVED_TO = re.compile(r"[挪改换调]到了?$")
_EVENT = re.compile(r"昨天|昨晚|今天|今早|今晚|今儿|刚才|那天|上周|上个?礼拜|上个?星期|明天|前天|有一[天次]")
_ASKED = re.compile(r"请问|能不能|算不算|可不可以|让不让|合不合|行不行|违不违|能上到|几点|新闻|规定|政策|文件|禁止|不让[上补]")
_LONG_HOLIDAY = re.compile(rf"{_HOLIDAY}[{_N}]{{1,3}}天")
_HOLIDAY_CLASS = re.compile(r"(?:里|期间|的)?(?:班|衔接班|集训营|作业|工)")

_AGO = re.compile(
    r"(?P<today>今天|今儿|刚才|今早|今晚|现在正)|(?P<yesterday>昨天|昨晚|昨儿|昨日|夜个)|(?P<before>前天"
    r"|前儿)|(?P<week>上(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])?)"
    rf"|(?P<month>\d{{1,2}}|[{_N}]{{1,2}})月(?P<of>\d{{1,2}}|[{_N}]{{1,3}})[号日]"
)
_AGO_SIGNS = frozenset(
    {"今天", "今儿", "刚才", "今早", "今晚", "现在正", "昨天", "昨晚", "昨儿", "昨日", "夜个", "前天", "前儿"}
    | {last + week for last in ("上", "上个") for week in ("周", "星期", "礼拜")}
    | {f"{number}月" for number in f"{_N}0123456789"}
)
_AGO_BEGINS = re.compile(rf"[今刚现昨夜前上{_N}0-9](?:(?<=\d)(?=\d?月)|(?<=\D)(?=[天儿才早晚在日个周星礼月{_N}]))")
SIGNS = _CHAIN_SIGNS | _AGO_SIGNS
_WEEK = "一二三四五六日"


def find(page: Page) -> Iterator[Found]:
    pattern = _pattern(page) if page.has(_CHAIN_SIGNS) else None
    if pattern:
        yield pattern
    seen = _last_seen(page) if page.has(_AGO_SIGNS) else None
    if seen:
        yield seen


def _pattern(page: Page) -> Found | None:
    """The best stretch: a rule such as 每周四晚上七点半 first, then weekdays, then holidays, then bare hours."""
    best: tuple[int, int] | None = None
    chosen: re.Match[str] | None = None
    for found in page.beginning(page.places(_CHAIN_BEGINS), _CHAIN):
        rank = _rank(page, found)
        if rank is not None and (best is None or (rank, -len(found.group())) < best):
            best, chosen = (rank, -len(found.group())), found
    if not chosen:
        return None
    words = chosen.group().rstrip("、,和的都要")
    return Found("time_pattern", words, chosen.start(), chosen.start() + len(words))


def _rank(page: Page, found: re.Match[str]) -> int | None:
    words = found.group().rstrip("、,和的都要")
    clause = page.clause(found.start(), found.start() + len(words))
    near = clause if len(clause) <= _LONGEST_CLAUSE else page.text[max(0, found.start() - _NEAR) : found.end() + _NEAR]
    if _ONCE.search(page.before(found.start(), 2)) or _EVENT.search(near) or _ASKED.search(near):
        return None
    if words in _BARE:
        return 4 if words in _HABITS and _TEACHING.search(page.text, found.end(), found.end() + 8) else None
    if _MOVED_TO.search(page.before(found.start(), 3)):
        return -1
    if _REGULAR.search(words) and len(words) > 2:
        return 0
    return _rank_of_lesson(page, found, clause)


def _rank_of_lesson(page: Page, found: re.Match[str], clause: str) -> int | None:
    """Days and hours count only where lessons are spoken of; a whole holiday counts by itself."""
    words = found.group().rstrip("、,和的都要")
    if _LONG_HOLIDAY.match(words):
        return 2
    if not _LESSON.search(clause) and not (clause.strip() == words and _is_among_lessons(page, found)):
        return None
    if _WEEKLY.search(words):
        return 1
    if _HOLIDAYS.search(words):
        return None if _HOLIDAY_CLASS.match(page.text, found.end()) else 2
    return 3


def _is_among_lessons(page: Page, found: re.Match[str]) -> bool:
    """A clause of nothing but days or hours, 双休日白天, between others that speak of lessons."""
    return bool(_SUBJECT.search(page.text[max(0, found.start() - _NEAR) : found.start()] + page.text[found.end() : found.end() + _NEAR]))


def _last_seen(page: Page) -> Found | None:
    found = next(page.beginning(page.places(_AGO_BEGINS), _AGO), None)
    if not found:
        return None
    day = _day(found, page.today)
    return Found("last_seen_at", day.isoformat(), found.start(), found.end()) if day else None


def _day(found: re.Match[str], today: date) -> date | None:
    said = found.groupdict()
    if said["today"]:
        return today
    if said["yesterday"] or said["before"]:
        return today - timedelta(days=1 if said["yesterday"] else 2)
    if said["week"]:
        monday = today - timedelta(days=today.weekday() + 7)
        return monday + timedelta(days=_WEEK.index(said["day"].replace("天", "日"))) if said["day"] else None
    return _past_day(int(parse(said["month"]) or 0), int(parse(said["of"]) or 0), today)


def _past_day(month: int, day: int, today: date) -> date | None:
    """The latest such day that is not in the future."""
    for year in (today.year, today.year - 1):
        try:
            then = date(year, month, day)
        except ValueError:
            return None
        if then <= today:
            return then
    return None
