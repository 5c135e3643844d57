"""Reads one text for facts: opens it once, asks every finder, and leads each answer back to the parent's own characters."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from nlp.facts import contacts, counts, grades, money, names, payment, places, remarks, times
from nlp.facts.contacts import Platforms
from nlp.facts.courses import Courses
from nlp.facts.names import Names
from nlp.facts.page import Found, Page
from nlp.facts.places import Towns
from nlp.normal import Normal, normalise
from nlp.reading import Fact
from nlp.scanning import PhraseIndex

_SIGNS = frozenset().union(*(finder.SIGNS for finder in (contacts, counts, grades, money, names, payment, places, remarks, times)))


@dataclass(frozen=True)
class Extractor:
    """The office's words for places, courses and names, ready to read. Built once; thread-safe."""

    towns: Towns
    courses: Courses
    names: Names
    platforms: Platforms
    signs: PhraseIndex

    @classmethod
    def load(cls, policy: Path) -> "Extractor":
        words = tomllib.loads((policy / "facts.toml").read_text("utf-8"))
        departments = tomllib.loads((policy / "departments.toml").read_text("utf-8"))
        taught = [course.lower() for row in departments.values() for course in row["courses"]]
        towns, platforms = Towns.load(policy), Platforms.of(words["payment"]["platforms"])
        names = Names.of(words["institutions"], towns.names)
        courses = Courses.of([*taught, *words["courses"]["words"]], words["courses"]["unlike"], words["courses"]["only_taught"])
        signs = PhraseIndex(_SIGNS.union(towns.names, platforms.words, names.signs, courses.words))
        return cls(towns, courses, names, platforms, signs)

    def facts(self, text: str, today: date, normal: Normal | None = None) -> Mapping[str, Fact]:
        """What is literally said, one fact a key. `normal` saves normalising twice when the caller already has it."""
        read = normal or normalise(text)
        page = Page.open(read.text, today, self.signs)
        told: dict[str, Fact] = {}
        for found in self._found(page):
            told.setdefault(found.key, _fact(read, found))
        return MappingProxyType(told)

    def _found(self, page: Page) -> Iterator[Found]:
        towns = self.towns.named(page)
        name = next(self.names.find(page, self.courses.pattern, towns), None)
        if name:
            yield name
        yield from self.towns.find(page, towns, apart_from=name)
        yield from self.courses.find(page, apart_from=name)
        yield from grades.find(page)
        yield from money.find(page)
        yield from counts.find(page)
        yield from times.find(page)
        yield from contacts.find(page, self.platforms)
        yield from payment.find(page)
        yield from remarks.find(page)


def _fact(normal: Normal, found: Found) -> Fact:
    start, end = normal.span(found.start, found.end)
    written = normal.original[start:end]
    # Names and places keep the writer's capitals; only case was changed when nothing else differs.
    value = written if isinstance(found.value, str) and written.lower() == found.value else found.value
    return Fact(found.key, value, written, start, end)
