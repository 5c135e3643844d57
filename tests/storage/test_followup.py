"""The reporter's side: see it, add to it, take it back, rate it, and hear what the rule book promises."""

import pytest

from storage import assignments, followup, merging, outcomes, reports, talk, triage
from storage.errors import IllegalMove, NothingToRate, NotPermitted, RatedBefore, ReasonMissing, RedoneBefore, SelfMerge, WrongDepartment
from storage.reports import Contact, Filed, ReporterView, Route
from storage.vocabulary import Disposition, EventKind, Nature, RejectionGround, Resolved, Status
from tests.storage import cases
from tests.storage.office import Office

ALONE = Route("auto", "edu")


async def view(office: Office, filed: Filed) -> ReporterView:
    return await office.sees(followup.view_for_reporter, filed.report_id)


async def test_the_reporter_hears_of_the_claim_and_of_the_answer_with_the_question_how_it_was(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    assert await office.parent_told() == ["claimed", "replied"]
    seen = await view(office, filed)
    assert (seen.status, seen.answer, seen.may_rate, seen.lead) == (Status.REPLIED, "您好，已核实处理。", True, "edu")
    assert [step.kind for step in seen.timeline] == [
        EventKind.FILED,
        EventKind.ROUTED,
        EventKind.DISPATCHED,
        EventKind.CLAIMED,
        EventKind.STARTED,
        EventKind.REPLIED,
    ]


@pytest.mark.parametrize("resolved", ["yes", "partly"])
async def test_solved_closes_it(office: Office, resolved: str) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    rated = await office.does(followup.rate, filed.report_id, resolved, 5, None, office.now())
    assert (rated.status, rated.disputed) == (Status.CLOSED, False)
    with pytest.raises(RatedBefore):
        await office.does(followup.rate, filed.report_id, "no", 1, "其实没有", office.now())


async def test_not_solved_with_a_reason_reaches_the_office_which_has_it_done_again_once(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    rated = await office.does(followup.rate, filed.report_id, "no", 1, "还在上课", office.now())
    assert (rated.status, rated.disputed) == (Status.REPLIED, True)
    assert "disputed" in await office.told(office.qian)
    again = await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="理由成立")
    assert again == await office.lead(filed)
    assert (await office.parent_told())[-1] == "reopened"
    assert (await view(office, filed)).status is Status.HANDLING
    await office.answers(filed)
    second = await office.does(followup.rate, filed.report_id, "no", 1, "还在上课", office.now())
    assert (second.status, second.disputed) == (Status.CLOSED, True)
    with pytest.raises(IllegalMove):
        await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="再来")


async def test_a_second_redo_of_the_same_answer_is_refused(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="漏了一处")
    await office.answers(filed)
    with pytest.raises(RedoneBefore):
        await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="又漏了")


@pytest.mark.parametrize(("resolved", "satisfaction"), [("no", 5), ("partly", 1), ("yes", 2)])
async def test_who_is_not_content_and_says_why_later_reaches_the_office_all_the_same(
    office: Office, resolved: str, satisfaction: int
) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    rated = await office.does(followup.rate, filed.report_id, resolved, satisfaction, " ", office.now())
    assert (rated.status, rated.disputed) == (Status.REPLIED, False)
    assert (await view(office, filed)).may_explain
    await office.does(followup.explain, filed.report_id, "还在上课", office.now())
    assert "disputed" in await office.told(office.qian)
    assert (await office.history(filed))[-1].reason == "还在上课"
    assert not (await view(office, filed)).may_explain
    with pytest.raises(NothingToRate):
        await office.does(followup.explain, filed.report_id, "再说一遍", office.now())
    await office.does(outcomes.redo, filed.report_id, office.qian, office.now(), reason="理由成立")
    assert (await view(office, filed)).status is Status.HANDLING


async def test_a_reason_that_was_given_at_once_is_not_asked_for_again(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    await office.does(followup.rate, filed.report_id, "no", 1, "还在上课", office.now())
    assert not (await view(office, filed)).may_explain


async def test_there_is_nothing_to_rate_before_the_answer(office: Office) -> None:
    filed = await office.files(route=ALONE)
    with pytest.raises(NothingToRate):
        await office.does(followup.rate, filed.report_id, "yes", 5, None, office.now())


async def test_nobody_to_ask_closes_at_once_but_a_phone_can_be_called(office: Office) -> None:
    silent = await office.files(route=ALONE, reporter=None)
    await office.answers(silent)
    assert (await view(office, silent)).status is Status.CLOSED
    called = await office.files(route=ALONE, reporter=None, contact=Contact("某家长", "13800001111"))
    await office.answers(called)
    assert (await view(office, called)).status is Status.REPLIED
    for by in (office.li, office.head, office.zhou):
        with pytest.raises(NotPermitted):
            await office.does(outcomes.call_back, called.report_id, by, office.now(), reached=True)
        with pytest.raises(NotPermitted):
            await office.does(outcomes.rate_for, called.report_id, by, office.now(), resolved=Resolved.YES, satisfaction=5)
    await office.does(outcomes.call_back, called.report_id, office.qian, office.now(), reached=True)
    await office.does(outcomes.rate_for, called.report_id, office.qian, office.now(), resolved=Resolved.YES, satisfaction=4)
    assert (await view(office, called)).status is Status.CLOSED


async def test_a_complaint_can_be_taken_back_and_everything_open_ends(office: Office) -> None:
    filed = await office.files(nature=Nature.COMPLAINT)
    await office.works_on(filed, office.li)
    assert await office.does(followup.withdraw, filed.report_id, office.now()) is Status.WITHDRAWN
    assert "withdrawn" in await office.told(office.li)
    with pytest.raises(IllegalMove):
        await office.does(assignments.submit, await office.lead(filed), office.li, cases.ANSWER, office.now())


async def test_a_tip_off_taken_back_goes_on_without_its_reporter(office: Office) -> None:
    filed = await office.files(route=ALONE)
    assert await office.does(followup.withdraw, filed.report_id, office.now()) is Status.DISPATCHED
    await office.answers(filed)
    seen = await view(office, filed)
    assert (seen.status, seen.self_check, seen.may_withdraw) == (Status.CLOSED, True, False)


async def test_after_the_answer_nothing_can_be_taken_back(office: Office) -> None:
    filed = await office.files(route=ALONE, nature=Nature.COMPLAINT)
    await office.answers(filed)
    with pytest.raises(IllegalMove):
        await office.does(followup.withdraw, filed.report_id, office.now())


async def test_reporter_and_officer_talk_while_notes_stay_inside(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.works_on(filed, office.li)
    await office.does(followup.say, filed.report_id, "他们今晚还有课", office.now())
    await office.does(talk.to_reporter, filed.report_id, office.li, "收到，今晚去看", office.now())
    await office.does(talk.internally, filed.report_id, office.li, "带上市监的人", office.now())
    assert [message.text for message in (await view(office, filed)).messages] == ["他们今晚还有课", "收到，今晚去看"]
    assert len(await office.sees(talk.said, filed.report_id, internal=True)) == 3
    assert "message_from_reporter" in await office.told(office.li)
    assert "message_to_reporter" in await office.parent_told()


async def test_a_rejected_report_keeps_its_number_and_says_why_and_where_to_turn(office: Office) -> None:
    filed = await office.files(route=Route("triage"))
    how = {"ground": RejectionGround.IN_COURT, "reason": "法院已立案", "way": "请向法院了解进展"}
    with pytest.raises(ReasonMissing):
        await office.does(triage.reject, filed.report_id, office.qian, office.now(), **{**how, "way": ""})
    await office.does(triage.reject, filed.report_id, office.qian, office.now(), **how)
    assert await office.parent_told() == ["rejected"]
    last = (await view(office, filed)).timeline[-1]
    assert (last.kind, last.reason) == (EventKind.REJECTED, "法院已立案\n请向法院了解进展")


async def test_whoever_filed_the_same_matter_keeps_number_progress_and_callback(office: Office) -> None:
    main = await office.files(route=ALONE)
    second_parent = await office.does(cases.a_parent, office.now(), "another")
    same = await office.files(route=ALONE, reporter=second_parent)
    await office.does(merging.merge, same.report_id, main.report_id, office.qian, office.now())
    await office.does(followup.say, main.report_id, "这是第一位家长的话", office.now())
    await office.answers(main)
    seen = await view(office, same)
    assert (seen.status, seen.follows, seen.number, seen.answer) == (Status.MERGED, Status.REPLIED, same.number, "您好，已核实处理。")
    assert seen.messages == ()
    assert EventKind.MESSAGE_FROM_REPORTER not in [step.kind for step in seen.timeline]
    rated = await office.does(followup.rate, same.report_id, "no", 1, "还在上课", office.now())
    assert (rated.status, rated.disputed) == (Status.MERGED, True)
    await office.does(outcomes.redo, main.report_id, office.qian, office.now(), reason="理由成立")
    await office.answers(main)
    assert (await office.sees(cases.notices, second_parent)) == ["claimed", "replied", "reopened", "replied"]
    await office.does(followup.rate, same.report_id, "yes", 5, None, office.now())
    assert (await view(office, main)).status is Status.REPLIED


async def test_a_report_merges_into_an_open_one_and_never_into_itself(office: Office) -> None:
    one, two, three = [await office.files(route=Route("triage")) for _ in range(3)]
    with pytest.raises(SelfMerge):
        await office.does(merging.merge, one.report_id, one.report_id, office.qian, office.now())
    await office.does(merging.merge, one.report_id, two.report_id, office.qian, office.now())
    with pytest.raises(SelfMerge):
        await office.does(merging.merge, three.report_id, one.report_id, office.qian, office.now())
    await office.does(merging.merge, two.report_id, three.report_id, office.qian, office.now())
    assert (await office.sees(reports.get, one.report_id)).merged_into_id == three.report_id


async def test_a_closed_report_is_opened_again_with_its_old_end_in_the_history(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    await office.does(followup.rate, filed.report_id, "yes", 5, None, office.now())
    await office.does(outcomes.reopen, filed.report_id, office.qian, office.now(), reason="又开了", lead="sci_tech")
    opened = await office.sees(reports.get, filed.report_id)
    assert (opened.status, opened.disposition, opened.closed_at) == (Status.HANDLING, None, None)
    (event,) = [one for one in await office.history(filed) if one.kind is EventKind.REOPENED]
    assert event.details["disposition"] == Disposition.ANSWERED
    assert await office.sees(reports.departments, filed.report_id) == ("sci_tech", ())


async def test_an_answered_question_is_opened_again_only_for_somebody(office: Office) -> None:
    filed = await office.files(route=Route("answered"), nature=Nature.QUESTION)
    with pytest.raises(WrongDepartment):
        await office.does(outcomes.reopen, filed.report_id, office.qian, office.now(), reason="没说清")
    await office.does(outcomes.reopen, filed.report_id, office.qian, office.now(), reason="没说清", lead="edu")
    await office.answers(filed)


async def test_facts_added_to_a_closed_report_reach_the_office(office: Office) -> None:
    filed = await office.files(route=ALONE)
    await office.answers(filed)
    await office.does(followup.rate, filed.report_id, "yes", 5, None, office.now())
    await office.does(followup.add_information, filed.report_id, "又开了", (), office.now(), giver=None)
    assert (await office.told(office.qian))[-1] == "information_added"


async def test_everything_one_person_filed_is_found_again(office: Office) -> None:
    one, two = await office.files(), await office.files(route=Route("triage"))
    await office.files(reporter=None)
    assert [report.number for report in await office.sees(reports.of_reporter, office.parent)] == [two.number, one.number]
