"""The officers' bot put together: the conversation, the channel that fills in cards and figures, and the daily digest."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.channels.telegram import Adapter
from bot.channels.telegram_staff import StaffChannel
from bot.delivery import Channel
from bot.rooms import Rooms
from bot.telegram_bots import STAFF
from handlers.figures.room import FiguresRoom
from handlers.staff_chat import digest
from handlers.staff_chat.cards import Cards
from handlers.staff_chat.figures import Figures
from handlers.staff_chat.staff import StaffChat
from handlers.staff_chat.words import Words


@dataclass(frozen=True)
class StaffBot:
    """`channel` is None when the bot is off; messages that came before it was turned off are still answered from `chat`."""

    rooms: Rooms
    words: Words
    chat: StaffChat
    channel: StaffChannel | None

    @classmethod
    def over(cls, rooms: Rooms, adapter: Adapter | None) -> Self:
        words = Words.load(rooms.policy, rooms.zone)
        chat = StaffChat(words, rooms.rules)
        if adapter is None:
            return cls(rooms, words, chat, None)
        figures = FiguresRoom.over(rooms.database, rooms.policy, rooms.rules, rooms.clock, font=rooms.settings.font_path)
        cards = Cards(rooms.database, words, rooms.rules, rooms.clock, STAFF)
        told = Figures(rooms.database, figures.answering, words, STAFF)
        return cls(rooms, words, chat, StaffChannel(adapter, cards, told, words))

    @property
    def channels(self) -> dict[str, Channel]:
        return {STAFF: self.channel} if self.channel else {}

    def wake(self) -> None:
        if self.channel:
            self.channel.wake()

    async def run(self, stopping: asyncio.Event) -> None:
        if self.channel:
            await self.channel.run(stopping)

    async def write_digest(self, at: datetime) -> None:
        """A chore: harmless to repeat, for each day's digest is written once."""
        hour = self.rooms.settings.digest_hour
        await self.rooms.database.write(digest.write, self.words, self.rooms.rules, at, hour=hour, channel=STAFF)
