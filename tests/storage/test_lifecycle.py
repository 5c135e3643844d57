"""Every move of domain §9 by every role from every state, against the rule book's tables written out a second time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import events, lifecycle, moves
from storage.database import sqlite_engine
from storage.errors import IllegalMove, NoSuchReport, NotPermitted, NotTheOwner, ReasonMissing
from storage.people import Actor
from storage.rules import Rules
from storage.sealing import Keyring
from storage.tables.reports import assignment, event, report
from storage.vocabulary import AssignmentStatus as A
from storage.vocabulary import EventKind, Role, Status
from tests.clock import START
from tests.storage import cases

OFFICE, SYSTEM, CITIZEN, OFFICER, HEAD = Role.OFFICE, Role.SYSTEM, Role.CITIZEN, Role.OFFICER, Role.HEAD
BEFORE_REPLY = {Status.RECEIVED, Status.TRIAGE, Status.DISPATCHED, Status.NEED_INFO, Status.HANDLING}
OPEN = {A.PENDING_SIGN, A.CLAIMED, A.WORKING, A.SUBMITTED, A.RETURN_REVIEW}

# (move, from) -> (to, roles): the rule book's first table.
REPORTS: dict[tuple[str, Status], tuple[Status, set[Role]]] = {
    ("auto_route", Status.RECEIVED): (Status.DISPATCHED, {SYSTEM}),
    ("to_triage", Status.RECEIVED): (Status.TRIAGE, {SYSTEM}),
    ("answer", Status.RECEIVED): (Status.CLOSED, {SYSTEM}),
    ("dispatch", Status.TRIAGE): (Status.DISPATCHED, {OFFICE}),
    ("ask_info", Status.TRIAGE): (Status.NEED_INFO, {OFFICE}),
    ("ask_info", Status.HANDLING): (Status.NEED_INFO, {OFFICE, OFFICER}),
    ("back_to_triage", Status.NEED_INFO): (Status.TRIAGE, {CITIZEN, OFFICE, SYSTEM}),
    ("back_to_handling", Status.NEED_INFO): (Status.HANDLING, {CITIZEN, OFFICE, OFFICER, SYSTEM}),
    ("close_insufficient", Status.NEED_INFO): (Status.CLOSED, {SYSTEM}),
    ("reject", Status.TRIAGE): (Status.REJECTED, {OFFICE}),
    ("merge", Status.TRIAGE): (Status.MERGED, {OFFICE}),
    ("merge", Status.DISPATCHED): (Status.MERGED, {OFFICE}),
    **{("withdraw", status): (Status.WITHDRAWN, {CITIZEN}) for status in BEFORE_REPLY},
    ("lead_claimed", Status.DISPATCHED): (Status.HANDLING, {SYSTEM}),
    ("reply", Status.HANDLING): (Status.REPLIED, {OFFICE}),
    ("close", Status.REPLIED): (Status.CLOSED, {OFFICE, SYSTEM}),
    ("redo", Status.REPLIED): (Status.HANDLING, {OFFICE}),
    ("archive", Status.CLOSED): (Status.ARCHIVED, {OFFICE, SYSTEM}),
    ("reopen", Status.CLOSED): (Status.HANDLING, {OFFICE}),
    ("reopen", Status.ARCHIVED): (Status.HANDLING, {OFFICE}),
    **{("seal", status): (Status.SEALED, {OFFICE, SYSTEM}) for status in Status if status is not Status.SEALED},
}
# (move, from) -> (to, {role: whose assignment it reaches}): the second table.
ANY, OWN_DEPARTMENT, HELD = "any", "department", "held"
ASSIGNMENTS: dict[tuple[str, A], tuple[A, dict[Role, str]]] = {
    ("claim", A.PENDING_SIGN): (A.CLAIMED, {OFFICER: OWN_DEPARTMENT}),
    ("release", A.CLAIMED): (A.PENDING_SIGN, {OFFICER: HELD}),
    ("request_return", A.PENDING_SIGN): (A.RETURN_REVIEW, {OFFICER: OWN_DEPARTMENT, HEAD: OWN_DEPARTMENT}),
    ("request_return", A.CLAIMED): (A.RETURN_REVIEW, {OFFICER: OWN_DEPARTMENT, HEAD: OWN_DEPARTMENT}),
    ("approve_return", A.RETURN_REVIEW): (A.RETURNED, {OFFICE: ANY}),
    ("deny_return", A.RETURN_REVIEW): (A.CLAIMED, {OFFICE: ANY}),
    ("start", A.CLAIMED): (A.WORKING, {OFFICER: HELD}),
    ("contact", A.WORKING): (A.WORKING, {OFFICER: HELD}),
    ("request_extension", A.WORKING): (A.WORKING, {OFFICER: HELD}),
    ("approve_extension", A.WORKING): (A.WORKING, {OFFICE: ANY}),
    ("deny_extension", A.WORKING): (A.WORKING, {OFFICE: ANY}),
    ("transfer_owner", A.WORKING): (A.WORKING, {HEAD: OWN_DEPARTMENT}),
    ("submit", A.WORKING): (A.SUBMITTED, {OFFICER: HELD}),
    ("approve", A.SUBMITTED): (A.DONE, {OFFICE: ANY}),
    ("send_back", A.SUBMITTED): (A.WORKING, {OFFICE: ANY}),
    **{("reassign", status): (A.REASSIGNED, {OFFICE: ANY}) for status in OPEN},
    **{("end", status): (A.REASSIGNED, {OFFICE: ANY, CITIZEN: ANY, SYSTEM: ANY}) for status in OPEN},
    **{("waive", status): (A.DONE, {OFFICE: ANY}) for status in OPEN},
    **{("escalate", status): (status, {OFFICE: ANY}) for status in OPEN},
    ("declare_conflict", A.PENDING_SIGN): (A.PENDING_SIGN, {OFFICER: OWN_DEPARTMENT}),
    ("declare_conflict", A.CLAIMED): (A.PENDING_SIGN, {OFFICER: HELD}),
}
ENDED = {A.RETURNED, A.DONE, A.REASSIGNED}


@pytest.fixture(scope="module")
def tx(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, keyring: Keyring, rules: Rules) -> Iterator[Connection]:
    """One open transaction for the whole table; each try is undone."""
    path = tmp_path_factory.mktemp("table") / "table.db"
    path.write_bytes(migrated_file.read_bytes())
    engine = sqlite_engine(path)
    with engine.connect() as connection:
        connection.info.update({"keyring": keyring, "rules": rules})
        with connection.begin():
            yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def people(tx: Connection) -> dict[str, Actor]:
    found = {str(role): cases.an_officer(tx, "edu", role, START, name=f"edu-{role}") for role in Role}
    found["holder"] = cases.an_officer(tx, "edu", Role.OFFICER, START, name="holder")
    found["stranger"] = cases.an_officer(tx, "sci_tech", Role.OFFICER, START, name="stranger")
    found["strange_head"] = cases.an_officer(tx, "sci_tech", Role.HEAD, START, name="strange_head")
    return found


@pytest.fixture(scope="module")
def filed(tx: Connection, people: dict[str, Actor]) -> cases.Filed:
    return cases.a_report(tx, START)


@pytest.mark.parametrize("name", dict.fromkeys(move.name for move in lifecycle.REPORT_MOVES))
def test_a_report_moves_only_as_the_rule_book_says(tx: Connection, filed: cases.Filed, name: str) -> None:
    other = cases.a_report(tx, START)
    for role in Role:
        permitted = any(role in roles for (move, _), (_, roles) in REPORTS.items() if move == name)
        # Who may never make this move is refused before its state is looked at: one state stands for all.
        for status in Status if permitted else [Status.TRIAGE]:
            expected = REPORTS.get((name, status))
            with tx.begin_nested() as undo:
                _place_report(tx, filed.report_id, status, other.report_id)
                held = moves.hold(tx, filed.report_id, START)
                outcome = _turn(tx, held, name, role, other.report_id)
                undo.rollback()
            if not permitted:
                assert outcome is NotPermitted, (name, role, status)
            elif expected and role in expected[1]:
                assert outcome is expected[0], (name, role, status)
            else:
                assert outcome is IllegalMove, (name, role, status)


@pytest.mark.parametrize("name", dict.fromkeys(move.name for move in lifecycle.ASSIGNMENT_MOVES))
def test_an_assignment_moves_only_as_the_rule_book_says(tx: Connection, filed: cases.Filed, people: dict[str, Actor], name: str) -> None:
    lead = cases.assignment_of(tx, filed.report_id, "edu")
    for person, by in people.items():
        reaches = {reach.get(by.role) for (move, _), (_, reach) in ASSIGNMENTS.items() if move == name} - {None}
        for status in A if reaches else [A.WORKING]:
            with tx.begin_nested() as undo:
                _place_assignment(tx, lead, status, people["holder"])
                outcome = _step(tx, lead, name, by, people["holder"])
                undo.rollback()
            assert outcome is _expected(name, status, by, person, reaches), (name, person, status)


def test_the_moves_offered_are_exactly_the_moves_allowed(people: dict[str, Actor]) -> None:
    for person, by in people.items():
        for status in A:
            owner = people["holder"].officer_id
            offered = lifecycle.legal_assignment_moves(status, by, department="edu", owner_id=owner)
            allowed = {
                move for (move, source), (_, reach) in ASSIGNMENTS.items() if source is status and _reached(reach.get(by.role), by, person)
            }
            assert set(offered) == allowed, (person, status)
        for standing in Status:
            may = {move for (move, source), (_, roles) in REPORTS.items() if source is standing and by.role in roles}
            assert set(lifecycle.legal_report_moves(standing, by)) == may


def test_moves_that_need_a_reason_do_not_go_without_one(tx: Connection, filed: cases.Filed, people: dict[str, Actor]) -> None:
    lead = cases.assignment_of(tx, filed.report_id, "edu")
    for move in lifecycle.ASSIGNMENT_MOVES:
        if not move.needs_reason:
            continue
        by = people["office"] if OFFICE in move.roles else people["holder"]
        with tx.begin_nested() as undo:
            _place_assignment(tx, lead, move.source, people["holder"])
            with pytest.raises(ReasonMissing):
                moves.step(tx, moves.hold_assignment(tx, lead, START), move.name, by, EventKind.NOTED, reason="  ")
            undo.rollback()


def test_every_move_leaves_one_event_and_a_refused_one_leaves_none(tx: Connection, filed: cases.Filed, people: dict[str, Actor]) -> None:
    lead = cases.assignment_of(tx, filed.report_id, "edu")
    count = sa.select(sa.func.count()).select_from(event)
    with tx.begin_nested() as undo:
        before = tx.execute(count).scalar_one()
        task = moves.hold_assignment(tx, lead, START)
        values = {"officer_id": people["officer"].officer_id, "claimed_at": START}
        moves.step(tx, task, "claim", people["officer"], EventKind.CLAIMED, values=values)
        assert tx.execute(count).scalar_one() == before + 1
        with pytest.raises(IllegalMove):
            moves.step(tx, task, "claim", people["officer"], EventKind.CLAIMED, values=values)
        assert tx.execute(count).scalar_one() == before + 1
        assert events.history(tx, filed.report_id)[-1].details["to"] == "claimed"
        undo.rollback()


def test_nobody_outside_the_seal_learns_that_a_move_was_illegal(tx: Connection, filed: cases.Filed, people: dict[str, Actor]) -> None:
    lead = cases.assignment_of(tx, filed.report_id, "edu")
    with tx.begin_nested() as undo:
        tx.execute(sa.update(report).where(report.c.id == filed.report_id).values(sealed=True, status="sealed"))
        for by in (people["officer"], people["head"], people["office"]):
            with pytest.raises(NoSuchReport):
                moves.step(tx, moves.hold_assignment(tx, lead, START), "reassign", by, EventKind.REASSIGNED, reason="x")
            with pytest.raises(NoSuchReport):
                moves.turn(tx, moves.hold(tx, filed.report_id, START), "reopen", by, EventKind.REOPENED, reason="x")
        undo.rollback()


def _place_report(tx: Connection, report_id: int, status: Status, other: int) -> None:
    values: dict[str, Any] = {"status": str(status), "closed_at": START, "merged_into_id": other if status is Status.MERGED else None}
    tx.execute(sa.update(report).where(report.c.id == report_id).values(**values))


def _turn(tx: Connection, held: moves.Held, name: str, role: Role, other: int) -> object:
    values = {"merged_into_id": other if name == "merge" else None, "closed_at": START}
    try:
        return moves.turn(tx, held, name, Actor(role), EventKind.NOTED, values=values, reason="理由").status
    except (IllegalMove, NotPermitted) as refused:
        return type(refused)


def _place_assignment(tx: Connection, assignment_id: int, status: A, holder: Actor) -> None:
    free = status is A.PENDING_SIGN
    values: dict[str, Any] = {
        "status": str(status),
        "officer_id": None if free else holder.officer_id,
        "claimed_at": None if free else START,
        "ended_at": START if status in ENDED else None,
        "status_before_return": "claimed",
    }
    tx.execute(sa.update(assignment).where(assignment.c.id == assignment_id).values(**values))


def _step(tx: Connection, assignment_id: int, name: str, by: Actor, holder: Actor) -> object:
    task = moves.hold_assignment(tx, assignment_id, START)
    values: dict[str, Any] = {}
    if name == "claim":
        values = {"officer_id": by.officer_id, "claimed_at": START}
    if name in ("release", "declare_conflict"):
        values = {"officer_id": None, "claimed_at": None}
    if name in ("approve_return", "approve", "reassign", "end", "waive"):
        values = {"ended_at": START}
    if name == "deny_return":
        values = {"status": assignment.c.status_before_return}
    try:
        return A(moves.step(tx, task, name, by, EventKind.NOTED, values=values, reason="理由").assignment.status)
    except (IllegalMove, NotPermitted, NoSuchReport, NotTheOwner) as refused:
        return type(refused)


def _expected(name: str, status: A, by: Actor, person: str, reaches: set[Any]) -> object:
    if not reaches:
        return NotPermitted
    if reaches != {ANY} and by.department != "edu":
        return NoSuchReport
    known = ASSIGNMENTS.get((name, status))
    if known is None or by.role not in known[1]:
        return IllegalMove
    if not _reached(known[1][by.role], by, person):
        return NotTheOwner
    return known[0]


def _reached(reach: str | None, by: Actor, person: str) -> bool:
    return reach == ANY or (reach == OWN_DEPARTMENT and by.department == "edu") or (reach == HELD and person == "holder")
