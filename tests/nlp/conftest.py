"""What every story about reading needs: the city's policy, and one reader made from it."""

from datetime import date
from pathlib import Path

import pytest

from nlp.reader import Reader
from tests import city

POLICY = Path(__file__).parents[2] / "policy" / "wugang"
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="session")
def policy() -> Path:
    return POLICY


@pytest.fixture(scope="session")
def reader() -> Reader:
    return city.reader()


@pytest.fixture(scope="session")
def read(reader):
    """Read one text on a fixed day."""

    def reading_of(text, **confirmed):
        return reader.read(text, TODAY, **confirmed)

    return reading_of
