"""Asks the record for figures: catches up with what moved first, and keeps each person to what that person may see."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from storage.database import Database
from storage.metrics import keeping
from storage.metrics.questions import By, Group, Question, ask
from storage.people import Actor
from storage.vocabulary import Role

Clock = Callable[[], datetime]
# Who sees every department; all others see their own alone.
EVERYWHERE = frozenset({Role.OFFICE, Role.READER, Role.DISCIPLINE})


@dataclass(frozen=True)
class Record:
    """The figures of one database at this moment."""

    database: Database
    clock: Clock

    async def ask(self, question: Question, *, by: Actor | None = None) -> list[Group]:
        """The answer as this person may have it; nobody in particular is the system itself."""
        await self.catch_up()
        return await self.database.read(ask, bounded(question, by), self.clock())

    async def catch_up(self) -> None:
        """Fold in whatever moved since last time; a batch an act, so that nobody's move waits long."""
        if await self.database.read(keeping.is_current):
            return
        while await self.database.write(keeping.catch_up):
            pass


def bounded(question: Question, by: Actor | None) -> Question:
    """An officer's question is about the own department; officers one by one are seen by nobody but their own."""
    if by is None or by.role in EVERYWHERE:
        return replace(question, by=tuple(one for one in question.by if one is not By.OFFICER), officer=0) if by else question
    return replace(question, department=by.department or "-")
