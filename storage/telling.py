"""Who is told: the reporter, a department's officers, the office, and whoever is on duty. Outbox rows, in the act's own transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import outbox, pushes
from storage.moves import Held
from storage.notices import Notice, payload
from storage.rules import rules
from storage.sealing import KeyDestroyed
from storage.tables.ledgers import duty
from storage.tables.mail import addressee
from storage.tables.reports import event, report
from storage.tables.staff import officer
from storage.vocabulary import Level, Role, Status

WORKING = (Role.OFFICER, Role.HEAD)
_REACHABLE = (
    sa.select(officer.c.id, officer.c.addressee_id, officer.c.department)
    .where(officer.c.active == 1, officer.c.addressee_id.is_not(None))
    .order_by(officer.c.id)
)
# Made once: they run with nearly every move.
_THIS_ONE = _REACHABLE.where(officer.c.id == sa.bindparam("officer_id"))
_AT_WORK = _REACHABLE.where(officer.c.department == sa.bindparam("department"), officer.c.role.in_(WORKING))
_WITH_ROLE = _REACHABLE.where(officer.c.role == sa.bindparam("role"))
_HEADS = _WITH_ROLE.where(officer.c.department == sa.bindparam("department"))
_TONIGHT = _REACHABLE.where(
    officer.c.id.in_(sa.select(duty.c.officer_id).where(duty.c.department == sa.bindparam("department"), duty.c.day == sa.bindparam("day")))
)
_GONE = sa.select(addressee.c.gone_at).where(addressee.c.id == sa.bindparam("id"))
_LAST_SEQ = sa.select(sa.func.coalesce(sa.func.max(event.c.seq), 0)).where(event.c.report_id == sa.bindparam("report_id"))


def reporter(tx: Connection, held: Held, notice: Notice, **fields: Any) -> None:
    """Tell the person who filed this report; whoever filed one that was merged into it hears it too, each under the own number."""
    merged = sa.select(report.c.id, report.c.number, report.c.reporter_id).where(report.c.merged_into_id == held.id)
    after = _seq(tx, held.id)
    for row in (held.report, *tx.execute(merged).all()):
        if row.reporter_id is not None:
            in_full = not held.report.sealed and pushes.say_all(tx, row.id)
            _tell(tx, row.reporter_id, payload(notice, row.number, fields, in_full=in_full), at=held.at, after=after)


def only_reporter(tx: Connection, row: Any, at: datetime, notice: Notice, **fields: Any) -> None:
    """Tell the one person who filed this report, if they can be reached at all."""
    if row.reporter_id is not None:
        in_full = pushes.say_all(tx, row.id)
        _tell(tx, row.reporter_id, payload(notice, row.number, fields, in_full=in_full), at=at, after=_seq(tx, row.id))


def officer_of(tx: Connection, held: Held, officer_id: int | None, notice: Notice, **fields: Any) -> None:
    """Tell one officer."""
    _people(tx, held, tx.execute(_THIS_ONE, {"officer_id": officer_id}), notice, fields)


def department(tx: Connection, held: Held, key: str, notice: Notice, **fields: Any) -> None:
    """Tell everyone who works at this department; outside office hours an urgent report also wakes who is on duty there."""
    _people(tx, held, tx.execute(_AT_WORK, {"department": key}), notice, fields)
    _on_duty(tx, held, key, notice, fields)


def head(tx: Connection, held: Held, key: str, notice: Notice, **fields: Any) -> None:
    """Tell the heads of this department."""
    _people(tx, held, tx.execute(_HEADS, {"role": Role.HEAD, "department": key}), notice, fields)


def office(tx: Connection, held: Held, notice: Notice, **fields: Any) -> None:
    """Tell the office; never about a sealed report, which it may not even count."""
    _people(tx, held, tx.execute(_WITH_ROLE, {"role": Role.OFFICE}), notice, fields)
    _on_duty(tx, held, rules(tx).departments.office, notice, fields)


def discipline(tx: Connection, held: Held, notice: Notice, **fields: Any) -> None:
    """Tell the discipline inspection, the only ones who may know of a sealed report."""
    _send(tx, held, tx.execute(_WITH_ROLE, {"role": Role.DISCIPLINE}).all(), notice, fields)


def colleagues(tx: Connection, key: str, notice: Notice, *, number: str, at: datetime, once: str, **fields: Any) -> None:
    """Tell a department of something that is no report; said once for each `once`."""
    who = sa.and_(officer.c.department == key, officer.c.role.in_((*WORKING, Role.OFFICE)))
    for row in tx.execute(_REACHABLE.where(who)).all():
        outbox.tell(tx, row.addressee_id, payload(notice, number, fields), dedupe_key=f"{notice}:{once}:{row.addressee_id}", at=at)


def office_of_several(tx: Connection, notice: Notice, *, about: str, numbers: Sequence[str], at: datetime, **fields: Any) -> int:
    """Tell the office what several reports say together; how many were told. Who heard it by any of these reports has heard it."""
    what, told = payload(notice, numbers[-1], fields), 0
    for row in tx.execute(_WITH_ROLE, {"role": Role.OFFICE}).all():
        keys = [f"{notice}:{about}:{number}:{row.addressee_id}" for number in numbers]
        if not outbox.was_told(tx, keys):
            told += _write(tx, row.addressee_id, what, dedupe_key=keys[-1], at=at)
    return told


def _on_duty(tx: Connection, held: Held, key: str, notice: Notice, fields: dict[str, Any]) -> None:
    calendar = rules(tx).calendar
    if held.report.level not in (Level.P0, Level.P1) or calendar.is_working(held.at):
        return
    tonight = {"department": key, "day": calendar.local_day(held.at).isoformat()}
    _people(tx, held, tx.execute(_TONIGHT, tonight), notice, fields)


def _people(tx: Connection, held: Held, people: Iterable[Any], notice: Notice, fields: dict[str, Any]) -> None:
    if held.report.sealed or held.status is Status.SEALED:
        return
    involved: Collection[str] = held.report.about
    _send(tx, held, [row for row in people if row.department not in involved], notice, fields)


def _send(tx: Connection, held: Held, people: Sequence[Any], notice: Notice, fields: dict[str, Any]) -> None:
    what = payload(notice, held.report.number, fields)
    after = _seq(tx, held.id) if people else 0
    for row in people:
        _tell(tx, row.addressee_id, what, at=held.at, after=after)


def _tell(tx: Connection, addressee_id: int, what: Mapping[str, Any], *, at: datetime, after: int) -> None:
    # Someone told twice about one event, as owner and as head, hears it once.
    _write(tx, addressee_id, what, dedupe_key=f"{what['notice']}:{what['number']}:{after}:{addressee_id}", at=at)


def _write(tx: Connection, addressee_id: int, what: Mapping[str, Any], *, dedupe_key: str, at: datetime) -> bool:
    """False when there is nobody to tell any more, or they were told before."""
    if tx.execute(_GONE, {"id": addressee_id}).scalar_one() is not None:
        return False
    try:
        return outbox.tell(tx, addressee_id, what, dedupe_key=dedupe_key, at=at) is not None
    except KeyDestroyed:
        # They asked to be forgotten.
        return False


def _seq(tx: Connection, report_id: int) -> int:
    return int(tx.execute(_LAST_SEQ, {"report_id": report_id}).scalar_one())
