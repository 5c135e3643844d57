"""Which departments play which part in the demonstration, as the city's rule book says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from storage.policy import Section, parse

FILE = "demo.toml"


@dataclass(frozen=True)
class Cast:
    """`sorted_to` gets what the classifier was not sure of; the long way of one report leads from `first` to `second`.

    `answers_for`: of which kind the institution is that a department's report names; a report at another one may name any.
    """

    sorted_to: str
    first: str
    second: str
    finds: tuple[str, ...]
    inspects: tuple[str, ...]
    answers_for: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path, known: Iterable[str]) -> Self:
        """`known` are the departments that work on reports: another one could not play."""
        section, keys = Section(FILE, parse(folder / FILE)).section("cast"), frozenset(known)

        def checked(field: str, given: tuple[str, ...]) -> tuple[str, ...]:
            for key in given:
                if key not in keys:
                    raise section.fault(field, f"there is no department {key!r} that works on reports; see departments.toml")
            return given

        sorted_to, first, second = (checked(field, (section.text(field),))[0] for field in ("sorted_to", "first", "second"))
        finds, inspects = (checked(field, section.texts(field)) for field in ("finds", "inspects"))
        kinds = section.section("answers_for")
        answers_for = {key: kinds.text(key) for key in checked("answers_for", tuple(kinds.keys()))}
        section.finish()
        return cls(sorted_to, first, second, finds, inspects, answers_for)
