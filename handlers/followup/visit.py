"""One message about an earlier report, and how it is answered."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from handlers.conversation import Conversation, Errand
from handlers.dialogue import Choice, Incoming, Reply
from handlers.menu import ANOTHER, PROGRESS
from handlers.policy import Policy
from handlers.wording import tidy
from storage.addressees import Addressee

Answered = tuple[Conversation, tuple[Reply, ...]]


@dataclass(frozen=True)
class OwnReport:
    """A report this person may follow: filed from here, or opened with its code."""

    number: str
    id: int


@dataclass(frozen=True)
class Visit:
    """Who says what, inside which transaction. `level` is how urgent the words were read to be."""

    tx: Connection
    person: Addressee
    talk: Conversation
    incoming: Incoming
    at: datetime
    level: str = ""

    @property
    def text(self) -> str:
        return tidy(self.incoming.text)

    def done(self, *replies: Reply) -> Answered:
        """The errand is over."""
        return replace(self.talk, errand=None), replies

    def waits(self, errand: Errand, *replies: Reply) -> Answered:
        return replace(self.talk, errand=errand), replies


def button(policy: Policy, number: str, verb: str, label: str = "") -> Choice:
    """A button about this report; its number is in the key, so that it works from a notice of any age."""
    return Choice(f"f.{number}.{verb}", label or policy.texts.say("button.follow." + verb.replace(":", "_")))


def closing(policy: Policy, key: str) -> Reply:
    """A last sentence, with what can be done next."""
    say = policy.texts.say
    return Reply(say(key), (Choice(PROGRESS, say("button.menu.progress")), Choice(ANOTHER, say("button.menu.another"))))
