"""The service as a process of its own, that can die or be asked to stop, and its next life."""

import asyncio
import multiprocessing
import sqlite3
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.city import POLICY
from tests.served import a_socket
from tests.telegram.network import Simulated
from tests.telegram.town_child import live

STOP_SECONDS = 5.0
# What the service loads takes seconds: one clean process does so once, and every life of the service begins as its fork.
NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["pytest", "tests.telegram.nursery"])
HEARD = "SELECT count(*) FROM inbox"
OPEN = "SELECT (SELECT count(*) FROM inbox WHERE done_at IS NULL) + (SELECT count(*) FROM outbox WHERE state = 'waiting')"


class Child:
    """The service in its own process, started again whenever it has died."""

    def __init__(self, network: Simulated, folder: Path, library: str, mode: str) -> None:
        with a_socket() as listening:
            port = listening.getsockname()[1]
        changes = {"parents_token": network.parents.token, "telegram_api": network.address, "telegram_mode": mode, "port": port}
        self._changes = changes | {"parents_library": library, "public_url": f"http://127.0.0.1:{port}", "webhook_secret": "s" * 32}
        self._folder = folder

    def start(self, moment: str = "") -> BaseProcess:
        process = NURSERY.Process(target=live, args=(moment, self._folder, POLICY, self._changes))
        process.start()
        return process

    def rests(self) -> bool:
        """Whether everything it ever kept is answered, and everything it wrote is said."""
        return self._counted(OPEN) == 0

    def heard(self) -> int:
        """How many messages it has kept."""
        return self._counted(HEARD)

    def _counted(self, query: str) -> int:
        """From its records; nothing before it has made them."""
        try:
            with closing(sqlite3.connect(f"file:{self._folder / 'tipline.db'}?mode=ro", uri=True)) as records:
                return int(records.execute(query).fetchone()[0])
        except sqlite3.OperationalError:
            return -1


async def ended(process: BaseProcess, seconds: float) -> int | None:
    """How the process ended."""
    await asyncio.to_thread(process.join, seconds)
    return process.exitcode
