"""问题台账: from finding to rectification plan, due date, evidence, acceptance and 销号, which needs the acceptance (domain §7)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import moves, receipts, telling
from storage.errors import AlreadyStruckOff, NoSuchReport, NotAccepted, NotPermitted, NotPutRight, ReasonMissing, SameOfficer
from storage.notices import Notice
from storage.people import Actor
from storage.rules import rules
from storage.tables.ledgers import problem, problem_step
from storage.vocabulary import ProblemSource, Role


@dataclass(frozen=True)
class Problem:
    """One line of the ledger. Overdue is a flag: past its date and not put right."""

    id: int
    number: str
    source: ProblemSource
    report_id: int | None
    institution_id: int | None
    task: int
    department: str
    responsible: str
    description: str
    found_at: datetime
    plan: str | None
    due_on: date | None
    evidence: str | None
    put_right_at: datetime | None
    accepted_at: datetime | None
    struck_off_at: datetime | None

    def is_overdue(self, today: date) -> bool:
        return self.put_right_at is None and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class Step:
    """One thing that was done about a problem."""

    at: datetime
    officer_id: int | None
    step: str
    note: str | None


def find_problem(
    tx: Connection,
    by: Actor,
    at: datetime,
    *,
    source: ProblemSource,
    department: str,
    responsible: str,
    description: str,
    task: int = 0,
    report_id: int | None = None,
    institution_id: int | None = None,
) -> int:
    """Enter a problem: from a report, or from the office's own rounds and inspections. `task`: which of the five tasks, 0 for none."""
    moves.office_only("find_problem", by)
    year = rules(tx).calendar.local_day(at).year
    row = {
        "number": f"{year}-{receipts.next_of_series(tx, f'problem-{year}'):04d}",
        "source": str(source),
        "report_id": report_id,
        "institution_id": institution_id,
        "task": task,
        "department": department,
        "responsible": responsible,
        "description": description,
        "found_at": at,
    }
    made = int(tx.execute(sa.insert(problem).values(row).returning(problem.c.id)).scalar_one())
    _step(tx, made, by, at, step="found")
    return made


def plan(tx: Connection, problem_id: int, by: Actor, at: datetime, *, text: str, due_on: date | None = None) -> date:
    """整改方案: what will be done, and by when; without a date the city's span of natural days counts from now. The date."""
    _open(tx, problem_id, by)
    if not text.strip():
        raise ReasonMissing
    day = due_on or rules(tx).calendar.local_day(at) + timedelta(days=rules(tx).limits["rectify_days"])
    _change(tx, problem_id, plan=text, due_on=day.isoformat())
    _step(tx, problem_id, by, at, step="planned", note=day.isoformat())
    return day


def put_right(tx: Connection, problem_id: int, by: Actor, at: datetime, *, evidence: str) -> None:
    """The department reports it put right, with what proves it."""
    row = _open(tx, problem_id, by)
    if row.plan is None or not evidence.strip():
        raise NotPutRight
    _change(tx, problem_id, evidence=evidence, put_right_by=by.officer_id, put_right_at=at)
    _step(tx, problem_id, by, at, step="put_right")


def accept(tx: Connection, problem_id: int, by: Actor, at: datetime) -> None:
    """验收: the office accepts; never the one who reported it put right."""
    moves.office_only("accept", by)
    row = _open(tx, problem_id, by)
    if row.put_right_at is None:
        raise NotPutRight
    if row.put_right_by == by.officer_id:
        raise SameOfficer
    _change(tx, problem_id, accepted_by=by.officer_id, accepted_at=at)
    _step(tx, problem_id, by, at, step="accepted")


def refuse(tx: Connection, problem_id: int, by: Actor, at: datetime, *, reason: str, due_on: date | None = None) -> None:
    """验收不合格: back to being put right; a new date may be set."""
    moves.office_only("refuse", by)
    row = _open(tx, problem_id, by)
    if row.put_right_at is None:
        raise NotPutRight
    if not reason.strip():
        raise ReasonMissing
    again = {"due_on": due_on.isoformat()} if due_on else {}
    _change(tx, problem_id, put_right_by=None, put_right_at=None, accepted_by=None, accepted_at=None, **again)
    _step(tx, problem_id, by, at, step="refused", note=reason)


def strike_off(tx: Connection, problem_id: int, by: Actor, at: datetime) -> None:
    """销号: only what was accepted leaves the ledger."""
    moves.office_only("strike_off", by)
    if _open(tx, problem_id, by).accepted_at is None:
        raise NotAccepted
    _change(tx, problem_id, struck_off_at=at)
    _step(tx, problem_id, by, at, step="struck_off")


def ledger(tx: Connection, *, department: str | None = None, only_open: bool = False) -> list[Problem]:
    """The ledger, oldest first; of one department, or without what was struck off."""
    query = sa.select(problem).order_by(problem.c.id)
    if department:
        query = query.where(problem.c.department == department)
    if only_open:
        query = query.where(problem.c.struck_off_at.is_(None))
    return [_read(row) for row in tx.execute(query)]


def steps(tx: Connection, problem_id: int) -> list[Step]:
    """What was done about it, oldest first."""
    rows = tx.execute(sa.select(problem_step).where(problem_step.c.problem_id == problem_id).order_by(problem_step.c.id))
    return [Step(row.at, row.officer_id, row.step, row.note) for row in rows]


def late(tx: Connection, at: datetime) -> list[int]:
    """Problems past their date that nobody was told of yet."""
    told = sa.select(problem_step.c.problem_id).where(problem_step.c.step == "overdue", problem_step.c.note == problem.c.due_on)
    today = rules(tx).calendar.local_day(at).isoformat()
    query = sa.select(problem.c.id).where(problem.c.put_right_at.is_(None), problem.c.due_on < today, ~told.exists())
    return list(tx.execute(query.order_by(problem.c.id)).scalars())


def remind(tx: Connection, problem_id: int, at: datetime) -> bool:
    """Tell the department and the office, once for each date; False when it was told or put right meanwhile."""
    row = tx.execute(sa.select(problem).where(problem.c.id == problem_id).with_for_update()).one()
    if problem_id not in late(tx, at):
        return False
    _step(tx, problem_id, None, at, step="overdue", note=row.due_on)
    for key in (row.department, rules(tx).departments.office):
        once = f"{row.number}:{row.due_on}:{key}"
        fields = {"problem": row.number, "due_on": row.due_on}
        telling.colleagues(tx, key, Notice.RECTIFICATION_DUE, number=row.number, at=at, once=once, **fields)
    return True


def _open(tx: Connection, problem_id: int, by: Actor) -> Any:
    if by.role not in (Role.OFFICE, Role.OFFICER, Role.HEAD):
        raise NotPermitted("problem", by.role)
    row = tx.execute(sa.select(problem).where(problem.c.id == problem_id).with_for_update()).one_or_none()
    if row is None or (by.role is not Role.OFFICE and row.department != by.department):
        raise NoSuchReport
    if row.struck_off_at is not None:
        raise AlreadyStruckOff
    return row


def _change(tx: Connection, problem_id: int, **values: Any) -> None:
    tx.execute(sa.update(problem).where(problem.c.id == problem_id).values(**values))


def _step(tx: Connection, problem_id: int, by: Actor | None, at: datetime, *, step: str, note: str | None = None) -> None:
    row = {"problem_id": problem_id, "at": at, "officer_id": by.officer_id if by else None, "step": step, "note": note}
    tx.execute(sa.insert(problem_step).values(row))


def _read(row: Any) -> Problem:
    return Problem(
        row.id,
        row.number,
        ProblemSource(row.source),
        row.report_id,
        row.institution_id,
        row.task,
        row.department,
        row.responsible,
        row.description,
        row.found_at,
        row.plan,
        date.fromisoformat(row.due_on) if row.due_on else None,
        row.evidence,
        row.put_right_at,
        row.accepted_at,
        row.struck_off_at,
    )
