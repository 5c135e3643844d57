"""Serve the parents' page, the workbench and the office's pages, and run the bots whose tokens are set."""

import argparse
import asyncio
import contextlib
import socket
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import uvicorn

from bot import alone, logs, stopping
from bot.compose import Service, open_service
from bot.settings import Settings
from storage import officers, private

T = TypeVar("T")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is a setting; see .env.example."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    logs.configure(settings.log_level)
    asyncio.run(serve(settings))
    return 0


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C; what is running then is finished, and nothing that was acknowledged is lost."""
    stop = asyncio.Event()
    stopping.hear(asyncio.get_running_loop(), stop.set)
    private.make_folder(settings.var_dir)
    async with AsyncExitStack() as opened:
        opened.enter_context(alone.on_folder(settings.var_dir))
        door = opened.enter_context(alone.at_address(settings.host, settings.port))
        service = await _unless(stop, opened.enter_async_context(open_service(settings)))
        if service is None:
            return
        # Not cut off: a first account whose password nobody saw could never be used.
        await _greet(service)
        await _listen(service, settings, door, stop)


async def _unless(stop: asyncio.Event, opening: Coroutine[Any, Any, T]) -> T | None:
    """What is opened, or None when the stop came first: a database that is away must not hold it up."""
    task, stopped = asyncio.create_task(opening), asyncio.create_task(stop.wait())
    await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait((task,))
    return None if task.cancelled() else task.result()


async def _listen(service: Service, settings: Settings, door: socket.socket, stop: asyncio.Event) -> None:
    server = uvicorn.Server(
        uvicorn.Config(
            service.app,
            log_config=None,
            access_log=False,
            forwarded_allow_ips=settings.proxies,
            timeout_graceful_shutdown=2,
        )
    )
    # Uvicorn would take the signals for itself and end the process before the outbox is settled.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    stopping.hear(asyncio.get_running_loop(), lambda: setattr(server, "should_exit", True))
    if not stop.is_set():
        await server.serve(sockets=[door])


async def _greet(service: Service) -> None:
    rooms = service.rooms
    address = rooms.settings.address()
    name = rooms.policy.department(rooms.policy.office())
    password = await rooms.database.write(officers.first_account, rooms.clock(), name)
    print(f"Parents' page      {address}/")
    print(f"Officers' workbench {address}/desk")
    print(f"Office's overview  {address}/office", flush=True)
    if password:
        # Shown once and never again; it must be changed at the first sign-in.
        print(f"First account      {officers.FIRST_LOGIN}, one-time password {password.reveal()}", flush=True)
