"""The address Telegram calls: only Telegram gets in, and success means safely kept."""

import secrets

import httpx
import pytest
import sqlalchemy as sa

from bot.simulator.faults import Fault
from storage.tables.mail import inbox
from tests.telegram.conftest import OpenTown, Town, until

LIBRARIES = pytest.mark.parametrize("library", ["aiogram", "ptb"])
HEADER = "x-telegram-bot-api-secret-token"
SECRET = "a-secret-of-this-installation-only"


async def a_town(open_town: OpenTown, library: str) -> Town:
    town = await open_town(staff_token="", parents_library=library, telegram_mode="webhook", webhook_secret=SECRET)
    await until(lambda: town.network.parents.url)
    return town


async def called(town: Town, headers: dict[str, bytes], name: str = "telegram") -> int:
    """The status somebody gets who calls the address with an update of their own making."""
    person = town.parent().person
    chat = {"id": person.id, "type": "private", "first_name": "访客"}
    message = {"message_id": 1, "date": 1_790_000_000, "chat": chat, "from": chat | {"is_bot": False}, "text": "冒充的"}
    url = town.network.parents.url.rpartition("/")[0]
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{url}/{name}", json={"update_id": 7, "message": message}, headers=headers)
    assert answer.content == b""
    return answer.status_code


async def kept(town: Town) -> int:
    return await town.database.read(lambda tx: tx.execute(sa.select(sa.func.count()).select_from(inbox)).scalar_one())


@LIBRARIES
@pytest.mark.parametrize("headers", [{}, {HEADER: b""}, {HEADER: SECRET[:-1].encode()}, {HEADER: "\xe4\xf6".encode("latin-1")}], ids=str)
async def test_whoever_lacks_the_secret_is_refused_and_nothing_is_kept(
    open_town: OpenTown, library: str, headers: dict[str, bytes]
) -> None:
    town = await a_town(open_town, library)
    assert await called(town, headers) == 403
    assert await kept(town) == 0


async def test_with_the_secret_an_update_is_kept_and_an_unknown_bot_looks_like_a_wrong_secret(open_town: OpenTown) -> None:
    town = await a_town(open_town, "ptb")
    right = {HEADER: SECRET.encode()}
    assert await called(town, right, "no-such-bot") == 403
    assert await kept(town) == 0
    assert await called(town, right) == 200
    assert await kept(town) == 1


async def test_the_secret_is_compared_in_constant_time(open_town: OpenTown, monkeypatch: pytest.MonkeyPatch) -> None:
    town = await a_town(open_town, "ptb")
    compared, compare = [], secrets.compare_digest

    def watched(given: bytes, wanted: bytes) -> bool:
        compared.append((given, wanted))
        return compare(given, wanted)

    monkeypatch.setattr(secrets, "compare_digest", watched)
    await called(town, {HEADER: b"guess"})
    assert (b"guess", SECRET.encode()) in compared


@LIBRARIES
async def test_what_could_not_be_kept_is_brought_again_and_then_answered_once(open_town: OpenTown, library: str) -> None:
    town = await a_town(open_town, library)
    parent = town.parent()
    await parent.say("朱兰有人补课")
    await parent.press("同意，继续")
    town.network.parents.faults.plan("getFile", Fault.BROKEN)
    heard = await parent.send(lambda person: person.document(b"%PDF-1.4\n%%EOF\n"))
    assert heard.count("一共 1 份材料") == 1
    assert town.network.parents.calls.count("getFile") == 2
