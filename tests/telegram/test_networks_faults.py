"""What the network does to us, and that nobody notices: floods, broken answers, old presses, blocked chats, a second poller."""

import asyncio
import logging

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.channels import telegram_polling
from bot.channels.telegram_limits import TEXT_LIMIT, split, units
from bot.simulator.faults import Fault
from bot.simulator.methods import get_updates, utf16
from storage import addressees, outbox
from storage.addressees import Address
from storage.notices import Notice, payload
from storage.tables.mail import outbox as rows
from tests.phone import a_photo
from tests.telegram.conftest import OpenTown, Town, rest, until

LIBRARIES = pytest.mark.parametrize("library", ["aiogram", "ptb"])
PARENTS_ONLY = {"staff_token": ""}


@pytest.fixture
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polling takes breath for seconds when something is wrong; how long is not what these stories are about."""
    monkeypatch.setattr(telegram_polling, "PAUSE_SECONDS", 0.02)
    monkeypatch.setattr(telegram_polling, "CONFLICT_PAUSE", 0.02)


async def failed(town: Town) -> None:
    """Until a send has failed and its next try is set down."""

    def tried(tx: Connection) -> bool:
        return tx.execute(sa.select(rows.c.id).where(rows.c.failure.is_not(None))).first() is not None

    async with asyncio.timeout(15):
        while not await town.database.read(tried):  # noqa: ASYNC110 - the row is all there is to see
            await asyncio.sleep(0.01)


async def opened(open_town: OpenTown, library: str, **changes: object) -> Town:
    return await open_town(**PARENTS_ONLY, parents_library=library, **changes)


@LIBRARIES
async def test_a_flood_limit_is_waited_out_and_the_message_arrives_once(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    town.network.parents.faults.plan("sendMessage", Fault.FLOOD)
    parent.person.say("你好")
    await failed(town)
    town.now.move(seconds=5)
    await parent.answered()
    assert len(parent.screen) == 1


@LIBRARIES
@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.DROP_BEFORE])
async def test_a_send_that_failed_is_tried_again_later(open_town: OpenTown, library: str, fault: Fault) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    town.network.parents.faults.plan("sendMessage", fault)
    parent.person.say("你好")
    await failed(town)
    town.now.move(seconds=10)
    await parent.answered()
    assert len(parent.screen) == 1


@LIBRARIES
@pytest.mark.usefixtures("short_pauses")
async def test_broken_polls_lose_nothing(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    for fault in (Fault.BROKEN, Fault.DROP_AFTER):
        town.network.parents.faults.plan("getUpdates", fault)
    await parent.say("你好")
    assert len(parent.screen) == 1


@LIBRARIES
async def test_an_update_that_comes_twice_is_answered_once(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    bot = town.network.parents
    parent.person.say("朱兰有人补课")
    again = dict(bot.updates[-1])
    await parent.answered()
    bot.deliver(again)
    await until(lambda: not bot.updates)
    await rest(town.service)
    assert len(parent.screen) == 1


@LIBRARIES
async def test_a_press_whose_spinner_is_long_gone_still_counts(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    await parent.say("朱兰有人补课")
    town.network.parents.faults.plan("answerCallbackQuery", Fault.BROKEN)
    assert await parent.press("同意，继续")


@LIBRARIES
async def test_whoever_blocks_the_bot_hears_nothing_more_until_they_write_again(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    await parent.say("你好")
    said = len(parent.screen)
    parent.person.say("朱兰有人补课")
    parent.person.block()
    await until(lambda: not town.service.reception.is_busy)
    await rest(town.service)
    assert len(parent.screen) == said
    await parent.say("我回来了")
    assert len(parent.screen) > said


@LIBRARIES
@pytest.mark.usefixtures("short_pauses")
async def test_a_second_poller_is_told_of_clearly_and_both_live_on(
    open_town: OpenTown, library: str, caplog: pytest.LogCaptureFixture
) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    await parent.say("你好")
    await get_updates(town.network.parents, {"timeout": 0})
    await until(lambda: "another process fetches this bot's updates" in caplog.text)
    await parent.say("在吗")


@LIBRARIES
async def test_an_album_of_ten_photos_is_one_set_of_ten(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    await parent.say("朱兰某小区有老师偷偷补课")
    await parent.press("同意，继续")
    parent.person.album([a_photo((place * 25, 0, 0)) for place in range(10)], "这是照片")
    await parent.answered()
    await until(lambda: not town.network.parents.updates)
    await rest(town.service)
    assert "11 份" in await parent.send(lambda person: person.photo(a_photo((0, 200, 0))))


@LIBRARIES
async def test_files_voices_places_and_corrections_are_taken(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    await parent.say("朱兰某小区有老师偷偷补课")
    await parent.press("同意，继续")
    assert "1 份" in await parent.send(lambda person: person.document(b"%PDF-1.4\n%%EOF\n"))
    assert "位置记下了" in await parent.send(lambda person: person.location(33.3, 113.5))
    assert "改过的话" in await parent.send(lambda person: person.edit(person.first_said(), "朱兰另一个小区有老师偷偷补课"))
    assert "没有收下" in await parent.send(lambda person: person.document(b"MZ\x90\x00", "virus.exe", "application/octet-stream"))


@LIBRARIES
async def test_a_deep_link_begins_and_the_menu_commands_answer(open_town: OpenTown, library: str) -> None:
    town = await opened(open_town, library)
    parent = town.parent()
    assert "您好" in await parent.send(lambda person: person.start("poster-1"))
    assert "谁在收" in await parent.say("/privacy")
    assert "点一个就答" in await parent.say("/faq")
    assert "依据" in await parent.press("一次最多能收多少")
    assert await parent.say("/progress")
    assert {command["command"] for command in town.network.parents.commands} == {"report", "progress", "faq", "cancel", "privacy"}


@LIBRARIES
async def test_no_token_and_no_profile_is_left_anywhere(
    open_town: OpenTown, library: str, caplog: pytest.LogCaptureFixture, tmp_path
) -> None:
    caplog.set_level(logging.DEBUG)
    town = await opened(open_town, library)
    parent = town.parent()
    town.network.parents.faults.plan("sendMessage", Fault.BROKEN)
    parent.person.name = "绝密姓名"
    parent.person.photo(a_photo())
    await failed(town)
    town.now.move(seconds=10)
    await parent.answered()
    token = town.network.parents.token
    assert token not in caplog.text
    assert token not in repr(town.service.bots)
    assert "SIMULATED" not in repr(town.service.bots.adapters["telegram"])
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("tipline.db*"))
    for secret in (token, "绝密姓名", f"user{parent.person.id}", str(parent.person.id)):
        assert secret.encode() not in kept


async def test_content_is_not_pushed_to_a_locked_screen(open_town: OpenTown) -> None:
    town = await opened(open_town, "aiogram")
    parent = town.parent()
    await parent.say("你好")

    def tell(tx: Connection) -> None:
        person = addressees.recall(tx, Address.of("telegram", str(parent.person.id)))
        fields = {"department": "edu", "answer": "已核查某某小区", "disposition": "answered", "rate": True}
        outbox.tell(tx, person.id, payload(Notice.REPLIED, "WG-SJ-20261125-0001", fields), dedupe_key="x", at=town.now())

    await town.database.write(tell)
    town.service.delivery.wake()
    pushed = await parent.answered()
    assert "有新进展" in pushed
    assert "某某小区" not in pushed


@pytest.mark.parametrize("text", ["句子很长。" * 1500, "😀" * 5000, "没有标点" * 2000, "短"])
def test_a_long_text_is_cut_where_a_reader_would_pause_and_loses_nothing(text: str) -> None:
    pieces = split(text)
    assert "".join(pieces) == text
    assert all(units(piece) == utf16(piece) <= TEXT_LIMIT for piece in pieces)
    if "。" in text:
        assert all(piece.endswith("。") for piece in pieces)
