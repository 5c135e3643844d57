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
class Visit:
    """Who says what, about which reports, inside which transaction."""

    tx: Connection
    person: Addressee
    talk: Conversation
    incoming: Incoming
    at: datetime

    @property
    def text(self) -> str:
        return tidy(self.incoming.text)

    def done(self, *replies: Reply) -> Answered:
        """The errand is over."""
        return replace(self.talk, errand=None), replies

    def waits(self, errand: Errand, *replies: Reply) -> Answered:
        return replace(self.talk, errand=errand), replies


def closing(policy: Policy, key: str) -> Reply:
    """A last sentence, with what can be done next."""
    say = policy.texts.say
    return Reply(say(key), (Choice(PROGRESS, say("button.menu.progress")), Choice(ANOTHER, say("button.menu.another"))))
