"""Sets right in which town older reports lie: they were kept under the name somebody said, and lists and figures ask by key."""

from collections.abc import Callable, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves
from storage.database import Database
from storage.people import SYSTEM
from storage.sealing import KeyDestroyed
from storage.tables.reports import report
from storage.vocabulary import EventKind

# So many in one act, so that a start with many of them keeps nobody waiting for long.
BATCH = 200

Meant = Callable[[object], str | None]
# Why it was changed, in words: from the name that was said, and the key it means.
Because = Callable[[str, str], str]


async def set_right(database: Database, meant: Meant, because: Because, at: datetime) -> int:
    """Keep every report under the key of its town; how many were not. A name that means no town, or several, stays as it is."""
    changed = 0
    for said in await database.read(lambda tx: list(names_in_use(tx))):
        key = meant(said)
        if key is None or key == said:
            continue
        while done := await database.write(_batch, said, key, because(said, key), at):
            changed += done
    return changed


def names_in_use(tx: Connection) -> Iterator[str]:
    """Every value there is, each found by one step along the index: there are few, and millions of reports."""
    first = sa.select(sa.func.min(report.c.town))
    name = tx.execute(first).scalar_one()
    while name is not None:
        yield name
        name = tx.execute(first.where(report.c.town > name)).scalar_one()


def _batch(tx: Connection, said: str, key: str, reason: str, at: datetime) -> int:
    rows = tx.execute(sa.select(report.c.id).where(report.c.town == said).order_by(report.c.id).limit(BATCH)).scalars().all()
    return sum(_move(tx, report_id, at, said=said, key=key, reason=reason) for report_id in rows)


def _move(tx: Connection, report_id: int, at: datetime, *, said: str, key: str, reason: str) -> int:
    held = moves.hold(tx, report_id, at)
    # Another process that starts at the same moment may have been first.
    if held.report.town != said:
        return 0
    tx.execute(sa.update(report).where(report.c.id == report_id).values(town=key, version=report.c.version + 1))
    # Of an erased case only the keys can be told: words would have to be sealed under a key that is gone.
    told = {"because": "town_named_otherwise", "town_to": key}
    try:
        moves.note(tx, held, EventKind.NOTED, SYSTEM, reason=reason, details=told)
    except KeyDestroyed:
        moves.note(tx, held, EventKind.NOTED, SYSTEM, details=told)
    return 1
