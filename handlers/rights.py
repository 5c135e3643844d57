"""A reporter's rights over what we hold about them: a copy, and erasure; number and code are all that is asked."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from handlers.followup.own_record import Part, parts
from handlers.policy import Policy
from storage import subject
from storage.database import Database


class NotFound(Exception):
    """Number and code do not belong together. Whether the number exists is not said."""


class Rights:
    """Handed the database, the time, and the words of the city."""

    def __init__(self, database: Database, clock: Callable[[], datetime], policy: Policy, zone: tzinfo) -> None:
        self._database, self._clock = database, clock
        self._policy, self._zone = policy, zone

    async def record(self, number: str, code: str) -> tuple[Part, ...]:
        """The same, to be read: what was told, what was left, and the steps so far."""
        found = await self._database.write(subject.kept, number, code, self._clock())
        if found is None:
            raise NotFound
        return parts(found, self._policy, self._zone)

    async def copy(self, number: str, code: str) -> Mapping[str, Any]:
        """Everything kept about this report's reporter."""
        found = await self._database.write(subject.copy, number, code, self._clock())
        if found is None:
            raise NotFound
        return found

    async def erase(self, number: str, code: str) -> None:
        """Name, phone and the tie to the conversation are destroyed; the matter itself goes on."""
        if not await self._database.write(subject.erase, number, code, self._clock()):
            raise NotFound
