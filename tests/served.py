"""Whatever a test serves on a loopback port: the whole service, or any application, as a browser or a bot meets it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from bot.compose import Service, open_service
from bot.rooms import system_clock
from bot.settings import Settings
from tests import city


def settings_for(folder: Path, policy: Path, **changes: object) -> Settings:
    """Settings of a fresh installation in this folder; limits high enough for a test's pace."""
    plain = {"messages_per_minute": 10_000, "address_per_minute": 100_000, "lookups_per_hour": 1_000}
    return Settings(_env_file=None, policy=policy, var_dir=folder, key_file=folder / "keys.json", **{**plain, **changes})


@asynccontextmanager
async def served(settings: Settings, *, clock: Callable[[], datetime] = system_clock) -> AsyncIterator[tuple[Service, str]]:
    """The running service and its address."""
    listening = a_socket()
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    opened = open_service(settings, clock=clock, reader=city.reader(settings.policy))
    async with opened as service, on_loopback(service.app, listening) as address:
        yield service, address


@asynccontextmanager
async def on_loopback(app: ASGIApp, listening: socket.socket | None = None) -> AsyncIterator[str]:
    """The app on this port, or a free one; its address."""
    with listening or a_socket() as port:
        server = Server(uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1))
        serving = asyncio.create_task(server.serve(sockets=[port]))
        await asyncio.wait({serving, up := asyncio.ensure_future(server.up.wait())}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        try:
            yield address_of(port)
        finally:
            server.over.set()
            await serving


def a_socket() -> socket.socket:
    """A free loopback port, ours from now on."""
    # Only a socket that says it is TCP gets TCP_NODELAY from asyncio; without it every answer takes 40 ms more.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.bind(("127.0.0.1", 0))
    return listening


def address_of(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


class Server(uvicorn.Server):
    """It says when it is up and ends when it is told to: uvicorn itself looks ten times a second. Signals are left to pytest."""

    capture_signals = contextlib.nullcontext

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up, self.over = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listening in self.servers:
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if answering := set(self.server_state.tasks):
            _, late = await asyncio.wait(answering, timeout=self.config.timeout_graceful_shutdown)
            for task in late:
                task.cancel()
        await self.lifespan.shutdown()
