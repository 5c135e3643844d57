"""The questions of `questions.toml`: what can be asked, in which words, and which categories need the answer."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers import tables
from handlers.tables import Row
from nlp.mask import mask

FILE = "questions.toml"
NATURES = frozenset("TCQG")


@dataclass(frozen=True)
class Question:
    """One fact worth asking for. Any of `reads`, once said, answers it; `alarms` are choices that mean danger to a person.

    `not_for` are categories that do not need it although their nature would; `unit` follows a bare number.
    `about_teacher`: the answer says which teacher is meant, so the school in it is not a child's.
    `about_teaching`: there is no answer where children are only looked after.
    """

    key: str
    label: str
    ask: str
    why: str
    needed_by: frozenset[str]
    not_for: frozenset[str]
    order: int
    order_for: Mapping[str, int]
    reads: tuple[str, ...]
    choices: tuple[str, ...]
    alarms: tuple[str, ...]
    yes: str
    no: str
    is_number: bool
    unit: str
    about_teacher: bool
    about_teaching: bool

    def is_needed(self, category: str, nature: str) -> bool:
        return category not in self.not_for and (category in self.needed_by or nature in self.needed_by)

    def place_in(self, category: str) -> int:
        """The smaller, the more decisive for this category."""
        return self.order_for.get(category, self.order)


@dataclass(frozen=True)
class Questions:
    """At most `limit` are asked; only those in `urgent` of somebody in danger."""

    limit: int
    urgent: tuple[str, ...]
    by_key: Mapping[str, Question]

    @classmethod
    def load(cls, folder: Path, categories: Collection[str]) -> Self:
        content = tables.load(folder / FILE)
        rows = content.rows(besides=("limit", "urgent"))
        by_key = {key: _question(key, row, categories) for key, row in rows.items()}
        urgent = content.texts("urgent")
        if not by_key.keys() >= set(urgent):
            raise content.fault("urgent", "must name questions of this file")
        return cls(content.number("limit"), urgent, by_key)

    def needed(self, category: str, nature: str) -> tuple[Question, ...]:
        """What this category needs, most decisive first."""
        wanted = (question for question in self.by_key.values() if question.is_needed(category, nature))
        return tuple(sorted(wanted, key=lambda question: (question.place_in(category), question.order)))

    def told(self, key: str, value: str | float) -> str:
        """A fact as people read it: several in one are listed, a number comes with its unit."""
        if isinstance(value, str):
            return value.replace(";", "、")
        unit = self.by_key[key].unit if key in self.by_key else ""
        number = str(int(value)) if value == int(value) else f"{value:g}"
        return f"{number} {unit}" if unit else number

    def masked(self, key: str, value: str | float) -> str:
        """A fact as whoever works on the report reads it: nothing in it says who told it, or which child is meant."""
        return mask(self.told(key, value), about_teacher=key in self.by_key and self.by_key[key].about_teacher).text


def _question(key: str, row: Row, categories: Collection[str]) -> Question:
    question = Question(
        key=key,
        label=row.text("label"),
        ask=row.text("ask"),
        why=row.text("why", ""),
        needed_by=frozenset(row.texts("needed_by")),
        not_for=frozenset(row.texts("not_for", [])),
        order=row.number("order"),
        order_for=row.numbers("order_for"),
        reads=row.texts("reads"),
        choices=row.texts("choices", []),
        yes=row.text("yes", ""),
        no=row.text("no", ""),
        alarms=row.texts("alarms", []),
        is_number=row.flag("number"),
        unit=row.text("unit", ""),
        about_teacher=row.flag("about_teacher"),
        about_teaching=row.flag("about_teaching"),
    )
    row.finish()
    if not {*question.alarms, *filter(None, (question.yes, question.no))} <= set(question.choices):
        raise row.fault("alarms, yes, no", "must be among the choices")
    for name in (question.needed_by | question.not_for | question.order_for.keys()) - NATURES - set(categories):
        raise row.fault("needed_by, not_for, order_for", f"no category {name!r} in categories.toml")
    return question
