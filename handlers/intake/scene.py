"""What one step of the intake sees, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from handlers.dialogue import Choice, Kind, Reply
from handlers.intake.draft import Draft
from handlers.policy import Policy
from nlp.mask import Masked
from nlp.reading import Reading

# Once the summary was shown, nothing more is asked by itself; what is missing is offered there.
REVIEWED = "reviewed"
# The level of danger to a person, and the mark of a draft in which it was heard.
EMERGENCY = "P0"


@dataclass(frozen=True)
class Scene:
    """The draft, how its story reads today, what personal data it holds, and the rule book."""

    draft: Draft
    reading: Reading
    masked: Masked
    policy: Policy
    today: date

    @property
    def in_danger(self) -> bool:
        """Danger to a person was heard: nobody is held up by what can be said later."""
        return is_urgent(self.draft, self.reading)

    def say(self, key: str, **fields: object) -> str:
        return self.policy.texts.say(key, **fields)

    def button(self, step: str, value: str, label: str = "") -> Choice:
        """A button of this draft; without a label of its own it takes the sentence `button.<step>.<value>`."""
        return button(self.draft.serial, step, value, label or self.policy.texts.say(f"button.{step}.{value}"))

    def question(self, text: str, *choices: Choice, hint: str = "") -> Reply:
        return Reply(text, choices, Kind.QUESTION, hint=hint)


@dataclass(frozen=True)
class Said:
    """What the person did at this step: pressed `value`, or wrote `text`, which reads alone as `reading`."""

    text: str
    reading: Reading
    value: str = ""
    is_skip: bool = False


class End(StrEnum):
    """How a turn leaves the intake."""

    NOT_YET = "not_yet"
    SUBMIT = "submit"
    LEAVE = "leave"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Taken:
    """The draft after a step, what is said before the next prompt, and whether the intake ends here.

    `again` holds words that were kept aside and now want to be heard.
    """

    draft: Draft
    replies: tuple[Reply, ...] = ()
    end: End = End.NOT_YET
    again: str = ""


@dataclass(frozen=True)
class Step:
    """One station of the intake. The first one that is due is where the conversation stands."""

    name: str
    is_due: Callable[[Scene], bool]
    ask: Callable[[Scene], Reply]
    take: Callable[[Scene, Said], Taken]


def is_urgent(draft: Draft, reading: Reading) -> bool:
    return EMERGENCY in draft.said_once or reading.level == EMERGENCY


def button(serial: str, step: str, value: str, label: str) -> Choice:
    return Choice(f"{serial}.{step}:{value}", label)
