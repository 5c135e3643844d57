"""The officers' side of a Telegram bot: cards are filled in when they are sent, and change as things move."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from bot.channels.telegram import Adapter, Moved
from bot.delivery import TryLater, Unreachable, Unsendable
from handlers.dialogue import Reply
from handlers.staff_chat import live
from handlers.staff_chat.cards import Cards, Post, Update
from handlers.staff_chat.figures import Figures
from handlers.staff_chat.words import Words

log = logging.getLogger(__name__)

# Moves made on the web pages are seen here within this time; those made in the chat at once.
LOOK_SECONDS = 2.0
CAPTION_LIMIT = 1000


class StaffChannel:
    """What delivery sends to. Fills in live replies, and keeps the cards up to date beside."""

    def __init__(self, bot: Adapter, cards: Cards, figures: Figures, words: Words) -> None:
        self.name = bot.name
        self._bot, self._cards, self._figures, self._words = bot, cards, figures, words
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may have moved."""
        self._woken.set()

    async def send(self, address: str, reply: Reply) -> str:
        match live.kind(reply), reply.card:
            case live.REPORT, card if card:
                return await self._send_card(address, card.number, reply)
            case live.FIGURES, card if card:
                return await self._send_figures(address, card.number)
        return await self._bot.send(address, reply)

    async def run(self, stopping: asyncio.Event) -> None:
        """Keep every card true until told to stop."""
        while not stopping.is_set():
            try:
                await self.catch_up()
            except TryLater as patience:
                await asyncio.sleep(patience.after)
            except Exception as failure:  # noqa: BLE001 - a card that could not be changed now is changed next time
                log.warning("%s: cards are behind: %s", self.name, type(failure).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), LOOK_SECONDS)
            self._woken.clear()

    async def catch_up(self) -> None:
        """Change what has fallen behind, and show the groups what they lack."""
        for update in await self._cards.behind():
            await self._change(update)
        for post in await self._cards.unshown():
            await self._post(post)

    async def _send_card(self, address: str, number: str, reply: Reply) -> str:
        fresh = await self._cards.card(address, number)
        if fresh is None:
            return await self._bot.send(address, Reply(reply.text or self._words.say("staff.not_found")))
        shown = replace(fresh.reply, text=f"{reply.text}\n\n{fresh.reply.text}" if reply.text else fresh.reply.text)
        reference = await self._bot.send(address, shown)
        await self._cards.sent(fresh, reference)
        return reference

    async def _send_figures(self, address: str, question: str) -> str:
        told = await self._figures.told(address, question)
        if told.picture and len(told.text) <= CAPTION_LIMIT:
            return await self._bot.send_picture(address, told.picture, told.text)
        reference = await self._bot.send(address, Reply(told.text))
        return await self._bot.send_picture(address, told.picture, "") if told.picture else reference

    async def _change(self, update: Update) -> None:
        reply = update.fresh.reply if update.fresh else Reply(self._words.say("staff.not_found"))
        try:
            await self._bot.edit(update.address, update.shown.reference, reply)
        except (Unsendable, Unreachable, Moved):
            # Too old to be edited, deleted, or the chat is gone: the next card says how things stand.
            await self._cards.lost(update)
            return
        await self._cards.changed(update)

    async def _post(self, post: Post) -> None:
        try:
            reference = await self._bot.send(post.address, post.fresh.reply)
        except Moved as moved:
            await self._cards.moved(post.address, moved.address)
            return
        except Unreachable:
            await self._cards.left(post.address)
            return
        await self._cards.sent(post.fresh, reference)
