"""The driver of Telegram: a real library, real HTTP to the simulated network, by polling or by webhook."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from bot.compose import Service, assemble, running
from bot.rooms import Rooms
from bot.settings import Settings
from bot.simulator.chats import Bot, Json
from bot.simulator.people import NoSuchButton, Person
from bot.telegram_bots import TelegramBots
from storage import outbox
from storage.sealing import Keyring
from tests.journeys.world import World
from tests.phone import Line, Shown
from tests.served import a_socket, address_of, on_loopback
from tests.telegram.network import simulated

PATIENCE = 10.0
# What a person does with a push that says nothing but that there is news.
SHOW = ".show"


@asynccontextmanager
async def telegram(world: World, *, library: str, mode: str) -> AsyncIterator[Callable[[], Line]]:
    """New Telegram users by the call, all with the parents' bot."""
    async with contextlib.AsyncExitStack() as stack:
        network = await stack.enter_async_context(simulated())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        port = stack.enter_context(a_socket())
        settings = Settings(
            _env_file=None,
            policy=Path(world.policy.folder),
            var_dir=Path(folder),
            public_url=address_of(port),
            telegram_mode=mode,
            parents_library=library,
            **{**network.settings(), "staff_token": ""},
        )
        bots = await TelegramBots.build(settings, world.policy)
        rooms = Rooms(settings, world.policy, world.rules, Keyring.for_tests(), world.database, bots.adapters, world.now)
        service = assemble(rooms, bots, world.reader)
        if mode == "webhook":
            await stack.enter_async_context(on_loopback(service.app, port))
        await stack.enter_async_context(running(service))
        yield partial(TelegramLine, network.parents, service)


class TelegramLine:
    """One person's chat with the bot. A turn is over when the bot has answered it and the outbox is empty."""

    def __init__(self, bot: Bot, service: Service) -> None:
        self._person, self._service = Person(bot), service
        self._seen = 0

    async def open(self) -> list[Shown]:
        self._person.start()
        return await self._answered()

    async def say(self, text: str) -> list[Shown]:
        self._person.say(text)
        return await self._answered()

    async def press(self, key: str) -> list[Shown]:
        try:
            self._person.press(key)
        except NoSuchButton:
            # The story has somebody press what was shown on another phone.
            self._person.forge(key)
        return await self._answered()

    async def send_photo(self, content: bytes, caption: str) -> list[Shown]:
        self._person.photo(content, caption)
        return await self._answered()

    async def look(self) -> list[Shown]:
        news = await self._answered()
        if news and any(key.endswith(SHOW) for key in news[-1].buttons.values()):
            return news + await self.press(next(key for key in news[-1].buttons.values() if key.endswith(SHOW)))
        return news

    async def _answered(self) -> list[Shown]:
        async with asyncio.timeout(PATIENCE):
            while self._person.bot.updates or not (self._new() and await settled(self._service)):  # noqa: ASYNC110
                await asyncio.sleep(0.005)  # Nothing tells a phone that no more is coming.
        new = self._new()
        self._seen += len(new)
        return [as_shown(message) for message in new]

    def _new(self) -> list[Json]:
        return self._person.chat.from_bot()[self._seen :]


async def settled(service: Service) -> bool:
    """Whether everything heard is answered and everything to say is said."""
    if service.reception.is_busy:
        return False
    channels = list(service.rooms.channels)
    return await service.rooms.database.read(outbox.oldest_waiting, channels) is None


def as_shown(message: Json) -> Shown:
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = {button["text"]: button["callback_data"] for row in keyboard for button in row}
    return Shown(message.get("text", message.get("caption", "")), buttons)


AIOGRAM_POLLING = partial(telegram, library="aiogram", mode="polling")
AIOGRAM_WEBHOOK = partial(telegram, library="aiogram", mode="webhook")
PTB_POLLING = partial(telegram, library="ptb", mode="polling")
PTB_WEBHOOK = partial(telegram, library="ptb", mode="webhook")
