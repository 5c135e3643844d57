"""Finds what a case needs beside the numbers: earlier reports, contract, licence, who the teacher is, whether it happens now."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.facts.page import Found, Page

_NONE = tuple(
    lack + any_ + teaching
    for lack in ("没", "没有", "无", "没见", "没看见", "没办")
    for any_ in ("", "啥", "任何")
    for teaching in ("", "办学")
)
_SPEAKERS = ("老板", "前台", "校长", "店长", "老师", "对方", "机构", "人家", "他", "他们", "她")

# Whose teacher it is: 班主任 alone tells nobody whom to look for, and which school is asked then.
_IN_A_NAME = r"(?:(?![的了是在有我俺他她你这那们个儿娃家和到从去给说把被反映举报投诉向读上])[一-鿿])"
_SCHOOL = (
    rf"(?:{_IN_A_NAME}{{1,6}}(?:小学|中学|初中|高中|完小|中心校|(?:实验|外国语|寄宿|希望)学校)"
    rf"|{_IN_A_NAME}{{0,4}}(?<![初高])[一二三四五六七八九十]{{1,2}}(?:中|小|高)(?![午旬间途考时]))"
)
_FIGURE = "[一二三四五六七八九十]"
# Before 学校: six characters of a name, and 外国语.
_LONGEST_NAME = 9
_OF_IT = r"(?:里)?的?[^,;。!?\n]{0,8}?(?:班主任|老师|教师)"


@dataclass(frozen=True, slots=True)
class Ended:
    """A pattern that is slow to begin, looked for only from shortly before what could end it."""

    ending: re.Pattern[str]
    whole: re.Pattern[str]

    def search(self, text: str) -> re.Match[str] | None:
        ending = self.ending.search(text)
        return self.whole.search(text, max(0, ending.start() - _LONGEST_NAME)) if ending else None


_TEACHER = Ended(
    # Each way begins with a plain character, so that most places are passed over at once.
    re.compile(
        rf"(?:小学|中学|初中|高中|完小|中心校|学校(?<=[验语宿望]学校)|中(?<={_FIGURE}中)|小(?<={_FIGURE}小)|高(?<={_FIGURE}高)){_OF_IT}"
    ),
    re.compile(_SCHOOL + _OF_IT),
)

_WITH_US = r"(?:[跟和与给同](?:我们?|家长们?|咱们?|俺们?|学员))?"
_ANY = r"(?:任何|正式|书面|什么|一?[个份张]){0,2}的?"

# Key, the strings one of which must be there at all, the pattern, and the answer it stands for; an empty answer means the
# writer's own words. The answers are those of the questions' buttons.
_REMARKS: tuple[tuple[str, frozenset[str], re.Pattern[str] | Ended, str], ...] = (
    ("prior_report", frozenset({"wg-sj-"}), re.compile(r"wg-sj-\d{8}-\d{4}"), ""),
    (
        "prior_report",
        frozenset({"12345", "12315", "12333", "12348", "信访", "市长热线"}),
        re.compile(
            r"(?<!没)(?<!没有)(?<!未)(?:打过?(?:了|完)?|拨打?|找过?|反映到|投诉到|举报到)[^,;。!?]{0,4}(?:12345|12315|12333|12348|信访局?|市长热线)"
        ),
        "",
    ),
    (
        "contract",
        frozenset({"合同", "协议"}),
        re.compile(
            rf"(?:(?<!有)没有?|未曾?){_WITH_US}(?:签[订署过]?|订|给|见过?|看到|拿到|拿过)?过?{_ANY}(?:合同|协议)"
            rf"|不(?:肯|愿意?|用)?{_WITH_US}签订?{_ANY}(?:合同|协议)|不给{_ANY}(?:合同|协议)|(?:啥|连个)(?:合同|协议)"
            r"|(?:合同|协议)(?:都|也|从来|根本)?没有?(?:签|给|见|拿)?[过到]?(?![^,;。!?\n\s])"
        ),
        "没有合同",
    ),
    (
        "contract",
        frozenset({"合同", "协议"}),
        re.compile(r"(?<![没未不])(?<!没有)(?:签[了过订]?|有|留着|按)(?:个|份|了)?(?:合同|协议)|(?:合同|协议)(?:上|里|写|第|都?留|签了)"),
        "有合同",
    ),
    (
        "license_seen",
        frozenset({"证", "许可"}),
        re.compile(r"(?:执照[^,;。]{0,3}许可证?[^,;。]{0,4}(?:没有|都没)|无证无照|没证没照|啥证?都没有?|没牌没证|没牌子没证)"),
        "都没有",
    ),
    (
        "license_seen",
        frozenset({"执照"}),
        re.compile(r"(?:只有|光有|就有|就?一个|(?<!没)有)(?:个|一张)?(?:(?![没不无])[^,;。]){0,6}(?:营业执照|执照)(?!和|、)"),
        "只有营业执照",
    ),
    (
        "license_seen",
        frozenset(lack + paper for lack in _NONE for paper in ("许可", "证")),
        re.compile(r"(?:(?<!有)没有?|无|没见|没看见|没办)(?:啥|任何)?(?:办学)?(?:许可证|许可|证)(?!据|明|书)"),
        "没有办学许可证",
    ),
    ("license_seen", frozenset({"许可证"}), re.compile(r"(?<!没)(?<!没有)(?:有|挂着|办了)(?:办学)?许可证"), "有办学许可证"),
    ("teacher_identity", frozenset({"班主任", "老师", "教师"}), _TEACHER, ""),
    (
        "happening_now",
        frozenset({"现在", "这会", "此刻", "眼下", "正在"}),
        re.compile(
            r"(?:现在|这会儿?|此刻|眼下)(?:就|还)?(?:正)?(?:在|搁)?(?:(?![没不停未])[^,;。!?]){0,4}(?:上课|上着|补课|补着|讲课|教)"
            r"|正在(?:上课|补课|给[^,;。]{0,6}(?:补|上|讲))|就这会儿"
        ),
        "正在",
    ),
    (
        "injury_or_danger",
        frozenset({"受伤", "骨折", "住院", "流血", "晕倒", "昏迷", "吐血", "烫伤", "摔伤", "打伤"}),
        re.compile(
            r"(?<!没人)(?<!没)(?<!没有)(?<!没有人)(?<!没有孩子)(?<!未)(?:受伤|骨折|住院|流血|晕倒|昏迷|吐血|烫伤|摔伤|打伤)(?!的?风险)"
        ),
        "有人受伤",
    ),
    (
        "org_reply",
        frozenset(who + again + says for who in _SPEAKERS for again in ("", "就", "还", "又") for says in ("说", "回复", "答复")),
        re.compile(r"(?:老板|前台|校长|店长|老师|对方|机构|人家|他们?|她)(?:就|还|又)?(?:说|回复|答复)(?:是)?[^。！？\n]{2,30}"),
        "",
    ),
)
SIGNS = frozenset().union(*(signs for _, signs, _, _ in _REMARKS))


def find(page: Page) -> Iterator[Found]:
    """The first that fits of each key; whatever was said later is the dialogue's to ask."""
    if not page.has(SIGNS):
        return
    told: set[str] = set()
    for key, signs, pattern, answer in _REMARKS:
        found = pattern.search(page.text) if key not in told and page.has(signs) else None
        if found:
            told.add(key)
            yield Found(key, answer or found.group(), found.start(), found.end())
