"""What the two Telegram adapters have in common: what each must be able to do, and whom it serves."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from handlers.dialogue import Incoming, Reply
from handlers.texts import Texts

POLL_SECONDS = 25
KINDS = ("message", "edited_message", "callback_query")
# Telegram lets a bot send about thirty messages a second to all chats together.
SENDS_PER_SECOND = 25.0
# They write addresses that contain the token into their logs.
TALKATIVE = ("httpx", "httpcore", "telegram.Bot", "telegram.ext.ExtBot", "aiogram.event", "aiohttp.access")

# Telegram's own words, by which refusals are told apart.
NOT_MODIFIED, CHAT_GONE = "message is not modified", "chat not found"

Fetch = Callable[[], Awaitable[bytes]]


class NotKept(Exception):
    """The message is not safely stored: it must not be acknowledged, and Telegram will bring it again."""


class FileGone(Exception):
    """Telegram does not give this file out: too large for bots, or no longer there."""


class AnotherPoller(Exception):
    """Somebody else fetches this bot's updates: another copy of the service with the same token."""


class Moved(Exception):
    """The group has another address now."""

    def __init__(self, address: str) -> None:
        super().__init__("the group has moved")
        self.address = address


class Refused(Exception):
    """Telegram does not know this token."""


@dataclass(frozen=True)
class Audience:
    """Whom a bot serves: the channel's name in our records, whether groups may speak to it, and its menu of commands."""

    channel: str
    in_groups: bool
    commands: Mapping[str, str]


@dataclass(frozen=True)
class Access:
    """How a bot reaches Telegram. The token never shows itself."""

    token: str = field(repr=False)
    api: str
    proxy: str = ""


class Door(Protocol):
    """Where an adapter hands in what it heard; returning means it is safely kept."""

    async def receive(self, incoming: Incoming, files: Sequence[Fetch] = ()) -> None: ...


class Adapter(Protocol):
    """One bot, carried by one library. Updates stay in the library's own types between `updates` and `feed`."""

    name: str

    async def open(self, door: Door) -> None: ...
    async def close(self) -> None: ...
    async def send(self, address: str, reply: Reply) -> str: ...
    async def send_picture(self, address: str, picture: bytes, caption: str) -> str: ...
    async def edit(self, address: str, reference: str, reply: Reply) -> None: ...
    async def updates(self, offset: int, seconds: int) -> Sequence[Any]: ...
    async def feed(self, update: Any) -> None: ...
    def read(self, raw: Mapping[str, Any]) -> Any: ...
    def sender(self, update: Any) -> int: ...
    async def use_webhook(self, url: str, secret: str) -> None: ...
    async def use_polling(self) -> None: ...


Build = Callable[[Access, Audience, Texts], Adapter]


def hush() -> None:
    """Keep the libraries from logging addresses with tokens in them."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def event_id(bot_id: int, update_id: int) -> str:
    """Unique for ever: another bot behind the same channel counts its updates from elsewhere."""
    return f"{bot_id}:{update_id}"


def says_something(incoming: Incoming, files: Sequence[Fetch]) -> bool:
    """Whether there is anything to keep: a sticker or somebody joining a group is not."""
    return bool(incoming.text or incoming.choice or incoming.start or incoming.location or files)
