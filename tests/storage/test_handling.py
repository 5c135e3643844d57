"""What must be filled in, outcome by outcome; the public answer and the internal opinion never mix."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, followup, handling, supervision
from storage.errors import AssistsOpen, IllegalMove, Incomplete
from storage.handling import NEEDED, Handling, Kept, missing
from storage.reports import Route
from storage.tables.reports import report
from storage.vocabulary import Disposition, Measure, Part, Status
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


def _records(tx: Connection, report_id: int, assignment_id: int) -> list[Kept]:
    key = tx.execute(sa.select(report.c.data_key_id).where(report.c.id == report_id)).scalar_one()
    return handling.rounds(tx, assignment_id, key)
