"""The simulated Telegram on a loopback port, and the settings of an installation that uses it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from bot.simulator.chats import Bot, Network
from bot.simulator.server import simulator


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


def a_socket() -> socket.socket:
    """A free loopback port, ours from now on."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    return listening


def address_of(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@asynccontextmanager
async def on_loopback(app: ASGIApp, port: socket.socket | None = None) -> AsyncIterator[str]:
    """The app on this port, or a free one; its address."""
    with port or a_socket() as listening:
        config = uvicorn.Config(app, log_level="critical", access_log=False, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        server.capture_signals = contextlib.nullcontext
        running = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)
        try:
            yield address_of(listening)
        finally:
            server.should_exit = True
            await running
