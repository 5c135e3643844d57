"""What the staff's stories begin with."""

from pathlib import Path

import pytest

from storage.database import Database
from storage.rules import Rules
from tests.bot.web.bureau import Bureau
from tests.clock import Now


@pytest.fixture
def bureau(embedded: Database, rules: Rules, policy: Path, now: Now) -> Bureau:
    return Bureau(embedded, rules, policy, now)
