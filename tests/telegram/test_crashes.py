"""Death at the worst moments, each library by polling and by webhook: nothing is lost, and at most the one message is said twice."""

import asyncio
import signal
import sys
from pathlib import Path

import httpx
import pytest

from bot.simulator.chats import Bot
from bot.simulator.people import Person
from tests.conftest import POLICY, ROOT
from tests.telegram.network import Simulated, a_socket, simulated
from tests.telegram.town_child import ANSWERED, ANSWERING, KEPT, SENT
from tests.thorough import CELLS

PATIENCE = 60.0
ACTIONS = (
    lambda person: person.say("朱兰那个学校说关了，老师还在原来楼上教数学"),
    lambda person: person.press_label("同意，继续"),
    lambda person: person.say("晚上也有人去"),
    lambda person: person.press_label("说完了"),
)
STOP_SECONDS = 5.0


class Child:
    """The service in its own process, started again whenever it has died."""

    def __init__(self, network: Simulated, folder: Path, library: str, mode: str) -> None:
        with a_socket() as port:
            self._port = port.getsockname()[1]
        changes = {"parents_token": network.parents.token, "telegram_api": network.address, "telegram_mode": mode}
        changes |= {"parents_library": library, "public_url": f"http://127.0.0.1:{self._port}", "webhook_secret": "s" * 32}
        self._arguments = [str(folder), str(POLICY), str(self._port), *(f"{name}={value}" for name, value in changes.items())]

    async def start(self, moment: str = "") -> asyncio.subprocess.Process:
        command = [sys.executable, "-W", "ignore", "-m", "tests.telegram.town_child", moment, *self._arguments]
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT)

    async def ready(self) -> None:
        """Until it answers: before that it does not know what a polite end is."""
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
            while True:
                try:
                    await client.get(f"http://127.0.0.1:{self._port}/healthz")
                    return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)


async def quiet(bot: Bot, said: int) -> list[str]:
    """What the bot has said, once there is more than this and no more comes."""
    chat = next(iter(bot.chats.values()))
    async with asyncio.timeout(PATIENCE):
        while len(chat.from_bot()) <= said or bot.updates or await grows(bot):  # noqa: ASYNC110 - as on a phone
            await asyncio.sleep(0.05)
    return [str(message["text"]) for message in chat.from_bot()]


async def grows(bot: Bot) -> bool:
    before = bot.calls.count("sendMessage")
    await asyncio.sleep(1.0)
    return bot.calls.count("sendMessage") > before


async def stop(process: asyncio.subprocess.Process) -> None:
    """Asked politely, the service is gone in time and says that all is well."""
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOP_SECONDS):
        assert await process.wait() == 0


async def told(folder: Path, library: str, mode: str, moments: tuple[str, ...]) -> list[str]:
    """The transcript of one story; at each moment that is named the service dies and is started again."""
    async with simulated() as network:
        person, child = Person(network.parents), Child(network, folder, library, mode)
        said: list[str] = []
        process = await child.start(moments[0])
        for place, (act, moment) in enumerate(zip(ACTIONS, moments, strict=True)):
            if moment:
                (folder / "die").touch()
            act(person)
            if moment:
                assert await process.wait() == 9, moment
                process = await child.start((*moments, "")[place + 1])
            said = await quiet(network.parents, len(said) + (moment == SENT))
        await child.ready()
        await stop(process)
        return said


@pytest.mark.parametrize(("library", "mode"), CELLS)
async def test_a_service_that_dies_at_any_moment_says_everything_and_repeats_one_send_at_most(
    tmp_path_factory: pytest.TempPathFactory, library: str, mode: str
) -> None:
    whole = await told(tmp_path_factory.mktemp("whole"), library, mode, ("", "", "", ""))
    crashed = await told(tmp_path_factory.mktemp("crashed"), library, mode, (KEPT, ANSWERING, ANSWERED, SENT))
    # The last death comes after the send and before it is marked: no chat offers a way to know, so that one comes twice.
    assert crashed == [*whole, whole[-1]]
