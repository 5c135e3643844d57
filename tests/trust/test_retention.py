"""What is forgotten, and when; what a reporter may have a copy of, and have erased."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.compose import chores, open_service
from handlers.evidence.receiving import EvidenceIntake
from handlers.rights import NotFound, Rights
from storage import addressees, dossiers, drafts, events, keeping, outbox, reports, retention, verify
from storage.addressees import Address
from storage.database import Database
from storage.drafts import NOTHING
from storage.policy import PolicyUnreadable
from storage.reports import Contact
from storage.retention import Terms
from storage.sealing import KeyDestroyed
from storage.shelf import Shelf
from storage.tables.reports import report
from storage.vocabulary import EventKind, Role
from tests import city
from tests.clock import Now
from tests.served import settings_for
from tests.storage.cases import SUBMISSION, a_report, an_officer, answered, assignment_of
from tests.trust.hostile import a_picture

PHONE = "13812345678"


@pytest.fixture
def terms(policy: Path) -> Terms:
    return Terms.load(policy)


async def _closed(database: Database, intake: EvidenceIntake, now: Now) -> reports.Filed:
    """A report with a name, a photo, a message and an officer's record, closed now."""
    photo = await intake.receive("web", "mother", a_picture())
    mother = await database.write(addressees.remember, Address.of("web", "mother"), now())
    given = {"reporter": mother.id, "attachments": (photo.id,), "contact": Contact("李强", PHONE)}
    filed = await database.write(a_report, now(), **given)
    officer = await database.write(an_officer, "edu", Role.OFFICER, now())
    await database.write(answered, await database.read(assignment_of, filed.report_id, "edu"), officer, now())
    await database.write(_close, filed.report_id, now())
    return filed


def _close(tx: Connection, report_id: int, at: datetime) -> None:
    tx.execute(sa.update(report).where(report.c.id == report_id).values(closed_at=at))


async def test_a_dry_run_says_what_would_go_and_changes_nothing(embedded: Database, intake: EvidenceIntake, now: Now, terms: Terms) -> None:
    filed = await _closed(embedded, intake, now)
    now.move(days=366)
    assert (await embedded.read(retention.due, terms, now())).identities == (filed.report_id,)
    assert (await embedded.read(reports.contact_of, filed.report_id)) is not None


async def test_a_year_after_closing_nobody_can_tell_who_filed_it(
    embedded: Database, intake: EvidenceIntake, shelf: Shelf, now: Now, terms: Terms
) -> None:
    filed = await _closed(embedded, intake, now)
    now.move(days=364)
    await keeping.forget(embedded, shelf, terms, now())
    assert await embedded.read(reports.contact_of, filed.report_id)
    now.move(days=2)
    await keeping.forget(embedded, shelf, terms, now())
    assert await embedded.read(reports.contact_of, filed.report_id) is None
    assert await embedded.read(addressees.recall, Address.of("web", "mother")) is None
    whole = await embedded.read(dossiers.whole, filed.report_id)
    assert whole.contents
    assert whole.contents.story == SUBMISSION.story
    assert [step.details for step in whole.history if step.kind is EventKind.IDENTITY_ERASED] == [{"scope": "identity"}]
    assert (await embedded.read(verify.check)).faults == ()


async def test_three_years_after_closing_the_words_are_gone_and_the_steps_stay(
    embedded: Database, intake: EvidenceIntake, shelf: Shelf, now: Now, terms: Terms
) -> None:
    filed = await _closed(embedded, intake, now)
    steps = len(await embedded.read(events.history, filed.report_id))
    now.move(days=1_096)
    await keeping.forget(embedded, shelf, terms, now())
    with pytest.raises(KeyDestroyed):
        await embedded.read(reports.contents, filed.report_id)
    whole = await embedded.read(dossiers.whole, filed.report_id)
    assert whole.contents is None
    assert whole.attachments == ()
    assert len(whole.history) == steps + 2
    assert not list(shelf.slots())
    assert (await embedded.read(verify.check)).faults == ()
    assert (await embedded.read(retention.due, terms, now())).is_nothing


async def test_what_was_never_filed_goes_soon(embedded: Database, intake: EvidenceIntake, shelf: Shelf, now: Now, terms: Terms) -> None:
    await intake.receive("web", "mother", a_picture())
    mother = await embedded.write(addressees.remember, Address.of("web", "mother"), now())
    await embedded.write(drafts.save, mother, {"story": "半句话"}, read=NOTHING, at=now(), keep=timedelta(days=7))
    await embedded.write(outbox.tell, mother.id, {"text": "请问"}, dedupe_key="1", at=now())
    now.move(days=31)
    await keeping.forget(embedded, shelf, terms, now())
    assert not list(shelf.slots())
    assert await embedded.read(addressees.recall, Address.of("web", "mother")) is None


async def test_who_comes_back_after_being_forgotten_is_a_new_person(embedded: Database, shelf: Shelf, now: Now, terms: Terms) -> None:
    first = await embedded.write(addressees.remember, Address.of("web", "mother"), now())
    now.move(days=40)
    await keeping.forget(embedded, shelf, terms, now())
    again = await embedded.write(addressees.remember, Address.of("web", "mother"), now())
    assert again.id != first.id
    await embedded.write(drafts.save, again, {"story": "又来了"}, read=NOTHING, at=now(), keep=timedelta(days=7))


async def test_the_service_erases_by_itself_what_had_its_time(tmp_path: Path, policy: Path, now: Now) -> None:
    async with open_service(settings_for(tmp_path, policy), clock=now) as service:
        database = service.rooms.database
        filed = await database.write(a_report, now(), contact=Contact("李强", PHONE))
        await database.write(_close, filed.report_id, now())
        (daily,) = [one for one in chores(service.rooms, service.staff) if one.every == timedelta(days=1)]
        await daily.do(now() + timedelta(days=364))
        assert await database.read(reports.contact_of, filed.report_id) is not None
        await daily.do(now() + timedelta(days=366))
        assert await database.read(reports.contact_of, filed.report_id) is None


async def test_files_of_a_cut_off_upload_are_swept(embedded: Database, intake: EvidenceIntake, shelf: Shelf, now: Now) -> None:
    kept = await intake.receive("web", "mother", a_picture())
    await embedded.write(lambda tx: tx.exec_driver_sql("DELETE FROM attachment"))
    assert kept
    later = datetime.now(now().tzinfo) + timedelta(hours=2)
    assert await keeping.sweep_files(embedded, shelf, later) == 1
    assert not list(shelf.slots())


async def test_a_reporter_gets_a_copy_with_number_and_code_only(embedded: Database, intake: EvidenceIntake, now: Now) -> None:
    filed = await _closed(embedded, intake, now)
    rights = Rights(embedded, now, city.rule_book(), ZoneInfo("Asia/Shanghai"))
    copy = await rights.copy(filed.number, filed.code.reveal())
    assert copy["story"] == SUBMISSION.story
    assert copy["contact"]["phone"] == PHONE
    assert len(copy["files"]) == 1
    for number, code in ((filed.number, "0000-0000-0000-0000"), ("WG-SJ-20200101-0001", filed.code.reveal()), ("?", "?")):
        with pytest.raises(NotFound):
            await rights.copy(number, code)


async def test_who_looks_up_an_erased_case_learns_where_it_stands(embedded: Database, intake: EvidenceIntake, now: Now) -> None:
    filed = await _closed(embedded, intake, now)
    await embedded.write(lambda tx: retention.erase_case(tx, filed.report_id, now()))
    record = await Rights(embedded, now, city.rule_book(), ZoneInfo("Asia/Shanghai")).record(filed.number, filed.code.reveal())
    told = [value for part in record for _, value in part.lines]
    assert any("按规定删除了" in value for value in told)
    assert any("收到您的反映" in value for value in told)


async def test_a_reporter_has_their_traits_erased_and_the_matter_goes_on(embedded: Database, intake: EvidenceIntake, now: Now) -> None:
    filed = await _closed(embedded, intake, now)
    rights = Rights(embedded, now, city.rule_book(), ZoneInfo("Asia/Shanghai"))
    await rights.erase(filed.number, filed.code.reveal())
    await rights.erase(filed.number, filed.code.reveal())
    assert await embedded.read(reports.contact_of, filed.report_id) is None
    erased = [step for step in await embedded.read(events.history, filed.report_id) if step.kind is EventKind.IDENTITY_ERASED]
    assert [(step.by.role, step.details) for step in erased] == [(Role.CITIZEN, {"scope": "request"})]
    assert (await rights.copy(filed.number, filed.code.reveal()))["contact"] is None


def test_a_case_is_never_kept_shorter_than_the_identity_in_it(policy: Path, tmp_path: Path) -> None:
    text = (policy / "retention.toml").read_text("utf-8").replace("1095", "30")
    (tmp_path / "retention.toml").write_text(text, "utf-8")
    with pytest.raises(PolicyUnreadable, match="case"):
        Terms.load(tmp_path)
