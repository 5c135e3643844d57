"""The rule book and the reader, loaded once; a talk begins afresh for every story."""

from pathlib import Path

import pytest

from handlers.intake.turn import Intake
from handlers.policy import Policy
from nlp.mask import mask
from nlp.reader import Reader
from tests.handlers.talk import Talk

POLICY = Path("policy/wugang")


@pytest.fixture(scope="session")
def policy() -> Policy:
    return Policy.load(POLICY)


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader.load(POLICY)


@pytest.fixture
def talk(policy: Policy, reader: Reader) -> Talk:
    return Talk(Intake(policy, reader, mask))
