"""Files as staff see them: the clean picture, black boxes over it, and the original only with a reason that stays on record."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from handlers.desk import door
from handlers.desk.accounts import Person
from handlers.desk.refusals import NotFound, Wrong, translated
from handlers.evidence import pages, pictures
from handlers.evidence.pictures import Box
from handlers.evidence.signatures import Kind
from storage import accesses, evidence
from storage.accesses import Action
from storage.database import Database
from storage.errors import NoSuchReport
from storage.evidence import NoSuchFile, Opened
from storage.sealing import KeyDestroyed
from storage.shelf import Copy, Shelf

# The picture is covered by whole cells of a grid, so that it can be done on a phone and by keyboard, without any script.
COLUMNS, ROWS = 12, 12
LONGEST_REASON = 500

Cell = tuple[int, int]


@dataclass(frozen=True)
class FilePage:
    """One file of a report, without its content; `pages` counts those of a document that may be looked at."""

    number: str
    id: int
    kind: str
    media_type: str
    size: int
    added_at: datetime
    has_picture: bool
    pages: int
    purpose: str
    covered: frozenset[Cell]


@dataclass(frozen=True)
class Download:
    """An original, opened with a reason."""

    media_type: str
    content: bytes = field(repr=False)


class EvidenceDesk:
    """Every look at a file goes through the one guarded door; every look at an original leaves a line in the log."""

    def __init__(self, database: Database, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._database, self._shelf, self._clock = database, shelf, clock

    async def page(self, person: Person, number: str, file_id: int) -> FilePage:
        """What is known of the file; that somebody looked is written down."""
        found = await self._find(person, number, file_id, Action.READ_FILE)
        await self._database.write(accesses.record, person.actor, Action.READ_FILE, self._clock(), allowed=True, report_id=found.report_id)
        covered = frozenset(_cells(found.boxes))
        return FilePage(
            number,
            found.id,
            found.kind,
            found.media_type,
            found.size,
            found.added_at,
            has_picture=_is_picture(found),
            pages=len(await self._pages(found)),
            purpose=found.record.purpose if found.record else "",
            covered=covered,
        )

    async def picture(self, person: Person, number: str, file_id: int, *, small: bool = False) -> bytes:
        """The copy that may be shown, boxes and all. The page around it has already been written down."""
        found = await self._find(person, number, file_id, Action.READ_FILE)
        if not found.has_clean or not (small or _is_picture(found)):
            raise NotFound
        plain, covered = (Copy.THUMBNAIL, Copy.COVERED_THUMBNAIL) if small else (Copy.CLEAN, Copy.COVERED)
        return await asyncio.to_thread(self._shelf.get, found.slot, covered if found.boxes else plain, found.key)

    async def paper(self, person: Person, number: str, file_id: int, place: int) -> bytes:
        """One page of a document, as a picture. The page around it has already been written down."""
        drawn = await self._pages(await self._find(person, number, file_id, Action.READ_FILE))
        if not 0 <= place < len(drawn):
            raise NotFound
        return drawn[place]

    async def original(self, person: Person, number: str, file_id: int, reason: str) -> Download:
        """The file as it was sent, camera's notes and all, with a reason and never without a trace (domain §11)."""
        if not reason.strip():
            raise Wrong(missing=("reason",))
        if len(reason) > LONGEST_REASON:
            raise Wrong(unreadable=("reason",))
        with translated():
            async with door.watched(self._database, number, person.actor, Action.READ_ORIGINAL, self._clock()):
                found = await self._database.write(_open_original, number, person, file_id, reason=reason.strip(), at=self._clock())
        return Download(found.media_type, await asyncio.to_thread(self._shelf.get, found.slot, Copy.ORIGINAL, found.key))

    async def cover(self, person: Person, number: str, file_id: int, cells: Iterable[Cell]) -> None:
        """Paint these cells black for everyone. Black stays black: what lies under it is seen only in the original."""
        found = await self._find(person, number, file_id, Action.MOVE)
        wanted = {cell for cell in cells if 0 <= cell[0] < COLUMNS and 0 <= cell[1] < ROWS}
        boxes = _boxes(wanted | _cells(found.boxes))
        if not _is_picture(found) or not boxes:
            raise Wrong(missing=("cells",))
        await asyncio.to_thread(self._paint, found, boxes)
        await self._database.write(evidence.cover, found.slot, boxes, person.actor, self._clock())

    async def _pages(self, found: Opened) -> tuple[bytes, ...]:
        if not found.has_clean or _is_picture(found):
            return ()
        return pages.unpacked(await asyncio.to_thread(self._shelf.get, found.slot, Copy.CLEAN, found.key))

    async def _find(self, person: Person, number: str, file_id: int, action: Action) -> Opened:
        with translated():
            async with door.watched(self._database, number, person.actor, action, self._clock()):
                return await self._database.read(_of_report, number, person, file_id)

    def _paint(self, found: Opened, boxes: list[Box]) -> None:
        covered = pictures.covered(self._shelf.get(found.slot, Copy.CLEAN, found.key), boxes)
        self._shelf.put(found.slot, Copy.COVERED_THUMBNAIL, found.key, pictures.thumbnail(covered))
        self._shelf.put(found.slot, Copy.COVERED, found.key, covered)


def _of_report(tx: Connection, number: str, person: Person, file_id: int) -> Opened:
    report_id = door.find(tx, number, person.actor)
    try:
        found = evidence.of_report(tx, report_id, file_id)
    except (NoSuchFile, KeyDestroyed) as gone:
        raise NotFound from gone
    if found.record and not door.reads_record(found.record.department, found.record.part, person.actor):
        raise NoSuchReport
    return found


def _is_picture(found: Opened) -> bool:
    return found.has_clean and found.kind == Kind.PHOTO


def _open_original(tx: Connection, number: str, person: Person, file_id: int, *, reason: str, at: datetime) -> Opened:
    found = _of_report(tx, number, person, file_id)
    accesses.record(tx, person.actor, Action.READ_ORIGINAL, at, allowed=True, report_id=found.report_id, reason=reason)
    return found


def _boxes(cells: set[Cell]) -> list[Box]:
    """Each cell in thousandths of the picture's sides."""
    wide, high = pictures.WHOLE / COLUMNS, pictures.WHOLE / ROWS
    return [(int(x * wide), int(y * high), int((x + 1) * wide), int((y + 1) * high)) for x, y in sorted(cells)]


def _cells(boxes: Iterable[Box]) -> set[Cell]:
    """The cells whose middle lies under a box."""
    wide, high = pictures.WHOLE / COLUMNS, pictures.WHOLE / ROWS
    middles = {(x, y): ((x + 0.5) * wide, (y + 0.5) * high) for x in range(COLUMNS) for y in range(ROWS)}
    return {
        cell for cell, (x, y) in middles.items() if any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in boxes)
    }
