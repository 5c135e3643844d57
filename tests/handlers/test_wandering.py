"""Whatever people press and write, in whatever order: there is always an answer, nothing breaks, and the end can be reached."""

import random

import pytest

from handlers.intake.scene import End
from tests.handlers.talk import Talk

WORDS = (
    "朱兰某小区3号楼有人补数学",
    "退课不给退钱",
    "周末能上课吗？",
    "上一步",
    "跳过",
    "取消",
    "重新开始",
    "再反映一件",
    "帮助",
    "说完了",
    "对",
    "不对",
    "不知道",
    "13800000000",
    "王女士13800000000",
    "😀",
    "",
    "\x00\u202e",
    "a" * 300,
    "老师打孩子，送医院了",
    "改地点",
    "{x} %s <b>",
    "我要举报",
    "嗯",
    "9800",
)
# The way to the end, wherever one stands: the first of these that can be pressed.
FORWARD = (
    *("不改了", "接着说", "接着上次的", "同意，继续", "我还是要反映", "对", "就这些", "都不是", "就这样交"),
    *("跳过", "帮我遮住", "匿名", "不用，我自己查", "不同意", "确认提交"),
)


def step(talk: Talk, chance: random.Random) -> None:
    keys = [choice.key for reply in talk.replies for choice in reply.choices]
    keys += [line.edit_key for reply in talk.replies if reply.card for line in reply.card.lines if line.edit_key]
    dice = chance.random()
    if keys and dice < 0.6:
        talk.press_key(chance.choice(keys))
    elif dice < 0.9:
        talk.say(chance.choice(WORDS))
    elif dice < 0.95:
        talk.say("", attachments=(chance.randrange(20),), album=chance.choice(("", "x")))
    else:
        talk.say("改过的话", edits="1")


@pytest.mark.parametrize("seed", range(25))
def test_no_order_of_words_and_presses_breaks_the_talk(seed: int, talk: Talk) -> None:
    chance = random.Random(seed)
    talk.say("")
    for _ in range(40):
        step(talk, chance)
        if talk.end is not End.NOT_YET:
            return
        assert talk.replies or talk.draft.attachments
        assert all(reply.text for reply in talk.replies)


@pytest.mark.parametrize("seed", range(10))
def test_from_wherever_one_is_the_report_can_be_handed_in(seed: int, talk: Talk) -> None:
    chance = random.Random(1000 + seed)
    talk.say("朱兰某小区3号楼5楼周六补数学，一个人三千")
    for _ in range(chance.randrange(15)):
        if talk.end is End.NOT_YET:
            step(talk, chance)
    for _ in range(60):
        if talk.end is not End.NOT_YET:
            return
        if not talk.draft.story and "同意，继续" not in talk.labels:
            talk.say("朱兰某小区3号楼5楼周六补数学，一个人三千")
        label = next((label for label in FORWARD if label in talk.labels), None)
        if label:
            talk.press(label)
        else:
            talk.say("说完了")
    pytest.fail(f"stuck at {talk.latest!r} with {talk.labels}")
