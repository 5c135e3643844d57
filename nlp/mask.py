"""Hides who is speaking and which child is meant, so that a report can be handed on; rather one mark too many than a number too few."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nlp.normal import Normal, normalise
from nlp.spoken import DIGITS

_TABLES = Path(__file__).parent / "tables"

_N = r"[一二三四五六七八九十\d]"
# Whatever people put between digits to dodge a filter: spaces, dots, keycaps, emoji.
_GAP = r"[\W_]{0,3}"
_NUMBERS = (
    (
        "id_card",
        re.compile(
            r"(?<!\d)[1-8](?:[\s-]?\d){5}[\s-]?(?:19|20)\d\d[\s-]?(?:0[1-9]|1[0-2])[\s-]?(?:[0-2]\d|3[01])(?:[\s-]?\d){3}[\s-]?[\dx]"
        ),
    ),
    ("id_card", re.compile(r"(?<!\d)[1-8]\d{7}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}(?!\d)")),
    ("phone", re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)")),
    ("bank_card", re.compile(r"(?<!\d)[3-9](?:[\s-]?\d){15,18}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)0\d{2,3}[\s-]?[1-9]\d{6,7}(?!\d)")),
    ("phone", re.compile(r"(?<=电话)(?:是|号码|号|:|\s){0,3}[2-8]\d{6,7}(?!\d)")),
    # A run too long for anything else is still somebody's number.
    ("bank_card", re.compile(r"(?<!\d)\d{12,}(?!\d)")),
)
_ACCOUNTS = (
    ("email", re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+")),
    (
        "wechat",
        re.compile(
            r"(?:微信号?|wx|vx|weixin|v信|薇信|威信|qq号?|q号|扣扣号?)(?:是|号|:|=|同号|\s){0,3}(?P<what>[a-z][a-z0-9_-]{4,19}"
            r"|[1-9]\d{4,10})(?![a-z0-9])"
        ),
    ),
)
# Words that end a given name: without them 我叫李强在… would take the 在.
_GIVEN = r"(?:(?![的是在了和我有就也说到去给把家今刚住都被让想要从跟与及不没吗呢啊吧要他她它您你电手])[一-鿿]){1,2}"
_KIN = r"(?:妈妈|妈|爸爸|爸|家长|奶奶|爷爷|姥姥|姥爷|外婆|外公|姑姑?|舅舅?|母亲|父亲|监护人|爹|娘)"
_CHILD = r"(?:孩子|儿子|女儿|闺女|孙子|孙女|外孙女?|学生|小孩|孩儿|娃|妞|宝贝|我家老[大二三])"
_SCHOOL = (
    r"(?:(?:(?![我俺是在读上的家就了孩子们有到从去给和娃女男])[一-鿿]){2,8}?(?:小学|中学|学校|幼儿园|初中"
    r"|高中|[一二三四五六七八九十]小|[一二三四五六七八九十]中))"
)
_OF_GRADE = rf"(?:(?:{_N}年级|初[一二三123]|高[一二三123])\s?\(?{_N}{{1,3}}\)?班|{_N}\s?\({_N}{{1,2}}\)\s?班)"
_CLASS = (
    rf"(?:(?:{_N}年级|初[一二三123]|高[一二三123]|[小中大]班)\s?(?:第)?\(?{_N}{{1,3}}\)?班|{_N}\s?\({_N}{{1,2}}\)\s?班"
    rf"|\(?{_N}{{1,2}}\)?班(?![倒长次车级个组的]))"
)
# A school before a teacher is where that teacher works: 三年级2班王老师, 三年级2班的数学老师; not 三年级2班王老师的学生.
_OF_TEACHER = re.compile(
    rf"里?的?(?:(?!{_CHILD}|{_KIN}|同学)[^,;。!?\n]){{0,6}}?(?:老师|教师|班主任)(?!的?(?:{_CHILD}|{_KIN}|同学|班|那|这|家))"
)
# Who speaks so means a child's own class, whoever teaches it: 孩子在…, 我家二妮…, 我女儿,…; or says who is speaking: 我是…的班主任.
_RELATIVE = rf"(?:{_CHILD}|孩|老[大二三]|[大二三小]?妮儿?|弟弟|妹妹|哥哥|姐姐|侄[子女儿]|外甥女?|爱人|老公|老婆|媳妇|丈夫|妻子|对象)"
_SPEAKER = r"[我俺](?:们|本人)?(?:现在|今年|就|都)?[在是读上念]"
_OWN = re.compile(
    rf"(?:(?:{_CHILD}|孩|老[大二三])(?:现在|今年|就|都)?[在是读上念]?|{_SPEAKER}|[我俺咱]们?家?里?的?{_RELATIVE}[^,;。!?\n]{{0,8}},?)$"
)
_SPEAKING = re.compile(rf"(?:{_SPEAKER})$")
# The reach of a school's name to the left takes such words in: 二妮实验小学.
_BEGINS_OWN = re.compile(rf"{_RELATIVE}|本人")
_REACH = 16
_SENTENCE_END = re.compile(r"[。!?\n]")


# Beside one of these a school says who somebody is.
_ONES_OWN = frozenset({"child", "self"})


@dataclass(frozen=True)
class Span:
    """One thing hidden: its kind, its place in the original text, and what stood there."""

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Masked:
    text: str
    spans: tuple[Span, ...]


def mask(text: str, *, about_teacher: bool = False) -> Masked:
    """The text with every personal detail replaced by a readable mark, and what was replaced.

    `about_teacher`: the text answers which teacher is meant, so a school in it is the teacher's, unless a child or a parent is named too.
    """
    read = normalise(text)
    spans = tuple(_apart(_spans(read, about_teacher)))
    if about_teacher and any(span.kind in _ONES_OWN for span in spans):
        spans = tuple(_apart(_spans(read, False)))
    return Masked(hide(text, spans), spans)


def hide(text: str, spans: Iterable[Span]) -> str:
    """The text with a readable mark in the place of each of these spans."""
    pieces, done = [], 0
    for span in spans:
        pieces += [text[done : span.start], _marks()[span.kind]]
        done = span.end
    return "".join([*pieces, text[done:]])


def _spans(read: Normal, about_teacher: bool) -> Iterator[Span]:
    plain, text = read.text.translate(DIGITS), read.text
    for kind, start, end in (*_numbers(plain), *_accounts(text), *_people(text, about_teacher), *_beside_numbers(text, plain)):
        first, last = read.span(start, end)
        yield Span(kind, first, last, read.original[first:last])


def _apart(spans: Iterator[Span]) -> Iterator[Span]:
    """Without overlaps: the one that begins first stays, of two the longer; a rest that sticks out is hidden too."""
    done = 0
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if span.end <= done:
            continue
        start = max(span.start, done)
        yield span if start == span.start else Span(span.kind, start, span.end, span.text[start - span.start :])
        done = span.end


_Place = tuple[str, int, int]


def _numbers(plain: str) -> Iterator[_Place]:
    for kind, pattern in _NUMBERS:
        for found in pattern.finditer(plain):
            yield kind, found.start() + len(found.group()) - len(found.group().lstrip(" :是号码")), found.end()


def _accounts(text: str) -> Iterator[_Place]:
    for kind, pattern in _ACCOUNTS:
        for found in pattern.finditer(text):
            group = "what" if pattern.groups else 0
            yield kind, *found.span(group)


def _people(text: str, about_teacher: bool) -> Iterator[_Place]:
    named: list[int] = []
    for kind, pattern in _patterns():
        for found in pattern.finditer(text):
            start, end = found.span("who")
            # The schools come last: by then it is known whether a child or a parent is named in their sentence.
            if kind == "school" and (_is_told(text, start) if about_teacher else _is_teachers(text, start, end, named)):
                yield "class", *found.span("class")
                continue
            if kind in _ONES_OWN:
                named.append(start)
            yield kind, start, end


def _is_told(text: str, start: int) -> bool:
    """Whether the answer to which teacher names the school, and not where the writer works."""
    return not _SPEAKING.search(text, max(0, start - _REACH), start)


def _is_teachers(text: str, start: int, end: int, named: Sequence[int]) -> bool:
    """Whether the school and class there are those of a teacher, and not a child's own."""
    if not _OF_TEACHER.match(text, end) or _BEGINS_OWN.match(text, start) or _OWN.search(text, max(0, start - _REACH), start):
        return False
    return all(_SENTENCE_END.search(text, min(place, end), max(place, start)) for place in named)


def _beside_numbers(text: str, plain: str) -> Iterator[_Place]:
    """A name right before or after a telephone number is the name of whoever answers it."""
    before, after = _titled()
    for kind, start, end in _numbers(plain):
        if kind != "phone":
            continue
        for found in (before.search(text, max(0, start - 12), start), after.match(text, end)):
            if found:
                yield "name", *found.span("also" if found.groupdict().get("also") else "who")


@cache
def _marks() -> Mapping[str, str]:
    return tomllib.loads((_TABLES / "masks.toml").read_text("utf-8"))


@cache
def _name() -> str:
    lines = [line for line in (_TABLES / "surnames.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    double = "|".join(lines[1][place : place + 2] for place in range(0, len(lines[1]), 2))
    return rf"(?:{double}|[{lines[0]}])(?:某某?|{_GIVEN})"


@cache
def _titled() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Only with a title or a 姓: 朱兰 and 尹集 begin like names and are towns."""
    surname = _name().rsplit("(?:某", 1)[0]
    who = rf"(?P<who>{surname}(?:女士|先生|小姐|老师|师傅|某某?)|(?<=姓){surname})"
    return (
        re.compile(
            rf"(?<![一-鿿]){who}(?:的)?(?:电话|手机|联系方式|号码)?[,:\s是]{{0,2}}$|姓(?P<also>{surname})(?:的)?(?:电话|手机|号码)?[,:\s是]{{0,2}}$"
        ),
        re.compile(rf"[,:\s(]{{0,2}}(?:我?姓)?{who}"),
    )


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """People, from the clearest way of saying who one is to the class a child is in."""
    name = _name()
    marked = rf"(?:{_SCHOOL}[^,。!?\n]{{0,4}}?)?(?:{_CLASS}|{name}(?:同学|小朋友)?|{_SCHOOL})"
    return (
        ("self", re.compile(rf"(?:我|俺|本人)(?:就)?(?:是|系)(?P<who>[^,。!?\n]{{0,10}}?{marked}[^,。!?\n]{{0,8}}?(?:的)?{_KIN})")),
        ("self", re.compile(rf"(?P<who>{_CLASS}[^,。!?\n]{{0,2}}{name}(?:同学)?(?:的)?{_KIN})")),
        (
            "name",
            re.compile(
                rf"(?:我叫|俺叫|我的名字[叫是]|我名叫|本人姓名|姓名|实名举报人?|实名|举报人|投诉人|联系人)(?:是|叫|为"
                rf"|:|,|\s){{0,2}}(?P<who>{name})"
            ),
        ),
        ("name", re.compile(rf"(?:我|俺|本人)姓(?P<who>{name.rsplit('(?:某', 1)[0]})")),
        (
            "child",
            re.compile(
                rf"{_CHILD}(?:的)?(?:名字|姓名|大名|小名)?(?:就)?(?:叫|名叫|是叫|名字是|:)(?:做)?(?P<who>{name}|小(?![学朋孩])[一-鿿]"
                rf"|([一-鿿])\2)"
            ),
        ),
        # Only after a word of kin and before a word of school life: 孩子周末, 学生费用 look like names too.
        (
            "child",
            re.compile(
                rf"(?:儿子|女儿|闺女|孙子|孙女|外孙女?)(?P<who>{name})(?<!周[末一二三四五六日])(?=,?(?:今年|在|读|上[小初高一二三四五六七八九]"
                rf"|是))"
            ),
        ),
        ("child", re.compile(rf"(?P<who>{name}|小(?![学朋])[一-鿿])(?=同学|小朋友)")),
        (
            "school",
            re.compile(rf"(?P<who>(?:{_SCHOOL}[上读的念]{{0,2}})?(?P<class>{_OF_GRADE}))(?!级)"),
        ),
        ("school", re.compile(rf"(?:{_CHILD}(?:就)?(?:在|是|读|上)|我在|俺在)(?P<who>(?:{_SCHOOL}[上读的念]{{0,2}})?(?P<class>{_CLASS}))")),
    )
