"""The driver of the web page: every turn is a real request to the chat API, with the cookie a browser would keep."""

import tempfile
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.compose import assemble
from bot.rooms import Rooms
from bot.settings import Settings
from handlers.dialogue import Reply
from handlers.policy import Policy
from storage.sealing import Keyring
from tests.journeys.world import World
from tests.phone import Line, Shown, shown


@asynccontextmanager
async def web(world: World) -> AsyncIterator[Callable[[], Line]]:
    """New browsers by the call, all at one site."""
    folder = tempfile.TemporaryDirectory()
    plenty = {"messages_per_minute": 10_000, "address_per_minute": 10_000}
    settings = Settings(_env_file=None, policy=Path(world.policy.folder), var_dir=Path(folder.name), **plenty)
    service = assemble(Rooms(settings, world.policy, world.rules, Keyring.for_tests(), world.database, {}, world.now), reader=world.reader)
    browsers: list[httpx.AsyncClient] = []

    def browser() -> Line:
        transport = httpx.ASGITransport(service.app)
        client = httpx.AsyncClient(transport=transport, base_url="http://tipline.test", headers={"sec-fetch-site": "same-origin"})
        browsers.append(client)
        return WebLine(client, world.policy)

    try:
        yield browser
    finally:
        for client in browsers:
            await client.aclose()
        await service.reception.drain(5)
        folder.cleanup()


class WebLine:
    def __init__(self, client: httpx.AsyncClient, policy: Policy) -> None:
        self._client, self._policy = client, policy
        self._seen = 0

    async def open(self) -> list[Shown]:
        return await self._turn(start="page")

    async def say(self, text: str) -> list[Shown]:
        return await self._turn(text=text)

    async def press(self, key: str) -> list[Shown]:
        return await self._turn(choice=key)

    async def send_photo(self, content: bytes, caption: str) -> list[Shown]:
        answer = await self._client.post("/api/chat/attachments", files={"file": ("photo.jpg", content)})
        answer.raise_for_status()
        return await self._turn(attachment=answer.json()["attachment"], text=caption)

    async def look(self) -> list[Shown]:
        answer = await self._client.get("/api/chat", params={"after": self._seen})
        return self._show(answer.json()["replies"])

    async def _turn(self, **said: Any) -> list[Shown]:
        answer = await self._client.post("/api/chat", json={"client_id": str(uuid.uuid4()), **said})
        answer.raise_for_status()
        return self._show(answer.json()["replies"])

    def _show(self, replies: list[dict[str, Any]]) -> list[Shown]:
        self._seen = max([self._seen, *(reply["id"] for reply in replies)])
        return [shown(Reply.from_dict(_as_stored(reply)), self._policy) for reply in replies]


def _as_stored(reply: dict[str, Any]) -> dict[str, Any]:
    """A reply as the API words it, back in the words of the outbox."""
    card = reply["card"]
    lines = [{"label": line["label"], "value": line["value"], "edit_key": line["edit"]} for line in card["lines"]] if card else []
    return {**reply, "card": {**card, "lines": lines} if card else None}
