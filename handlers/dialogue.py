"""What a person says to us and what we say back, in no channel's dialect."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Self

KEY_LIMIT = 60


class Kind(StrEnum):
    """What a reply is for; a channel may draw each in its own way."""

    SAY = "say"
    QUESTION = "question"
    SUMMARY = "summary"
    RECEIPT = "receipt"
    WARNING = "warning"
    NOTICE = "notice"
    ANSWER = "answer"
    PROGRESS = "progress"
    WRONG_CODE = "wrong_code"


class UnusableKey(ValueError):
    """A choice's key does not fit the narrowest channel: at most 60 bytes of printable ASCII."""


@dataclass(frozen=True)
class Choice:
    """A button. The key names the question it answers, so that a press on an old card is recognised."""

    key: str
    label: str

    def __post_init__(self) -> None:
        if not self.key or len(self.key) > KEY_LIMIT or not (self.key.isascii() and self.key.isprintable()):
            raise UnusableKey(self.key)

    @property
    def is_aside(self) -> bool:
        """Steers the conversation instead of answering, such as skip or back: never what is offered first."""
        return ".go:" in self.key

    @property
    def is_urgent(self) -> bool:
        """Hands in at once, in danger: larger than whatever stands beside it."""
        return ".now:" in self.key


@dataclass(frozen=True)
class Line:
    """One line of a card; `edit_key` is the choice that changes it, empty when it cannot be changed."""

    label: str
    value: str
    edit_key: str = ""


@dataclass(frozen=True)
class Card:
    """Part of what is said, for every channel to show in its way; one without cards writes it out below the text.

    A receipt carries number and code apart, for copying and for a QR code.
    """

    title: str
    lines: tuple[Line, ...] = ()
    number: str = ""
    code: str = ""


@dataclass(frozen=True)
class Incoming:
    """One message, press or file from a person. `id` is unique in its channel; the same id is answered once.

    `is_guessing`: too many wrong codes came from there, so no code in it is looked up.
    """

    id: str
    channel: str
    address: str
    text: str = ""
    choice: str = ""
    attachments: tuple[int, ...] = ()
    album: str = ""
    location: tuple[float, float] | None = None
    edits: str = ""
    start: str = ""
    is_guessing: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        content = _known(cls, json.loads(text))
        place = content.get("location")
        return cls(**{**content, "attachments": tuple(content.get("attachments", ())), "location": tuple(place) if place else None})

    def __repr__(self) -> str:
        # Logs hold ids only: neither the address nor what was written may slip out through a traceback.
        return f"Incoming({self.channel}:{self.id})"


@dataclass(frozen=True)
class Reply:
    """One message to a person: a text, the card that belongs to it, and what can be pressed."""

    text: str
    choices: tuple[Choice, ...] = ()
    kind: Kind = Kind.SAY
    card: Card | None = None
    hint: str = ""

    def to_json(self) -> str:
        return json.dumps(self.as_dict(), ensure_ascii=False)

    def as_dict(self) -> dict[str, object]:
        """The reply as plain values, as the outbox keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        return cls.from_dict(json.loads(text))

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Self:
        known = _known(cls, content)
        choices = tuple(Choice(**_known(Choice, choice)) for choice in known.get("choices", ()))
        card = known.get("card")
        return cls(**{**known, "choices": choices, "kind": Kind(known.get("kind", Kind.SAY)), "card": _card(card) if card else None})

    def __repr__(self) -> str:
        return f"Reply({self.kind}, {len(self.text)} characters)"


def _card(content: Mapping[str, object]) -> Card:
    known = _known(Card, content)
    return Card(**{**known, "lines": tuple(Line(**_known(Line, line)) for line in known.get("lines", ()))})


def _known(kind: type, content: Mapping[str, object]) -> dict:  # type: ignore[type-arg]
    """The fields this version knows: a row written by a newer version must still be readable during an upgrade."""
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in content.items() if name in names}
