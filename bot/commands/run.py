"""Serve the parents' page, the workbench and the office's pages, and run the bots whose tokens are set."""

import argparse
import asyncio
from functools import partial

from bot import alone, logs, stopping
from bot.settings import Settings
from storage import private


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is a setting; see .env.example."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001
    logs.configure(settings.log_level)
    asyncio.run(serve(settings))
    return 0


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or Ctrl-C; what is running then is finished, and nothing that was acknowledged is lost."""
    if stopping.is_kept():
        return
    stop = asyncio.Event()
    stopping.hear(asyncio.get_running_loop(), stop.set)
    private.make_folder(settings.var_dir)
    with alone.on_folder(settings.var_dir), alone.at_address(settings.host, settings.port) as door:
        # Loading the service takes seconds: whoever may not run hears so before.
        from bot import serving

        await serving.until(stop, settings, door, say=partial(print, flush=True))
