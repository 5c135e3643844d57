"""The kinds of fields that the tables spoken to people have, beyond those every policy file has."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Self

from storage import policy
from storage.policy import PolicyUnreadable, Section

__all__ = ["PolicyUnreadable", "Row", "load"]


class Row(Section):
    """A section that may also hold flags, groups of words, and numbers by name."""

    @classmethod
    def of(cls, section: Section) -> Self:
        return cls(section.place, section._values)

    def row(self, key: str) -> "Row":
        return Row.of(self.section(key))

    def rows(self, *, besides: Collection[str] = ()) -> dict[str, "Row"]:
        """Every section in it, but for the fields that stand at its head."""
        return {key: self.row(key) for key in self._values if key not in besides}

    def flag(self, key: str) -> bool:
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise self.fault(key, "must be true or false")
        return value

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


def load(path: Path) -> Row:
    """The whole file as one row."""
    return Row.of(policy.load(path))
