"""退单: with a reason, once, in time; the clock runs on, and the office's word is final."""

from datetime import datetime

import pytest

from storage import assignments, clocks, returns, supervision
from storage.errors import Designated, IllegalMove, NoSuchReport, ReasonMissing, ReturnedBefore, TooLate, WrongDepartment
from storage.reports import Route
from storage.vocabulary import AssignmentStatus, ClockKind, EventKind, Level
from tests.storage.office import Office
from tests.storage.oracle import CHINA

ALONE = Route("auto", "edu")


async def test_a_returned_report_goes_to_the_department_the_office_names_on_clocks_of_its_own(office: Office) -> None:
    filed = await office.files(route=ALONE)
    first = await office.lead(filed)
    await office.does(returns.request_return, first, office.li, office.now(), reason="是编程班", suggested="sci_tech")
    office.now.move(hours=5)
    second = await office.does(returns.approve_return, first, office.qian, office.now(), to="sci_tech")
    assert second is not None
    before, after = await office.sees(clocks.main_clock, first), await office.sees(clocks.main_clock, second)
    assert before is not None
    assert after is not None
    assert before.stopped_at == after.started_at == office.now()
    assert after.due_at == datetime(2026, 12, 9, 17, 30, tzinfo=CHINA)
    assert await office.told(office.sun) == ["dispatched"]
    assert "returned" in await office.told(office.li)
    with pytest.raises(Designated):
        await office.does(returns.request_return, second, office.sun, office.now(), reason="也不归我", suggested=None)


async def test_the_clock_runs_on_while_a_return_waits(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.lead(filed)
    due = {clock.kind: clock.due_at for clock in await office.sees(clocks.of_report, filed.report_id)}
    await office.does(returns.request_return, lead, office.li, office.now(), reason="不归我", suggested=None)
    office.now.move(days=2)
    await office.does(returns.deny_return, lead, office.qian, office.now(), reason="归你")
    after = {clock.kind: clock for clock in await office.sees(clocks.of_report, filed.report_id)}
    assert {kind: after[kind].due_at for kind in due} == due
    assert after[ClockKind.SIGN].is_overdue(office.now())
    assert after[ClockKind.RETURN].stopped_at == office.now()


async def test_a_denied_return_goes_back_to_where_it_stood_and_cannot_be_asked_again(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.lead(filed)
    await office.does(assignments.claim, lead, office.li, office.now())
    await office.does(returns.request_return, lead, office.head, office.now(), reason="不归我", suggested="sci_tech")
    await office.does(returns.deny_return, lead, office.qian, office.now(), reason="归你")
    assert (await office.history(filed))[-1].details["to"] == AssignmentStatus.CLAIMED
    with pytest.raises(Designated):
        await office.does(returns.request_return, lead, office.li, office.now(), reason="不归我", suggested=None)


async def test_a_department_returns_a_report_only_once_even_if_it_comes_back(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.lead(filed)
    await office.does(returns.request_return, lead, office.li, office.now(), reason="不归我", suggested="sci_tech")
    await office.does(returns.approve_return, lead, office.qian, office.now(), to="sci_tech")
    assist = await office.does(supervision.add_assist, filed.report_id, "edu", office.qian, office.now())
    with pytest.raises(ReturnedBefore):
        await office.does(returns.request_return, assist, office.li, office.now(), reason="不归我", suggested=None)


@pytest.mark.parametrize(("level", "hours"), [(Level.P2, 33), (Level.P0, 25)])
async def test_after_the_window_it_is_too_late(office: Office, level: Level, hours: int) -> None:
    filed = await office.files(route=ALONE, level=level)
    lead = await office.lead(filed)
    office.now.move(hours=hours)
    with pytest.raises(TooLate):
        await office.does(returns.request_return, lead, office.li, office.now(), reason="不归我", suggested=None)


async def test_a_reason_is_needed_and_only_the_department_may_ask(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.lead(filed)
    with pytest.raises(ReasonMissing):
        await office.does(returns.request_return, lead, office.li, office.now(), reason=" ", suggested=None)
    with pytest.raises(NoSuchReport):
        await office.does(returns.request_return, lead, office.zhao, office.now(), reason="不归我", suggested=None)
    with pytest.raises(IllegalMove):
        await office.does(returns.approve_return, lead, office.qian, office.now(), to="sci_tech")


async def test_a_lead_must_go_to_somebody_and_not_to_an_assisting_one(office: Office) -> None:
    filed = await office.files(route=ALONE)
    lead = await office.lead(filed)
    await office.does(returns.request_return, lead, office.li, office.now(), reason="不归我", suggested="pboc")
    for to in (None, "pboc", "nobody"):
        with pytest.raises(WrongDepartment):
            await office.does(returns.approve_return, lead, office.qian, office.now(), to=to)


async def test_an_assist_that_leads_from_now_on_is_no_assist_any_more(office: Office) -> None:
    filed = await office.files()
    lead = await office.lead(filed)
    await office.does(returns.request_return, lead, office.li, office.now(), reason="不归我", suggested="market_reg")
    await office.does(returns.approve_return, lead, office.qian, office.now(), to="market_reg")
    ended = [event for event in await office.history(filed) if event.kind is EventKind.REASSIGNED]
    assert [event.details["because"] for event in ended] == ["leads_now"]


async def test_the_ledger_lists_every_return_of_a_department(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.does(returns.request_return, await office.lead(filed), office.li, office.now(), reason="不归我", suggested="sci_tech")
    (line,) = await office.sees(returns.ledger, "edu")
    assert (line.report_id, line.suggested, line.status) == (filed.report_id, "sci_tech", AssignmentStatus.RETURN_REVIEW)
    assert await office.sees(returns.ledger, "sci_tech") == []
