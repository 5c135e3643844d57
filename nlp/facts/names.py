"""Finds the institution's name, and only when the words around it leave little doubt: a wrong name is worse than a question."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.facts.endings import Endings
from nlp.facts.page import Found, Page

_NAME = r"[一-鿿a-z0-9·]{2,10}?"
_OPENING, _CLOSING = "“\"「『【‘'", "”\"」』】’'"
_OPEN, _CLOSE = f"[{_OPENING}]", f"[{_CLOSING}]"
_KINDS = (
    *("机构", "培训班", "补习班", "辅导班", "学校", "舞蹈室", "舞蹈班", "画室", "工作室", "中心", "地方", "培训学校", "辅导学校"),
    *("俱乐部", "琴行", "托管", "小饭桌", "公司", "店", "班", "馆", "幼儿园", "教育", "艺术"),
)
_KIND = f"(?:{'|'.join(_KINDS)})"
_NOUNS = ("招牌", "牌子", "门头", "店名", "名字", "名称", "机构名", "店招", "字号", "牌匾", "门牌", "校名")
_NAMED = ("机构", "公司", "店", "学校", "中心", "培训班", "辅导班", "补习班", "托管班", "托管", "画室", "舞蹈室", "工作室", "琴行", "馆")
_SIGN = (
    rf"(?:(?:{'|'.join(_NOUNS)})(?:上)?(?:就|也)?(?:是(?!否)|写的?是?|写着|叫做?|挂的?是?|挂着|换成|改成|为|:|：)"
    rf"|(?:{'|'.join(_NAMED)})(?:就|也)?(?:叫做?|换成|改成|:|：)|机构是(?!否))"
)
# 店名音乐盒子: without a verb, and only of what is nothing but a name.
_LABEL = r"(?:店名|机构名称?|店招|字号|校名)"
_DOORS, _HANGS = ("门口", "门上", "门头", "墙上", "外头", "外面", "玻璃上", "牌子上", "楼上"), ("挂", "贴", "写", "印", "喷")
_DOOR = rf"(?:{'|'.join(_DOORS)})(?:就|还|也)?(?:{'|'.join(_HANGS)})(?:着|的|了)(?:个|块)?(?:牌子|招牌|字)?"
_ENDS = r"(?=[,;。!?\n\s”\"]|$)"

_QUOTED = re.compile(rf"{_OPEN}(?P<name>[^{_CLOSING},;。!?\n]{{2,14}}){_CLOSE}")
# Before and behind a quoted word that is a name: 招牌是“…”, “…”舞蹈班, 在“…”报了, 查一下“…”, “…”跑路了.
_ANNOUNCING = re.compile(
    rf"(?:{_SIGN}|{_LABEL}|{_DOOR}(?:是|叫|写着)?|叫做?|名为|一家|有家|这家|那家|那个|报了?|举报|投诉|反映|查(?:一下|一查|查|处)?|管管|[办开]的)\s?$"
)
_AT_WORK = re.compile(r"[在搁去到]\s?$")
_DONE_THERE = re.compile(r"[给报交学办补充买花]|培训|上课|上[了的]|[,。]?$")
_BEHIND = re.compile(rf"{_KIND}|违规补课|没证|无证|没有证|收了|卷钱|卷款|跑路|跑了|关门|倒闭|停业|失联|不退|拒不退|的?(?:老板|校长)")
_FORMALITY = re.compile(r".{0,3}(?:的?(?:手续|名义|规定|说法)|一[词事说]|二字|两个?字)")
_CALLED = re.compile(
    rf"(?:{_SIGN}|{_LABEL}|{_DOOR}(?:是|叫|写着)|(?:有[一]?[个家]|一[个家]|那[个家]|这[个家]|家|个)(?:名字?)?叫做?|(?<![我人])名字?叫|(?<!报)名为)(?:个|什么|啥)?(?P<name>{_NAME})(?:的(?={_KIND}"
    rf"|[^,;。]{{0,4}}{_KIND})|的?{_ENDS})"
)
_LEARN = (
    r"(?:画|舞|琴|书|编|英|数|语|钢|跳|游|吉|拉|主|口|篮|跆|乒|羽|轮|围|美|声|架|古|中国舞|民族舞|硬笔|软笔|奥数|珠心算|机器人"
    r"|乐高|二胡|葫芦丝|武术|散打|象棋|国际象棋|表演|播音|朗诵|小提琴|物理|化学)"
)
# 俺妮儿搁…学画画: who learns stands before, what is done there stands behind.
_AT = re.compile(
    rf"[在搁](?P<name>{_NAME})(?=(?:给(?:孩子|儿子|闺女|女儿|娃|妮儿?|孙子|孙女))?"
    rf"(?:报[了的]|报名|上的课|办[了的][^,;。!?\n]{{0,3}}卡|交[了的]|学{_LEARN}))"
)
_WHO = re.compile(
    r"(?:孩子|孩儿|小孩|娃|妞|妮儿?|丫头|闺女|儿子|女儿|孙子|孙女|外甥女?|侄子|侄女|弟弟|妹妹|我|俺|们|家|就|都|一直|今年|去年|[,。]|^)(?:是)?$"
)
_OWNER = re.compile(rf"(?:^|[,;。!?\n])(?P<name>{_NAME})的(?:老板|校长|负责人|法人)(?!是谁|都|代表)")
_TEACHES = re.compile(rf"(?:^|[,;。!?\n])(?P<name>{_NAME})(?=(?:原来|以前|之前|本来)就?是(?:教|做|搞|开))")
_HERE = re.compile(rf"(?:这边|那边|街上|这里|这儿)?的(?P<name>[一-鿿]{{3,8}}){_ENDS}")
_SAID = (
    *(noun + upon + just + verb for noun in _NOUNS for upon in ("", "上") for just in ("", "就", "也") for verb in "是写叫挂换改为:："),
    *(kind + just + verb for kind in _NAMED for just in ("", "就", "也") for verb in "叫换改:："),
    "机构是",
)
_DOOR_SIGNS = tuple(door + still + hang for door in _DOORS for still in ("", "就", "还", "也") for hang in _HANGS)
_LABELS = ("店名", "机构名", "店招", "字号", "校名")
_LEARNT = tuple(f"学{what}" for what in "画舞琴书编英数语钢跳游吉拉主口篮跆乒羽轮围美声架古中民硬软奥珠机乐二葫武散象国表播朗小物化")
_QUOTES = frozenset(_OPENING)
# Each form with the strings one of which must be there at all: most texts name nobody, and are done in no time. Only the first
# announces a name; in the others the sentence alone tells that it is one, so no ordinary word may be in it.
_FORMS = (
    (frozenset({"个叫", "家叫", "名叫", "字叫", "名为", *_SAID, *_DOOR_SIGNS, *_LABELS}), _CALLED),
    (frozenset({"报了", "报的", "报名", "上的课", "办了", "办的", "交了", "交的", *_LEARNT}), _AT),
    (frozenset({"的老板", "的校长", "的负责人", "的法人"}), _OWNER),
    (frozenset({"是教", "是做", "是搞", "是开"}), _TEACHES),
)
SIGNS = _QUOTES.union(*(signs for signs, _ in _FORMS))
# Group names and disguises are quoted too, but they are no institution.
_NOT_A_SIGN = re.compile(
    r"(?:群名|群|备注|会议名|登记的?是|对外[^,;。]{0,4}|名义|改名|收据|课名|管它|一律|说法|换个|把?这个?|所谓的?)(?:上)?(?:就)?(?:叫|是|写的?是?|写了?个?|为)?$"
)
_SENTENCE = re.compile(r"[,。!?、]|^第|[不没]|一律|保过|概不|包过|名师|招生|自愿|^(?:变更|改成|更名|撤销|恢复)")


@dataclass(frozen=True)
class Names:
    """The endings of institutions' names and the words no name is made of."""

    endings: Endings
    quoted: tuple[str, ...]
    signs: frozenset[str]

    @classmethod
    def of(cls, words: Mapping[str, Sequence[str]], towns: Iterable[str]) -> "Names":
        endings = Endings.of(words, towns)
        return cls(endings, tuple(words["quoted"]) + tuple(endings.words), endings.words)

    def find(self, page: Page, course: re.Pattern[str], towns: Sequence[re.Match[str]]) -> Iterator[Found]:
        said = self._quoted(page, course) or self._said(page, course)
        named = said or next(self.endings.find(page, course), None) or self._in_town(page, course, towns)
        # 孩子在寺坡学画画 names a town and nobody.
        if named and named.value not in {town.group() for town in towns}:
            yield named

    def _quoted(self, page: Page, course: re.Pattern[str]) -> Found | None:
        """In quotation marks, and announced or spoken of as a name; else “学霸工厂”, which ends as the names of such houses do."""
        words = list(_QUOTED.finditer(page.text)) if page.has(_QUOTES) else []
        named = next((word for word in words if self._is_meant(page, word, course)), None)
        named = named or next((word for word in words if word.group("name").endswith(self.quoted) and self._fits(page, word, course)), None)
        return Found("org_name", named.group("name"), *named.span("name")) if named else None

    def _is_meant(self, page: Page, word: re.Match[str], course: re.Pattern[str]) -> bool:
        before, after = page.before(word.start(), 14), page.after(word.end(), 8)
        if not (_BEHIND.match(after) or _ANNOUNCING.search(before) or (_AT_WORK.search(before) and _DONE_THERE.match(after))):
            return False
        return self._fits(page, word, course)

    def _fits(self, page: Page, word: re.Match[str], course: re.Pattern[str]) -> bool:
        if _FORMALITY.match(page.text, word.end()) or _NOT_A_SIGN.search(page.before(word.start(), 10)):
            return False
        return self._is_name(word.group("name"), course, announced=True)

    def _said(self, page: Page, course: re.Pattern[str]) -> Found | None:
        for signs, form in _FORMS if page.has(SIGNS) else ():
            for found in form.finditer(page.text) if page.has(signs) else ():
                name, (start, end) = found.group("name"), found.span("name")
                if form is _AT and not _WHO.search(page.before(found.start(), 4)):
                    continue
                if self._is_name(name, course, announced=form is _CALLED) and not _NOT_A_SIGN.search(page.before(start, 10)):
                    return Found("org_name", name, start, end)
        return None

    def _in_town(self, page: Page, course: re.Pattern[str], towns: Iterable[re.Match[str]]) -> Found | None:
        """铁山这边的小雨点，: a town, a short unknown word, and a pause."""
        for place in towns:
            found = _HERE.match(page.text, place.end())
            if found and self._is_name(found.group("name"), course, announced=False):
                return Found("org_name", found.group("name"), *found.span("name"))
        return None

    def _is_name(self, name: str, course: re.Pattern[str], *, announced: bool) -> bool:
        """晨星机器人 and 音乐盒子 are names; a word that is nothing but a course and an ending is none."""
        if _SENTENCE.search(name):
            return False
        return self.endings.is_own(course.sub("", self.endings.core(name)), announced=announced)
