"""The city's rule book as the tests hold it: read once in a process, however many services open, for it never changes."""

import pickle
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from handlers.policy import Policy
from nlp.reader import Reader

ROOT = Path(__file__).parents[1]
POLICY = ROOT / "policy" / "wugang"


def rule_book(folder: Path = POLICY) -> Policy:
    return _rule_book(folder)


def reader(folder: Path = POLICY) -> Reader:
    return _reader(folder)


@cache
def _rule_book(folder: Path) -> Policy:
    return Policy.load(folder)


@cache
def _reader(folder: Path) -> Reader:
    return Reader.load(folder)


@contextmanager
def parsed_once() -> Iterator[None]:
    """Every service parses the whole rule book when it opens; here a text that was parsed before is only copied."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", _remembering(tomllib.loads))
        yield


def _remembering(parse: Callable[[str], dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    parsed = cache(lambda text: pickle.dumps(parse(text)))
    return lambda text: pickle.loads(parsed(text))
