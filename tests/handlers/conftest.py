"""The policy of these stories is the rule book itself; a talk begins afresh for every one."""

import pytest

from handlers.intake.turn import Intake
from handlers.policy import Policy
from nlp.mask import mask
from nlp.reader import Reader
from tests.handlers.talk import Talk


@pytest.fixture(scope="session")
def policy(rule_book: Policy) -> Policy:
    return rule_book


@pytest.fixture
def talk(policy: Policy, reader: Reader) -> Talk:
    return Talk(Intake(policy, reader, mask))
