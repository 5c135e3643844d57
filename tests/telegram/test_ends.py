"""How a process ends, each library by polling and webhook: sudden or asked for, nothing is lost and at most one message comes twice."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.simulator.chats import Bot
from bot.simulator.faults import Fault
from bot.simulator.people import Person
from tests.city import POLICY
from tests.served import a_socket
from tests.telegram.lives import NURSERY, STOP_SECONDS, Child, ended
from tests.telegram.network import Simulated, simulated
from tests.telegram.town_child import ANSWERED, ANSWERING, KEPT, SENT, live
from tests.thorough import CELLS

PATIENCE = 60.0
EVERY_CELL = pytest.mark.parametrize(("library", "mode"), CELLS)
STORY = "朱兰那个学校说关了，老师还在原来楼上教数学"
ACTIONS = (
    lambda person: person.say(STORY),
    lambda person: person.press_label("同意，继续"),
    lambda person: person.say("晚上也有人去"),
    lambda person: person.press_label("说完了"),
)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.02)


async def quiet(bot: Bot, child: Child, heard: int) -> list[str]:
    """What the bot has said, once there is more than was heard before and no more can come."""
    chat = next(iter(bot.chats.values()))
    await until(lambda: len(chat.from_bot()) > heard and not bot.updates and child.rests())
    return [str(message["text"]) for message in chat.from_bot()]


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


@EVERY_CELL
async def test_a_service_that_dies_at_any_moment_says_everything_and_repeats_one_send_at_most(
    tmp_path_factory: pytest.TempPathFactory, library: str, mode: str
) -> None:
    whole = await told(tmp_path_factory.mktemp("whole"), library, mode, ("", "", "", ""))
    crashed = await told(tmp_path_factory.mktemp("crashed"), library, mode, (KEPT, ANSWERING, ANSWERED, SENT))
    # The last death comes after the send and before it is marked: no chat offers a way to know, so that one comes twice.
    assert crashed == [*whole, whole[-1]]


async def stopped_and_begun_again(network: Simulated, child: Child, is_time: Callable[[], bool], people: Sequence[Person]) -> None:
    """Everybody says their story, the service is asked to stop in the midst of it, and a next life answers whom the first did not."""
    process = child.start()
    for person in people:
        person.say(STORY)
    await until(is_time)
    process.terminate()
    assert await ended(process, STOP_SECONDS) == 0
    process = child.start()
    await until(lambda: not network.parents.updates and child.rests() and all(person.chat.from_bot() for person in people))
    process.kill()
    await ended(process, STOP_SECONDS)


@EVERY_CELL
async def test_whoever_wrote_just_before_the_stop_is_answered_once(tmp_path: Path, library: str, mode: str) -> None:
    async with simulated() as network:
        people, child = [Person(network.parents) for _ in range(6)], Child(network, tmp_path, library, mode)
        await stopped_and_begun_again(network, child, lambda: child.heard() > 0, people)
        assert [len(person.chat.from_bot()) for person in people] == [1] * len(people)


@EVERY_CELL
async def test_a_network_that_never_answers_does_not_hold_up_the_stop(tmp_path: Path, library: str, mode: str) -> None:
    async with simulated() as network:
        person, child = Person(network.parents), Child(network, tmp_path, library, mode)
        network.parents.faults.plan("sendMessage", Fault.HANG)
        await stopped_and_begun_again(network, child, lambda: "sendMessage" in network.parents.calls, [person])
        assert len(person.chat.from_bot()) == 1


def test_a_database_that_does_not_answer_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    with a_socket() as silent:
        silent.listen()
        silent.settimeout(PATIENCE)
        away = {"database_url": f"postgresql+asyncpg://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"}
        process = NURSERY.Process(target=live, args=("", tmp_path, POLICY, away))
        process.start()
        asking, _ = silent.accept()
        process.terminate()
        process.join(PATIENCE / 4)
        asking.close()
    assert process.exitcode == 0
