"""What a push says on a locked screen: that there is news, and the rest only to whoever asked for it, report by report."""

from datetime import datetime

import pytest
from sqlalchemy import Connection

from storage import addressees, events, talk, triage
from storage.addressees import Address
from storage.events import Event
from storage.reports import Filed
from storage.vocabulary import EventKind, Role
from tests.storage.cases import a_report, an_officer
from tests.telegram.conftest import Hand, OpenTown, Town

LIBRARIES = pytest.mark.parametrize("library", ["aiogram", "ptb"])
WANTED, UNWANTED = "推送里写明内容", "推送里不写内容"
SECRET = "我们周六去锦绣花园看"


async def a_town(open_town: OpenTown, library: str = "aiogram") -> tuple[Town, Hand, Filed]:
    """Somebody with a report filed from this chat."""
    town = await open_town(staff_token="", parents_library=library)
    parent = town.parent()
    await parent.say("你好")

    return town, parent, await town.database.write(filed_by, parent, town.now())


def filed_by(tx: Connection, parent: Hand, at: datetime, **changes: object) -> Filed:
    person = addressees.recall(tx, Address.of("telegram", str(parent.person.id)))
    assert person
    return a_report(tx, at, channel="telegram", reporter=person.id, **changes)


async def told(town: Town, parent: Hand, filed: Filed, role: Role = Role.OFFICE) -> str:
    """What the push says when somebody writes to the reporter."""

    def write(tx: Connection) -> None:
        department = "discipline" if role is Role.DISCIPLINE else "shuangjian_office"
        talk.to_reporter(tx, filed.report_id, an_officer(tx, department, role, town.now()), SECRET, town.now())

    await town.database.write(write)
    town.service.delivery.wake()
    return await parent.answered()


async def opened(parent: Hand, filed: Filed) -> list[str]:
    """The buttons under the report."""
    await parent.say(f"{filed.number} {filed.code.reveal()}")
    return list(parent.screen[-1].buttons)


async def choices(town: Town, filed: Filed) -> list[Event]:
    def read(tx: Connection) -> list[Event]:
        return [event for event in events.history(tx, filed.report_id) if event.kind is EventKind.PUSHES_CHOSEN]

    return await town.database.read(read)


@LIBRARIES
async def test_who_asks_for_it_reads_the_content_in_the_push_and_may_go_back(open_town: OpenTown, library: str) -> None:
    town, parent, filed = await a_town(open_town, library)
    assert await told(town, parent, filed) == f"{filed.number}：您反映的事项有新进展，点“看进度”查看。"
    await opened(parent, filed)
    assert "随时可以改回来" in await parent.press(WANTED)
    assert SECRET in await told(town, parent, filed)
    await parent.press(UNWANTED)
    assert SECRET not in await told(town, parent, filed)
    assert [event.details for event in await choices(town, filed)] == [{"in_full": True}, {"in_full": False}]


async def test_pressing_twice_is_one_choice(open_town: OpenTown) -> None:
    town, parent, filed = await a_town(open_town)
    await opened(parent, filed)
    await parent.press(WANTED)
    await parent.press_old(WANTED)
    assert len(await choices(town, filed)) == 1


async def test_one_reports_pushes_say_nothing_of_another(open_town: OpenTown) -> None:
    town, parent, filed = await a_town(open_town)
    other = await town.database.write(filed_by, parent, town.now())
    await opened(parent, filed)
    await parent.press(WANTED)
    assert SECRET not in await told(town, parent, other)


async def test_whoever_knows_the_code_cannot_put_content_on_the_reporters_screen(open_town: OpenTown) -> None:
    town, parent, filed = await a_town(open_town)
    stranger = town.parent()
    assert WANTED not in await opened(stranger, filed)
    assert "走到别的步骤" in await stranger.send(lambda person: person.forge(f"f.{filed.number}.push:full"))
    assert SECRET not in await told(town, parent, filed)
    assert await choices(town, filed) == []


async def test_a_report_that_was_sealed_since_says_nothing_any_more(open_town: OpenTown) -> None:
    town, parent, filed = await a_town(open_town)
    await opened(parent, filed)
    await parent.press(WANTED)

    def seal(tx: Connection) -> None:
        office = an_officer(tx, "shuangjian_office", Role.OFFICE, town.now())
        triage.seal(tx, filed.report_id, office, town.now(), reason="反映公职人员")

    await town.database.write(seal)
    assert SECRET not in await told(town, parent, filed, Role.DISCIPLINE)
    assert {WANTED, UNWANTED}.isdisjoint(await opened(parent, filed))
