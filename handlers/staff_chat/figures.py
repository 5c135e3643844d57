"""Figures asked for in a chat: how the question was understood, the answer in lines, and a picture."""

from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.figures.asking import Answer, Answering
from handlers.staff_chat.words import Words
from storage import addressees, bindings
from storage.addressees import Address
from storage.database import Database
from storage.officers import Officer

# A table in a chat is for a glance; the whole one is on the pages.
LINES = 15


@dataclass(frozen=True)
class Told:
    """What is sent: words, and a picture when there is something to draw."""

    text: str
    picture: bytes | None = None


class Figures:
    def __init__(self, database: Database, answering: Answering, words: Words, channel: str) -> None:
        self._database, self._answering, self._words, self._channel = database, answering, words, channel

    async def told(self, address: str, question: str) -> Told:
        """The answer as the officer of this chat may have it."""
        officer = await self._database.read(self._officer, address)
        if officer is None:
            return Told(self._words.say("staff.stranger"))
        answer = await self._answering.answer(question or self._words.say("staff.figures_usual"), officer.actor)
        if answer.understood is None:
            return Told(self._words.say("staff.unknown"))
        return Told(self._text(answer), await self._answering.png(answer))

    def _text(self, answer: Answer) -> str:
        lines = [answer.understood or "", *answer.sentences]
        if answer.table:
            lines.append(" | ".join(answer.table.heads))
            lines += [" | ".join((line.name, *line.cells)) for line in answer.table.lines[:LINES]]
        lines += [self._words.say("staff.late", number=one.number) for one in answer.late[:LINES]]
        return "\n".join(lines)

    def _officer(self, tx: Connection, address: str) -> Officer | None:
        chat = addressees.recall(tx, Address.of(self._channel, address))
        return bindings.officer_of(tx, chat.id) if chat else None
