"""What is said travels through the store unchanged, and never shows itself in a log."""

import pytest

from handlers.dialogue import Card, Choice, Incoming, Kind, Line, Reply, UnusableKey
from handlers.wording import tidy


def test_a_reply_comes_back_from_the_outbox_as_it_went_in():
    card = Card("请核对", (Line("地点", "朱兰3号楼", "ab12.edit:address"),), number="WG-1", code="ABCD")
    reply = Reply("请看看", (Choice("ab12.summary:send", "确认提交"),), Kind.SUMMARY, card, "还可以补充：收费")
    assert Reply.from_json(reply.to_json()) == reply


def test_a_message_comes_back_from_the_inbox_as_it_went_in():
    incoming = Incoming("7", "web", "abc", "你好", attachments=(1, 2), location=(33.3, 113.5))
    assert Incoming.from_json(incoming.to_json()) == incoming


def test_a_field_of_a_newer_version_does_not_stop_an_older_one():
    assert Reply.from_dict({"text": "好", "colour": "blue"}) == Reply("好")


@pytest.mark.parametrize("key", ["", "x" * 61, "跳过", "a\nb"])
def test_a_key_that_no_channel_could_carry_is_refused(key):
    with pytest.raises(UnusableKey):
        Choice(key, "跳过")


def test_logs_show_neither_words_nor_address():
    shown = repr(Incoming("7", "web", "secret-address", "孩子叫王小明")) + repr(Reply("王小明的事"))
    assert "secret-address" not in shown
    assert "王小明" not in shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("好\x00的\x07", "好的"),
        ("\u202e反着写", "反着写"),
        ("一行\r\n两行", "一行\n两行"),
        ("\ud800坏字", "坏字"),
        ("👨‍👩‍👧 三口", "👨‍👩‍👧 三口"),
    ],
)
def test_tricks_go_and_words_stay(typed, kept):
    assert tidy(typed) == kept
