"""A Telegram bot on aiogram: its updates become Incoming, our replies become its messages, and it keeps nothing itself."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    Update,
)

from bot.channels.telegram import (
    CHAT_GONE,
    KINDS,
    NOT_MODIFIED,
    Access,
    AnotherPoller,
    Audience,
    Door,
    Fetch,
    FileGone,
    Moved,
    Refused,
    event_id,
    hush,
    says_something,
)
from bot.channels.telegram_screen import Screen, screen
from bot.delivery import TryLater, Unreachable, Unsendable
from handlers.commands import GROUP
from handlers.dialogue import Incoming, Reply
from handlers.texts import Texts


class AiogramBot:
    """One bot, one dispatcher, no state: aiogram parses, filters and sends; remembering is done elsewhere."""

    def __init__(self, access: Access, audience: Audience, texts: Texts) -> None:
        hush()
        self.name, self._audience, self._texts = audience.channel, audience, texts
        session = AiohttpSession(proxy=access.proxy or None, api=TelegramAPIServer.from_base(access.api))
        defaults = DefaultBotProperties(link_preview=LinkPreviewOptions(is_disabled=True))
        self._bot = Bot(access.token, session=session, default=defaults)
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_router(self._router())
        self._answers: set[asyncio.Task[object]] = set()
        self._door: Door | None = None

    def _router(self) -> Router:
        router = Router()
        private = F.chat.type == "private"
        router.message.register(self._started, private, CommandStart())
        router.message.register(self._said, private)
        router.edited_message.register(self._edited, private)
        router.callback_query.register(self._pressed)
        if self._audience.in_groups:
            router.message.register(self._here, Command(GROUP))
        return router

    async def open(self, door: Door) -> None:
        self._door = door
        commands = [BotCommand(command=name, description=text) for name, text in self._audience.commands.items()]
        try:
            await self._bot.set_my_commands(commands)
        except TelegramUnauthorizedError as unknown:
            raise Refused from unknown

    async def close(self) -> None:
        if self._answers:
            await asyncio.wait(self._answers, timeout=1)
        await self._bot.session.close()

    # What people do. `event_update` is handed in by aiogram: the update the message came in.

    async def _started(self, message: Message, command: CommandObject, event_update: Update) -> None:
        await self._receive(message, event_update, start=command.args or "telegram")

    async def _said(self, message: Message, event_update: Update) -> None:
        place, contact = message.location, message.contact
        text = message.text or message.caption or (contact.phone_number if contact else "")
        spot = (place.latitude, place.longitude) if place else None
        said = {"text": text, "album": message.media_group_id or "", "location": spot}
        await self._receive(message, event_update, self._files(message), **said)

    async def _edited(self, message: Message, event_update: Update) -> None:
        await self._receive(message, event_update, edits=str(message.message_id), text=message.text or message.caption or "")

    async def _here(self, message: Message, event_update: Update) -> None:
        if message.from_user:
            await self._kept(event_update, str(message.from_user.id), choice=f"{GROUP}.{message.chat.id}")

    async def _pressed(self, press: CallbackQuery, event_update: Update) -> None:
        # The spinner on the button ends now; it never waits for our records.
        task = asyncio.create_task(self._answer(press))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)
        await self._kept(event_update, str(press.from_user.id), choice=press.data or "")

    async def _answer(self, press: CallbackQuery) -> None:
        try:
            await press.answer()
        except (AiogramError, OSError):
            return  # Too old to be answered, or the network is away: the press itself is what counts.

    def _files(self, message: Message) -> list[Fetch]:
        found = message.document or message.voice or message.audio or message.video or message.video_note
        largest = message.photo[-1] if message.photo else found
        return [partial(self._fetch, largest.file_id)] if largest else []

    async def _fetch(self, file_id: str) -> bytes:
        try:
            file = await self._bot.get_file(file_id)
            content = await self._bot.download_file(file.file_path or "")
        except TelegramBadRequest as refusal:
            raise FileGone from refusal
        return content.read() if content else b""

    async def _receive(self, message: Message, update: Update, files: Sequence[Fetch] = (), **said: Any) -> None:
        await self._kept(update, str(message.chat.id), files, **said)

    async def _kept(self, update: Update, address: str, files: Sequence[Fetch] = (), **said: Any) -> None:
        incoming = Incoming(event_id(self._bot.id, update.update_id), self.name, address, **said)
        if self._door and says_something(incoming, files):
            await self._door.receive(incoming, files)

    # What we say.

    async def send(self, address: str, reply: Reply) -> str:
        shown = screen(reply, self._texts)
        sent = ""
        with _translated():
            for place, text in enumerate(shown.texts, start=1):
                message = await self._bot.send_message(
                    int(address), text, reply_markup=_keyboard(shown) if place == len(shown.texts) else None
                )
                sent = str(message.message_id)
        return sent

    async def send_picture(self, address: str, picture: bytes, caption: str) -> str:
        with _translated():
            return str((await self._bot.send_photo(int(address), BufferedInputFile(picture, "chart.png"), caption=caption)).message_id)

    async def edit(self, address: str, reference: str, reply: Reply) -> None:
        shown = screen(reply, self._texts)
        try:
            with _translated():
                await self._bot.edit_message_text(
                    shown.texts[0], chat_id=int(address), message_id=int(reference), reply_markup=_keyboard(shown)
                )
        except Unsendable as refusal:
            if NOT_MODIFIED not in str(refusal):
                raise

    # How updates come.

    async def updates(self, offset: int, seconds: int) -> Sequence[Update]:
        try:
            return await self._bot.get_updates(offset=offset, timeout=seconds, allowed_updates=list(KINDS), request_timeout=seconds + 10)
        except TelegramConflictError as conflict:
            raise AnotherPoller from conflict
        except (TelegramUnauthorizedError, TelegramNotFound) as unknown:
            raise Refused from unknown

    async def feed(self, update: Update) -> None:
        await self._dispatcher.feed_update(self._bot, update)

    def read(self, raw: Mapping[str, Any]) -> Update:
        return Update.model_validate(raw, context={"bot": self._bot})

    def sender(self, update: Update) -> int:
        event = update.message or update.edited_message or update.callback_query
        return event.from_user.id if event and event.from_user else 0

    async def use_webhook(self, url: str, secret: str) -> None:
        await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(KINDS))

    async def use_polling(self) -> None:
        await self._bot.delete_webhook()


def _keyboard(shown: Screen) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(text=choice.label, callback_data=choice.key) for choice in row] for row in shown.rows]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


@contextmanager
def _translated() -> Iterator[None]:
    """aiogram's errors in delivery's words. What is left, a broken line or a 5xx, is tried again later by delivery."""
    try:
        yield
    except TelegramRetryAfter as flood:
        raise TryLater(flood.retry_after) from flood
    except TelegramForbiddenError as blocked:
        raise Unreachable from blocked
    except TelegramMigrateToChat as moved:
        raise Moved(str(moved.migrate_to_chat_id)) from moved
    except TelegramBadRequest as refusal:
        if CHAT_GONE in refusal.message:
            raise Unreachable from refusal
        raise Unsendable(refusal.message) from refusal
