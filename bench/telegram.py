"""What one Telegram update costs us above the library that carries it: our translation alone, and until it is done with in the database."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.channels.telegram import Access, Audience
from bot.channels.telegram_door import TelegramDoor
from bot.channels.telegram_polling import keep
from bot.reception import Reception
from bot.rooms import ZONE
from bot.telegram_bots import BUILDERS, PARENTS
from handlers.dialogue import Incoming, Reply
from handlers.notices import Wording
from handlers.policy import Policy
from storage import migrations
from storage.database import Database
from storage.drafts import StoredDraft
from storage.rules import Rules
from storage.sealing import Keyring
from tests.conftest import POLICY
from tests.telegram.network import simulated

UPDATES, BATCH, GOAL = 1_000, 50, 1_000.0
AUDIENCE = Audience(PARENTS, in_groups=False, commands={})
TOKEN = "7000000001:bench"  # noqa: S105 - opens nothing


class Forgetful:
    """A door that keeps nothing: what is left is our translation."""

    async def receive(self, incoming: Incoming, files: Any = ()) -> None:
        """Nothing."""


class Nobody:
    """Answers nothing: what people say is the dialogue's cost, not the channel's."""

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> None:
        """Nothing."""

    def answer(self, *_: Any) -> list[Reply]:
        return []


def an_update(number: int) -> dict[str, Any]:
    person = {"id": 1000 + number % 50, "is_bot": False, "first_name": "x"}
    chat = {"id": person["id"], "type": "private", "first_name": "x"}
    return {"update_id": number, "message": {"message_id": number, "date": 1, "chat": chat, "from": person, "text": "有人补课"}}


async def cpu(take: Callable[[list[dict[str, Any]]], Awaitable[object]]) -> float:
    """Microseconds of CPU an update, the best of three rounds; updates come in batches, as polling brings them."""
    best, number = float("inf"), 0
    for _ in range(3):
        started = time.process_time()
        for _ in range(UPDATES // BATCH):
            await take([an_update(number + place) for place in range(BATCH)])
            number += BATCH
        best = min(best, (time.process_time() - started) / UPDATES * 1e6)
    return best


async def floor_of_aiogram() -> float:
    from aiogram import Bot, Dispatcher
    from aiogram.types import Update

    bot, dispatcher = Bot(TOKEN), Dispatcher(disable_fsm=True)

    async def heard(message: Any) -> None:
        """Nothing."""

    dispatcher.message.register(heard)

    async def take(batch: list[dict[str, Any]]) -> None:
        for raw in batch:
            await dispatcher.feed_update(bot, Update.model_validate(raw, context={"bot": bot}))

    return await cpu(take)


async def floor_of_ptb() -> float:
    from telegram import Update
    from telegram.ext import ApplicationBuilder, MessageHandler, filters

    application = ApplicationBuilder().token(TOKEN).updater(None).job_queue(None).build()
    application._initialized = True  # As after initialize(), which would ask the network.

    async def heard(update: object, context: object) -> None:
        """Nothing."""

    application.add_handler(MessageHandler(filters.ALL, heard))

    async def take(batch: list[dict[str, Any]]) -> None:
        for raw in batch:
            await application.process_update(Update.de_json(raw, application.bot))

    return await cpu(take)


async def ours(library: str, folder: Path) -> tuple[float, float]:
    """Our translation alone; and the whole way: adapter, door, inbox, and the transaction that ends it, in a real database."""
    url = f"sqlite+aiosqlite:///{folder / library}.db"
    await migrations.upgrade(url)
    database = await Database.open(url, keyring=Keyring.for_tests(), rules=Rules.load(POLICY))
    policy = Policy.load(POLICY)
    wording = Wording(policy, ZONE)
    reception = Reception(database, Nobody(), wording, clock=lambda: datetime.now(UTC), zone=ZONE, apology="")
    module, name = BUILDERS[library]
    async with simulated() as network:
        bot = getattr(import_module(module), name)(Access(network.parents.token, network.address), AUDIENCE, policy.texts)
        await bot.open(Forgetful())
        whole = TelegramDoor(bot, reception, None, policy.texts)

        async def take(batch: list[dict[str, Any]]) -> None:
            await keep(bot, [bot.read(raw) for raw in batch])
            await reception.drain(60)

        try:
            translated = await cpu(take)
            bot._door = whole
            return translated, await cpu(take)
        finally:
            await bot.close()
            await database.close()


async def measure() -> None:
    floors = {"aiogram": floor_of_aiogram, "ptb": floor_of_ptb}
    with tempfile.TemporaryDirectory() as folder:
        for library, floor_of in floors.items():
            floor, (translated, done) = await floor_of(), await ours(library, Path(folder))
            parts = f"floor {floor:5.0f} µs   our translation {translated - floor:5.0f} µs   kept and done with {done - floor:5.0f} µs"
            print(f"{library:8} {parts}   (goal {GOAL:.0f} µs)")


if __name__ == "__main__":
    asyncio.run(measure())
