"""The whole life of one report, and many lives at once, on both databases."""

import asyncio
import random
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import (
    assignments,
    chain,
    duties,
    events,
    extensions,
    followup,
    inspections,
    institutions,
    merging,
    outcomes,
    problems,
    returns,
    risks,
    spot_checks,
    supervision,
    sweep,
    triage,
)
from storage.database import Database
from storage.errors import ReportError
from storage.inspections import Inspection
from storage.institutions import Entry
from storage.reports import Contact, Route
from storage.tables.reports import event
from storage.vocabulary import EventKind as K
from storage.vocabulary import Finding, Level, ProblemSource, RiskKind, RiskLevel
from tests.clock import Now
from tests.storage import cases
from tests.storage.office import Office


async def test_a_report_is_asked_about_returned_extended_answered_disliked_redone_answered_and_closed(database: Database, now: Now) -> None:
    office = await Office.open(database, now)
    filed = await office.files(route=Route("triage"), contact=Contact("某家长", "13800001111"))
    report_id = filed.report_id
    await office.does(triage.ask_info, report_id, office.qian, now(), question="哪个小区？")
    await office.does(followup.add_information, report_id, "朱兰某小区", (), now.move(hours=2), giver=None)
    first = await office.does(triage.dispatch, report_id, office.qian, now.move(hours=1), lead="sci_tech", assists=("market_reg",))
    await office.does(returns.request_return, first, office.sun, now.move(hours=1), reason="教数学，不是编程", suggested="edu")
    lead = await office.does(returns.approve_return, first, office.qian, now.move(hours=1), to="edu")
    assert lead is not None
    await office.does(assignments.claim, lead, office.li, now.move(hours=1))
    await office.does(assignments.start, lead, office.li, now.move(hours=1))
    await office.does(assignments.transfer_owner, lead, office.wang.officer_id or 0, office.head, now.move(hours=1))
    await office.does(extensions.request_extension, lead, office.wang, now(), days=5, reason="等机构到场")
    await office.does(extensions.approve_extension, lead, office.qian, now.move(hours=1), reason="机构负责人外出，需等其到场")
    await office.does(supervision.escalate, lead, office.qian, now(), reason="群众两次来电")
    what = Inspection(now(), ("edu", "market_reg"), ("甲", "乙"), "朱兰", "有学生上课", report_id=report_id)
    await office.does(inspections.record, what, office.wang, now())
    await office.hands_in(filed, office.zhao)
    await office.does(assignments.submit, lead, office.wang, cases.ANSWER, now.move(days=6))
    await office.does(assignments.send_back, lead, office.qian, now.move(hours=1), reason="补充照片")
    await office.does(assignments.submit, lead, office.wang, cases.ANSWER, now.move(hours=1))
    await office.does(assignments.approve, lead, office.qian, now.move(hours=1))
    await office.does(followup.rate, report_id, "no", 1, "周末还在上课", now.move(hours=5))
    await office.does(outcomes.redo, report_id, office.qian, now.move(hours=1), reason="理由成立")
    await office.answers(filed)
    await office.does(followup.rate, report_id, "yes", 5, None, now.move(hours=1))
    await office.does(outcomes.archive, report_id, office.qian, now())
    kinds = await office.kinds(filed)
    story = [K.INFO_ASKED, K.INFO_GIVEN, K.RETURN_APPROVED, K.CLAIMED, K.TRANSFERRED, K.EXTENSION_APPROVED, K.SENT_BACK]
    story += [K.REPLIED, K.DISPUTED, K.REDONE, K.REPLIED, K.CLOSED, K.ARCHIVED]
    assert _in_order(story, kinds)
    assert await office.parent_told() == ["info_asked", "claimed", "extended", "replied", "reopened", "replied", "closed"]


async def test_the_ledgers_work_on_either_database(database: Database, now: Now) -> None:
    office = await Office.open(database, now)
    filed = await office.files(route=Route("auto", "edu"), reporter=None)
    one = await office.does(institutions.register, Entry("百花", credit_code="9141"), office.qian, now(), aliases=("百花画室",))
    two = await office.does(institutions.register, Entry("百花教育"), office.qian, now())
    await office.does(institutions.link, filed.report_id, two, office.qian, now())
    await office.does(risks.warn, two, RiskKind.FUNDS, RiskLevel.HIGH, "未进监管账户", by=office.qian, at=now())
    await office.does(institutions.merge, two, one, office.qian, now())
    assert [found.id for found in await office.sees(institutions.search, "百花")] == [one]
    assert await office.sees(merging.candidates, filed.report_id) == []
    found = {
        "source": ProblemSource.REPORT,
        "department": "edu",
        "responsible": "某人",
        "description": "补课",
        "report_id": filed.report_id,
    }
    problem = await office.does(problems.find_problem, office.qian, now(), **found)
    await office.does(problems.plan, problem, office.li, now(), text="停止")
    await office.does(duties.put, now().date(), "edu", [office.li.officer_id or 0], office.qian)
    await office.answers(filed)
    span = {"start": now() - timedelta(days=1), "end": now() + timedelta(days=1)}
    (check,) = await office.does(spot_checks.draw, office.qian, now(), period="Q4", seed="1", **span)
    await office.does(spot_checks.judge, check, Finding.FAILED, office.qian, now(), reason="仍在上课")
    await sweep.sweep(database, now.move(days=40))
    assert len(await office.sees(returns.ledger)) == 0
    assert (await office.told(office.li)).count("rectification_due") == 1


async def test_a_crowd_on_the_same_reports_neither_forks_the_history_nor_blocks_itself(database: Database, now: Now) -> None:
    """Officers, office, reporters and two sweeps at once: on PostgreSQL this would deadlock if locks were taken in any order."""
    office = await Office.open(database, now)
    filed = [await office.files(level=Level.P0) for _ in range(6)]
    merged = [await office.files(route=Route("triage")) for _ in range(6)]
    for same, main in zip(merged, filed, strict=True):
        await office.does(merging.merge, same.report_id, main.report_id, office.qian, now())
    now.move(days=3)
    chance = random.Random(1)
    outcomes_seen = await asyncio.gather(
        *(
            _one_of_the_crowd(office, chance.choice(filed).report_id, chance.choice(filed + merged).report_id, number)
            for number in range(160)
        ),
        sweep.sweep(database, now()),
        sweep.sweep(database, now()),
        return_exceptions=True,
    )
    broken = [one for one in outcomes_seen if isinstance(one, BaseException) and not isinstance(one, ReportError)]
    assert broken == []
    assert await database.read(_chain_is_whole)
    for one in filed:
        history = await office.history(one)
        assert [entry.seq for entry in history] == list(range(1, len(history) + 1))


async def _one_of_the_crowd(office: Office, report_id: int, other: int, number: int) -> object:
    now: datetime = office.now()
    lead = await office.sees(cases.assignment_of, report_id, "edu")
    match number % 8:
        case 0:
            return await office.database.write(assignments.claim, lead, office.li, now)
        case 1:
            return await office.database.write(followup.say, other, "进度？", now)
        case 2:
            return await office.database.write(merging.merge, report_id, other, office.qian, now)
        case 3:
            return await office.database.write(supervision.escalate, lead, office.qian, now, reason="快")
        case 4:
            return await office.database.write(cases.a_report, now)
        case 5:
            return await office.database.write(followup.rate, other, "no", 1, "还在上课", now)
        case 6:
            return await office.database.write(outcomes.reopen, report_id, office.qian, now, reason="新证据", lead="edu")
        case _:
            return await office.database.write(cases.worked, lead, office.wang, now)


def _chain_is_whole(tx: Connection) -> bool:
    previous = chain.GENESIS
    for row in tx.execute(sa.select(event).order_by(event.c.id)).all():
        if row.previous_hash != previous or row.hash != events.link(previous, dict(row._mapping)):
            return False
        previous = row.hash
    return previous != chain.GENESIS


def _in_order(story: list[K], kinds: list[K]) -> bool:
    rest = iter(kinds)
    return all(kind in rest for kind in story)
