"""More time: asked for in time, decided by somebody else, told to the reporter; and time that stands still."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from storage import assignments, clocks, extensions, followup, supervision, sweep, triage
from storage.errors import (
    ExtendedBefore,
    IllegalMove,
    NoOpenExtension,
    NoSuchReport,
    NotPermitted,
    NotTheOwner,
    ReasonMissing,
    ReporterAsked,
    SameOfficer,
    TooLate,
    TooLong,
)
from storage.people import Actor
from storage.reports import Route
from storage.vocabulary import ClockKind, EventKind, Level, Role, Status
from tests.storage.cases import ANSWER
from tests.storage.office import Office
from tests.storage.oracle import CHINA

ALONE = Route("auto", "edu")


async def test_an_approved_extension_moves_the_due_time_and_keeps_the_original_beside_it(office: Office) -> None:
    filed = await office.files()
    lead = await office.works_on(filed, office.li)
    assist = await office.lead(filed, "market_reg")
    await office.does(extensions.request_extension, lead, office.li, office.now(), days=5, reason="取证")
    assert await office.sees(extensions.waiting) == [lead]
    due = await office.does(extensions.approve_extension, lead, office.qian, office.now(), reason="需要异地取证")
    clock = await office.sees(clocks.main_clock, lead)
    assert clock is not None
    assert clock.due_original == datetime(2026, 12, 9, 17, 30, tzinfo=CHINA)
    assert clock.due_at == due == datetime(2026, 12, 16, 17, 30, tzinfo=CHINA)
    helper = await office.sees(clocks.main_clock, assist)
    assert helper is not None
    assert helper.due_at == datetime(2026, 12, 14, 17, 30, tzinfo=CHINA)
    assert "extended" in await office.parent_told()
    assert "extension_decided" in await office.told(office.li)
    with pytest.raises(ExtendedBefore):
        await office.does(extensions.request_extension, lead, office.li, office.now(), days=1, reason="再要")


async def test_what_was_handed_in_meanwhile_gets_no_more_time(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    await office.does(extensions.request_extension, lead, office.li, office.now(), days=5, reason="取证")
    await office.does(assignments.submit, lead, office.li, ANSWER, office.now())
    with pytest.raises(IllegalMove):
        await office.does(extensions.approve_extension, lead, office.qian, office.now(), reason="同意")


async def test_a_denied_one_changes_nothing(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    before = await office.sees(clocks.main_clock, lead)
    await office.does(extensions.request_extension, lead, office.li, office.now(), days=5, reason="取证")
    await office.does(extensions.deny_extension, lead, office.qian, office.now(), reason="时间足够")
    assert await office.sees(clocks.main_clock, lead) == before
    with pytest.raises(NoOpenExtension):
        await office.does(extensions.approve_extension, lead, office.qian, office.now(), reason="同意")


async def test_on_a_clock_that_runs_day_and_night_the_days_are_natural_ones(office: Office) -> None:
    filed = await office.files(route=ALONE, level=Level.P1)
    lead = await office.works_on(filed, office.li)
    await office.does(extensions.request_extension, lead, office.li, office.now(), days=3, reason="取证")
    before = await office.sees(clocks.main_clock, lead)
    due = await office.does(extensions.approve_extension, lead, office.qian, office.now(), reason="同意")
    assert before is not None
    assert due == before.due_at + timedelta(days=3)


async def test_too_long_too_late_and_ones_own_request_are_refused(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    with pytest.raises(TooLong) as refused:
        await office.does(extensions.request_extension, lead, office.li, office.now(), days=11, reason="取证")
    assert refused.value.most == 10
    await office.does(extensions.request_extension, lead, office.li, office.now(), days=1, reason="取证")
    both = Actor(Role.OFFICE, office.li.officer_id, "shuangjian_office")
    with pytest.raises(SameOfficer):
        await office.does(extensions.approve_extension, lead, both, office.now(), reason="同意")
    with pytest.raises(NotPermitted):
        await office.does(extensions.approve_extension, lead, office.head, office.now(), reason="同意")
    other = await office.files(route=ALONE)
    late = await office.works_on(other, office.li)
    office.now.at = datetime(2026, 12, 9, 8, 31, tzinfo=CHINA)
    with pytest.raises(TooLate):
        await office.does(extensions.request_extension, late, office.li, office.now(), days=1, reason="取证")


async def test_time_stands_still_while_the_reporter_is_asked(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    office.now.at = datetime(2026, 11, 26, 10, 0, tzinfo=CHINA)
    await office.database.write(triage.ask_info, filed.report_id, office.li, office.now(), question="几号楼？")
    assert (await office.sees(followup.view_for_reporter, filed.report_id)).question == "几号楼？"
    with pytest.raises(ReporterAsked):
        await office.does(assignments.submit, lead, office.li, ANSWER, office.now())
    office.now.at = datetime(2026, 11, 27, 9, 0, tzinfo=CHINA)
    await office.database.write(followup.add_information, filed.report_id, "3号楼", (), office.now(), giver=None)
    clock = await office.sees(clocks.main_clock, lead)
    # Paused from ten to half past five, and half an hour the next morning: five and a half working hours.
    assert clock is not None
    assert clock.due_at == datetime(2026, 12, 10, 16, 30, tzinfo=CHINA)
    assert clock.due_original == datetime(2026, 12, 9, 17, 30, tzinfo=CHINA)
    assert (await office.history(filed))[-1].to_status is Status.HANDLING
    assert "information_added" in await office.told(office.li)


async def test_only_the_owner_and_the_office_may_stop_waiting(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.works_on(filed, office.li)
    await office.does(triage.ask_info, filed.report_id, office.li, office.now(), question="几号楼？")
    for by, refused in ((office.sun, NoSuchReport), (office.wang, NotTheOwner)):
        with pytest.raises(refused):
            await office.does(triage.stop_waiting, filed.report_id, by, office.now(), reason="现场已经查清")
    with pytest.raises(ReasonMissing):
        await office.does(triage.stop_waiting, filed.report_id, office.li, office.now(), reason=" ")
    await office.does(triage.stop_waiting, filed.report_id, office.li, office.now(), reason="现场已经查清")
    told = (await office.history(filed))[-1]
    assert (told.kind, told.by.officer_id, told.reason) == (EventKind.INFO_LAPSED, office.li.officer_id, "现场已经查清")


async def test_without_an_answer_it_goes_on_with_what_there_is(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.works_on(filed, office.li)
    await office.does(triage.ask_info, filed.report_id, office.li, office.now(), question="几号楼？")
    office.now.move(days=6)
    await sweep.sweep(office.database, office.now())
    assert EventKind.INFO_LAPSED in await office.kinds(filed)
    assert (await office.sees(followup.view_for_reporter, filed.report_id)).status is Status.HANDLING


@pytest.mark.parametrize(("insufficient", "status"), [(True, Status.CLOSED), (False, Status.TRIAGE)])
async def test_only_a_report_without_place_name_and_account_ends_for_want_of_facts(
    office: Office, insufficient: bool, status: Status
) -> None:
    filed = await office.files(route=Route("triage"), insufficient=insufficient)
    await office.does(triage.ask_info, filed.report_id, office.qian, office.now(), question="在哪里？")
    office.now.move(days=6)
    await sweep.sweep(office.database, office.now())
    assert (await office.sees(followup.view_for_reporter, filed.report_id)).status is status


async def test_the_office_may_stop_the_clock_for_an_examination_and_nobody_else(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    with pytest.raises(NotPermitted):
        await office.does(triage.suspend, filed.report_id, office.li, office.now(), reason="送检")
    office.now.at = datetime(2026, 11, 26, 8, 30, tzinfo=CHINA)
    await office.database.write(triage.suspend, filed.report_id, office.qian, office.now(), reason="送检")
    with pytest.raises(IllegalMove):
        await office.does(triage.ask_info, filed.report_id, office.qian, office.now(), question="在哪里？")
    office.now.at = datetime(2026, 11, 30, 8, 30, tzinfo=CHINA)
    await office.database.write(triage.resume, filed.report_id, office.qian, office.now())
    clock = await office.sees(clocks.main_clock, lead)
    assert clock is not None
    assert clock.due_at == datetime(2026, 12, 11, 17, 30, tzinfo=CHINA)


async def test_a_pause_does_not_heal_what_was_late_already(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.works_on(filed, office.li)
    office.now.at = datetime(2026, 12, 10, 9, 0, tzinfo=CHINA)
    await office.does(triage.suspend, filed.report_id, office.qian, office.now(), reason="送检")
    office.now.move(days=7)
    await office.does(triage.resume, filed.report_id, office.qian, office.now())
    clock = await office.sees(clocks.main_clock, lead)
    assert clock is not None
    assert clock.due_at == clock.due_original
    assert clock.is_overdue(office.now())


async def test_a_review_that_sends_work_back_is_no_pause(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.hands_in(filed, office.li)
    before = await office.sees(clocks.main_clock, lead)
    office.now.move(days=1)
    await office.does(assignments.send_back, lead, office.qian, office.now(), reason="补证据")
    after = await office.sees(clocks.main_clock, lead)
    assert before is not None
    assert after is not None
    assert before.stopped_at is not None
    assert (after.stopped_at, after.due_at) == (None, before.due_at)


@pytest.mark.parametrize("sent_back_first", [True, False])
async def test_a_pause_during_the_review_still_counts_when_the_work_is_sent_back(office: Office, sent_back_first: bool) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.hands_in(filed, office.li)
    office.now.at = datetime(2026, 11, 26, 8, 30, tzinfo=CHINA)
    await office.does(triage.suspend, filed.report_id, office.qian, office.now(), reason="送检")
    send_back = partial(office.does, assignments.send_back, lead, office.qian, reason="等检测结果")
    if sent_back_first:
        await send_back(at=office.now())
    office.now.at = datetime(2026, 11, 27, 8, 30, tzinfo=CHINA)
    await office.does(triage.resume, filed.report_id, office.qian, office.now())
    if not sent_back_first:
        await send_back(at=office.now())
    clock = await office.sees(clocks.main_clock, lead)
    assert clock is not None
    assert clock.due_at == datetime(2026, 12, 10, 17, 30, tzinfo=CHINA)


async def test_whoever_joins_while_time_stands_still_gets_the_whole_of_the_limit_afterwards(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.works_on(filed, office.li)
    office.now.at = datetime(2026, 11, 26, 8, 30, tzinfo=CHINA)
    await office.does(triage.suspend, filed.report_id, office.qian, office.now(), reason="送检")
    assist = await office.does(supervision.add_assist, filed.report_id, "market_reg", office.qian, office.now())
    before = await office.sees(clocks.main_clock, assist)
    office.now.at = datetime(2026, 11, 27, 8, 30, tzinfo=CHINA)
    await office.does(triage.resume, filed.report_id, office.qian, office.now())
    after = await office.sees(clocks.main_clock, assist)
    assert before is not None
    assert after is not None
    assert (before.due_at, after.due_at) == (
        datetime(2026, 12, 7, 17, 30, tzinfo=CHINA),
        datetime(2026, 12, 8, 17, 30, tzinfo=CHINA),
    )


async def test_an_opinion_given_while_time_stands_still_is_not_late(office: Office) -> None:
    filed = await office.files()
    await office.works_on(filed, office.li)
    helper = await office.works_on(filed, office.zhao)
    await office.does(triage.suspend, filed.report_id, office.qian, office.now(), reason="送检")
    office.now.move(days=30)
    await office.does(assignments.submit, helper, office.zhao, ANSWER, office.now())
    clock = await office.sees(clocks.main_clock, helper)
    assert clock is not None
    assert not clock.is_overdue(office.now())


async def test_a_changed_level_changes_the_clocks_but_not_their_original(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.lead(filed)
    start = office.now()
    await office.does(triage.change_level, filed.report_id, Level.P1, office.qian, office.now(), reason="正在上课")
    due = {clock.kind: clock for clock in await office.sees(clocks.of_report, filed.report_id)}
    assert due[ClockKind.SIGN].due_at == start + timedelta(hours=2)
    assert due[ClockKind.REPLY].due_at == start + timedelta(days=10)
    assert due[ClockKind.REPLY].due_original == datetime(2026, 12, 9, 17, 30, tzinfo=CHINA)
    assert (await office.history(filed))[-1].details == {"level_from": "P2", "level_to": "P1"}
    assert lead
