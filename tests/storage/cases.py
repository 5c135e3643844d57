"""Reports and officers for tests: says only what the story does not mention."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import addressees, assignments, outbox, reports
from storage.addressees import Address
from storage.handling import Handling
from storage.people import Actor
from storage.reports import Filed, Route, Submission
from storage.tables.reports import assignment
from storage.tables.staff import officer
from storage.vocabulary import Disposition, Level, Nature, Role, Source

SUBMISSION = Submission(
    source=Source.CHAT,
    channel="web",
    reporter=None,
    story="朱兰那个学校说关了，老师还在原来楼上教数学",
    facts={"address": "朱兰街道"},
    reading={"margin": 3.0, "evidence": []},
    category="sham_closure",
    secondary=(),
    nature=Nature.TIPOFF,
    level=Level.P2,
    regulator="edu",
    route=Route("auto", "edu", ("market_reg",)),
)
ANSWER = Handling(Disposition.ANSWERED, findings="查过了", answer="您好，已核实处理。", opinion="同意")


def an_officer(tx: Connection, department: str, role: Role, at: datetime, *, name: str = "", reachable: bool = True) -> Actor:
    """Someone who works there, signed in; with an address of their own unless told otherwise."""
    count = tx.execute(sa.select(sa.func.count()).select_from(officer)).scalar_one()
    login = name or f"{department}-{role}-{count}"
    person = addressees.remember(tx, Address.of("test", f"officer-{login}"), at).id if reachable else None
    row = {
        "login": login,
        "name": name or f"经办人{count}",
        "department": department,
        "role": str(role),
        "password_hash": "-",
        "must_change_password": False,
        "recovery_hashes": [],
        "active": True,
        "created_at": at,
        "addressee_id": person,
    }
    made = tx.execute(sa.insert(officer).values(row).returning(officer.c.id)).scalar_one()
    return Actor(role, made, department)


def a_parent(tx: Connection, at: datetime, name: str = "parent") -> int:
    return addressees.remember(tx, Address.of("web", name), at).id


def a_report(tx: Connection, at: datetime, **changes: object) -> Filed:
    return reports.file(tx, replace(SUBMISSION, **changes), at)  # type: ignore[arg-type]


def assignment_of(tx: Connection, report_id: int, department: str) -> int:
    """The department's newest assignment of this report."""
    own = sa.select(assignment.c.id).where(assignment.c.report_id == report_id, assignment.c.department == department)
    return int(tx.execute(own.order_by(assignment.c.id.desc()).limit(1)).scalar_one())


def worked(tx: Connection, assignment_id: int, by: Actor, at: datetime) -> None:
    """Claimed and started."""
    assignments.claim(tx, assignment_id, by, at)
    assignments.start(tx, assignment_id, by, at)


def answered(tx: Connection, assignment_id: int, by: Actor, at: datetime, record: Handling = ANSWER) -> None:
    """Claimed, started and handed in."""
    worked(tx, assignment_id, by, at)
    assignments.submit(tx, assignment_id, by, record, at)


def told(tx: Connection, by: Actor) -> list[str]:
    """The notices this officer got, oldest first."""
    person = tx.execute(sa.select(officer.c.addressee_id).where(officer.c.id == by.officer_id)).scalar_one()
    return notices(tx, person)


def notices(tx: Connection, addressee_id: int) -> list[str]:
    return [str(message.payload["notice"]) for message in outbox.after(tx, addressee_id, 0)]
