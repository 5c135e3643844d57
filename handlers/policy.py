"""The part of the city's rule book that speaks to people: questions, answers, sentences, and what things are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers import tables
from handlers.faq import Faq
from handlers.menu import Menu
from handlers.questions import Questions
from handlers.tables import PolicyUnreadable
from handlers.texts import Texts


@dataclass(frozen=True)
class Topic:
    """A category as a parent hears it."""

    key: str
    label: str
    say: str
    nature: str


@dataclass(frozen=True)
class Policy:
    """Loaded once at start and checked whole; nothing in it changes while the service runs."""

    folder: Path
    texts: Texts
    questions: Questions
    faq: Faq
    menu: Menu
    topics: Mapping[str, Topic]
    departments: Mapping[str, str]
    kinds: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path) -> Self:
        topics = {key: _topic(key, value) for key, value in tables.read(folder / "categories.toml").items()}
        units = tables.read(folder / "departments.toml")
        return cls(
            folder=folder,
            texts=Texts.load(folder),
            questions=Questions.load(folder, topics.keys()),
            faq=Faq.load(folder),
            menu=Menu.load(folder),
            topics=topics,
            departments={key: _field("departments.toml", key, value, "name") for key, value in units.items()},
            kinds={key: _field("departments.toml", key, value, "kind") for key, value in units.items()},
        )

    def office(self) -> str:
        """The key of the unit that sorts by hand what nothing else decides."""
        return next(key for key, kind in self.kinds.items() if kind == "office")

    def department(self, key: str) -> str:
        """How people call this department."""
        return self.departments[key]

    def label(self, category: str) -> str:
        return self.topics[category].label


def _topic(key: str, value: object) -> Topic:
    label, say, nature = (_field("categories.toml", key, value, name) for name in ("label", "say", "nature"))
    return Topic(key, label, say, nature)


def _field(file: str, key: str, value: object, name: str) -> str:
    # The rooms that own these files check them whole; here only the words for sentences are taken.
    if not isinstance(value, dict) or not isinstance(value.get(name), str):
        raise PolicyUnreadable(f"{file}: [{key}]: {name}: must be text in quotes.")
    return str(value[name])
