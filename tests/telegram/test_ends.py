"""Death at the worst moments, each library by polling and by webhook: nothing is lost, and at most the one message is said twice."""

import asyncio
import multiprocessing
import sqlite3
from contextlib import closing
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from bot.simulator.chats import Bot
from bot.simulator.people import Person
from tests.conftest import POLICY
from tests.telegram.network import Simulated, a_socket, simulated
from tests.telegram.town_child import ANSWERED, ANSWERING, KEPT, SENT, live
from tests.thorough import CELLS

PATIENCE = 60.0
ACTIONS = (
    lambda person: person.say("朱兰那个学校说关了，老师还在原来楼上教数学"),
    lambda person: person.press_label("同意，继续"),
    lambda person: person.say("晚上也有人去"),
    lambda person: person.press_label("说完了"),
)
STOP_SECONDS = 5.0
# The service's imports take seconds: one clean process makes them once, and every life of the service begins as its fork.
NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["pytest", "bot.commands.run", "bot.channels.telegram_aiogram", "bot.channels.telegram_ptb"])
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
        path = self._folder / "tipline.db"
        if not path.exists():
            return False
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as records:
            return bool(records.execute(OPEN).fetchone()[0] == 0)


async def quiet(bot: Bot, child: Child, heard: int) -> list[str]:
    """What the bot has said, once there is more than was heard before and no more can come."""
    chat = next(iter(bot.chats.values()))
    async with asyncio.timeout(PATIENCE):
        while len(chat.from_bot()) <= heard or bot.updates or not child.rests():  # noqa: ASYNC110 - as on a phone
            await asyncio.sleep(0.05)
    return [str(message["text"]) for message in chat.from_bot()]


async def ended(process: BaseProcess, seconds: float) -> int | None:
    """How the process ended."""
    await asyncio.to_thread(process.join, seconds)
    return process.exitcode


async def told(folder: Path, library: str, mode: str, moments: tuple[str, ...]) -> list[str]:
    """The transcript of one story; at each moment that is named the service dies and is started again."""
    async with simulated() as network:
        person, child = Person(network.parents), Child(network, folder, library, mode)
        said: list[str] = []
        process = child.start(moments[0])
        for act, moment, following in zip(ACTIONS, moments, (*moments[1:], ""), strict=True):
            if moment:
                (folder / "die").touch()
            act(person)
            if moment:
                assert await ended(process, PATIENCE) == 9, moment
                process = child.start(following)
            said = await quiet(network.parents, child, len(said))
        process.terminate()
        assert await ended(process, STOP_SECONDS) == 0, "asked politely, it is gone in time and says that all is well"
        return said


@pytest.mark.parametrize(("library", "mode"), CELLS)
async def test_a_service_that_dies_at_any_moment_says_everything_and_repeats_one_send_at_most(
    tmp_path_factory: pytest.TempPathFactory, library: str, mode: str
) -> None:
    whole = await told(tmp_path_factory.mktemp("whole"), library, mode, ("", "", "", ""))
    crashed = await told(tmp_path_factory.mktemp("crashed"), library, mode, (KEPT, ANSWERING, ANSWERED, SENT))
    # The last death comes after the send and before it is marked: no chat offers a way to know, so that one comes twice.
    assert crashed == [*whole, whole[-1]]
