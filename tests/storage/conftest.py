"""The office that stories of this folder happen in."""

import pytest

from storage.database import Database
from tests.clock import Now
from tests.storage.office import Office


@pytest.fixture
async def office(embedded: Database, now: Now) -> Office:
    return await Office.open(embedded, now)
