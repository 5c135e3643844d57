"""A town is one town however it was said: in the chat, at the counter, by its old name."""

import pytest

from handlers import routing
from handlers.policy import Policy
from nlp.reader import Reader
from tests.handlers.talk import Talk


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("朱兰", "zhulan"),
        ("朱兰街道", "zhulan"),
        ("铁山乡", "tieshan"),
        ("zhulan", "zhulan"),
        ("就在尹集街上", "yinji"),
        ("朱兰和尹集都有", None),
        ("外地", None),
        ("", None),
        (None, None),
    ],
)
def test_every_name_of_a_town_means_the_same_town(said: str | None, key: str | None, policy: Policy) -> None:
    assert policy.places.town(said) == key


def test_a_report_from_the_chat_lies_in_the_town_that_lists_and_figures_ask_for(talk: Talk, reader: Reader) -> None:
    talk.say("朱兰某小区3号楼，每周六上午有老师偷偷给一群初三学生补数学").press("匿名继续").press("说完了").agree().skip_all()
    assert [submission.town for submission in routing.submissions(talk.scene, reader, "web")] == ["zhulan"]
