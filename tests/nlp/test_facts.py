"""What a parent has said need not be asked again: each fact, in any writing, with its place in the text."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.facts import Extractor, contacts, counts, grades, money, names, payment, places, remarks, times
from nlp.facts.numerals import parse
from nlp.facts.page import Page
from nlp.normal import normalise

POLICY = Path(__file__).parents[2] / "policy" / "wugang"
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def extractor():
    return Extractor.load(POLICY)


@pytest.fixture(scope="module")
def read(extractor):
    return lambda text: {key: fact.value for key, fact in extractor.facts(text, TODAY).items()}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一万二千八", 12800),
        ("1万2", 12000),
        ("1万2千8百", 12800),
        ("2k6", 2600),
        ("1.2w", 12000),
        ("一百五", 150),
        ("三千零五十", 3050),
        ("一千零五", 1005),
        ("十五", 15),
        ("6,800", 6800),
        ("两千零三十", 2030),
        ("八万七", 87000),
    ],
)
def test_a_number_is_read_however_it_is_written(written, value):
    assert parse(written) == value


def test_seven_or_eight_is_no_seventy_eight():
    assert parse("七八") is None


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("报钢琴交了一万二千八", 12800),
        ("每节课150，一次交清", 150),
        ("收了我￥6,800元", 6800),
        ("一学期三千六，中间还加收资料费五百", 3600),
        ("一节六十，前前后后一共花了四千三", 4300),
        ("原来一百二一节，现在涨到二百", 200),
        ("推荐一个人立减五百，我交的是两千四", 2400),
        ("八百一学期", 800),
        ("工资拖欠我九千五", 9500),
        ("交了2k6", 2600),
        ("老师一节120米", 120),
    ],
)
def test_the_main_sum_is_the_one_that_matters(read, said, yuan):
    assert read(said)["amount_yuan"] == yuan


@pytest.mark.parametrize(
    "said",
    [
        "打了12345也没用",
        "我住5号楼303",
        "百分之三十的手续费",
        "视频点赞两万多",
        "班里三十五个人",
        "从K9县过来",
        "万一出事咋办",
        "一节一百到一百五",
    ],
)
def test_a_number_that_is_no_money_is_not_taken_for_money(read, said):
    assert "amount_yuan" not in read(said)


def test_a_refund_is_kept_apart_from_what_was_paid(read):
    facts = read("交了五千，只退了八百")
    assert (facts["amount_yuan"], facts["refund_amount"]) == (5000, 800)


@pytest.mark.parametrize(
    ("said", "key", "value"),
    [
        ("买了一百二十课时", "hours", 120),
        ("还剩三十多节没上", "hours", 30),
        ("让一次交两年的", "months", 24),
        ("半年5600", "months", 6),
        ("一下交了仨月", "months", 3),
        ("一屋子三十多个小学生", "student_count", 30),
        ("一个老师带六个", "student_count", 6),
        ("我们二十三户家长", "affected_families", 23),
        ("电话一三八零零一三八零零零", "phone", "13800138000"),
        ("打１３８ ００１３ ８０００", "phone", "13800138000"),
        ("八年级的孩子", "grade", "八年级"),
        ("孩子五岁半了", "grade", "五岁半"),
        ("教小学生写作文", "grade", "小学"),
        ("钱打到校长个人微信里", "pay_method", "校长个人微信"),
        ("只收现金", "pay_method", "现金"),
        ("在铁山乡那边", "town", "铁山"),
        ("武功乡街上", "town", "武功"),
        ("金色家园6号楼2单元501", "address", "金色家园6号楼2单元501"),
        ("尹集超市隔壁二楼", "address", "尹集超市隔壁二楼"),
        ("每周四晚上七点半开课", "time_pattern", "每周四晚上七点半"),
        ("周一到周四都有人", "time_pattern", "周一到周四"),
        ("端午三天排了三天课", "time_pattern", "端午三天"),
        ("昨天还看见在上课", "last_seen_at", "2026-11-24"),
        ("11月20号去看过", "last_seen_at", "2026-11-20"),
        ("12月1日那回", "last_seen_at", "2025-12-01"),
        ("招牌是“金铃铛”", "org_name", "金铃铛"),
        ("有家叫月牙湾的舞蹈室", "org_name", "月牙湾"),
        ("他没有办学许可证", "license_seen", "没有办学许可证"),
        ("只有营业执照", "license_seen", "只有营业执照"),
        ("找过12315也没回音", "prior_report", "找过12315"),
        ("群名叫晨跑打卡", "platform_account", "晨跑打卡"),
        ("现在正在上课", "happening_now", "正在"),
    ],
)
def test_each_thing_literally_said_is_found(read, said, key, value):
    assert read(said)[key] == value


def test_courses_are_named_once_in_the_order_they_were_said(read):
    assert read("物理化学都教，化学教得多，还教画画")["course"] == "物理;化学;画画"


@pytest.mark.parametrize("said", ["体育局管不管", "楼下跳广场舞", "坐那儿写作业", "教育科技公司的门头"])
def test_words_that_only_look_like_a_course_are_passed_over(read, said):
    assert "course" not in read(said)


@pytest.mark.parametrize(
    "said", ["孩子在寺坡学画画", "招牌写着“概不退费”", "那个培训班在对面", "群名叫“晨跑打卡”", "收据上写“资料费”", "附近的学校"]
)
def test_a_doubtful_name_is_left_to_the_question(read, said):
    assert "org_name" not in read(said)


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("实验中学的张老师在家收费补课", "实验中学的张老师"),
        ("反映垭口二小五年级数学老师", "垭口二小五年级数学老师"),
        ("班主任偷偷给孩子补课收钱", None),
        ("学校的老师在外面办班", None),
        ("高中老师在家补课", None),
        ("初三中午老师给补课", None),
    ],
)
def test_a_teacher_is_known_by_the_school_and_by_the_trade_alone_is_asked_for(read, said, who):
    assert read(said).get("teacher_identity") == who


@pytest.mark.parametrize("said", ["孩子练武功好几年", "请问周末能不能补课", "上周五老师发了句话", "2019年12月交房"])
def test_nothing_is_read_into_what_was_not_said(read, said):
    assert not read(said).keys() & {"town", "time_pattern", "months"}


def test_a_whole_story_leaves_little_to_ask(read):
    facts = read(
        "朱兰街道金色家园3号楼1单元502，每周六周日上午有人给初三学生补物理化学，屋里十来个孩子，一节课一百二，扫老师的二维码交钱，没有营业执照"
    )
    assert facts["town"] == "朱兰"
    assert facts["course"] == "物理;化学"
    assert facts["grade"] == "初三"
    assert facts["amount_yuan"] == 120
    assert facts["address"].endswith("金色家园3号楼1单元502")
    assert facts["time_pattern"].startswith("每周六周日上午")
    assert facts["pay_method"] == "老师的二维码"


def test_traditional_and_full_width_writing_reads_the_same(read):
    assert read("補習班每晚７點教數學，收３６００元") == read("补习班每晚7点教数学，收3600元")


@given(text=st.text("我家孩子在朱兰补数学交了一万二千八1380013800每周四晚上七点半，。 “”現補課ｋＫ", max_size=60))
def test_every_fact_points_at_the_words_it_was_read_from(extractor, text):
    for fact in extractor.facts(text, TODAY).values():
        assert text[fact.start : fact.end] == fact.text
        assert fact.text


@given(text=st.text(max_size=80))
def test_no_text_whatever_breaks_the_reading(extractor, text):
    extractor.facts(text, TODAY, normalise(text))


@pytest.mark.parametrize("said", ["零来万户家长", "0多百个学生", "零几千人"])
def test_about_nothing_times_ten_thousand_is_no_count(read, said):
    assert "student_count" not in read(said)


# A normalised text has no other figures.
_NORMAL = st.characters(exclude_categories=["Nd", "Cs"], include_characters="0123456789")
# Not those whose signs say more than the pattern: 啥都没有 is about papers only where papers are spoken of.
_SIGNED = [
    *((signs, getattr(pattern, "whole", pattern)) for _, signs, pattern, answer in remarks._REMARKS if answer != "都没有"),
    *names._FORMS,
    (payment._PLACES, payment._DIRECTED),
    (payment.SIGNS, payment._CASH),
    (payment.SIGNS, payment._TAIL),
    (contacts.SIGNS, contacts._GROUP_NAME),
    (grades._YEAR_SIGNS, grades._YEAR),
    (grades._STAGE_SIGNS, grades._STAGE),
    (times._CHAIN_SIGNS, times._CHAIN),
    (times._AGO_SIGNS, times._AGO),
    *((counts.SIGNS, pattern) for pattern in counts._SPANS),
    *((signs, pattern) for signs, _, pattern in places._PATTERNS),
]


@pytest.mark.parametrize(("signs", "pattern"), _SIGNED, ids=map(str, range(len(_SIGNED))))
@settings(max_examples=30)
@given(data=st.data())
def test_no_pattern_fits_a_text_without_its_signs(signs, pattern, data):
    text = data.draw(st.from_regex(pattern, alphabet=_NORMAL))
    assert any(sign in text for sign in signs)


@pytest.mark.parametrize("finder", [contacts, counts, grades, money, names, payment, places, remarks, times])
def test_every_sign_a_finder_asks_for_was_looked_for(extractor, finder):
    assert set(extractor.signs.phrases) >= finder.SIGNS


@settings(max_examples=30)
@given(data=st.data())
def test_a_teachers_school_looked_for_only_before_its_ending_is_never_missed(data):
    pattern = remarks._TEACHER.whole
    written = st.from_regex(pattern, fullmatch=True, alphabet=_NORMAL) | st.text("一中小学校外国语的老师，", max_size=8)
    text = "".join(data.draw(st.lists(written, max_size=3)))
    assert _span(remarks._TEACHER.search(text)) == _span(pattern.search(text))


def _span(found):
    return found and found.span()


_CHAIN = [
    (times._CHAIN_BEGINS, times._CHAIN, part) for part in (times._DAYS, times._EVERY, times._HOLIDAY, times._TIMES_A_WEEK, times._HOURS)
]


_BEGINNING = [*_CHAIN, (times._AGO_BEGINS, times._AGO, times._AGO.pattern)]


@pytest.mark.parametrize(("begins", "pattern", "part"), _BEGINNING, ids=map(str, range(len(_BEGINNING))))
@given(data=st.data())
def test_a_pattern_tried_only_where_it_may_begin_misses_nothing(begins, pattern, part, data):
    text = data.draw(st.text("一五十每周天上点时:月，1", max_size=3)) + data.draw(st.from_regex(part, fullmatch=True, alphabet=_NORMAL))
    page = Page(text, (), frozenset(), TODAY)
    assert [found.span() for found in page.beginning(page.places(begins), pattern)] == [found.span() for found in pattern.finditer(text)]
