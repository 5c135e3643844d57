"""Plays a parent: tells a story at the front door, answers or skips what is asked, and comes back to rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from bot.reception import Reception
from handlers.dialogue import Choice, Incoming, Kind, Reply

PATIENCE = 30
# What a parent presses when it is offered, most wanted first; anything else offered is an answer to choose among.
WANTED = (".consent:anonymous", ".told:yes", ".summary:send", ".privacy:mask", ".contact:anonymous")
RARELY_SKIPS = 0.35
SAYS_WHERE = 0.8


class Stuck(Exception):
    """A parent could not finish; `last` is what was asked. A demonstration that hides this would be worth nothing."""

    def __init__(self, last: str) -> None:
        super().__init__(last)


@dataclass(frozen=True)
class Receipt:
    """What a parent takes home."""

    address: str
    number: str


class Parents:
    """`towns` are the city's own, for the parents who say where it was; `where` is how that question is put."""

    def __init__(self, reception: Reception, random: Random, *, towns: Sequence[str], where: str) -> None:
        self._reception, self._random = reception, random
        self._towns, self._where = towns, where
        self._ids = count(1)
        self._people = count(1)

    async def report(self, story: str) -> list[Receipt]:
        """Tell one story to the end; two receipts when it was split in two, none when the bot could answer it itself."""
        address = f"demo-parent-{next(self._people)}"
        replies = await self._send(address, start="page")
        replies = await self._press(address, replies)
        replies = await self._send(address, text=story)
        for _ in range(PATIENCE):
            receipts = [reply.card.number for reply in replies if reply.kind is Kind.RECEIPT and reply.card]
            if receipts:
                return [Receipt(address, number) for number in receipts]
            if not any(reply.choices for reply in replies):
                return []
            replies = await self._press(address, replies)
        raise Stuck(replies[-1].text)

    async def rate(self, receipt: Receipt) -> None:
        """Answer the question whether it was solved, if it has been asked."""
        asked = await self._reception.after("web", receipt.address, 0)
        offered = [choice for stored in asked for choice in stored.reply.choices if f"f.{receipt.number}.solved:" in choice.key]
        if not offered:
            return
        replies = await self._send(receipt.address, choice=self._weighted(offered).key)
        for _ in range(3):
            if not replies or not replies[-1].choices or replies[-1].kind is not Kind.QUESTION:
                return
            replies = await self._press(receipt.address, replies)

    async def answer(self, receipt: Receipt, resolved: str, satisfaction: str, reason: str = "") -> None:
        """Say whether it was solved and how it was, and why, if there is a reason."""
        await self._send(receipt.address, choice=f"f.{receipt.number}.solved:{resolved}")
        await self._send(receipt.address, choice=f"f.{receipt.number}.rate:{satisfaction}_{resolved}")
        if reason:
            await self._send(receipt.address, text=reason)

    async def _press(self, address: str, replies: list[Reply]) -> list[Reply]:
        if self._where in replies[-1].text and self._random.random() < SAYS_WHERE:
            place = f"{self._random.choice(self._towns)}，{self._random.randrange(1, 19)}号楼{self._random.randrange(1, 4)}单元"
            return await self._send(address, text=place)
        offered = [choice for reply in replies for choice in reply.choices]
        return await self._send(address, choice=self._choose(offered).key)

    def _choose(self, offered: list[Choice]) -> Choice:
        for wanted in WANTED:
            for choice in offered:
                if wanted in choice.key:
                    return choice
        skip = next((choice for choice in offered if choice.key.endswith(".go:skip")), None)
        answers = [choice for choice in offered if ".go:" not in choice.key]
        if skip and (not answers or self._random.random() > RARELY_SKIPS):
            return skip
        return answers[0] if ".topic:" in answers[0].key else self._random.choice(answers)

    def _weighted(self, offered: list[Choice]) -> Choice:
        return self._random.choices(offered, weights=range(2 * len(offered), len(offered), -1))[0]

    async def _send(self, address: str, **said: str) -> list[Reply]:
        incoming = Incoming(f"demo-{next(self._ids)}", "web", address, **said)  # type: ignore[arg-type]
        return [stored.reply for stored in await self._reception.answered(await self._reception.receive(incoming))]
