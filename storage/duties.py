"""值班表: who answers for urgent reports at night and on holidays, day by day and department by department (domain §6)."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves
from storage.people import Actor
from storage.tables.ledgers import duty


def put(tx: Connection, day: date, department: str, officers: Iterable[int], by: Actor) -> None:
    """These officers are on duty that day; whoever was before is not. The office keeps the roster."""
    moves.office_only("put_on_duty", by)
    tx.execute(sa.delete(duty).where(duty.c.day == day.isoformat(), duty.c.department == department))
    rows = [{"day": day.isoformat(), "department": department, "officer_id": one} for one in dict.fromkeys(officers)]
    if rows:
        tx.execute(sa.insert(duty), rows)


def on_duty(tx: Connection, day: date, department: str) -> tuple[int, ...]:
    """Who is on duty there that day."""
    query = sa.select(duty.c.officer_id).where(duty.c.day == day.isoformat(), duty.c.department == department)
    return tuple(tx.execute(query.order_by(duty.c.officer_id)).scalars())


def roster(tx: Connection, first: date, last: date) -> dict[tuple[date, str], tuple[int, ...]]:
    """The whole roster of these days."""
    rows = tx.execute(sa.select(duty).where(duty.c.day.between(first.isoformat(), last.isoformat())).order_by(duty.c.officer_id)).all()
    keys = dict.fromkeys((date.fromisoformat(row.day), row.department) for row in rows)
    return {key: tuple(row.officer_id for row in rows if (date.fromisoformat(row.day), row.department) == key) for key in sorted(keys)}
