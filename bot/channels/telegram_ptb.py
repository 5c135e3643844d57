"""A Telegram bot on python-telegram-bot: its updates become Incoming, our replies become its messages, and it keeps nothing itself."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from telegram import Bot, BotCommand, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, Update
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    Defaults,
    MessageHandler,
    filters,
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

Context = ContextTypes.DEFAULT_TYPE


class Honest(Application[Any, Any, Any, Any, Any, Any]):
    """PTB answers an exception in a handler with a log line, and whoever fed the update believes it was handled. Here it gets out."""

    async def process_error(self, update: object, error: Exception, *_: Any, **__: Any) -> bool:  # noqa: ARG002
        raise error


class PtbBot:
    """One bot, one application, no state: PTB parses, filters and sends; remembering is done elsewhere."""

    def __init__(self, access: Access, audience: Audience, texts: Texts) -> None:
        hush()
        self.name, self._audience, self._texts = audience.channel, audience, texts
        builder = ApplicationBuilder().application_class(Honest).token(access.token).updater(None).job_queue(None)
        builder = builder.base_url(f"{access.api}/bot").base_file_url(f"{access.api}/file/bot")
        builder = builder.defaults(Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)))
        if access.proxy:
            builder = builder.proxy(access.proxy).get_updates_proxy(access.proxy)
        self._application = builder.build()
        self._bot: Bot = self._application.bot
        self._door: Door | None = None
        self._listen()

    def _listen(self) -> None:
        private, add = filters.ChatType.PRIVATE, self._application.add_handler
        new = filters.UpdateType.MESSAGE & private
        add(CommandHandler("start", self._started, new))
        add(MessageHandler(new, self._said))
        add(MessageHandler(filters.UpdateType.EDITED_MESSAGE & private, self._edited))
        add(CallbackQueryHandler(self._pressed))
        if self._audience.in_groups:
            add(CommandHandler(GROUP, self._here, filters.ChatType.GROUPS))

    async def open(self, door: Door) -> None:
        self._door = door
        try:
            await self._application.initialize()
            await self._bot.set_my_commands([BotCommand(name, text) for name, text in self._audience.commands.items()])
        except InvalidToken as unknown:
            raise Refused from unknown
        await self._application.start()

    async def close(self) -> None:
        if self._application.running:
            await self._application.stop()
        await self._application.shutdown()

    # What people do.

    async def _started(self, update: Update, context: Context) -> None:
        await self._receive(update, start=" ".join(context.args or ()) or "telegram")

    async def _said(self, update: Update, _: Context) -> None:
        message = _message(update)
        place, contact = message.location, message.contact
        text = message.text or message.caption or (contact.phone_number if contact else "")
        spot = (place.latitude, place.longitude) if place else None
        await self._receive(update, self._files(message), text=text, album=message.media_group_id or "", location=spot)

    async def _edited(self, update: Update, _: Context) -> None:
        message = _message(update)
        await self._receive(update, edits=str(message.message_id), text=message.text or message.caption or "")

    async def _here(self, update: Update, _: Context) -> None:
        message = _message(update)
        if message.from_user:
            await self._kept(update, str(message.from_user.id), choice=f"{GROUP}.{message.chat_id}")

    async def _pressed(self, update: Update, _: Context) -> None:
        press = update.callback_query
        if press is None:
            return
        # The spinner on the button ends now; it never waits for our records.
        self._application.create_task(_answer(press))
        await self._kept(update, str(press.from_user.id), choice=press.data or "")

    def _files(self, message: Message) -> list[Fetch]:
        found = message.document or message.voice or message.audio or message.video or message.video_note
        largest = message.photo[-1] if message.photo else found
        return [partial(self._fetch, largest.file_id)] if largest else []

    async def _fetch(self, file_id: str) -> bytes:
        try:
            return bytes(await (await self._bot.get_file(file_id)).download_as_bytearray())
        except BadRequest as refusal:
            raise FileGone from refusal

    async def _receive(self, update: Update, files: Sequence[Fetch] = (), **said: Any) -> None:
        await self._kept(update, str(_message(update).chat_id), files, **said)

    async def _kept(self, update: Update, address: str, files: Sequence[Fetch] = (), **said: Any) -> None:
        incoming = Incoming(event_id(self._bot.id, update.update_id), self.name, address, **said)
        if self._door and says_something(incoming, files):
            await self._door.receive(incoming, files)

    # What we say.

    async def send(self, address: str, reply: Reply) -> str:
        if not self._application.running:
            raise TryLater(0)  # Not connected yet.
        shown = screen(reply, self._texts)
        sent = ""
        with _translated():
            for place, text in enumerate(shown.texts, start=1):
                keyboard = _keyboard(shown) if place == len(shown.texts) else None
                sent = str((await self._bot.send_message(int(address), text, reply_markup=keyboard)).message_id)
        return sent

    async def send_picture(self, address: str, picture: bytes, caption: str) -> str:
        with _translated():
            return str((await self._bot.send_photo(int(address), picture, caption=caption)).message_id)

    async def edit(self, address: str, reference: str, reply: Reply) -> None:
        shown = screen(reply, self._texts)
        try:
            with _translated():
                await self._bot.edit_message_text(shown.texts[0], int(address), int(reference), reply_markup=_keyboard(shown))
        except Unsendable as refusal:
            if NOT_MODIFIED not in str(refusal).lower():
                raise

    # How updates come.

    async def updates(self, offset: int, seconds: int) -> Sequence[Update]:
        try:
            return await self._bot.get_updates(offset, timeout=seconds, allowed_updates=list(KINDS))
        except Conflict as conflict:
            raise AnotherPoller from conflict
        except InvalidToken as unknown:
            raise Refused from unknown

    async def feed(self, update: Update) -> None:
        await self._application.process_update(update)

    def read(self, raw: Mapping[str, Any]) -> Update:
        return Update.de_json(dict(raw), self._bot)

    def sender(self, update: Update) -> int:
        return update.effective_user.id if update.effective_user else 0

    async def use_webhook(self, url: str, secret: str) -> None:
        await self._bot.set_webhook(url, secret_token=secret, allowed_updates=list(KINDS))

    async def use_polling(self) -> None:
        await self._bot.delete_webhook()


def _message(update: Update) -> Message:
    """The message of an update that a message handler let through."""
    message = update.effective_message
    if message is None:
        raise ValueError("an update without a message")
    return message


async def _answer(press: CallbackQuery) -> None:
    try:
        await press.answer()
    except TelegramError:
        return  # Too old to be answered, or the network is away: the press itself is what counts.


def _keyboard(shown: Screen) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(choice.label, callback_data=choice.key) for choice in row] for row in shown.rows]
    return InlineKeyboardMarkup(rows) if rows else None


@contextmanager
def _translated() -> Iterator[None]:
    """PTB's errors in delivery's words. BadRequest is a NetworkError there: it is named first, or a 400 would be tried for ever."""
    try:
        yield
    except RetryAfter as flood:
        after = flood.retry_after
        raise TryLater(after if isinstance(after, int) else after.total_seconds()) from flood
    except Forbidden as blocked:
        raise Unreachable from blocked
    except ChatMigrated as moved:
        raise Moved(str(moved.new_chat_id)) from moved
    except BadRequest as refusal:
        if CHAT_GONE in refusal.message.lower():
            raise Unreachable from refusal
        raise Unsendable(refusal.message) from refusal
