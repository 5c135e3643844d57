"""Who answers for what: the departments, the categories, and the tables that lead from one to the other."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nlp.lexicon import PolicyFault

INDUSTRY = "IND"
COVER = "COVER"
NOBODY = "none"
UNKNOWN_FIELD = "unknown"
KINDS = frozenset({"line", "assist_only", "office", "sealed", "read_only", "outside"})
NATURES = frozenset("TCQG")
LEVELS = ("P0", "P1", "P2", "P3")
# The conversation answers these by itself; one that goes to the office all the same goes to a person.
ANSWERED = frozenset({"policy_consult", "progress_query"})


@dataclass(frozen=True)
class Department:
    key: str
    name: str
    short: str
    aliases: tuple[str, ...]
    kind: str
    parent: str
    fields: tuple[str, ...]
    courses: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    key: str
    label: str
    say: str
    nature: str
    level: str
    lead: str
    assists: tuple[str, ...]
    rank: int
    clause: str
    task: int


@dataclass(frozen=True)
class Duties:
    """The duty lists, checked whole when they load."""

    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    by_field: Mapping[str, str]
    by_course: Mapping[str, str]

    @classmethod
    def load(cls, policy: Path) -> "Duties":
        departments = {key: _department(key, row) for key, row in _table(policy, "departments.toml").items()}
        by_field = {field: department.key for department in departments.values() for field in department.fields}
        if UNKNOWN_FIELD not in by_field:
            raise PolicyFault("departments.toml", "fields", "one department must answer for the field 'unknown'")
        by_course = {course: department.key for department in departments.values() for course in department.courses}
        categories = {key: _category(key, row, departments) for key, row in _table(policy, "categories.toml").items()}
        return cls(departments, categories, by_field, by_course)

    @cached_property
    def by_rank(self) -> tuple[str, ...]:
        """The categories, those that come first when two are equally likely first."""
        return tuple(sorted(self.categories, key=lambda key: self.categories[key].rank))

    @cached_property
    def office(self) -> str:
        """Where a person decides."""
        return next(key for key, department in self.departments.items() if department.kind == "office")

    def industry(self, regulator: str) -> str:
        """industry_dept: who approves such courses regulates them; nobody knows means the field 'unknown'."""
        return self.by_field.get(regulator) or self.by_field[UNKNOWN_FIELD]

    def lead(self, category: str, regulator: str) -> str:
        lead = self.categories[category].lead
        return self.industry(regulator) if lead == INDUSTRY else lead

    def assists(self, category: str, secondary: Iterable[str], regulator: str, cover: str) -> tuple[str, ...]:
        """The category's helpers and the leads of what stands beside it, without the lead; sealed reports have none."""
        lead = self.lead(category, regulator)
        if lead == NOBODY or self.departments[lead].kind == "sealed":
            return ()
        wanted = [self._named(key, regulator, cover) for key in self.categories[category].assists]
        for other in secondary:
            wanted.append(self.lead(other, regulator))
            wanted += (self._named(key, regulator, cover) for key in self.categories[other].assists)
        useful = (key for key in wanted if key and key not in {lead, NOBODY} and self.departments[key].kind not in {"sealed", "office"})
        return tuple(dict.fromkeys(useful))

    def _named(self, key: str, regulator: str, cover: str) -> str:
        if key == INDUSTRY:
            return self.industry(regulator)
        if key == COVER:
            return self.by_field.get(cover, "")
        return key


def _table(policy: Path, file: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((policy / file).read_text("utf-8"))


def _department(key: str, row: Mapping[str, Any]) -> Department:
    _require("departments.toml", key, row, ("name", "short", "aliases", "kind", "parent", "fields", "courses"))
    if row["kind"] not in KINDS:
        raise PolicyFault("departments.toml", key, f"kind must be one of {', '.join(sorted(KINDS))}")
    return Department(
        key=key,
        name=row["name"],
        short=row["short"],
        aliases=tuple(row["aliases"]),
        kind=row["kind"],
        parent=row["parent"],
        fields=tuple(row["fields"]),
        courses=tuple(course.lower() for course in row["courses"]),
    )


def _category(key: str, row: Mapping[str, Any], departments: Mapping[str, Department]) -> Category:
    file = "categories.toml"
    _require(file, key, row, ("label", "say", "nature", "level", "lead", "assists", "rank", "clause", "task"))
    for named in (row["lead"], *row["assists"]):
        if named not in departments and named not in {INDUSTRY, COVER, NOBODY}:
            raise PolicyFault(file, key, f"{named!r} is no department of departments.toml")
    if row["nature"] not in NATURES or row["level"] not in LEVELS:
        raise PolicyFault(file, key, "nature must be T, C, Q or G and level P0 to P3")
    return Category(
        key=key,
        label=row["label"],
        say=row["say"],
        nature=row["nature"],
        level=row["level"],
        lead=row["lead"],
        assists=tuple(row["assists"]),
        rank=row["rank"],
        clause=row["clause"],
        task=row["task"],
    )


def _require(file: str, key: str, row: Mapping[str, Any], names: Iterable[str]) -> None:
    missing = [name for name in names if name not in row]
    if missing:
        raise PolicyFault(file, key, f"lacks {', '.join(missing)}")
