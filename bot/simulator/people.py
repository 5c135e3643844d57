"""The people of the simulated network: what a thumb on a phone can do in a chat with a bot."""

import itertools
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.simulator.chats import Bot, Chat, Json, now

FIRST_PERSON = 50_001
_people = itertools.count(FIRST_PERSON)


class NoSuchButton(LookupError):
    """No message in this chat has such a button."""


@dataclass
class Person:
    """Somebody with one bot, in private or in a group. The profile is there to show that we keep nothing of it."""

    bot: Bot
    name: str = "张三"
    id: int = field(default_factory=lambda: next(_people))

    def __post_init__(self) -> None:
        self.bot.chats.setdefault(self.id, Chat(self.id))

    @property
    def chat(self) -> Chat:
        return self.bot.chats[self.id]

    def say(self, text: str, chat: Chat | None = None) -> int:
        return self._send({"text": text, **_entities(text)}, chat)

    def start(self, payload: str = "") -> int:
        """Follow a deep link, or press START."""
        return self.say(f"/start {payload}".strip())

    def photo(self, content: bytes, caption: str = "", album: str = "") -> int:
        sizes = [self._file(content) | {"width": 640, "height": 480}]
        return self._send({"photo": sizes, **_caption(caption), **({"media_group_id": album} if album else {})})

    def album(self, contents: Sequence[bytes], caption: str = "") -> list[int]:
        """Several photos at once: one update each, the caption on the first, as Telegram does."""
        album = secrets.token_hex(6)
        return [self.photo(content, "" if place else caption, album) for place, content in enumerate(contents)]

    def document(self, content: bytes, name: str = "证据.pdf", media_type: str = "application/pdf") -> int:
        return self._send({"document": self._file(content) | {"file_name": name, "mime_type": media_type}})

    def voice(self, content: bytes) -> int:
        return self._send({"voice": self._file(content) | {"duration": 3, "mime_type": "audio/ogg"}})

    def location(self, latitude: float, longitude: float) -> int:
        return self._send({"location": {"latitude": latitude, "longitude": longitude}})

    def edit(self, message_id: int, text: str) -> int:
        """Change what was said."""
        message = self.chat.messages[message_id] | {"text": text, "edit_date": now()}
        self.chat.keep(message)
        return self.bot.push("edited_message", message)

    def press(self, data: str, chat: Chat | None = None) -> str:
        """Press the newest button that carries this; returns the id of the press."""
        where = chat or self.chat
        for message in reversed(where.from_bot()):
            if any(button.get("callback_data") == data for row in _keyboard(message) for button in row):
                return self._press(message, data)
        raise NoSuchButton(data)

    def forge(self, data: str) -> str:
        """What a tampered app can send: a press on a button that was never shown to this person."""
        message = {"message_id": next(self.chat.ids), "date": now(), "chat": self.chat.head(), "from": self._profile(), "text": ""}
        return self._press(message, data)

    def press_label(self, label: str) -> str:
        """Press the newest button that reads like this."""
        for message in reversed(self.chat.from_bot()):
            for row in _keyboard(message):
                for button in row:
                    if button["text"] == label:
                        return self._press(message, button["callback_data"])
        raise NoSuchButton(label)

    def press_on(self, message_id: int, data: str) -> str:
        """Press this button of this message."""
        return self._press(self.chat.messages[message_id], data)

    def press_old(self, label: str) -> str:
        """A thumb that was too slow: press a button that stood here once, though the message has changed since."""
        for message in self.chat.earlier:
            for row in _keyboard(message):
                for button in row:
                    if button["text"] == label:
                        return self._press(message, button["callback_data"])
        raise NoSuchButton(label)

    def block(self) -> None:
        self.chat.blocked = True

    def first_said(self) -> int:
        """The id of this person's first message."""
        return min(key for key, message in self.chat.messages.items() if not message["from"]["is_bot"])

    def _press(self, message: Json, data: str) -> str:
        press_id = str(secrets.randbelow(10**17))
        self.bot.callbacks[press_id] = now()
        content = {"id": press_id, "from": self._profile(), "message": message, "chat_instance": "1", "data": data}
        self.bot.push("callback_query", content)
        return press_id

    def _send(self, content: Json, chat: Chat | None = None) -> int:
        where = chat or self.chat
        where.blocked = False
        message = {"message_id": next(where.ids), "date": now(), "chat": where.head(), "from": self._profile(), **content}
        where.keep(message)
        self.bot.touch()
        return self.bot.push("message", message)

    def _profile(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "username": f"user{self.id}", "language_code": "zh-hans"}

    def _file(self, content: bytes) -> Json:
        file_id = secrets.token_hex(12)
        self.bot.files[file_id] = content
        return {"file_id": file_id, "file_unique_id": file_id[:12], "file_size": len(content)}


def a_group(bot: Bot, title: str) -> Chat:
    """A group the bot is a member of."""
    chat_id = -next(_people) - 100_000
    return bot.chats.setdefault(chat_id, Chat(chat_id, "group", title))


def migrate(bot: Bot, chat: Chat) -> Chat:
    """The group becomes a supergroup: another id, and the old one only points to it."""
    new = bot.chats.setdefault(-1_000_000_000_000 + chat.id, Chat(-1_000_000_000_000 + chat.id, "supergroup", chat.title))
    chat.migrated_to = new.id
    return new


def _keyboard(message: Json) -> list[list[Json]]:
    rows: list[list[Json]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def _caption(text: str) -> Json:
    return {"caption": text} if text else {}


def _entities(text: str) -> Json:
    if not text.startswith("/"):
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]}
