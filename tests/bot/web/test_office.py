"""The office's working day: sorting, ruling, ledgers, the register, and a clerk at the telephone."""

import re

from storage import subject
from storage.reports import Route
from storage.vocabulary import Role
from tests.bot.web.bureau import Bureau
from tests.bot.web.test_desk import ANSWER


async def _office(bureau: Bureau) -> None:
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office", "王主任")
    await bureau.hire("li", name="李经办")
    await bureau.hire("chen", department="market_reg", name="陈经办")


async def test_the_office_sorts_what_the_reading_left_to_it(bureau: Bureau) -> None:
    await _office(bureau)
    filed = await bureau.report(route=Route("triage"))
    async with bureau.browser("wang") as wang, bureau.browser("chen") as chen:
        assert filed.number in (await wang.open("/desk?queue=triage")).text
        assert (await chen.open(f"/desk/reports/{filed.number}")).status_code == 404
        page = await wang.move(filed.number, "dispatch", lead="market_reg", assists=["edu", "market_reg"])
        assert "已完成：分派" in page.text
        found = (await wang.open(f"/desk/search?text={filed.number}&category=sham_closure&status=dispatched&town=zhulan")).text
        assert "找到 1 件" in found
        assert "市场监管局" in found.split("<tbody>")[1]
        assert filed.number in (await chen.open("/desk?queue=sign")).text


async def test_a_return_is_ruled_on_by_the_office_and_not_asked_for_twice(bureau: Bureau) -> None:
    await _office(bureau)
    filed = await bureau.report()
    async with bureau.browser("wang") as wang, bureau.browser("li") as li:
        await li.move(filed.number, "request_return", reason="不属于学科类", suggested="market_reg")
        assert filed.number in (await wang.open("/desk?queue=returns")).text
        await wang.move(filed.number, "deny_return", reason="教的是数学，属于学科类")
        page = (await li.open(f"/desk/reports/{filed.number}")).text
        assert "双减办指定" in page
        assert "/request_return" not in page


async def test_an_extension_moves_the_due_time_and_keeps_the_original_beside_it(bureau: Bureau) -> None:
    await _office(bureau)
    filed = await bureau.report(route=Route("auto", "edu", ()))
    async with bureau.browser("wang") as wang, bureau.browser("li") as li:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        await li.move(filed.number, "request_extension", days="3", reason="周末才能到现场")
        await wang.move(filed.number, "approve_extension", reason="同意，周末上课")
        page = (await li.open(f"/desk/reports/{filed.number}")).text
        assert re.search(r"原定 12月9日 \d\d:\d\d，现定 12月14日", page)


async def test_the_log_says_who_looked_and_of_a_parent_that_it_was_the_own_report(bureau: Bureau) -> None:
    await _office(bureau)
    filed = await bureau.report()
    await bureau.database.write(subject.kept, filed.number, filed.code.reveal(), bureau.now())
    async with bureau.browser("wang") as wang:
        await wang.open(f"/desk/reports/{filed.number}")
        log = re.sub(r"<[^>]+>|\s+", " ", (await wang.open("/office/accesses")).text)
    said = re.sub(" +", " ", log)
    assert f"王主任 双减办 查看线索 {filed.number}" in said
    assert f"反映人本人 导出 {filed.number}" in said
    assert "未登录" not in said


async def test_a_sealed_report_exists_for_the_discipline_inspection_alone(bureau: Bureau) -> None:
    await _office(bureau)
    await bureau.hire("ji", Role.DISCIPLINE, "discipline")
    filed = await bureau.report(route=Route("sealed"), category="official_misconduct")
    async with bureau.browser("wang") as wang, bureau.browser("ji") as ji:
        unknown = await wang.open("/desk/reports/WG-SJ-19990101-0001")
        sealed = await wang.open(f"/desk/reports/{filed.number}")
        assert (sealed.status_code, sealed.text) == (404, unknown.text.replace("WG-SJ-19990101-0001", filed.number))
        assert filed.number not in (await wang.open("/desk/search")).text
        assert filed.number in (await ji.open("/desk")).text
        assert (await ji.open(f"/desk/reports/{filed.number}")).status_code == 200


async def test_a_report_about_the_office_itself_is_not_the_offices_to_see(bureau: Bureau) -> None:
    await _office(bureau)
    filed = await bureau.report(about=("双减办",))
    async with bureau.browser("wang") as wang:
        assert (await wang.open(f"/desk/reports/{filed.number}")).status_code == 404


async def test_a_callback_that_says_not_solved_leads_to_the_one_redo(bureau: Bureau) -> None:
    await _office(bureau)
    filed = await bureau.report(route=Route("auto", "edu", ()))
    async with bureau.browser("wang") as wang, bureau.browser("li") as li:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        await li.move(filed.number, "submit", **ANSWER)
        await wang.move(filed.number, "approve")
        await wang.move(filed.number, "call_back", reached="yes", resolved="no", satisfaction="1", reason="周六又开了")
        assert "已完成：退回重办" in (await wang.move(filed.number, "redo", reason="仍在上课")).text
        assert filed.number in (await li.open("/desk?queue=sign")).text


async def test_a_clerk_enters_what_a_caller_said_and_reads_out_number_and_code(bureau: Bureau) -> None:
    await bureau.hire("zhang", Role.CLERK, "shuangjian_office")
    await bureau.hire("li")
    async with bureau.browser("zhang") as zhang, bureau.browser("li") as li:
        story = "朱兰街道某小区3号楼2单元5楼，每周六上午有老师偷偷给一群初三学生补数学，一个人收三千块"
        page = (await zhang.post("/desk/enter", source="phone", story=story, category="hidden_venue", reporter_phone="13912345678")).text
        number = re.search(r"WG-SJ-\d{8}-\d{4}", page)[0]
        assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)
        assert (await zhang.open(f"/desk/reports/{number}")).status_code == 403
        read = (await li.open(f"/desk/reports/{number}")).text
        assert "电话" in read
        assert "13912345678" not in read


async def test_a_problem_is_struck_off_only_after_somebody_else_accepted_it(bureau: Bureau) -> None:
    await _office(bureau)
    found = {"source": "patrol", "department": "edu", "responsible": "李股长", "description": "居民楼内无证补课", "task": "1"}
    async with bureau.browser("wang") as wang, bureau.browser("li") as li, bureau.browser("chen") as chen:
        await wang.post("/office/problems", **found)
        assert (await chen.open("/office/problems/1")).status_code == 404
        assert (await chen.post("/office/problems/1/plan", text="越权")).status_code == 404
        await li.post("/office/problems/1/plan", text="限期停办", due_on="2026-12-10")
        refused = await wang.post("/office/problems/1/strike_off")
        assert "验收通过以后才能销号" in refused.text
        await li.post("/office/problems/1/put_right", evidence="现场照片、停办通知书")
        assert (await li.post("/office/problems/1/accept")).status_code == 403
        await wang.post("/office/problems/1/accept")
        assert "已销号" in (await wang.post("/office/problems/1/strike_off")).text or "销号" in (await wang.open("/office/problems/1")).text
        assert "居民楼内无证补课" not in (await wang.open("/office/problems")).text


async def test_two_names_of_one_institution_become_one_record(bureau: Bureau) -> None:
    await _office(bureau)
    filed = await bureau.report()
    entry = {"kind": "subject", "state": "operating", "fund_mode": "unsupervised"}
    async with bureau.browser("wang") as wang:
        await wang.post("/office/institutions", name="星光教育", **entry)
        await wang.post("/office/institutions", name="晨星培训", aliases="晨星\n晨星家长群", **entry)
        await wang.move(filed.number, "link", institution="晨星家长群")
        await wang.post("/office/institutions/2/merge_institution", into="星光教育")
        page = (await wang.open("/office/institutions/1")).text
        assert filed.number in page
        assert "晨星家长群" in page
        assert "已并入另一家" in (await wang.open("/office/institutions/2")).text


async def test_the_office_is_shown_what_may_be_the_same_matter(bureau: Bureau) -> None:
    await _office(bureau)
    first, second = await bureau.report(), await bureau.report()
    async with bureau.browser("wang") as wang, bureau.browser("li") as li:
        await wang.post("/office/institutions", name="星光教育", kind="subject", state="operating", fund_mode="unknown")
        await wang.move(first.number, "link", institution="星光教育")
        page = (await wang.move(second.number, "link", institution="星光教育")).text
        assert f'可能是同一件 <a href="/desk/reports/{first.number}">' in page
        assert "可能是同一件" not in (await li.open(f"/desk/reports/{second.number}")).text
        assert "已完成：并入另一件" in (await wang.move(second.number, "merge", into=first.number)).text


async def test_two_people_changing_one_entry_do_not_overwrite_each_other(bureau: Bureau) -> None:
    await _office(bureau)
    entry = {"name": "星光教育", "kind": "subject", "state": "operating", "fund_mode": "unsupervised"}
    async with bureau.browser("wang") as wang:
        await wang.post("/office/institutions", **entry)
        await wang.post("/office/institutions/1/change", **entry, version="1", students="80")
        late = await wang.post("/office/institutions/1/change", **entry, version="1", students="90")
        assert late.status_code == 409
        assert "别人刚刚改过" in late.text


async def test_whoever_is_on_duty_stands_in_the_roster(bureau: Bureau) -> None:
    await _office(bureau)
    li = await bureau.hire("zhao", name="赵敏")
    async with bureau.browser("wang") as wang:
        page = await wang.post("/office/duty", day="2026-11-28", until="2026-11-29", officers=[str(li.id)])
        assert page.text.count("<td>赵敏</td>") == 2
