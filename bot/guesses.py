"""Wrong query codes, counted by who sends them, by the network address they come from, and over everybody; in memory only."""

from contextlib import suppress

from bot.channels.web.limits import Limits, TooFast
from handlers.dialogue import Incoming

EVERYBODY = ""


class Guesses:
    """Only wrong codes count, so that nobody is locked out of their own report by asking twice."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def are_too_many(self, incoming: Incoming, place: str) -> bool:
        """Whether no further code from there is looked up for now."""
        return any([await self._limits.is_spent(what, who) for what, who in _counted(incoming, place)])

    async def count(self, incoming: Incoming, place: str) -> None:
        for what, who in _counted(incoming, place):
            with suppress(TooFast):
                await self._limits.count(what, who)


def _counted(incoming: Incoming, place: str) -> list[tuple[str, str]]:
    sender = ("lookup", f"{incoming.channel}:{incoming.address}")
    # A chat network hides from where its people write; the pages count by the same address, so nobody guesses on both.
    return [sender, ("lookup of all", EVERYBODY), *([("lookup", place)] if place else [])]
