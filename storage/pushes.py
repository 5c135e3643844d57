"""How much a push may say of one report: only that there is news, unless its reporter chose more. The history remembers the choice."""

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves
from storage.errors import NoSuchReport
from storage.moves import Held
from storage.notices import IN_FULL
from storage.people import CITIZEN
from storage.tables.reports import event, report
from storage.vocabulary import EventKind

_NEWEST = (
    sa.select(event.c.details)
    .where(event.c.report_id == sa.bindparam("report_id"), event.c.kind == EventKind.PUSHES_CHOSEN)
    .order_by(event.c.seq.desc())
    .limit(1)
)
_REPORT = sa.select(report.c.reporter_id, report.c.sealed).where(report.c.id == sa.bindparam("report_id"))


def may_choose(tx: Connection, report_id: int, addressee_id: int) -> bool:
    """Only whoever is pushed to: the chat the report was filed from. A sealed report is never pushed with content (domain §11)."""
    row = tx.execute(_REPORT, {"report_id": report_id}).one()
    return row.reporter_id == addressee_id and not row.sealed


def choose(tx: Connection, held: Held, addressee_id: int, *, in_full: bool) -> None:
    """Say everything in pushes from now on, or nothing again; said twice it is written down once. NoSuchReport for anybody else."""
    if not may_choose(tx, held.id, addressee_id):
        raise NoSuchReport
    if say_all(tx, held.id) != in_full:
        moves.note(tx, held, EventKind.PUSHES_CHOSEN, CITIZEN, details={IN_FULL: in_full})


def say_all(tx: Connection, report_id: int) -> bool:
    """Whether pushes about this report say what happened."""
    row = tx.execute(_REPORT, {"report_id": report_id}).one()
    chosen = tx.execute(_NEWEST, {"report_id": report_id}).scalar_one_or_none()
    return bool(chosen and chosen[IN_FULL] and not row.sealed)
