"""The part of the city's rule book that speaks to people: questions, answers, sentences, and what things are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers import tables
from handlers.faq import Faq
from handlers.menu import Menu
from handlers.places import Places
from handlers.questions import Questions
from handlers.tables import Row
from handlers.texts import Texts

# A person of the office says what these are about.
BY_HAND = frozenset({"unclear", "out_of_scope", "progress_query"})


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
    places: Places

    @classmethod
    def load(cls, folder: Path) -> Self:
        # The rooms that own these two files check them whole; here only the words for sentences are taken.
        topics = {key: _topic(key, row) for key, row in tables.load(folder / "categories.toml").rows().items()}
        units = tables.load(folder / "departments.toml").rows()
        return cls(
            folder=folder,
            texts=Texts.load(folder),
            questions=Questions.load(folder, topics.keys()),
            faq=Faq.load(folder),
            menu=Menu.load(folder),
            topics=topics,
            departments={key: row.text("name") for key, row in units.items()},
            kinds={key: row.text("kind") for key, row in units.items()},
            places=Places.load(folder),
        )

    def office(self) -> str:
        """The key of the unit that sorts by hand what nothing else decides."""
        return next(key for key, kind in self.kinds.items() if kind == "office")

    def department(self, key: str) -> str:
        """How people call this department."""
        return self.departments[key]

    def label(self, category: str) -> str:
        return self.topics[category].label

    def told(self, category: str) -> str:
        """What a report is about, as its reporter reads it: nobody is told that it is none of ours while a person still looks at it."""
        return self.texts.say("summary.by_hand") if category in BY_HAND else self.label(category)


def _topic(key: str, row: Row) -> Topic:
    return Topic(key, row.text("label"), row.text("say"), row.text("nature"))
