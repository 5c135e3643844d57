"""The city's rule book is checked whole when it loads, and every fault names file, key and mend."""

import ast
import re
import shutil
from pathlib import Path

import pytest

from handlers.faq import Faq
from handlers.menu import Menu, Wish
from handlers.policy import Policy
from handlers.tables import PolicyUnreadable
from handlers.texts import MissingText, Texts, TextsUnreadable, WrongFields

POLICY = Path("policy/wugang")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(POLICY)


@pytest.fixture
def city(tmp_path: Path) -> Path:
    return Path(shutil.copytree(POLICY, tmp_path / "city"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_rule_book_of_wugang_loads(policy):
    assert policy.office() == "shuangjian_office"
    assert policy.questions.limit == 6


def test_a_question_for_an_unknown_category_is_named(city):
    change(city / "questions.toml", '"hidden_venue"', '"hiden_venue"')
    with pytest.raises(PolicyUnreadable, match=r"questions.toml: \[.*hiden_venue"):
        Policy.load(city)


def test_a_misspelt_field_is_named_instead_of_doing_nothing(city):
    change(city / "questions.toml", "why =", "wy =")
    with pytest.raises(PolicyUnreadable, match="wy: is not known"):
        Policy.load(city)


def test_an_answer_without_a_basis_is_refused(city):
    change(city / "faq.toml", 'basis = "本平台使用规则"', 'basis = ""')
    with pytest.raises(PolicyUnreadable, match=r"faq.toml: \[reward\]: basis"):
        Policy.load(city)


def test_a_word_with_two_meanings_is_refused(city):
    change(city / "menu.toml", 'back = ["上一步"', 'back = ["跳过", "上一步"')
    with pytest.raises(PolicyUnreadable, match="already means"):
        Policy.load(city)


def test_a_sentence_said_twice_is_refused(city):
    (city / "texts_more.toml").write_text('[danger]\nfirst = "又一句"\n', "utf-8")
    with pytest.raises(TextsUnreadable, match=r"danger\.first"):
        Policy.load(city)


def test_a_missing_sentence_or_field_is_an_error_and_not_a_hole(policy):
    with pytest.raises(MissingText):
        policy.texts.say("no.such.sentence")
    with pytest.raises(WrongFields):
        policy.texts.say("asking.left")
    with pytest.raises(WrongFields):
        policy.texts.say("asking.left", count=1, extra=2)


def test_what_a_parent_wrote_cannot_act_as_a_field(policy):
    assert "{count}" in policy.texts.say("story.corrected", text="{count} {0} %s")


def test_a_sentence_with_a_clever_field_is_refused(tmp_path):
    (tmp_path / "texts.toml").write_text('[a]\nb = "{x.__class__}"\n', "utf-8")
    with pytest.raises(TextsUnreadable, match=r"a\.b"):
        Texts.load(tmp_path)


def said_in(path: Path) -> list[tuple[str, frozenset[str] | None]]:
    """Every `say("key", field=…)` of a module whose key is written out."""
    calls = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        if name == "say" and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            fields = [keyword.arg for keyword in node.keywords]
            calls.append((node.args[0].value, None if None in fields else frozenset(str(field) for field in fields)))
    return calls


@pytest.mark.parametrize("path", sorted(Path("handlers").rglob("*.py")), ids=str)
def test_every_sentence_said_exists_with_exactly_its_fields(path, policy):
    for key, fields in said_in(path):
        assert policy.texts.has(key), key
        if fields is not None:
            assert fields == policy.texts.named[key], key


# Families whose last part is a word of a fixed set, so that the whole key never stands in the code.
FAMILIES = ("button.", "status.", "happened.", "told.", "told_officer.", "ended.", "privacy.kind.", "receipt.next.", "span.")


def test_no_sentence_is_kept_that_nobody_says(policy):
    code = "\n".join(path.read_text("utf-8") for room in ("handlers", "bot", "tests") for path in Path(room).rglob("*.py"))
    own = [key for name in ("texts.toml", "texts_notices.toml") for key in Texts.load_file(POLICY / name)]
    unsaid = [key for key in own if not key.startswith(FAMILIES) and f'"{key}"' not in code]
    assert unsaid == []


def test_no_sentence_promises_or_judges(policy):
    said = "\n".join([*policy.texts.sentences.values(), *(entry.answer for entry in policy.faq.entries)])
    for word in ("保证查处", "一定退", "保证退", "必定", "违法机构", "肯定违规", "奖金"):
        assert word not in said


def test_no_sentence_holds_a_telephone_number_beyond_the_public_ones(policy):
    said = "\n".join([*policy.texts.sentences.values(), *(entry.answer for entry in policy.faq.entries)])
    assert set(re.findall(r"(?<![\d.])\d{3,}(?![\d.])", said)) <= {"110", "120", "119", "12315", "5000"}


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("一次最多能收多少学费？", "fee_limit"),
        ("能用培训贷分期交吗", "loan"),
        ("退费几天能到账？", "refund_days"),
        ("合同写概不退款有效吗", "no_refund_clause"),
        ("哪里能查正规机构", "find_legal"),
        ("哪些算学科类？", "what_is_subject"),
        ("舞蹈班周六上课算违规吗", "weekend"),
        ("高中能补课吗", "high_school"),
        ("幼小衔接班能上吗", "preschool"),
        ("老师能收费补课吗", "teacher"),
        ("会不会泄露我是谁", "confidential"),
        ("多久能有答复", "how_long"),
        ("举报有奖励吗", "reward"),
    ],
)
def test_a_question_finds_its_answer(asked, key, policy):
    assert policy.faq.is_question(asked)
    assert policy.faq.find(asked).key == key


def test_nothing_is_answered_that_stands_nowhere(policy):
    assert policy.faq.find("你们局长叫什么名字？") is None


def test_a_story_is_not_taken_for_a_question(policy):
    assert not policy.faq.is_question("朱兰那个学校说关了，老师还在原来楼上教数学")


@pytest.mark.parametrize(
    ("text", "wish"), [("上一步。", Wish.BACK), (" 查 进 度 ", Wish.PROGRESS), ("/start", Wish.START), ("说完了！", Wish.DONE)]
)
def test_menu_words_are_heard_alone(text, wish, policy):
    assert policy.menu.wish(text) is wish


def test_a_menu_word_inside_a_sentence_is_part_of_the_story(policy):
    assert policy.menu.wish("他们说取消就取消了，也不退钱") is None


def test_the_tables_load_one_by_one():
    assert Faq.load(POLICY).entries
    assert Menu.load(POLICY).words
