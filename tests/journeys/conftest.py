"""The channels every journey runs on. A channel joins by adding its driver to DRIVERS; the journeys do not change."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager

import pytest

from handlers.policy import Policy
from nlp.reader import Reader
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from tests import conftest
from tests.clock import Now
from tests.journeys import telegram
from tests.journeys.direct import direct
from tests.journeys.officers import Officers
from tests.journeys.web import web
from tests.journeys.world import World
from tests.phone import Line, Phone
from tests.thorough import CELLS

Driver = Callable[[World], AbstractAsyncContextManager[Callable[[], Line]]]
TELEGRAM: Mapping[tuple[str, str], Driver] = {
    ("aiogram", "polling"): telegram.AIOGRAM_POLLING,
    ("aiogram", "webhook"): telegram.AIOGRAM_WEBHOOK,
    ("ptb", "polling"): telegram.PTB_POLLING,
    ("ptb", "webhook"): telegram.PTB_WEBHOOK,
}
ON_POSTGRES = "web-postgres"
DRIVERS: Mapping[str, Driver] = {
    "direct": direct,
    "web": web,
    ON_POSTGRES: web,
    **{f"telegram-{library}-{hearing}": TELEGRAM[library, hearing] for library, hearing in CELLS},
}


@pytest.fixture(scope="session")
def rule_book() -> Policy:
    return Policy.load(conftest.POLICY)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader.load(conftest.POLICY)


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


@pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.postgres] if name == ON_POSTGRES else []) for name in sorted(DRIVERS)])
async def phone(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Phone]:
    """A parent's phone on each channel in turn."""
    async with DRIVERS[request.param](world) as another:
        yield Phone(another(), another)
