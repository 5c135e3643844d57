"""What people are told: every notice has its words, and a locked screen shows none of the content."""

from zoneinfo import ZoneInfo

import pytest

from handlers.dialogue import Kind, Reply
from handlers.notices import VERBS, Wording
from handlers.policy import Policy
from storage.notices import FIELDS, Notice, payload
from storage.vocabulary import Disposition, Status

NUMBER = "WG-SJ-20261125-0001"
SAID = {
    "question": "是几号楼？",
    "answer": "已经现场核查。",
    "text": "请问是哪天？",
    "reason": "人手不够",
    "department": "edu",
    "disposition": "partly",
}


@pytest.fixture
def wording(policy: Policy) -> Wording:
    return Wording(policy, ZoneInfo("Asia/Shanghai"))


def a_payload(notice: Notice) -> dict[str, object]:
    fields = {name: SAID.get(name, 1764061200 if name.endswith("due_at") else None) for name in FIELDS[notice]}
    return dict(payload(notice, NUMBER, fields | ({"rate": True} if "rate" in fields else {})))


@pytest.mark.parametrize("notice", list(Notice))
def test_every_notice_has_its_words(notice: Notice, wording: Wording) -> None:
    for channel in ("web", "telegram"):
        assert NUMBER in wording(a_payload(notice), channel).text


@pytest.mark.parametrize("notice", sorted(VERBS))
def test_a_pushed_notice_says_nothing_of_the_content(notice: Notice, wording: Wording, policy: Policy) -> None:
    said = wording(a_payload(notice), "telegram")
    assert not any(word in said.text for word in [*SAID.values(), policy.department("edu"), "部分属实"])
    assert [choice.label for choice in said.choices] == ["看进度"]


def test_a_fetched_notice_shows_the_content_and_what_can_be_done(wording: Wording) -> None:
    asked = wording(a_payload(Notice.INFO_ASKED), "web")
    assert "是几号楼？" in asked.text
    assert "补充或留言" in [choice.label for choice in asked.choices]


def test_an_answer_brings_the_question_whether_it_is_solved(wording: Wording) -> None:
    labels = [choice.label for choice in wording(a_payload(Notice.REPLIED), "web").choices]
    assert labels[:3] == ["解决了", "解决了一部分", "没有解决"]


def test_a_reply_is_passed_on_as_it_was_said(wording: Wording) -> None:
    reply = Reply("你好", kind=Kind.ANSWER)
    assert wording(reply.as_dict(), "telegram") == reply


def test_every_status_and_every_ending_has_a_name(policy: Policy) -> None:
    for status in Status:
        assert policy.texts.label("status", status)
    for disposition in Disposition:
        assert policy.texts.label("ended", disposition)
