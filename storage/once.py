"""A form that files reports files them once, however often it is sent: the query codes follow from the form's own key.

The key is in the form alone. Whoever sends it again gets the receipt again, and we still keep no code that could be read back.
"""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import dispatching, moves, receipts
from storage.filing import Filed, code_hashes
from storage.rules import rules
from storage.sealing import Secret, blind_indexes
from storage.tables.reports import report
from storage.vocabulary import Status

File = Callable[[tuple[Secret, ...]], tuple[Filed, ...]]


def once(tx: Connection, key: str, count: int, file: File) -> tuple[Filed, ...]:
    """What was filed under this key, filing `count` reports with these codes if nothing was."""
    # The form may have been sent before the index key was changed, and be sent again after it.
    places = [blind_indexes(tx, "once", f"{place}:{key}") for place in range(count)]
    lives = [tuple(Secret(receipts.code_from(secret)) for secret in those) for those in zip(*places, strict=True)]
    for codes in lives:
        before = _filed(tx, codes)
        if before:
            return before
    codes = lives[0]
    try:
        with tx.begin_nested():
            return file(codes)
    except sa.exc.IntegrityError:
        # Another worker filed the same form in the same moment; its code is unique, so ours found the place taken.
        before = _filed(tx, codes)
        if not before:
            raise
        return before


def _filed(tx: Connection, codes: tuple[Secret, ...]) -> tuple[Filed, ...]:
    return tuple(filed for code in codes if (filed := _receipt(tx, code)))


def _receipt(tx: Connection, code: Secret) -> Filed | None:
    columns = (report.c.id, report.c.number, report.c.status)
    row = tx.execute(sa.select(*columns).where(report.c.code_hash.in_(code_hashes(tx, code.reveal())))).one_or_none()
    if row is None:
        return None
    leader = moves.lead_of(tx, row.id)
    lead = rules(tx).departments.discipline if row.status == Status.SEALED else leader.department if leader else None
    return Filed(row.id, row.number, code, Status(row.status), lead, dispatching.report_due(tx, row.id))
