"""The methods of the Bot API, with Telegram's own checks: what is too long, too old, unchanged or gone is refused as there."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import time
from typing import Any

from bot.simulator.chats import CALLBACK_LIFE, Bot, Chat, Json, now
from bot.simulator.faults import Refused

Params = Mapping[str, Any]
Method = Callable[[Bot, Params], Awaitable[Any]]

TEXT_LIMIT, CAPTION_LIMIT, DATA_LIMIT = 4096, 1024, 64
LONGEST_POLL = 50.0
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


@dataclass(frozen=True)
class Described:
    """A success that comes with a sentence."""

    result: Any
    description: str


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


async def get_me(bot: Bot, _: Params) -> Json:
    return bot.head() | {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}


async def get_updates(bot: Bot, params: Params) -> list[Json]:
    """Long polling. A second poller ends the first one's wait with 409, as Telegram does."""
    if bot.url:
        raise Refused(409, WEBHOOK_ACTIVE)
    bot.polls += 1
    mine = bot.polls
    bot.arrived.set()
    bot.confirm(int(params.get("offset") or 0))
    ends = time() + min(float(params.get("timeout") or 0), LONGEST_POLL)
    while not bot.updates and time() < ends:
        bot.arrived.clear()
        try:
            await asyncio.wait_for(bot.arrived.wait(), max(ends - time(), 0.001))
        except TimeoutError:
            break
        if bot.polls != mine:
            raise Refused(409, OTHER_POLL)
    if bot.polls != mine:
        raise Refused(409, OTHER_POLL)
    return list(bot.updates)[: int(params.get("limit") or 100)]


async def set_webhook(bot: Bot, params: Params) -> Described:
    if not params.get("url"):
        return await delete_webhook(bot, params)
    before, bot.url, bot.secret = bot.url, str(params["url"]), str(params.get("secret_token") or "")
    bot.polls += 1
    bot.arrived.set()
    return Described(True, "Webhook is already set" if before == bot.url else "Webhook was set")


async def delete_webhook(bot: Bot, _: Params) -> Described:
    before, bot.url, bot.secret = bot.url, "", ""
    return Described(True, "Webhook was deleted" if before else "Webhook is already deleted")


async def get_webhook_info(bot: Bot, _: Params) -> Json:
    return {"url": bot.url, "has_custom_certificate": False, "pending_update_count": len(bot.updates)}


async def send_message(bot: Bot, params: Params) -> Json:
    text = _checked(str(params.get("text") or ""), TEXT_LIMIT, "message")
    return _said(bot, params, {"text": text})


async def send_photo(bot: Bot, params: Params) -> Json:
    sizes = [_stored(bot, params["photo"]) | {"width": 800, "height": 450}]
    return _said(bot, params, {"photo": sizes, **_caption(params)})


async def send_document(bot: Bot, params: Params) -> Json:
    return _said(bot, params, {"document": _stored(bot, params["document"]), **_caption(params)})


async def edit_message_text(bot: Bot, params: Params) -> Json:
    text = _checked(str(params.get("text") or ""), TEXT_LIMIT, "message")
    return _edited(bot, params, {"text": text})


async def edit_message_reply_markup(bot: Bot, params: Params) -> Json:
    return _edited(bot, params, {})


async def delete_message(bot: Bot, params: Params) -> bool:
    chat = bot.chat(int(params["chat_id"]))
    if chat.messages.pop(int(params["message_id"]), None) is None:
        raise Refused(400, "Bad Request: message to delete not found")
    bot.touch()
    return True


async def answer_callback_query(bot: Bot, params: Params) -> bool:
    press = str(params["callback_query_id"])
    pressed_at = bot.callbacks.pop(press, None)
    if pressed_at is None or now() - pressed_at > CALLBACK_LIFE:
        raise Refused(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    bot.answers[press] = dict(params)
    return True


async def send_chat_action(bot: Bot, params: Params) -> bool:
    bot.chat(int(params["chat_id"]))
    return True


async def set_my_commands(bot: Bot, params: Params) -> bool:
    bot.commands = _json(params.get("commands")) or []
    return True


async def get_file(bot: Bot, params: Params) -> Json:
    file_id = str(params["file_id"])
    if file_id not in bot.files:
        raise Refused(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    size = len(bot.files[file_id])
    return {"file_id": file_id, "file_unique_id": file_id[:12], "file_size": size, "file_path": f"documents/{file_id}"}


async def nothing(_: Bot, __: Params) -> bool:
    return True


METHODS: Mapping[str, Method] = {
    "getme": get_me,
    "getupdates": get_updates,
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "sendmessage": send_message,
    "sendphoto": send_photo,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "setmycommands": set_my_commands,
    "deletemycommands": nothing,
    "getfile": get_file,
    "close": nothing,
    "logout": nothing,
}


def _said(bot: Bot, params: Params, content: Json) -> Json:
    chat = bot.chat(int(params["chat_id"]))
    message = {"message_id": next(chat.ids), "date": now(), "chat": chat.head(), "from": bot.head(), **content, **_markup(params)}
    chat.keep(message)
    bot.touch()
    return message


def _edited(bot: Bot, params: Params, content: Json) -> Json:
    chat = bot.chat(int(params["chat_id"]))
    before = _message(chat, int(params["message_id"]))
    after = {key: value for key, value in before.items() if key not in ("reply_markup", "edit_date")} | content | _markup(params)
    if after == {key: value for key, value in before.items() if key != "edit_date"}:
        same = "specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
        raise Refused(400, f"Bad Request: message is not modified: {same}")
    chat.keep(after | {"edit_date": now()})
    bot.touch()
    return chat.messages[before["message_id"]]


def _message(chat: Chat, message_id: int) -> Json:
    if message_id not in chat.messages:
        raise Refused(400, "Bad Request: message to edit not found")
    return chat.messages[message_id]


def _checked(text: str, limit: int, what: str) -> str:
    if not text.strip():
        raise Refused(400, f"Bad Request: {what} text is empty")
    if utf16(text) > limit:
        raise Refused(400, f"Bad Request: {what} is too long")
    return text.strip()


def _caption(params: Params) -> Json:
    caption = params.get("caption")
    return {"caption": _checked(str(caption), CAPTION_LIMIT, "message caption")} if caption else {}


def _markup(params: Params) -> Json:
    markup = _json(params.get("reply_markup"))
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            if len(str(button.get("callback_data", "")).encode()) > DATA_LIMIT:
                raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            if not str(button.get("text", "")).strip():
                raise Refused(400, "Bad Request: inline keyboard button text is empty")
    return {"reply_markup": markup} if markup and markup.get("inline_keyboard") else {}


def _stored(bot: Bot, content: Any) -> Json:
    """An upload, or a file the bot names by its id."""
    if isinstance(content, str):
        file_id = content
    else:
        file_id = f"up{len(bot.files):06}"
        bot.files[file_id] = content
    size = len(bot.files.get(file_id, b""))
    return {"file_id": file_id, "file_unique_id": file_id[:12], "file_size": size}


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value else value
