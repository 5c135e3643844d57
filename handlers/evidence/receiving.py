"""Takes in a file from a parent on any channel: judged, scanned, sealed on the disk, and only then acknowledged."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from handlers.evidence.accepting import Accepted, FileRefused, Why, accept
from handlers.evidence.scanning import Scanner, ScannerAway
from storage import evidence
from storage.addressees import Address
from storage.database import Database
from storage.evidence import File, Kept, OverQuota, Quota, Room
from storage.sealing import Keyring
from storage.shelf import Copy, NoRoom, Shelf

# Decoding is the only heavy work of an upload; more at once would not be faster and would take memory from everyone.
DECODERS = 2


@dataclass(frozen=True)
class FileLimits:
    """How large one file may be, how many one person may have waiting, how many bytes all may take, and what the disk must keep free."""

    file_bytes: int
    waiting: int
    total_bytes: int
    free_bytes: int = 200_000_000

    @property
    def quota(self) -> Quota:
        return Quota(self.waiting, self.total_bytes)


class EvidenceIntake:
    """The one way a parent's file comes in."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        keyring: Keyring,
        *,
        limits: FileLimits,
        clock: Callable[[], datetime],
        scanner: Scanner | None = None,
    ) -> None:
        self._database, self._shelf, self._keyring = database, shelf, keyring
        self._limits, self._clock, self._scanner = limits, clock, scanner
        self._decoders = asyncio.Semaphore(DECODERS)

    @property
    def file_bytes(self) -> int:
        """The largest file that is taken."""
        return self._limits.file_bytes

    async def receive(self, channel: str, address: str, content: bytes, *, album: str = "") -> Kept:
        """Keep this person's file until it is filed with a report, or FileRefused. The same file twice is one file."""
        accepted = await self.judge(content)
        owner = Address.of(channel, address)
        digest = evidence.fingerprint(self._keyring, f"{channel}:{address}", content)
        with refused():
            room = await self._database.write(
                evidence.make_room, owner, digest, size=len(content), quota=self._limits.quota, at=self._clock()
            )
            if isinstance(room, Kept):
                return room
            await asyncio.to_thread(shelve, self._shelf, room, content, accepted)
        return await self._database.write(evidence.keep, room, file_of(content, accepted), self._clock(), album=album)

    async def judge(self, content: bytes) -> Accepted:
        """What the file is and its clean copy, or FileRefused."""
        if self._scanner:
            try:
                is_clean = await self._scanner.is_clean(content)
            except ScannerAway as away:
                raise FileRefused(Why.SCANNER_AWAY) from away
            if not is_clean:
                raise FileRefused(Why.INFECTED)
        if await asyncio.to_thread(self._shelf.free_bytes) < self._limits.free_bytes:
            raise FileRefused(Why.NO_ROOM)
        async with self._decoders:
            return await asyncio.to_thread(accept, content, self._limits.file_bytes)


def shelve(shelf: Shelf, room: Room, content: bytes, accepted: Accepted) -> None:
    """Write every copy. The original comes first: by it the sweep finds what a crash left behind."""
    try:
        shelf.put(room.slot, Copy.ORIGINAL, room.key, content)
        if accepted.clean and accepted.thumbnail:
            shelf.put(room.slot, Copy.CLEAN, room.key, accepted.clean)
            shelf.put(room.slot, Copy.THUMBNAIL, room.key, accepted.thumbnail)
    except NoRoom:
        shelf.drop(room.slot)
        raise


def file_of(content: bytes, accepted: Accepted) -> File:
    return File(accepted.kind, accepted.media_type, len(content), accepted.clean)


@contextmanager
def refused() -> Iterator[None]:
    """What the record has no room for, said as a refusal of the file."""
    try:
        yield
    except OverQuota as full:
        raise FileRefused(Why.TOO_MANY) from full
    except NoRoom as full:
        raise FileRefused(Why.NO_ROOM) from full
