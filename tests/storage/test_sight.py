"""Who may know of a report: sealed ones, and reports on a department, stay hidden from everyone they should, under every name."""

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage import assignments, events, followup, reports, supervision, talk, triage
from storage.departments import Departments
from storage.errors import Involved, NoSuchReport, ReportError
from storage.people import Actor
from storage.reports import Route
from storage.tables.staff import officer
from storage.vocabulary import Role, Status
from tests.city import POLICY
from tests.storage.office import Office

DEPARTMENTS = Departments.load(POLICY / "departments.toml")
NAMES = [(one.key, name) for one in DEPARTMENTS.by_key.values() for name in (one.key, *one.names)]
WORKING = [key for key in DEPARTMENTS.by_key if DEPARTMENTS.may_assist(key)]


@pytest.mark.parametrize(("key", "name"), NAMES, ids=[name for _, name in NAMES])
def test_every_name_of_a_department_means_it(key: str, name: str) -> None:
    assert key in DEPARTMENTS.named(name)
    if name != key:
        assert key in DEPARTMENTS.named(f"我要反映{name}的人给机构通风报信")


async def test_a_report_on_a_department_is_hidden_from_it_under_every_alias(office: Office) -> None:
    """For every working department and each of its names: not given to it, not visible to it, not even by the office's own hand."""
    for key, name in NAMES:
        if key not in WORKING:
            continue
        lead = "edu" if key != "edu" else "market_reg"
        family = DEPARTMENTS.family(key)
        route = Route("auto", lead, tuple(one for one in WORKING if one in family or one == lead))
        filed = await office.files(route=route, about=(name if name == key else f"{name}的工作人员",))
        their = Actor(Role.HEAD, office.head.officer_id, key)
        assert not await office.sees(reports.visible, filed.report_id, their), name
        lead, assists = await office.sees(reports.departments, filed.report_id)
        assert not family & {lead, *assists}, name
        if filed.status is Status.SEALED:
            assert key == DEPARTMENTS.office
            continue
        with pytest.raises(ReportError):
            await office.does(supervision.add_assist, filed.report_id, key, office.qian, office.now())


async def test_a_branch_does_not_see_a_report_on_its_parent_nor_the_parent_one_on_the_branch(office: Office) -> None:
    for about, other in (("体育局", "edu"), ("教体局", "sports")):
        filed = await office.files(route=Route("triage"), about=(about,))
        with pytest.raises(Involved):
            await office.does(triage.dispatch, filed.report_id, office.qian, office.now(), lead=other)


async def test_a_report_on_an_officer_by_name_is_hidden_from_the_whole_department(office: Office) -> None:
    def named(tx: Connection) -> None:
        tx.execute(sa.update(officer).where(officer.c.id == office.li.officer_id).values(name="李建国"))

    await office.does(named)
    filed = await office.files(about=("办事的李建国",))
    assert filed.status is Status.TRIAGE
    for by in (office.li, office.wang, office.head):
        assert not await office.sees(reports.visible, filed.report_id, by)
    assert await office.told(office.li) == []


async def test_a_sealed_report_exists_for_the_discipline_inspection_alone(office: Office) -> None:
    filed = await office.files(route=Route("sealed"), category="official_misconduct")
    for by in (office.li, office.head, office.qian, Actor(Role.CLERK, 1, "shuangjian_office"), Actor(Role.READER, 1, "edu_inspection")):
        assert not await office.sees(reports.visible, filed.report_id, by)
        assert by.officer_id is None or not await office.told(by)
    assert await office.sees(reports.visible, filed.report_id, office.zhou)
    assert await office.told(office.zhou) == ["sealed_filed"]
    with pytest.raises(NoSuchReport):
        await office.does(talk.internally, filed.report_id, office.qian, "看看", office.now())
    await office.does(talk.to_reporter, filed.report_id, office.zhou, "已收到", office.now())
    assert await office.parent_told() == ["message_to_reporter"]
    view = await office.sees(followup.view_for_reporter, filed.report_id)
    assert (view.status, view.lead, view.assists) == (Status.SEALED, "discipline", ())


async def test_misconduct_is_sealed_whatever_the_route_says_and_when_it_is_found_out_later(office: Office) -> None:
    filed = await office.files(category="official_misconduct", route=Route("auto", "edu"))
    assert filed.status is Status.SEALED
    plain = await office.files()
    misconduct = {"category": "official_misconduct", "reason": "反映的是工作人员"}
    await office.does(triage.change_category, plain.report_id, by=office.qian, at=office.now(), **misconduct)
    assert (await office.history(plain))[-1].to_status is Status.SEALED
    assert not await office.sees(reports.visible, plain.report_id, office.qian)


async def test_a_report_sealed_later_is_gone_for_those_who_had_it(office: Office) -> None:
    filed = await office.files()
    lead = await office.works_on(filed, office.li)
    assert await office.sees(reports.visible, filed.report_id, office.li)
    await office.does(triage.seal, filed.report_id, office.qian, office.now(), reason="涉及公职人员")
    for by in (office.li, office.zhao, office.qian):
        assert not await office.sees(reports.visible, filed.report_id, by)
    with pytest.raises(NoSuchReport):
        await office.does(supervision.escalate, lead, office.qian, office.now(), reason="快点")
    assert await office.told(office.zhou) == ["sealed_filed"]


async def test_ordinary_reports_are_none_of_the_discipline_inspections_business(office: Office) -> None:
    filed = await office.files()
    assert not await office.sees(reports.visible, filed.report_id, office.zhou)


async def test_a_department_sees_what_it_has_and_nothing_else(office: Office) -> None:
    filed = await office.files()
    for by, sees in ((office.li, True), (office.head, True), (office.zhao, True), (office.sun, False), (office.qian, True)):
        assert await office.sees(reports.visible, filed.report_id, by) is sees
    await office.does(supervision.reassign, await office.lead(filed), "sci_tech", office.qian, office.now(), reason="归科技局")
    assert not await office.sees(reports.visible, filed.report_id, office.li)
    assert await office.sees(reports.visible, filed.report_id, office.sun)


async def test_a_report_on_the_office_goes_past_the_office(office: Office) -> None:
    filed = await office.files(about=("双减办",))
    assert filed.status is Status.SEALED
    assert not await office.told(office.qian)


async def test_an_officer_who_declared_an_interest_cannot_have_it(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu"))
    lead = await office.lead(filed)
    await office.does(assignments.claim, lead, office.li, office.now())
    await office.does(assignments.declare_conflict, lead, office.li, office.now(), reason="老板是我亲戚")
    assert not await office.sees(reports.visible, filed.report_id, office.li)
    with pytest.raises(ReportError):
        await office.does(assignments.claim, lead, office.li, office.now())
    await office.does(assignments.claim, lead, office.wang, office.now())
    await office.does(assignments.start, lead, office.wang, office.now())
    with pytest.raises(ReportError):
        await office.does(assignments.transfer_owner, lead, office.li.officer_id or 0, office.head, office.now())


async def test_reasons_are_sealed_in_the_history_and_open_for_those_who_may_read(office: Office) -> None:
    filed = await office.files(route=Route("auto", "edu"))
    lead = await office.works_on(filed, office.li)
    await office.does(assignments.contact, lead, office.li, office.now(), reason="约好明天见")
    assert (await office.sees(events.history, filed.report_id))[-1].reason == "约好明天见"
