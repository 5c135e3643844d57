"""Ledgers in the background: begun by one request, watched by others, fetched when ready, and gone after a day."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from handlers.desk.accounts import Clock, Person
from handlers.desk.refusals import Forbidden, NotFound
from handlers.papers import ledgers
from handlers.papers.book import PaperBook, Period
from handlers.papers.ledgers import Order
from storage import accesses, exports
from storage.accesses import Action
from storage.database import Database
from storage.exports import Export
from storage.vocabulary import Role

log = logging.getLogger(__name__)

FORMATS = ("xlsx", "csv")
# 风险台账 speaks of all institutions: it is the office's.
OF_DEPARTMENTS = frozenset({"tips", "problems"})
KEPT = timedelta(days=1)
# How many lines pass before the count is written down again.
STEP = 2_000


class Exports:
    """For the office, every ledger of everybody; for a department, those of its own. `folder` belongs to this service alone."""

    def __init__(self, database: Database, book: PaperBook, clock: Clock, folder: Path) -> None:
        self._database, self._book, self._clock, self._folder = database, book, clock, folder
        self._running: set[asyncio.Task[None]] = set()

    async def begin(self, person: Person, ledger: str, period: Period, form: str) -> Export:
        """Start writing; Forbidden when this ledger is not theirs."""
        if ledger not in self._book.ledgers or form not in FORMATS:
            raise NotFound
        if person.role is not Role.OFFICE and ledger not in OF_DEPARTMENTS:
            raise Forbidden
        order = Order(ledger, period, person.officer.department, self._own(person))
        total = await ledgers.count(self._database, self._book, order)
        title = f"{self._book.ledgers[ledger].file} {period.start:%Y-%m-%d} {period.end:%Y-%m-%d}.{form}"
        at = self._clock()
        await self._database.write(accesses.record, person.actor, Action.EXPORT, at, allowed=True, reason=title)
        made = await self._database.write(exports.begin, person.actor, at, paper=ledger, title=title, total=total)
        task = asyncio.create_task(self._write(made, order))
        # The loop holds tasks weakly: without this one it might be collected half done.
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return made

    async def latest(self, person: Person) -> Sequence[Export]:
        return await self._database.read(exports.of, person.actor, self._clock())

    async def file(self, person: Person, export_id: int) -> tuple[Export, Path]:
        """A ready file of this person's own; NotFound for anything else."""
        found = await self._database.read(exports.find, export_id, person.actor, self._clock())
        if found is None or not found.is_ready or not self._path(found).is_file():
            raise NotFound
        return found, self._path(found)

    async def settle(self) -> None:
        """Wait for what is being written, as a stop or a test does."""
        await asyncio.gather(*self._running)

    def _own(self, person: Person) -> str | None:
        return None if person.role is Role.OFFICE else person.officer.department

    def _path(self, export: Export) -> Path:
        return self._folder / f"{export.token}{Path(export.title).suffix}"

    async def _write(self, export: Export, order: Order) -> None:
        told = 0

        async def progress(done: int) -> None:
            nonlocal told
            if done - told >= STEP:
                told = done
                await self._database.write(exports.advance, export.id, self._clock(), done=done)

        try:
            await self._tidy()
            path = self._path(export)
            path.touch(mode=0o600)
            done = await ledgers.write(self._database, self._book, order, path, at=export.started_at, progress=progress)
            await self._database.write(exports.finish, export.id, self._clock(), done=done)
        except Exception as failure:  # noqa: BLE001 - the page must say that it failed, whatever it was
            # Only the kind: an error's text may quote a row.
            log.error("export %s failed: %s", export.id, type(failure).__name__)  # noqa: TRY400
            await self._database.write(exports.fail, export.id, self._clock())

    async def _tidy(self) -> None:
        """Files nobody needs any more go before new ones come."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for token in await self._database.write(exports.drop_older, self._clock() - KEPT):
            for form in FORMATS:
                (self._folder / f"{token}.{form}").unlink(missing_ok=True)
