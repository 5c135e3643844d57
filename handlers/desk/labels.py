"""How people call what the record knows by keys: departments, categories, towns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from handlers import tables
from handlers.policy import Policy


@dataclass(frozen=True)
class Labels:
    departments: Mapping[str, str]
    categories: Mapping[str, str]
    towns: Mapping[str, str]

    @classmethod
    def of(cls, policy: Policy) -> Self:
        # The short names: a table on a phone has no room for a department's full title.
        departments = {key: row.text("short") for key, row in tables.load(policy.folder / "departments.toml").rows().items()}
        towns = {key: row.text("name") for key, row in tables.load(policy.folder / "towns.toml").rows().items()}
        return cls(departments, {topic.key: topic.label for topic in policy.topics.values()}, towns)
