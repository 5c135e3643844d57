"""Filing: number, code, sealed words and the way the report goes, in one act."""

import asyncio
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, clocks, events, reports
from storage.database import Database
from storage.receipts import new_code
from storage.reports import Contact, Filed, Route
from storage.sealing import new_key
from storage.tables.reports import attachment
from storage.vocabulary import ClockKind, EventKind, Level, Nature, Role, Status
from tests.clock import Now
from tests.storage import cases
from tests.storage.oracle import CHINA


async def test_a_clear_report_goes_straight_to_its_departments(database: Database, now: Now) -> None:
    filed = await database.write(cases.a_report, now())
    assert filed.number == "WG-SJ-20261125-0001"
    assert (filed.status, filed.lead) == (Status.DISPATCHED, "edu")
    assert filed.due_at == datetime(2026, 12, 9, 17, 30, tzinfo=CHINA)
    assert await database.read(reports.departments, filed.report_id) == ("edu", ("market_reg",))
    kinds = [event.kind for event in await database.read(events.history, filed.report_id)]
    assert kinds == [EventKind.FILED, EventKind.ROUTED, EventKind.DISPATCHED, EventKind.DISPATCHED]


async def test_an_unclear_one_waits_on_the_offices_pile_with_a_clock(embedded: Database, now: Now) -> None:
    filed = await embedded.write(cases.a_report, now(), route=Route("triage"))
    assert (filed.status, filed.lead, filed.due_at) == (Status.TRIAGE, None, None)
    (clock,) = await embedded.read(clocks.of_report, filed.report_id)
    assert clock.kind is ClockKind.TRIAGE


async def test_a_question_the_bot_answered_is_closed_with_a_number(embedded: Database, now: Now) -> None:
    filed = await embedded.write(cases.a_report, now(), route=Route("answered"), nature=Nature.QUESTION)
    assert filed.status is Status.CLOSED


async def test_the_assists_opinion_is_due_two_working_days_before_the_leads_answer(embedded: Database, now: Now) -> None:
    filed = await embedded.write(cases.a_report, now())
    due = {clock.kind: clock.due_at for clock in await embedded.read(clocks.of_report, filed.report_id)}
    assert due[ClockKind.ASSIST] == datetime(2026, 12, 7, 17, 30, tzinfo=CHINA)


async def test_an_urgent_report_runs_through_the_night(embedded: Database, now: Now) -> None:
    now.at = datetime(2026, 10, 3, 23, 0, tzinfo=CHINA)
    filed = await embedded.write(cases.a_report, now(), level=Level.P0)
    due = {clock.kind: clock.due_at for clock in await embedded.read(clocks.of_report, filed.report_id)}
    assert due[ClockKind.SIGN] == datetime(2026, 10, 3, 23, 30, tzinfo=CHINA)


async def test_the_code_opens_the_report_and_nothing_else_does(database: Database, now: Now) -> None:
    filed = await database.write(cases.a_report, now())
    other = await database.write(cases.a_report, now())
    code = filed.code.reveal()
    assert await database.read(reports.find, filed.number, code.lower().replace("-", " ")) == filed.report_id
    for number, wrong in ((filed.number, other.code.reveal()), ("WG-SJ-20261125-9999", code), (filed.number, ""), ("你好", "你好")):
        assert await database.read(reports.find, number, wrong) is None


async def test_the_file_holds_no_word_of_the_reporter(embedded: Database, now: Now, tmp_path: Path) -> None:
    contact = Contact("王小明的妈妈", "13800001111")
    filed = await embedded.write(cases.a_report, now(), contact=contact, facts={"org_name": "某某培优"})
    assert await embedded.read(reports.contact_of, filed.report_id) == contact
    assert (await embedded.read(reports.contents, filed.report_id)).facts == {"org_name": "某某培优"}
    kept = _everything_on_disk(tmp_path)
    for word in (contact.name, contact.phone, "某某培优", "朱兰那个学校", filed.code.reveal(), filed.code.reveal().replace("-", "")):
        assert word.encode() not in kept


async def test_many_who_file_at_once_never_share_a_number(database: Database, now: Now) -> None:
    filed = await asyncio.gather(*(database.write(cases.a_report, now()) for _ in range(20)))
    assert {one.number for one in filed} == {f"WG-SJ-20261125-{place:04d}" for place in range(1, 21)}


async def test_twins_know_each_other_but_nothing_ordinary_points_to_a_sealed_one(embedded: Database, now: Now) -> None:
    complaint = replace(cases.SUBMISSION, nature=Nature.COMPLAINT, category="refund_dispute")
    money, tip = await embedded.write(reports.file_twins, complaint, cases.SUBMISSION, now())
    assert (await embedded.read(reports.get, money.report_id)).twin_id == tip.report_id
    assert (await embedded.read(reports.get, tip.report_id)).twin_id == money.report_id
    secret = replace(cases.SUBMISSION, category="official_misconduct", route=Route("sealed"))
    plain, sealed = await embedded.write(reports.file_twins, cases.SUBMISSION, secret, now())
    assert (await embedded.read(reports.get, plain.report_id)).twin_id is None
    assert sealed.status is Status.SEALED


async def test_a_file_sent_twice_is_kept_once_and_a_twin_has_it_too(embedded: Database, now: Now) -> None:
    def story(tx: Connection) -> tuple[list[bytes], list[bytes]]:
        parent, stranger = cases.a_parent(tx, now()), cases.a_parent(tx, now(), "stranger")
        files = tuple(
            _a_file(tx, owner, digest, now()) for owner, digest in ((parent, b"a"), (parent, b"a"), (parent, b"b"), (stranger, b"c"))
        )
        mine = replace(cases.SUBMISSION, reporter=parent, attachments=files)
        one, two = reports.file_twins(tx, mine, mine, now())
        return _files(tx, one), _files(tx, two)

    first, second = await embedded.write(story)
    assert first == [b"a", b"b"] == second


async def test_a_clock_that_stepped_back_does_not_turn_the_history_round(embedded: Database, now: Now) -> None:
    li = await embedded.write(cases.an_officer, "edu", Role.OFFICER, now())
    filed = await embedded.write(cases.a_report, now())
    lead = await embedded.read(cases.assignment_of, filed.report_id, "edu")
    await embedded.write(assignments.claim, lead, li, now.move(hours=-3))
    times = [event.at for event in await embedded.read(events.history, filed.report_id)]
    assert times == sorted(times)


async def test_departments_hear_of_it_and_the_office_of_what_is_urgent(embedded: Database, now: Now) -> None:
    def story(tx: Connection) -> dict[str, list[str]]:
        people = {
            key: cases.an_officer(tx, key, Role.OFFICER, now(), name=key) for key in ("edu", "market_reg", "public_security", "sci_tech")
        }
        people["office"] = cases.an_officer(tx, "shuangjian_office", Role.OFFICE, now(), name="office")
        cases.a_report(tx, now(), level=Level.P0)
        return {name: cases.told(tx, by) for name, by in people.items()}

    told = await embedded.write(story)
    assert told == {
        "edu": ["dispatched", "informed"],
        "market_reg": ["dispatched"],
        "public_security": ["informed"],
        "sci_tech": [],
        "office": ["informed"],
    }


async def test_a_lead_that_cannot_work_on_it_is_not_given_it(embedded: Database, now: Now) -> None:
    route = Route("auto", "pboc", ("nobody", "edu", "edu"))
    filed = await embedded.write(cases.a_report, now(), route=route)
    assert filed.status is Status.TRIAGE


def _a_file(tx: Connection, owner: int, digest: bytes, at: datetime) -> int:
    row = {
        "addressee_id": owner,
        "kind": "photo",
        "media_type": "image/jpeg",
        "size": 1,
        "digest": digest,
        "data_key_id": new_key(tx, at),
        "added_at": at,
    }
    return int(tx.execute(sa.insert(attachment).values(row).returning(attachment.c.id)).scalar_one())


def _everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("tipline.db*"))


def _files(tx: Connection, filed: Filed) -> list[bytes]:
    query = sa.select(attachment.c.digest).where(attachment.c.report_id == filed.report_id).order_by(attachment.c.digest)
    return list(tx.execute(query).scalars())


async def test_a_wrong_code_costs_exactly_the_work_of_a_right_one(embedded: Database, now: Now) -> None:
    filed = await embedded.write(cases.a_report, now())
    code, other = filed.code.reveal(), new_code()
    tries = ((filed.number, code), (filed.number, other), ("WG-SJ-20261125-9999", code), (filed.number, "x" * 16), ("", ""))
    costs = {await embedded.read(_statements, number, given) for number, given in tries}
    assert len(costs) == 1


def _statements(tx: Connection, number: str, code: str) -> int:
    """How many statements a look-up takes."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(tx, "before_cursor_execute", note)
    reports.find(tx, number, code)
    sa.event.remove(tx, "before_cursor_execute", note)
    return len(seen)
