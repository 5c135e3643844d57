"""The channels every journey runs on. A channel joins by adding its driver to DRIVERS; the journeys do not change."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager

import pytest

from handlers.policy import Policy
from nlp.reader import Reader
from storage.database import Database
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
DRIVERS: Mapping[str, Driver] = {
    "direct": direct,
    "web": web,
    **{f"telegram-{library}-{hearing}": TELEGRAM[library, hearing] for library, hearing in CELLS},
}


@pytest.fixture(scope="session")
def rule_book() -> Policy:
    return Policy.load(conftest.POLICY)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader.load(conftest.POLICY)


@pytest.fixture
def world(embedded: Database, rule_book: Policy, reader: Reader, now: Now) -> World:
    return World(embedded, rule_book, reader, now)


@pytest.fixture
def officers(world: World) -> Officers:
    return Officers(world)


@pytest.fixture(params=sorted(DRIVERS))
async def phone(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Phone]:
    """A parent's phone on each channel in turn."""
    async with DRIVERS[request.param](world) as another:
        yield Phone(another(), another)
