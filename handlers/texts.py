"""Every sentence said to people, taken from the city's `texts*.toml` by its name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Self

from storage.policy import PolicyUnreadable, parse

FILES = "texts*.toml"


class TextError(Exception):
    """A sentence cannot be said."""


class TextsUnreadable(TextError, PolicyUnreadable):
    """A texts file holds something that is not a sentence; the message names file, key and mend."""


class MissingText(TextError):
    """Nothing in the texts files has this key."""


class WrongFields(TextError):
    """The sentence has other named fields than those handed in."""

    def __init__(self, key: str, missing: frozenset[str], surplus: frozenset[str]) -> None:
        super().__init__(f"{key}: missing {sorted(missing)}, not in the sentence {sorted(surplus)}")
        self.key, self.missing, self.surplus = key, missing, surplus


@dataclass(frozen=True)
class Texts:
    """All sentences by dotted key, each with the names of the fields it needs."""

    sentences: Mapping[str, str]
    named: Mapping[str, frozenset[str]]

    @classmethod
    def load(cls, folder: Path) -> Self:
        sentences: dict[str, str] = {}
        for path in sorted(folder.glob(FILES)):
            for key, sentence in cls.load_file(path).items():
                if key in sentences:
                    raise TextsUnreadable(f"{path.name}: {key}: said twice; keep one of them.")
                sentences[key] = sentence
        if not sentences:
            raise TextsUnreadable(f"{folder}: no {FILES}; copy them from policy/wugang.")
        return cls(sentences, {key: _fields(key, sentence) for key, sentence in sentences.items()})

    @staticmethod
    def load_file(path: Path) -> dict[str, str]:
        """The sentences of one file by dotted key."""
        return dict(_flat(path, parse(path)))

    def say(self, key: str, **fields: object) -> str:
        """The sentence with its fields filled in; a missing or unknown field is an error, not a hole in a sentence."""
        try:
            sentence, needed = self.sentences[key], self.named[key]
        except KeyError:
            raise MissingText(key) from None
        if fields.keys() != needed:
            raise WrongFields(key, needed - fields.keys(), frozenset(fields) - needed)
        return sentence.format_map(fields) if needed else sentence

    def has(self, key: str) -> bool:
        return key in self.sentences

    def label(self, family: str, member: str) -> str:
        """How people call one member of a fixed set, such as a status."""
        return self.say(f"{family}.{member}")


def _flat(path: Path, table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(path, value, f"{key}.")
        elif isinstance(value, str):
            yield key, value.strip()
        else:
            raise TextsUnreadable(f"{path.name}: {key}: a sentence must be text in quotes.")


def _fields(key: str, sentence: str) -> frozenset[str]:
    try:
        pieces = list(Formatter().parse(sentence))
    except ValueError as fault:
        raise TextsUnreadable(f"{key}: {fault}; write a brace that is meant as itself twice.") from fault
    names = [name for _, name, _, _ in pieces if name is not None]
    if any(not name.isidentifier() for name in names):
        raise TextsUnreadable(f"{key}: only fields with plain names, such as {{number}}.")
    return frozenset(names)
