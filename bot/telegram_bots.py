"""The two Telegram bots of an installation: built when their tokens are set, each on the library the settings name."""

import asyncio
import importlib
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from fastapi import APIRouter

from bot.channels.telegram import SENDS_PER_SECOND, Access, Adapter, Audience, Build, Refused
from bot.channels.telegram_door import Keeps, Receives, TelegramDoor
from bot.channels.telegram_polling import poll
from bot.channels.telegram_webhook import path, webhook_routes
from bot.delivery import Pace
from bot.settings import Settings
from handlers import commands
from handlers.policy import Policy

log = logging.getLogger(__name__)

PARENTS, STAFF = "telegram", "telegram_staff"
BUILDERS = {"aiogram": ("bot.channels.telegram_aiogram", "AiogramBot"), "ptb": ("bot.channels.telegram_ptb", "PtbBot")}
REOPEN_SECONDS = 5.0
STOP_SECONDS = 3.0


@dataclass(frozen=True)
class TelegramBots:
    """The bots by channel name; none without tokens."""

    settings: Settings
    adapters: Mapping[str, Adapter]
    policy: Policy
    secret: str = field(default="", repr=False)

    @classmethod
    async def build(cls, settings: Settings, policy: Policy) -> "TelegramBots":
        """Only what is enabled is imported: aiogram alone takes seconds, so even that happens in a thread."""
        tokens = {PARENTS: settings.parents_token, STAFF: settings.staff_token}
        libraries = {PARENTS: settings.parents_library, STAFF: settings.staff_library}
        adapters: dict[str, Adapter] = {}
        for name, audience in _audiences(policy).items():
            token = tokens[name].get_secret_value()
            if token:
                build = await asyncio.to_thread(_builder, libraries[name])
                access = Access(token, settings.telegram_api.rstrip("/"), settings.telegram_proxy)
                adapters[name] = build(access, audience, policy.texts)
        return cls(settings, adapters, policy, settings.webhook_secret.get_secret_value() or secrets.token_urlsafe(32))

    @property
    def paces(self) -> dict[str, Pace]:
        return {name: Pace(per_second=SENDS_PER_SECOND) for name in self.adapters}

    def routes(self) -> list[APIRouter]:
        """What the web application must answer for Telegram: nothing when polling."""
        return [webhook_routes(self.adapters, self.secret)] if self.adapters and self.settings.telegram_mode == "webhook" else []

    @asynccontextmanager
    async def listening(self, reception: Receives, evidence: Keeps | None) -> AsyncIterator[None]:
        """Hear people until the block ends; what is being taken in then is finished first."""
        stopping = asyncio.Event()
        tasks = [asyncio.create_task(self._serve(bot, reception, evidence, stopping)) for bot in self.adapters.values()]
        try:
            yield
        finally:
            stopping.set()
            if tasks:
                _, running = await asyncio.wait(tasks, timeout=STOP_SECONDS)
                for task in running:
                    task.cancel()

    async def close(self) -> None:
        """After the last message has been sent."""
        await asyncio.gather(*(bot.close() for bot in self.adapters.values()))

    async def _serve(self, bot: Adapter, reception: Receives, evidence: Keeps | None, stopping: asyncio.Event) -> None:
        door = TelegramDoor(bot, reception, evidence, self.policy.texts)
        while not stopping.is_set():
            try:
                await bot.open(door)
                await self._arrange(bot)
                break
            except Refused:
                log.error("%s: Telegram does not know this token; check it in .env", bot.name)  # noqa: TRY400
            except Exception as failure:  # noqa: BLE001 - Telegram may be away when we start; the web page serves meanwhile
                log.warning("%s: not connected yet: %s", bot.name, type(failure).__name__)
            await _unless(stopping, REOPEN_SECONDS)
        if self.settings.telegram_mode == "polling":
            await poll(bot, stopping)

    async def _arrange(self, bot: Adapter) -> None:
        if self.settings.telegram_mode == "webhook":
            await bot.use_webhook(self.settings.address() + path(bot.name), self.secret)
        else:
            await bot.use_polling()


def _audiences(policy: Policy) -> dict[str, Audience]:
    return {
        PARENTS: Audience(PARENTS, in_groups=False, commands=commands.menu(policy.texts, commands.PARENTS)),
        STAFF: Audience(STAFF, in_groups=True, commands=commands.menu(policy.texts, commands.STAFF)),
    }


def _builder(library: str) -> Build:
    module, name = BUILDERS[library]
    build: Build = getattr(importlib.import_module(module), name)
    return build


async def _unless(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
