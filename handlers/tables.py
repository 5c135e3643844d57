"""Reads one policy table strictly: every fault names the file, the key and the mend."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path


class PolicyUnreadable(Exception):
    """A file of the city's rule book cannot be used; the message names file, key and mend."""


def read(path: Path) -> dict[str, object]:
    """The whole file as plain values."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise PolicyUnreadable(f"{path.name}: missing; copy it from policy/wugang.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise PolicyUnreadable(f"{path.name}: {fault}") from fault


class Row:
    """One entry of a table, read field by field; what nobody asked for is a fault too."""

    def __init__(self, place: str, value: object) -> None:
        if not isinstance(value, dict):
            raise PolicyUnreadable(f"{place}: must be a section in brackets.")
        self.place, self._values, self._seen = place, value, set[str]()

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.fault(key, "must be text in quotes")
        return value

    def number(self, key: str, default: int | None = None) -> int:
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.fault(key, "must be a whole number")
        return value

    def flag(self, key: str) -> bool:
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, "must be true or false")
        return value

    def texts(self, key: str, default: Collection[str] | None = None) -> tuple[str, ...]:
        value = self._take(key, default)
        if not isinstance(value, Iterable) or isinstance(value, str) or not all(isinstance(one, str) for one in value):
            raise self.fault(key, "must be a list of texts")
        return tuple(str(one) for one in value)

    def groups(self, key: str) -> tuple[tuple[str, ...], ...]:
        value = self._take(key, None)
        if not isinstance(value, list) or not all(isinstance(group, list) and group for group in value):
            raise self.fault(key, "must be a list of lists of words")
        return tuple(tuple(str(word) for word in group) for group in value)

    def numbers(self, key: str) -> Mapping[str, int]:
        value = self._take(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, int) for one in value.values()):
            raise self.fault(key, "must be names with whole numbers")
        return value

    def finish(self) -> None:
        """Refuse fields nobody reads: a misspelt one would silently do nothing."""
        for key in self._values.keys() - self._seen:
            raise self.fault(key, "unknown; correct its name or remove it")

    def fault(self, key: str, mend: str) -> PolicyUnreadable:
        return PolicyUnreadable(f"{self.place}: {key}: {mend}.")

    def _take(self, key: str, default: object) -> object:
        self._seen.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.fault(key, "missing")
        return value
