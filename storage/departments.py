"""The departments as the record knows them: which work on reports, which only assist, and every name people have for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from storage import policy
from storage.policy import Section


class Kind(StrEnum):
    """What a department may do here (domain §2)."""

    LINE = "line"
    ASSIST_ONLY = "assist_only"
    OFFICE = "office"
    SEALED = "sealed"
    READ_ONLY = "read_only"
    OUTSIDE = "outside"


LEADING = frozenset({Kind.LINE, Kind.OFFICE})
ASSISTING = frozenset({Kind.LINE, Kind.OFFICE, Kind.ASSIST_ONLY, Kind.OUTSIDE})


@dataclass(frozen=True)
class Department:
    key: str
    kind: Kind
    parent: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Departments:
    """All of them, by key."""

    by_key: Mapping[str, Department]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read departments.toml. Courses and fields are the reading's; here only who they are and what they are called."""
        file = policy.load(path)
        found = {key: _department(file, key) for key in file.keys()}  # noqa: SIM118 - a section, not a dict
        for one in found.values():
            if one.parent and one.parent not in found:
                raise policy.PolicyUnreadable(f"{path.name}: [{one.key}]: parent: no section [{one.parent}] here.")
        return cls(found)

    @property
    def office(self) -> str:
        """The office that sorts, rules and supervises."""
        return next(one.key for one in self.by_key.values() if one.kind is Kind.OFFICE)

    @property
    def discipline(self) -> str:
        """The one department that sees sealed reports."""
        return next(one.key for one in self.by_key.values() if one.kind is Kind.SEALED)

    def may_lead(self, key: str) -> bool:
        return key in self.by_key and self.by_key[key].kind in LEADING

    def may_assist(self, key: str) -> bool:
        return key in self.by_key and self.by_key[key].kind in ASSISTING

    def named(self, text: str) -> frozenset[str]:
        """Every department this text names, under any of its names: the key, the full and short name, and every alias."""
        return frozenset(one.key for one in self.by_key.values() if one.key == text or any(name in text for name in one.names))

    def family(self, key: str) -> frozenset[str]:
        """The department with its parent and its branches: whoever shares a corridor with it."""
        own = self.by_key.get(key)
        if own is None:
            return frozenset({key})
        top = own.parent or key
        return frozenset({top, *(one.key for one in self.by_key.values() if one.parent == top)})


def _department(file: Section, key: str) -> Department:
    row = file.section(key)
    kind = row.text("kind")
    if kind not in tuple(Kind):
        raise row.fault("kind", f"must be one of {', '.join(Kind)}")
    names = dict.fromkeys((row.text("name"), row.text("short"), *row.texts("aliases", [])))
    return Department(key, Kind(kind), row.text("parent", ""), tuple(names))
