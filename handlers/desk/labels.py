"""How people call what the record knows by keys, and what the lists of forms hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from handlers import tables
from handlers.desk.accounts import Person
from handlers.policy import Policy
from storage import officers
from storage.database import Database
from storage.officers import Officer
from storage.rules import Rules
from storage.vocabulary import Role


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


Options = Mapping[str, tuple[tuple[str, str], ...]]


class Lists:
    """What the lists in forms hold, as pairs of key and name: a field names its list by `source`."""

    def __init__(self, database: Database, rules: Rules, labels: Labels) -> None:
        self._database = database
        self._rules = rules
        self._labels = labels

    async def all(self, person: Person) -> Options:
        """The lists as they are now."""
        return options(await self._database.read(officers.everyone), person, self._rules, self._labels)


def options(accounts: Iterable[Officer], person: Person, rules: Rules, labels: Labels) -> Options:
    """Departments by what they may do, this person's colleagues, and everybody who can be on duty."""
    known, named = rules.departments, labels.departments
    everyone = [one for one in accounts if one.active]
    here = [one for one in everyone if one.department == person.officer.department and one.role is Role.OFFICER]
    working = tuple((key, name) for key, name in named.items() if known.may_lead(key) or known.may_assist(key))
    return {
        "colleagues": tuple((str(one.id), one.name) for one in here),
        "staff": tuple((str(one.id), f"{named.get(one.department, one.department)} {one.name}") for one in everyone),
        "leads": tuple((key, name) for key, name in named.items() if known.may_lead(key)),
        "assists": tuple((key, name) for key, name in named.items() if known.may_assist(key)),
        "departments": working,
        "others": tuple((key, name) for key, name in working if key != person.officer.department),
        "all_departments": tuple(named.items()),
        "categories": tuple(labels.categories.items()),
        "towns": tuple(labels.towns.items()),
    }
