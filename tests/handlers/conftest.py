"""The policy of these stories is the rule book itself; a talk begins afresh for every one, and a month of papers is lived once."""

from collections.abc import AsyncIterator, Awaitable
from pathlib import Path

import pytest

from handlers.desk.labels import Labels
from handlers.figures.understanding import Asking
from handlers.intake.turn import Intake
from handlers.policy import Policy
from nlp.mask import mask
from nlp.reader import Reader
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from tests.clock import Now
from tests.handlers.paperwork import Month
from tests.handlers.talk import Talk
from tests.kept import Kept, lived


@pytest.fixture(scope="session")
def policy(rule_book: Policy) -> Policy:
    return rule_book


@pytest.fixture(scope="session")
def month_kept(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, keyring: Keyring, rules: Rules, policy: Policy
) -> Kept[Month]:
    def begin(database: Database) -> Awaitable[Month]:
        return Month.open(database, rules, policy, Now())

    return lived(begin, tmp_path_factory.mktemp("month"), migrated_file, keyring, rules)


@pytest.fixture
async def month(month_kept: Kept[Month], rules: Rules, now: Now, tmp_path: Path) -> AsyncIterator[Month]:
    async with month_kept.copied(tmp_path) as database:
        yield month_kept.memory.again(database, rules, now)


@pytest.fixture(scope="session")
def asking(policy: Policy, rules: Rules) -> Asking:
    return Asking.load(policy.folder, Labels.of(policy), rules)


@pytest.fixture
def talk(policy: Policy, reader: Reader) -> Talk:
    return Talk(Intake(policy, reader, mask))
