"""The simulated network's memory: bots with their waiting updates, chats with their messages, files."""

import asyncio
import itertools
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.faults import Faults, Refused

Json = dict[str, Any]
FIRST_BOT = 7_000_000_001
CALLBACK_LIFE = 15.0


def now() -> int:
    return int(time.time())


@dataclass
class Chat:
    """One conversation. `changes` lists message ids in the order they appeared or were edited, `earlier` every form they had."""

    id: int
    kind: str = "private"
    title: str = ""
    messages: dict[int, Json] = field(default_factory=dict)
    changes: list[int] = field(default_factory=list)
    earlier: list[Json] = field(default_factory=list)
    blocked: bool = False
    migrated_to: int | None = None
    ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def head(self) -> Json:
        """The chat as messages carry it."""
        return {"id": self.id, "type": self.kind, **({"title": self.title} if self.title else {"first_name": "访客"})}

    def keep(self, message: Json) -> Json:
        self.messages[message["message_id"]] = message
        self.earlier.append(message)
        self.changes.append(message["message_id"])
        return message

    def from_bot(self) -> list[Json]:
        """What the bot has said here and not deleted, oldest first."""
        return [message for message in self.messages.values() if message.get("from", {}).get("is_bot")]


@dataclass
class Bot:
    """One bot: its token, the updates nobody has confirmed, and everything it said."""

    token: str
    id: int
    username: str
    faults: Faults = field(default_factory=Faults)
    updates: deque[Json] = field(default_factory=deque)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    callbacks: dict[str, float] = field(default_factory=dict)
    answers: dict[str, Json] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    url: str = ""
    secret: str = ""
    polls: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1000))

    def head(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.username, "username": self.username}

    def chat(self, chat_id: int) -> Chat:
        """The chat a bot may write to, or Telegram's refusal."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise Refused(400, "Bad Request: chat not found")
        if chat.migrated_to:
            moved = {"migrate_to_chat_id": chat.migrated_to}
            raise Refused(400, "Bad Request: group chat was upgraded to a supergroup chat", moved)
        if chat.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat

    def push(self, kind: str, content: Json) -> int:
        """Something happened that the bot must hear of; returns the update's id."""
        update_id = next(self._ids)
        self.deliver({"update_id": update_id, kind: content})
        return update_id

    def deliver(self, update: Json) -> None:
        """Put an update in the queue; also one that was delivered before, as Telegram does when an answer got lost."""
        self.updates.append(update)
        self.arrived.set()

    def confirm(self, offset: int) -> None:
        while self.updates and self.updates[0]["update_id"] < offset:
            self.updates.popleft()

    def touch(self) -> None:
        """Wake whoever watches the chats."""
        self.changed.set()
        self.changed = asyncio.Event()


@dataclass
class Network:
    """All bots. A chat belongs to one bot: what one hears the other does not."""

    bots: dict[str, Bot] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=lambda: itertools.count(FIRST_BOT))

    def add(self, username: str) -> Bot:
        """A new bot; its token looks like a real one and opens nothing outside this process."""
        bot_id = next(self._ids)
        bot = Bot(f"{bot_id}:SIMULATED-{username}", bot_id, username)
        self.bots[bot.token] = bot
        return bot
