"""Serves the parents' page, the workbench and the office's pages, and runs the bots whose tokens are set, until a stop is heard."""

import asyncio
import contextlib
import socket
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import uvicorn

from bot import stopping
from bot.compose import Service, open_service
from bot.settings import Settings
from storage import officers

T = TypeVar("T")


async def until(stop: asyncio.Event, settings: Settings, door: socket.socket, *, say: Callable[[str], None]) -> None:
    """Open the service, say where it is, and let people in at this door; what runs when the stop comes is finished."""
    async with AsyncExitStack() as opened:
        service = await _unless(stop, opened.enter_async_context(open_service(settings)))
        if service is None:
            return
        # Not cut off: a first account whose password nobody saw could never be used.
        await _greet(service, say)
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


async def _greet(service: Service, say: Callable[[str], None]) -> None:
    rooms = service.rooms
    address = rooms.settings.address()
    name = rooms.policy.department(rooms.policy.office())
    password = await rooms.database.write(officers.first_account, rooms.clock(), name)
    say(f"Parents' page      {address}/")
    say(f"Officers' workbench {address}/desk")
    say(f"Office's overview  {address}/office")
    if password:
        # Shown once and never again; it must be changed at the first sign-in.
        say(f"First account      {officers.FIRST_LOGIN}, one-time password {password.reveal()}")
