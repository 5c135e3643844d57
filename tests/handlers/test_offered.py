"""What the desk offers must be able to succeed: a button that is refused wastes an officer's form."""

import pytest

from handlers.desk.forms import Wrong
from handlers.desk.labels import Labels, options
from handlers.policy import Policy
from handlers.staff_chat.card import card
from handlers.staff_chat.words import Words
from storage.rules import Rules
from storage.vocabulary import Status
from tests.clock import Now
from tests.handlers.test_desk_access import World, stood, world

__all__ = ["stood", "world"]


async def test_no_result_is_handed_in_while_the_reporter_is_asked(world: World) -> None:
    page = await world.desk.report(world.people["owner"], world.numbers[Status.NEED_INFO])
    assert [name for task in page.tasks for name in task.moves if name == "submit"] == []
    page = await world.desk.report(world.people["owner"], world.numbers[Status.HANDLING])
    assert "submit" in [name for task in page.tasks for name in task.moves]


async def test_a_card_in_the_chat_says_what_an_act_without_a_button_waits_for(world: World, policy: Policy, rules: Rules, now: Now) -> None:
    page = await world.desk.report(world.people["owner"], world.numbers[Status.NEED_INFO])
    shown = card(page, Words.load(policy, rules.calendar.zone), now())
    assert "提交办理结果：正在等反映人补充。" in shown.text
    assert "提交办理结果" not in {choice.label for choice in shown.choices}


async def test_nobody_gives_a_report_back_to_the_own_department(world: World, policy: Policy, rules: Rules) -> None:
    lists = options([], world.people["owner"], rules, Labels.of(policy))
    assert "edu" in dict(lists["departments"])
    assert "edu" not in dict(lists["others"])


async def test_who_asked_the_reporter_may_wait_no_longer_and_says_why(world: World) -> None:
    owner, number = world.people["owner"], world.numbers[Status.NEED_INFO]
    assert "stop_waiting" in (await world.desk.report(owner, number)).moves
    with pytest.raises(Wrong):
        await world.desk.move(owner, number, "stop_waiting", {})
    await world.desk.move(owner, number, "stop_waiting", {"reason": ["现场已经查清"]})
    page = await world.desk.report(owner, number)
    assert (page.report.status, page.history[-1].reason) == (Status.HANDLING, "现场已经查清")
    assert "submit" in [name for task in page.tasks for name in task.moves]
