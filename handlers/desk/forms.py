"""What each move asks for: fields as data, and reading what a form brought into values the acts take."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum

from nlp.facts.numerals import numerals
from storage.handling import NEEDED, NEEDED_OF_ASSIST
from storage.vocabulary import Disposition, Level, Measure, RejectionGround, Resolved


class Kind(StrEnum):
    TEXT = "text"
    AREA = "area"
    LINES = "lines"
    NUMBER = "number"
    MOMENT = "moment"
    DAY = "day"
    CHECK = "check"
    ONE = "one"
    SEVERAL = "several"


@dataclass(frozen=True)
class Field:
    """One field of a form. `options` names a fixed list of words; `source` one the page must fill, such as the department's officers.

    `needed_for`: the outcomes for which it must be filled in, where that depends on the outcome.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    options: tuple[str, ...] = ()
    source: str = ""
    labels: str = ""
    needed_for: tuple[str, ...] = ()

    def is_needed(self, values: "Values") -> bool:
        """Whether it must be filled in, as the form stands."""
        return self.required or any(outcome in self.needed_for for outcome in values.get("disposition", ()))


@dataclass
class Wrong(Exception):
    """Fields that are missing or cannot be read, by name."""

    missing: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


Values = Mapping[str, Sequence[str]]
MAXIMUM_LENGTH = 20_000
LONGEST_NUMBER = 9
# What people write behind a sum.
COINS = ("块钱", "块", "元")
YEARS = range(2000, 2100)

REASON = Field("reason", Kind.AREA, required=True)
NOTE = Field("reason", Kind.AREA)
_RECORD = (
    Field("disposition", Kind.ONE, required=True, options=tuple(Disposition), labels="disposition"),
    Field("answer", Kind.AREA),
    Field("findings", Kind.AREA),
    Field("opinion", Kind.AREA),
    Field("inspected_at", Kind.MOMENT),
    Field("place", Kind.TEXT),
    Field("people", Kind.LINES),
    Field("joint", Kind.SEVERAL, source="others"),
    Field("measures", Kind.SEVERAL, options=tuple(Measure), labels="measure"),
    Field("documents", Kind.LINES),
    Field("refund_asked_yuan", Kind.NUMBER),
    Field("refund_yuan", Kind.NUMBER),
    Field("fine_yuan", Kind.NUMBER),
    Field("students", Kind.NUMBER),
    Field("evacuated", Kind.NUMBER),
)

HANDLING = tuple(replace(one, needed_for=tuple(str(outcome) for outcome, names in NEEDED.items() if one.name in names)) for one in _RECORD)
# An assisting department gives its opinion; the public answer is not its to write.
_OF_ASSIST = ("disposition", "findings", "opinion", "inspected_at", "place", "people")
HANDLING_OF_ASSIST = tuple(replace(one, required=one.required or one.name in NEEDED_OF_ASSIST) for one in _RECORD if one.name in _OF_ASSIST)

# By move. A move that is not here opens no field: the button alone is enough.
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "claim": (Field("no_conflict", Kind.CHECK, required=True),),
    "declare_conflict": (REASON,),
    "release": (REASON,),
    "contact": (NOTE,),
    "request_return": (REASON, Field("suggested", Kind.ONE, required=True, source="others")),
    "request_extension": (Field("days", Kind.NUMBER, required=True), REASON),
    "transfer_owner": (Field("to_officer", Kind.ONE, required=True, source="colleagues"),),
    "submit": HANDLING,
    "send_back": (REASON,),
    "approve_return": (Field("to", Kind.ONE, required=True, source="leads"),),
    "deny_return": (REASON,),
    "approve_extension": (REASON,),
    "deny_extension": (REASON,),
    "suspend": (REASON,),
    "reassign": (Field("to", Kind.ONE, required=True, source="leads"), REASON),
    "waive": (REASON,),
    "waive_all": (REASON,),
    "escalate": (REASON,),
    "dispatch": (Field("lead", Kind.ONE, required=True, source="leads"), Field("assists", Kind.SEVERAL, source="assists")),
    "add_assist": (Field("department", Kind.ONE, required=True, source="assists"),),
    "stop_waiting": (REASON,),
    "ask_info": (Field("question", Kind.AREA, required=True),),
    "reject": (
        Field("ground", Kind.ONE, required=True, options=tuple(RejectionGround), labels="ground"),
        REASON,
        Field("way", Kind.AREA, required=True),
    ),
    "merge": (Field("into", Kind.TEXT, required=True),),
    "call_back": (
        Field("reached", Kind.ONE, required=True, options=("yes", "no"), labels="reached"),
        Field("resolved", Kind.ONE, options=tuple(Resolved), labels="resolved"),
        Field("satisfaction", Kind.ONE, options=("5", "4", "3", "2", "1"), labels="satisfaction"),
        NOTE,
    ),
    "redo": (REASON,),
    "reopen": (REASON, Field("to", Kind.ONE, source="leads")),
    "seal": (REASON,),
    "change_level": (Field("level", Kind.ONE, required=True, options=tuple(Level), labels="level"), REASON),
    "change_category": (Field("category", Kind.ONE, required=True, source="categories"), REASON),
    "link": (Field("institution", required=True),),
    "write": (Field("text", Kind.AREA, required=True),),
    "note": (Field("text", Kind.AREA, required=True),),
    "open_identity": (REASON,),
}


def fields_of(name: str, part: str = "") -> tuple[Field, ...]:
    """What this move asks for, on the part of a lead or an assist."""
    return HANDLING_OF_ASSIST if name == "submit" and part == "assist" else FIELDS.get(name, ())


class Answers:
    """A form as it was sent, read field by field; `Wrong` names everything that is missing or unreadable at once."""

    def __init__(self, fields: Sequence[Field], values: Values, zone: tzinfo) -> None:
        self._values = values
        self._zone = zone
        missing = tuple(field.name for field in fields if field.required and not self.text(field.name))
        unreadable = tuple(field.name for field in fields if not self._is_readable(field))
        if missing or unreadable:
            raise Wrong(missing, unreadable)

    def text(self, name: str) -> str:
        return next((value.strip() for value in self._values.get(name, ()) if value.strip()), "")

    def lines(self, name: str) -> tuple[str, ...]:
        """One entry a line, or separated as people separate names."""
        text = self.text(name)
        for sign in "、，,；;\r":
            text = text.replace(sign, "\n")
        return tuple(line.strip() for line in text.split("\n") if line.strip())

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value for value in self._values.get(name, ()) if value))

    def number(self, name: str) -> int | None:
        return _whole(self.text(name))

    def day(self, name: str) -> date | None:
        text = self.text(name)
        return date.fromisoformat(text) if text else None

    def numbers(self, name: str) -> tuple[int, ...]:
        """Several of a list whose keys are numbers; anything else was never on the list."""
        return tuple(int(one) for one in self.several(name) if _is_number(one))

    def moment(self, name: str) -> datetime | None:
        text = self.text(name)
        return datetime.fromisoformat(text).replace(tzinfo=self._zone) if text else None

    def _is_readable(self, field: Field) -> bool:
        text = self.text(field.name)
        if not text:
            return True
        if field.options:
            return all(value in field.options for value in self.several(field.name))
        readable = _READABLE.get(field.kind)
        return len(text) <= MAXIMUM_LENGTH and (readable is None or readable(text))


def _whole(text: str) -> int | None:
    """A whole number however people write it: 9600, 9,600 元, 九千六; None when it is none, or not exact."""
    plain = unicodedata.normalize("NFKC", text).lower().replace(" ", "")
    plain = next((plain.removesuffix(coin) for coin in COINS if plain.endswith(coin)), plain)
    found = next(numerals(plain), None)
    if found is None or found.text != plain or not found.is_exact:
        return None
    value = int(found.value)
    return value if value == found.value and value < 10**LONGEST_NUMBER else None


def _is_whole(text: str) -> bool:
    return _whole(text) is not None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year in YEARS
    except ValueError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).year in YEARS
    except ValueError:
        return False


_READABLE: Mapping[Kind, Callable[[str], bool]] = {Kind.NUMBER: _is_whole, Kind.MOMENT: _is_moment, Kind.DAY: _is_day}
