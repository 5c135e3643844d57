"""Takes a document or photo from an officer into the record of handling, by the same way as a parent's: judged, scanned, sealed, kept."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from handlers.desk import door
from handlers.desk.accounts import Person
from handlers.desk.refusals import Wrong, translated
from handlers.evidence.receiving import EvidenceIntake, file_of, refused, shelve
from storage import evidence, record_files
from storage.accesses import Action
from storage.database import Database
from storage.evidence import Kept, Quota, Room
from storage.sealing import Keyring
from storage.shelf import Shelf
from storage.vocabulary import Purpose


class RecordIntake:
    """The one way an officer's file comes in. `intake` judges it; the quota is that of one record."""

    def __init__(
        self, database: Database, shelf: Shelf, keyring: Keyring, intake: EvidenceIntake, *, quota: Quota, clock: Callable[[], datetime]
    ) -> None:
        self._database, self._shelf, self._keyring = database, shelf, keyring
        self._intake, self._quota, self._clock = intake, quota, clock

    @property
    def file_bytes(self) -> int:
        """The largest file that is taken."""
        return self._intake.file_bytes

    async def add(self, person: Person, number: str, assignment_id: int, content: bytes, purpose: str) -> Kept:
        """Put it into the record; FileRefused, or Wrong without a purpose. Only for the officer who holds the assignment."""
        if purpose not in frozenset(Purpose):
            raise Wrong(missing=("purpose",))
        shows, digest = Purpose(purpose), evidence.fingerprint(self._keyring, f"report:{number}", content)
        with translated():
            async with door.watched(self._database, number, person.actor, Action.MOVE, self._clock()):
                # The door comes before the decoding: nobody may keep us busy with files for a record that is not theirs.
                await self._database.read(_check, number, person, assignment_id)
                accepted = await self._intake.judge(content)
                with refused():
                    size, at = len(content), self._clock()
                    room = await self._database.write(
                        record_files.make_room, assignment_id, person.actor, digest, size=size, quota=self._quota, at=at
                    )
                    if not isinstance(room, Room):
                        return room
                    await asyncio.to_thread(shelve, self._shelf, room, content, accepted)
                file = file_of(content, accepted)
                return await self._database.write(record_files.keep, assignment_id, person.actor, room, file, purpose=shows, at=at)


def _check(tx: Connection, number: str, person: Person, assignment_id: int) -> None:
    report_id = door.find(tx, number, person.actor)
    record_files.check(tx, report_id, assignment_id, person.actor)
