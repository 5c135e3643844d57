"""The whole service on a loopback port, as a browser or a bot meets it."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import uvicorn

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
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        settings = settings.model_copy(update={"port": port})
        async with open_service(settings, clock=clock, reader=city.reader(settings.policy)) as service:
            config = uvicorn.Config(service.app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            server.capture_signals = contextlib.nullcontext
            running = asyncio.create_task(server.serve(sockets=[listening]))
            while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
                await asyncio.sleep(0.02)
            try:
                yield service, f"http://127.0.0.1:{port}"
            finally:
                server.should_exit = True
                await running
