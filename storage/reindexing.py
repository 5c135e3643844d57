"""After a change of the index key: what can be computed anew is found under the new key, some rows at a time, and again after a stop.

Addresses and stories are kept sealed, so they are. A query code is kept nowhere: it is found under the key it was filed with, for as
long as its report stays. A file's name on the disk follows from no index and is left as it is.
"""

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import similarity
from storage.addressees import PLACE
from storage.sealing import KeyDestroyed, blind_index, open_text
from storage.tables.mail import addressee
from storage.tables.reports import report
from storage.tables.similarity import similar_mark

# What a report tells, as marks; reading a text is another room's work.
Marks = Callable[[str], Collection[int]]


def addresses(tx: Connection, after: int, limit: int) -> tuple[int, int | None]:
    """Index the next addresses anew: how many were not yet, and the id to go on from; None when there are no more."""
    query = sa.select(addressee).where(addressee.c.id > after, addressee.c.address.is_not(None)).order_by(addressee.c.id).limit(limit)
    rows = tx.execute(query).all()
    done = sum(_index_address(tx, row) for row in rows)
    return done, rows[-1].id if len(rows) == limit else None


def stories(tx: Connection, after: int, limit: int, marks: Marks) -> tuple[int, int | None]:
    """The same for what the next reports tell: their digest, and the marks by which others like them are found."""
    query = sa.select(report).where(report.c.id > after).order_by(report.c.id).limit(limit)
    rows = tx.execute(query).all()
    done = sum(_index_story(tx, row, marks) for row in rows)
    return done, rows[-1].id if len(rows) == limit else None


def _index_address(tx: Connection, row: Any) -> bool:
    index = blind_index(tx, row.channel, open_text(tx, row.data_key_id, PLACE, row.address))
    if row.address_index == index:
        return False
    taken = sa.select(addressee.c.id).where(addressee.c.channel == row.channel, addressee.c.address_index == index)
    if tx.execute(taken).one_or_none():
        # A process that had not read the new key yet took this person for a new one; the newer is found, and this one rests.
        return False
    tx.execute(sa.update(addressee).where(addressee.c.id == row.id).values(address_index=index))
    return True


def _index_story(tx: Connection, row: Any, marks: Marks) -> bool:
    digest, story = _digest(tx, row)
    if row.story_digest == digest:
        return False
    tx.execute(sa.update(report).where(report.c.id == row.id).values(story_digest=digest))
    # A sealed report has no marks, and gets none here.
    if story is not None and tx.execute(sa.select(similar_mark.c.mark).where(similar_mark.c.report_id == row.id).limit(1)).first():
        similarity.forget(tx, row.id)
        similarity.keep(tx, row.id, marks(story))
    return True


def _digest(tx: Connection, row: Any) -> tuple[bytes, str | None]:
    """Of a report whose words were erased nothing is kept that a guess could be compared with."""
    try:
        story = None if row.story is None else open_text(tx, row.data_key_id, f"report.story:{row.number}", row.story)
    except KeyDestroyed:
        story = None
    return blind_index(tx, *(("story", story) if story is not None else ("erased", str(row.id)))), story
