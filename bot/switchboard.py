"""Leads each message to whoever answers on its channel: parents almost everywhere, officers on the staff's bot."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from bot.reception import Conversation
from handlers.dialogue import Incoming, Reply
from storage.addressees import Addressee
from storage.drafts import StoredDraft


@dataclass(frozen=True)
class Switchboard:
    """A conversation made of several; a channel that is not named belongs to `others`."""

    others: Conversation
    named: Mapping[str, Conversation]

    def prepare(self, incoming: Incoming, stored: StoredDraft, today: date) -> Any:
        return self._whose(incoming).prepare(incoming, stored, today)

    def answer(self, tx: Connection, person: Addressee, incoming: Incoming, prepared: Any, at: datetime) -> list[Reply]:
        return self._whose(incoming).answer(tx, person, incoming, prepared, at)

    def _whose(self, incoming: Incoming) -> Conversation:
        return self.named.get(incoming.channel, self.others)
