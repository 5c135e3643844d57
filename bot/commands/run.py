"""Serve the parents' page, the workbench and the office's pages, and run the bots whose tokens are set."""

import argparse
import asyncio
import contextlib
import signal

import uvicorn

from bot import logs
from bot.compose import Service, open_service
from bot.settings import Settings
from storage import officers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is a setting; see .env.example."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    logs.configure(settings.log_level)
    asyncio.run(serve(settings))
    return 0


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C; what is running then is finished, and nothing that was acknowledged is lost."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    async with open_service(settings) as service:
        server = uvicorn.Server(
            uvicorn.Config(
                service.app,
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,
                forwarded_allow_ips=settings.proxies,
                timeout_graceful_shutdown=2,
            )
        )
        # Uvicorn would take the signals for itself and end the process before the outbox is settled.
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, lambda: setattr(server, "should_exit", True))
        await _greet(service)
        await server.serve()


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
