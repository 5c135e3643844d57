"""What must be filled in, outcome by outcome; the public answer and the internal opinion never mix."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, clocks, followup, handling, supervision, triage
from storage.errors import AssistsOpen, AssistsUnable, IllegalMove, Incomplete, NotPermitted, ReasonMissing, ReporterAsked
from storage.handling import NEEDED, Handling, Kept, missing
from storage.reports import Route
from storage.tables.reports import report
from storage.vocabulary import ClockKind, Disposition, EventKind, Measure, Part, Status
from tests.storage.office import Office

WHOLE = Handling(
    Disposition.SUBSTANTIATED_PENALIZED,
    findings="现场有十二名学生在上数学课",
    answer="您反映的情况属实，已责令停止。",
    opinion="建议列入重点检查",
    inspected_at=datetime(2026, 11, 25, 2, 0, tzinfo=UTC),
    place="朱兰街道某小区3号楼",
    people=("甲", "乙"),
    joint=("market_reg",),
    measures=(Measure.ORDERED_TO_STOP, Measure.FINED),
    documents=("舞教罚〔2026〕3号",),
    refund_asked_yuan=9800,
    refund_yuan=0,
    fine_yuan=20000,
    students=12,
    evacuated=12,
)


@pytest.mark.parametrize("disposition", Disposition)
def test_each_outcome_needs_exactly_its_fields(disposition: Disposition) -> None:
    whole = replace(WHOLE, disposition=disposition)
    assert missing(whole, Part.LEAD) == ()
    empty = Handling(disposition)
    assert missing(empty, Part.LEAD) == NEEDED[disposition]
    for name in NEEDED[disposition]:
        assert missing(replace(whole, **{name: getattr(empty, name)}), Part.LEAD) == (name,)


@pytest.mark.parametrize("people", [(), ("甲",), ("甲", " ")])
def test_an_inspection_by_fewer_than_two_is_not_complete(people: tuple[str, ...]) -> None:
    assert missing(replace(WHOLE, people=people), Part.LEAD) == ("people",)


def test_nought_yuan_is_an_answer() -> None:
    refunded = replace(WHOLE, disposition=Disposition.REFUND_DONE, refund_yuan=0)
    assert missing(refunded, Part.LEAD) == ()


def test_an_assist_gives_findings_and_an_opinion_and_no_public_answer() -> None:
    assert missing(Handling(Disposition.ANSWERED), Part.ASSIST) == ("findings", "opinion")


async def test_an_incomplete_record_is_refused_and_leaves_the_assignment_where_it_was(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu"))
    lead = await office.works_on(filed, office.li)
    with pytest.raises(Incomplete) as refused:
        await office.does(assignments.submit, lead, office.li, replace(WHOLE, place=" "), office.now())
    assert refused.value.missing == ("place",)
    await office.does(assignments.submit, lead, office.li, WHOLE, office.now())


async def test_every_round_is_kept_and_reads_back_whole(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu"))
    lead = await office.hands_in(filed, office.li, WHOLE)
    await office.does(assignments.send_back, lead, office.qian, office.now(), reason="补证据")
    second = replace(WHOLE, evacuated=None, documents=("一", "二"))
    await office.does(assignments.submit, lead, office.li, second, office.now())
    kept = await office.sees(_records, filed.report_id, lead)
    assert [one.round for one in kept] == [1, 2]
    assert [one.handling for one in kept] == [WHOLE, second]


async def test_the_reporter_reads_the_answer_and_never_the_opinion(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu"))
    lead = await office.hands_in(filed, office.li, WHOLE)
    assert (await office.sees(followup.view_for_reporter, filed.report_id)).answer is None
    await office.does(assignments.approve, lead, office.qian, office.now())
    view = await office.sees(followup.view_for_reporter, filed.report_id)
    assert view.answer == WHOLE.answer
    assert WHOLE.opinion not in str(view.__dict__)


async def test_the_lead_waits_for_the_assists_or_the_offices_waiver(office: Office) -> None:
    filed = await office.files()
    lead = await office.hands_in(filed, office.li)
    with pytest.raises(AssistsOpen) as waiting:
        await office.does(assignments.approve, lead, office.qian, office.now())
    assert waiting.value.departments == ("market_reg",)
    await office.hands_in(filed, office.zhao)
    assert "assist_given" in await office.told(office.li)
    await office.does(assignments.approve, lead, office.qian, office.now())
    assert (await office.history(filed))[-1].to_status is Status.REPLIED


async def test_a_waived_assist_is_waited_for_no_longer_and_a_lead_cannot_be_waived(office: Office) -> None:
    filed = await office.files()
    lead = await office.hands_in(filed, office.li)
    with pytest.raises(IllegalMove):
        await office.does(supervision.waive, lead, office.qian, office.now(), reason="不用")
    helper = await office.lead(filed, "market_reg")
    await office.does(supervision.waive, helper, office.qian, office.now(), reason="情况已清楚")
    await office.does(assignments.approve, lead, office.qian, office.now())
    assert (await office.history(filed))[-1].to_status is Status.REPLIED


async def test_who_waits_for_a_department_without_an_account_is_told_so(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu", ("market_reg", "civil_affairs")))
    lead = await office.hands_in(filed, office.li)
    with pytest.raises(AssistsUnable) as waiting:
        await office.does(assignments.approve, lead, office.qian, office.now())
    assert (waiting.value.departments, waiting.value.without_account) == (("market_reg", "civil_affairs"), ("civil_affairs",))


async def test_the_office_waives_every_opinion_still_wanted_at_once_with_an_event_for_each(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu", ("market_reg", "civil_affairs", "sci_tech")))
    lead = await office.hands_in(filed, office.li)
    await office.hands_in(filed, office.zhao)
    with pytest.raises(NotPermitted):
        await office.does(supervision.waive_all, lead, office.head, office.now(), reason="情况已清楚")
    with pytest.raises(ReasonMissing):
        await office.does(supervision.waive_all, lead, office.qian, office.now(), reason=" ")
    assert await office.does(supervision.waive_all, lead, office.qian, office.now(), reason="情况已清楚") == 2
    waived = [one for one in await office.history(filed) if one.kind is EventKind.ASSIST_WAIVED]
    # Whoever gave an opinion keeps it; the others are told apart, each with the reason and the actor.
    assert [(one.details["department"], one.reason, one.by.officer_id) for one in waived] == [
        ("civil_affairs", "情况已清楚", office.qian.officer_id),
        ("sci_tech", "情况已清楚", office.qian.officer_id),
    ]
    running = [one for one in await office.sees(clocks.of_report, filed.report_id) if one.kind is ClockKind.ASSIST and not one.stopped_at]
    assert not running
    await office.does(assignments.approve, lead, office.qian, office.now())
    assert (await office.history(filed))[-1].to_status is Status.REPLIED


async def test_there_is_nothing_to_waive_at_once_when_every_opinion_is_there_or_at_an_assist(office: Office) -> None:
    filed = await office.files()
    lead = await office.hands_in(filed, office.li)
    helper = await office.lead(filed, "market_reg")
    with pytest.raises(IllegalMove):
        await office.does(supervision.waive_all, helper, office.qian, office.now(), reason="情况已清楚")
    await office.hands_in(filed, office.zhao)
    with pytest.raises(IllegalMove):
        await office.does(supervision.waive_all, lead, office.qian, office.now(), reason="情况已清楚")


async def test_no_answer_goes_out_while_the_reporter_is_asked(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu"))
    lead = await office.hands_in(filed, office.li)
    await office.does(triage.ask_info, filed.report_id, office.qian, office.now(), question="几号楼？")
    with pytest.raises(ReporterAsked):
        await office.does(assignments.approve, lead, office.qian, office.now())


def _records(tx: Connection, report_id: int, assignment_id: int) -> list[Kept]:
    key = tx.execute(sa.select(report.c.data_key_id).where(report.c.id == report_id)).scalar_one()
    return handling.rounds(tx, assignment_id, key)
