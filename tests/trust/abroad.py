"""A whole service on loopback, run in a thread of its own, for those who knock from outside with a plain client."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.city import POLICY
from tests.served import served, settings_for

START_SECONDS = 60


@contextmanager
def abroad(folder: Path) -> Iterator[str]:
    """The address of the running service."""
    ready, address = threading.Event(), ""
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        nonlocal address
        async with served(settings_for(folder, POLICY)) as (_, here):
            address = here
            ready.set()
            await stop.wait()

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert ready.wait(START_SECONDS), "the service did not start"
        yield address
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
