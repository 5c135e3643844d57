"""A whole service with both bots on the simulated network, and the people who use them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.compose import Service, assemble, running
from bot.rooms import Rooms
from bot.settings import Settings
from bot.simulator.chats import Chat
from bot.simulator.people import Person
from bot.telegram_bots import TelegramBots
from handlers.policy import Policy
from nlp.reader import Reader
from storage import bindings
from storage.database import Database
from storage.people import Actor
from storage.rules import Rules
from storage.sealing import Keyring
from storage.vocabulary import Role
from tests.clock import Now
from tests.journeys.telegram import as_shown, settled
from tests.phone import Shown
from tests.served import a_socket, address_of, on_loopback
from tests.storage.cases import an_officer
from tests.telegram.network import Simulated, simulated

PATIENCE = 15.0


@dataclass
class Hand:
    """Somebody's thumb in one chat: what is said and pressed, and what stands on the screen."""

    person: Person
    service: Service
    seen: int = field(default=0)

    @property
    def screen(self) -> list[Shown]:
        return [as_shown(message) for message in self.person.chat.from_bot()]

    @property
    def last(self) -> str:
        return self.screen[-1].text

    async def say(self, text: str) -> str:
        self.person.say(text)
        return await self.answered()

    async def send(self, what: Callable[[Person], object]) -> str:
        """Send something that is no text."""
        what(self.person)
        return await self.answered()

    async def press(self, label: str) -> str:
        """Press the newest button with this label, once it is there."""
        await until(lambda: any(label in shown.buttons for shown in self.screen))
        self.person.press(next(shown.buttons[label] for shown in reversed(self.screen) if label in shown.buttons))
        return await self.answered()

    async def press_old(self, label: str) -> str:
        """Press a button that stood on this screen once, as a thumb that was too slow does."""
        self.person.press_old(label)
        return await self.answered()

    async def answered(self) -> str:
        """What came since the last turn, once everything is answered and said."""
        messages = self.person.chat.from_bot
        # A push may arrive at the same moment: the answer is there only once the bot has taken what was said.
        await until(lambda: len(messages()) > self.seen and not self.person.bot.updates)
        await rest(self.service)
        new = messages()[self.seen :]
        self.seen += len(new)
        return "\n".join(as_shown(message).text for message in new)

    async def sees(self, text: str) -> None:
        """Wait until some message on the screen says this."""
        await until(lambda: any(text in shown.text for shown in self.screen))


@dataclass
class Town:
    """The service, the network, the records and the time."""

    service: Service
    network: Simulated
    database: Database
    now: Now

    def parent(self) -> Hand:
        return Hand(Person(self.network.parents), self.service)

    async def officer(self, department: str, role: Role = Role.OFFICER, name: str = "") -> Hand:
        """Somebody of this department, with a chat bound by a one-time code."""
        by = await self.database.write(an_officer, department, role, self.now(), name=name, reachable=False)
        hand = Hand(Person(self.network.staff), self.service)
        await hand.say(await self.code(by))
        return hand

    async def code(self, by: Actor) -> str:
        return (await self.database.write(bindings.issue_code, by.officer_id, self.now())).reveal()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not is_so():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


async def rest(service: Service) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await settled(service):  # noqa: ASYNC110 - nobody tells a phone that no more is coming
            await asyncio.sleep(0.01)


OpenTown = Callable[..., Awaitable[Town]]


def in_group(chat: Chat) -> list[Shown]:
    return [as_shown(message) for message in chat.from_bot()]


@pytest.fixture
async def open_town(
    embedded: Database, rule_book: Policy, reader: Reader, rules: Rules, now: Now, tmp_path: Path
) -> AsyncIterator[OpenTown]:
    """Opens a town with the wanted settings; it closes when the test ends."""
    async with AsyncExitStack() as stack:

        async def opened(**changes: object) -> Town:
            network = await stack.enter_async_context(simulated())
            port = stack.enter_context(a_socket())
            plain = {"policy": Path(rule_book.folder), "var_dir": tmp_path, "public_url": address_of(port), "files_per_report": 12}
            settings = Settings(_env_file=None, **{**plain, **network.settings(), **changes})
            bots = await TelegramBots.build(settings, rule_book)
            rooms = Rooms(settings, rule_book, rules, Keyring.for_tests(), embedded, bots.adapters, now)
            service = assemble(rooms, bots, reader)
            if settings.telegram_mode == "webhook":
                await stack.enter_async_context(on_loopback(service.app, port))
            await stack.enter_async_context(running(service))
            return Town(service, network, embedded, now)

        yield opened
