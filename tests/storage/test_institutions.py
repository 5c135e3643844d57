"""The register: one institution, all its names, all reports on it; merged with a history."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from storage import institutions, merging, risks
from storage.errors import ChangedMeanwhile, NameTaken, NoSuchReport, NotPermitted, SelfMerge
from storage.institutions import Entry
from storage.people import SYSTEM
from storage.reports import Route
from storage.vocabulary import EventKind, FundMode, InstitutionKind, RiskKind, RiskLevel
from tests.storage.office import Office

BAIHUA = Entry("百花教育咨询有限公司", InstitutionKind.ART, licence="教民1号", fund_mode=FundMode.BANK_CUSTODY)


async def test_an_institution_is_found_by_any_of_its_names_however_written(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now(), aliases=("百花画室", "ＢＨ Art"))
    for name in ("百花教育咨询有限公司", " 百花画室 ", "百花（画室）", "bh art", "BH-ART"):
        assert await office.sees(institutions.find, name) == one
    assert await office.sees(institutions.find, "百花") is None
    assert [found.id for found in await office.sees(institutions.search, "百花")] == [one]
    assert [found.id for found in await office.sees(institutions.search, "教民1")] == [one]


async def test_no_two_institutions_share_a_name_or_a_credit_code(office: Office) -> None:
    await office.does(institutions.register, Entry("甲", credit_code="91410481X"), office.qian, office.now())
    for taken in (Entry("甲"), Entry("乙", credit_code="91410481X"), Entry("（）")):
        with pytest.raises(NameTaken):
            await office.does(institutions.register, taken, office.qian, office.now())


async def test_a_change_made_on_an_old_page_is_refused_and_a_former_name_still_finds_it(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    await office.does(institutions.change, one, Entry("百花艺术"), office.qian, office.now(), version=1)
    with pytest.raises(ChangedMeanwhile):
        await office.does(institutions.change, one, Entry("又改了"), office.qian, office.now(), version=1)
    assert await office.sees(institutions.find, BAIHUA.name) == one
    found = await office.sees(institutions.get, one)
    assert (found.entry.name, found.aliases, found.version) == ("百花艺术", (BAIHUA.name,), 2)
    (_, changed) = await office.sees(institutions.changes, one)
    assert changed.details["name"] == [BAIHUA.name, "百花艺术"]


async def test_two_records_of_one_institution_become_one_and_nothing_is_lost(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    two = await office.does(institutions.register, Entry("百花画室", credit_code="91410481X"), office.qian, office.now())
    for filed, on in ((await office.files(), one), (await office.files(), two)):
        await office.does(institutions.link, filed.report_id, on, office.qian, office.now())
        assert (await office.history(filed))[-1].kind is EventKind.LINKED
    warning = {"by": office.qian, "at": office.now()}
    await office.does(risks.warn, one, RiskKind.REFUND, RiskLevel.LOW, "两户退费", **warning)
    await office.does(risks.warn, two, RiskKind.REFUND, RiskLevel.HIGH, "四十户退费", **warning)
    await office.does(institutions.merge, two, one, office.qian, office.now())
    kept = await office.sees(institutions.get, one)
    assert (kept.risk_level, kept.entry.credit_code) == (RiskLevel.HIGH, "91410481X")
    assert await office.sees(institutions.find, "百花画室") == one
    assert len(await office.sees(institutions.reports_on, one)) == 2
    assert len(await office.sees(risks.ledger, institution_id=one, only_open=True)) == 1
    assert await _steps(office) == [
        ("opened", "两户退费"),
        ("raised", "四十户退费"),
        ("opened", "四十户退费"),
        ("merged", "百花画室 → 百花教育咨询有限公司"),
    ]
    assert [found.id for found in await office.sees(institutions.everyone)] == [one]
    assert [change.change for change in await office.sees(institutions.changes, two)][-1] == "merged"
    for source, target in ((two, one), (one, two), (one, one)):
        with pytest.raises(SelfMerge):
            await office.does(institutions.merge, source, target, office.qian, office.now())


async def test_a_risk_of_a_kind_that_the_other_has_not_goes_over_open_and_says_so(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    two = await office.does(institutions.register, Entry("百花画室"), office.qian, office.now())
    warning = {"by": office.qian, "at": office.now()}
    await office.does(risks.warn, one, RiskKind.REFUND, RiskLevel.HIGH, "四十户退费", **warning)
    await office.does(risks.warn, two, RiskKind.REFUND, RiskLevel.LOW, "两户退费", **warning)
    await office.does(risks.warn, two, RiskKind.RUNAWAY, RiskLevel.LOW, "老板失联", **warning)
    await office.does(institutions.merge, two, one, office.qian, office.now())
    lines = await office.sees(risks.ledger, institution_id=one)
    assert [(line.why, line.settled_at is None) for line in lines] == [("四十户退费", True), ("两户退费", False), ("老板失联", True)]
    moved = "百花画室 → 百花教育咨询有限公司"
    assert await _steps(office) == [
        *(("opened", "四十户退费"), ("opened", "两户退费"), ("merged", moved)),
        *(("opened", "老板失联"), ("moved", moved)),
    ]


async def _steps(office: Office) -> list[tuple[str, str | None]]:
    """What is told of every line, line by line; all of it was the office's doing, just now."""
    told = [step for _, steps in sorted((await office.sees(risks.steps)).items()) for step in steps]
    assert {(step.officer_id, step.at) for step in told} == {(office.qian.officer_id, office.now())}
    return [(step.step, step.note) for step in told]


async def test_an_institution_is_as_risky_as_its_worst_open_risk(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    warning = {"by": office.qian, "at": office.now()}
    refund = await office.does(risks.warn, one, RiskKind.REFUND, RiskLevel.MEDIUM, "十户退费", **warning)
    assert await office.does(risks.warn, one, RiskKind.REFUND, RiskLevel.LOW, "又一户", **warning) == refund
    runaway = await office.does(risks.warn, one, RiskKind.RUNAWAY, RiskLevel.HIGH, "老板失联", **warning)
    await office.does(risks.describe, runaway, office.qian, families=40, yuan=390000, responsible="某局长", due_on="2026-12-31")
    assert (await office.sees(institutions.get, one)).risk_level is RiskLevel.HIGH
    await office.does(risks.settle, runaway, office.qian, office.now(), progress="已退清")
    assert (await office.sees(institutions.get, one)).risk_level is RiskLevel.MEDIUM
    (settled,) = [line for line in await office.sees(risks.ledger) if line.settled_at]
    assert (settled.families, settled.yuan) == (40, 390000)


async def test_reports_on_one_place_in_one_month_are_offered_for_merging(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    first, second, elsewhere = [await office.files(route=Route("triage"), town=town) for town in ("zhulan", "zhulan", "sipo")]
    office.now.move(days=40)
    late = await office.files(route=Route("triage"), town="zhulan")
    for filed in (first, second, elsewhere, late):
        await office.does(institutions.link, filed.report_id, one, office.qian, office.now())
    assert [found.number for found in await office.sees(merging.candidates, first.report_id)] == [second.number]


async def test_the_register_and_its_risks_are_the_offices_alone(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    risk = await office.does(risks.warn, one, RiskKind.REFUND, RiskLevel.LOW, "两户退费", by=SYSTEM, at=office.now())
    filed = await office.files()
    for by in (office.li, office.head, office.zhou):
        forbidden: tuple[Callable[[Connection], object], ...] = (
            lambda tx, by=by: institutions.register(tx, Entry("甲"), by, office.now()),
            lambda tx, by=by: institutions.change(tx, one, Entry("乙"), by, office.now(), version=1),
            lambda tx, by=by: institutions.add_alias(tx, one, "丙", by, office.now()),
            lambda tx, by=by: institutions.merge(tx, one, one, by, office.now()),
            lambda tx, by=by: risks.warn(tx, one, RiskKind.RUNAWAY, RiskLevel.HIGH, "失联", by=by, at=office.now()),
            lambda tx, by=by: risks.describe(tx, risk, by, families=1),
            lambda tx, by=by: risks.settle(tx, risk, by, office.now(), progress="已退清"),
        )
        for act in forbidden:
            with pytest.raises(NotPermitted):
                await office.does(act)
    with pytest.raises(NotPermitted):
        await office.does(institutions.link, filed.report_id, one, office.li, office.now())


async def test_a_sealed_report_cannot_be_linked_by_who_may_not_see_it(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    filed = await office.files(route=Route("sealed"))
    with pytest.raises(NoSuchReport):
        await office.does(institutions.link, filed.report_id, one, office.qian, office.now())


async def test_sealed_reports_are_not_counted_on_an_institution(office: Office) -> None:
    one = await office.does(institutions.register, BAIHUA, office.qian, office.now())
    filed = await office.files(route=Route("sealed"))
    await office.does(institutions.link, filed.report_id, one, office.zhou, office.now())
    assert await office.sees(institutions.reports_on, one) == []
