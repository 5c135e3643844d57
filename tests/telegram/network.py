"""The simulated Telegram on a loopback port, and the settings of an installation that uses it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.simulator.chats import Bot, Network
from bot.simulator.server import simulator
from tests.served import on_loopback


@dataclass(frozen=True)
class Simulated:
    """A running network with the two bots an installation has."""

    network: Network
    parents: Bot
    staff: Bot
    address: str

    def settings(self) -> dict[str, object]:
        return {"parents_token": self.parents.token, "staff_token": self.staff.token, "telegram_api": self.address}


@asynccontextmanager
async def simulated() -> AsyncIterator[Simulated]:
    network = Network()
    parents, staff = network.add("parents_bot"), network.add("staff_bot")
    async with on_loopback(simulator(network)) as address:
        yield Simulated(network, parents, staff, address)
