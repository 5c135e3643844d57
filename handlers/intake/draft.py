"""The draft: what a parent has said so far, and nothing that could be worked out from it."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Self

SCHEMA = 1
NEVER = datetime.fromtimestamp(0, UTC)

Value = str | int | float

# Answers that steer the conversation; they are no facts about the matter.
STATIONS = frozenset(
    {"consent", "told", "topic", "denied", "ruled_out", "insist", "privacy", "contact", "person", "wants_reply", "may_disclose"},
)


class DraftUnreadable(Exception):
    """A stored draft has a schema this version does not know."""


@dataclass(frozen=True)
class Answer:
    """One step taken. `value` is None for a skipped one; `also` holds other facts the same words gave."""

    key: str
    value: Value | None
    also: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """Story, answers in the order they were given, attachments. Where the conversation stands follows from these.

    `serial` names this draft on its buttons, so that a press on an older card is recognised.
    """

    serial: str
    touched: datetime = NEVER
    story: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    attachments: tuple[int, ...] = ()
    aside: str = ""
    held: str = ""
    said_once: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The whole story as one text, in the parent's own words."""
        return "\n".join(self.story)

    def has(self, key: str) -> bool:
        return any(answer.key == key for answer in self.answers)

    def value(self, key: str) -> Value | None:
        return next((answer.value for answer in self.answers if answer.key == key), None)

    def answer(self, key: str, value: Value | None, also: Mapping[str, Value] | None = None) -> Self:
        """With this answer given; an earlier one to the same question is replaced where it stood."""
        new = Answer(key, value, also or {})
        if self.has(key):
            return replace(self, answers=tuple(new if old.key == key else old for old in self.answers), aside="")
        return replace(self, answers=(*self.answers, new), aside="")

    def without(self, *keys: str) -> Self:
        return replace(self, answers=tuple(answer for answer in self.answers if answer.key not in keys), aside="")

    def tell(self, text: str) -> Self:
        return replace(self, story=(*self.story, text))

    def attach(self, attachments: tuple[int, ...]) -> Self:
        new = tuple(one for one in dict.fromkeys(attachments) if one not in self.attachments)
        return replace(self, attachments=self.attachments + new)

    def back(self) -> Self:
        """Without the last thing said: what interrupts, an answer, or a piece of the story."""
        if self.aside:
            return replace(self, aside="")
        if self.story and not self.has("told"):
            return replace(self, story=self.story[:-1])
        return replace(self, answers=self.answers[:-1])

    def remark(self, name: str) -> Self:
        """Note that something was said, so that it is said only once."""
        return replace(self, said_once=self.said_once | {name})

    def given(self) -> dict[str, Value]:
        """The facts from the answers: a direct answer counts more than one found beside another."""
        beside = {key: value for answer in self.answers for key, value in answer.also.items()}
        direct = {answer.key: answer.value for answer in self.answers if answer.value is not None and answer.key not in STATIONS}
        return beside | direct

    def to_content(self) -> dict[str, object]:
        content = asdict(self)
        return content | {"schema": SCHEMA, "touched": self.touched.isoformat(), "said_once": sorted(self.said_once)}

    @classmethod
    def from_content(cls, content: Mapping[str, object]) -> Self:
        """Read a stored draft; another version's draft is refused by name instead of being misread."""
        if content.get("schema") != SCHEMA:
            raise DraftUnreadable(content.get("schema"))
        return cls(
            serial=_text(content, "serial"),
            touched=datetime.fromisoformat(_text(content, "touched")),
            story=tuple(str(one) for one in _list(content, "story")),
            answers=tuple(_answers(content)),
            attachments=tuple(one for one in _list(content, "attachments") if isinstance(one, int)),
            aside=_text(content, "aside"),
            held=_text(content, "held"),
            said_once=frozenset(str(one) for one in _list(content, "said_once")),
        )


def _answers(content: Mapping[str, object]) -> Iterator[Answer]:
    for one in _list(content, "answers"):
        if isinstance(one, dict):
            yield Answer(_text(one, "key"), one.get("value"), dict(one.get("also", {})))


def _text(content: Mapping[str, object], key: str) -> str:
    value = content.get(key, "")
    return value if isinstance(value, str) else ""


def _list(content: Mapping[str, object], key: str) -> list[object]:
    value = content.get(key, [])
    return list(value) if isinstance(value, list | tuple) else []
