"""The simulated network answers as the documented Bot API does, where a test of a bot would not notice the difference."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from bot.simulator.people import Person
from tests.telegram.network import Simulated, simulated

Call = Callable[..., Any]


@pytest.fixture
async def network() -> AsyncIterator[Simulated]:
    async with simulated() as opened:
        yield opened


@pytest.fixture
async def call(network: Simulated) -> AsyncIterator[Call]:
    """One call of a method as the parents' bot: the status, and the answer without what is the same everywhere."""
    async with httpx.AsyncClient(base_url=f"{network.address}/bot{network.parents.token}/", verify=False) as client:

        async def called(method: str, **params: object) -> tuple[int, Any]:
            answer = await client.post(method, json=params)
            return answer.status_code, answer.json()

        yield called


async def test_a_webhook_is_set_and_deleted_with_a_sentence(call: Call, network: Simulated) -> None:
    async def said(method: str, **params: object) -> str:
        status, answer = await call(method, **params)
        assert (status, answer["result"]) == (200, True)
        return str(answer["description"])

    assert await said("setWebhook", url="http://127.0.0.1:9/hook") == "Webhook was set"
    assert await said("setWebhook", url="http://127.0.0.1:9/hook") == "Webhook is already set"
    assert await said("setWebhook", url="") == "Webhook was deleted"
    assert network.parents.url == ""
    assert await said("deleteWebhook") == "Webhook is already deleted"


async def test_an_unknown_method_is_not_found(call: Call) -> None:
    refused = {"ok": False, "error_code": 404, "description": "Not Found: method not found"}
    assert await call("sendHologram") == (404, refused)


async def test_a_text_edited_without_its_keyboard_loses_the_keyboard(call: Call, network: Simulated) -> None:
    person = Person(network.parents)
    keyboard = {"inline_keyboard": [[{"text": "签收", "callback_data": "m.1"}]]}
    _, sent = await call("sendMessage", chat_id=person.id, text="一件线索", reply_markup=keyboard)
    _, edited = await call("editMessageText", chat_id=person.id, message_id=sent["result"]["message_id"], text="已签收")
    assert "reply_markup" in sent["result"]
    assert "reply_markup" not in edited["result"]


async def test_only_get_me_tells_what_a_bot_can_do(call: Call, network: Simulated) -> None:
    person = Person(network.parents)
    _, me = await call("getMe")
    _, sent = await call("sendMessage", chat_id=person.id, text="你好")
    assert "can_join_groups" in me["result"]
    assert sent["result"]["from"].keys() == {"id", "is_bot", "first_name", "username"}
