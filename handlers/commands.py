"""The menu commands of a chat network: what each is short for, and the two that are answered without touching a conversation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from handlers.dialogue import Choice, Incoming, Kind, Reply
from handlers.menu import PROGRESS, REPORT
from handlers.policy import Policy
from handlers.texts import Texts
from storage.addressees import Addressee
from storage.drafts import StoredDraft

# Sent in a group by one of its officers: this group belongs to their department from now on.
GROUP = "here"
SHORT_FOR: Mapping[str, str] = {"/report": REPORT, "/progress": PROGRESS}
FAQ = "faq."
PARENTS = ("report", "progress", "faq", "cancel", "privacy")
STAFF = ("todo", "overdue", "figures", "cancel", "help")


class Talks(Protocol):
    """Whoever answers people."""

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> Any: ...
    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: Any, at: datetime) -> list[Reply]: ...


class Commands:
    """Stands before the parents' conversation on a network with a menu of commands."""

    def __init__(self, policy: Policy, talk: Talks) -> None:
        self._policy, self._talk = policy, talk

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> Any:
        return None if self._standing(incoming) else self._talk.prepare(_meant(incoming), stored, today)

    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: Any, at: datetime) -> list[Reply]:
        standing = self._standing(incoming)
        return [standing] if standing else self._talk.answer(tx, person, _meant(incoming), prepared, at)

    def _standing(self, incoming: Incoming) -> Reply | None:
        say, faq = self._policy.texts.say, self._policy.faq
        if incoming.choice.startswith(FAQ):
            entry = next((one for one in faq.entries if FAQ + one.key == incoming.choice), None)
            answer = entry and say("consult.answer", answer=entry.answer, basis=entry.basis, closing=faq.closing)
            return Reply(answer, kind=Kind.ANSWER) if answer else None
        match incoming.text.strip():
            case "/privacy":
                return Reply(say("notice.details", office=self._policy.department(self._policy.office())), kind=Kind.ANSWER)
            case "/faq":
                return Reply(say("telegram.faq"), tuple(Choice(FAQ + entry.key, entry.title) for entry in faq.entries), Kind.ANSWER)
        return None


def menu(texts: Texts, names: tuple[str, ...]) -> dict[str, str]:
    """Commands with what they do, for the network's own menu."""
    return {name: texts.say(f"telegram.command.{name}") for name in names}


def _meant(incoming: Incoming) -> Incoming:
    choice = SHORT_FOR.get(incoming.text.strip())
    return replace(incoming, text="", choice=choice) if choice else incoming
