"""A report in every state it can stand in, brought there by the acts themselves, and people of every role."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from handlers.desk.accounts import Person
from storage import assignments, followup, merging, moves, officers, outcomes, reports, triage
from storage.handling import Handling
from storage.officers import Officer
from storage.people import Actor
from storage.reports import Contact, Route, Submission
from storage.tables.reports import event
from storage.vocabulary import Disposition, Level, Measure, Nature, RejectionGround, Resolved, Role, Source, Status

ROLES: Mapping[str, tuple[Role, str]] = {
    "owner": (Role.OFFICER, "edu"),
    "colleague": (Role.OFFICER, "edu"),
    "head": (Role.HEAD, "edu"),
    "elsewhere": (Role.OFFICER, "civil_affairs"),
    "office": (Role.OFFICE, "shuangjian_office"),
    "discipline": (Role.DISCIPLINE, "discipline"),
    "clerk": (Role.CLERK, "edu"),
    "reader": (Role.READER, "edu"),
}
STATES = tuple(status for status in Status if status is not Status.RECEIVED)


def hire(tx: Connection, at: datetime) -> dict[str, Person]:
    """One person of each kind."""
    return {name: Person(_officer(tx, name, role, place, at), 0) for name, (role, place) in ROLES.items()}


def _officer(tx: Connection, name: str, role: Role, place: str, at: datetime) -> Officer:
    return officers.create(tx, at, login=name, name=name, department=place, role=role, password_hash="-")


def submission(**changes: object) -> Submission:
    given = {
        "source": Source.CHAT,
        "channel": "web",
        "reporter": None,
        "story": "小区里有人补数学",
        "facts": {},
        "reading": {},
        "category": "hidden_venue",
        "secondary": (),
        "nature": Nature.COMPLAINT,
        "level": Level.P2,
        "regulator": "subject",
        "route": Route("auto", "edu", ()),
        "contact": Contact("刘", "13912345678"),
        **changes,
    }
    return Submission(**given)  # type: ignore[arg-type]


DONE = Handling(
    Disposition.SUBSTANTIATED_RECTIFIED,
    findings="属实",
    answer="已整改",
    opinion="重点巡查",
    inspected_at=datetime.fromisoformat("2026-11-25T10:00+08:00"),
    place="小区",
    people=("张三", "李四"),
    measures=(Measure.ORDERED_TO_STOP,),
)


def bring(tx: Connection, state: Status, people: Mapping[str, Person], at: datetime) -> str:
    """File a report and bring it to this state; its number."""
    owner, office = people["owner"].actor, people["office"].actor
    if state in (Status.TRIAGE, Status.REJECTED):
        filed = reports.file(tx, submission(route=Route("triage")), at)
        if state is Status.REJECTED:
            triage.reject(tx, filed.report_id, office, at, ground=RejectionGround.IN_COURT, reason="已起诉", way="找法院")
        return filed.number
    if state is Status.SEALED:
        return reports.file(tx, submission(route=Route("sealed")), at).number
    filed = reports.file(tx, submission(), at)
    if state is Status.WITHDRAWN:
        followup.withdraw(tx, filed.report_id, at)
    elif state is Status.MERGED:
        main = reports.file(tx, submission(), at)
        merging.merge(tx, filed.report_id, main.report_id, office, at)
    elif state is not Status.DISPATCHED:
        _work(tx, filed.report_id, state, owner, office, at=at)
    return filed.number


def _work(tx: Connection, report_id: int, state: Status, owner: Actor, office: Actor, *, at: datetime) -> None:
    lead = moves.lead_of(tx, report_id)
    assert lead
    assignments.claim(tx, lead.id, owner, at)
    assignments.start(tx, lead.id, owner, at)
    if state is Status.NEED_INFO:
        triage.ask_info(tx, report_id, owner, at, question="几号楼？")
    if state in (Status.REPLIED, Status.CLOSED, Status.ARCHIVED):
        assignments.submit(tx, lead.id, owner, DONE, at)
        assignments.approve(tx, lead.id, office, at)
    if state in (Status.CLOSED, Status.ARCHIVED):
        outcomes.rate_for(tx, report_id, office, at, resolved=Resolved.YES, satisfaction=5)
    if state is Status.ARCHIVED:
        outcomes.archive(tx, report_id, office, at)


def events_of(tx: Connection, number: str) -> int:
    """How much has happened to this report."""
    report_id = reports.by_number(tx, number)
    return int(tx.execute(sa.select(sa.func.count()).select_from(event).where(event.c.report_id == report_id)).scalar_one())


def assignment_of(tx: Connection, number: str) -> int | None:
    """The newest assignment of this report, open or ended."""
    from storage import dossiers

    found = dossiers.assignments(tx, reports.by_number(tx, number) or 0)
    return found[-1].id if found else None
