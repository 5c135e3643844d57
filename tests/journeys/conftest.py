"""The channels every journey runs on. A channel joins by adding its driver to DRIVERS; the journeys do not change."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager

import pytest

from handlers.policy import Policy
from nlp.reader import Reader
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from tests.clock import Now
from tests.journeys import telegram
from tests.journeys.direct import direct
from tests.journeys.officers import Officers
from tests.journeys.web import web
from tests.journeys.world import World
from tests.phone import Line, Phone
from tests.thorough import Cell, share_of

Driver = Callable[[World], AbstractAsyncContextManager[Callable[[], Line]]]
TELEGRAM: Mapping[tuple[str, str], Driver] = {
    ("aiogram", "polling"): telegram.AIOGRAM_POLLING,
    ("aiogram", "webhook"): telegram.AIOGRAM_WEBHOOK,
    ("ptb", "polling"): telegram.PTB_POLLING,
    ("ptb", "webhook"): telegram.PTB_WEBHOOK,
}
ON_POSTGRES = "web-postgres"


def _name_of(cell: Cell) -> str:
    return f"telegram-{'-'.join(cell)}"


DRIVERS: Mapping[str, Driver] = {
    "direct": direct,
    "web": web,
    ON_POSTGRES: web,
    **{_name_of(cell): driver for cell, driver in TELEGRAM.items()},
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every journey on every channel; of Telegram's cells each journey takes its share. One that names its channel keeps it."""
    named = any(mark.args[0] == "phone" for mark in metafunc.definition.iter_markers("parametrize"))
    if "phone" in metafunc.fixturenames and not named:
        channels = ["direct", "web", ON_POSTGRES, *map(_name_of, share_of(metafunc.definition.name))]
        marks = {ON_POSTGRES: [pytest.mark.postgres]}
        metafunc.parametrize("phone", [pytest.param(name, marks=marks.get(name, [])) for name in channels], indirect=True)


@pytest.fixture
def journey_url(request: pytest.FixtureRequest) -> str:
    """Where this channel's journey is kept: each in the embedded database, and the web page's on PostgreSQL too."""
    engine = "postgres" if request.node.callspec.params.get("phone") == ON_POSTGRES else "sqlite"
    return str(request.getfixturevalue(f"{engine}_url"))


@pytest.fixture
async def world(journey_url: str, keyring: Keyring, rules: Rules, rule_book: Policy, reader: Reader, now: Now) -> AsyncIterator[World]:
    opened = await Database.open(journey_url, keyring=keyring, rules=rules)
    yield World(opened, rule_book, reader, rules, now)
    await opened.close()


@pytest.fixture
def officers(world: World) -> Officers:
    return Officers(world)


@pytest.fixture
async def phone(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Phone]:
    """A parent's phone on each channel in turn."""
    async with DRIVERS[request.param](world) as another:
        yield Phone(another(), another)
