"""The officers' workbench in a browser: from the sign-in to the approved answer."""

from storage import followup
from storage.vocabulary import Role
from tests.bot.web.bureau import Bureau

ANSWER = {
    "disposition": "substantiated_rectified",
    "answer": "经查属实，已责令停止。",
    "findings": "现场有 12 名学生在上数学课。",
    "opinion": "建议列入重点巡查。",
    "inspected_at": "2026-11-25T10:00",
    "place": "朱兰街道某小区 3 号楼",
    "people": "张三、李四",
    "measures": ["ordered_to_stop", "talked_to"],
}


async def test_who_is_not_signed_in_comes_back_to_the_wanted_page_after_signing_in(bureau: Bureau) -> None:
    await bureau.hire("li")
    filed = await bureau.report()
    async with bureau.browser() as browser:
        page = await browser.open(f"/desk/reports/{filed.number}")
        assert "登录工作台" in page.text
        page = await browser.post("/desk/login", login="li", password="correct horse battery", next=f"/desk/reports/{filed.number}")
        assert filed.number in page.text


async def test_a_report_goes_from_signing_to_the_approved_answer(bureau: Bureau) -> None:
    await bureau.hire("li", name="李经办")
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    filed = await bureau.report(route=_only_edu())
    async with bureau.browser("li") as li, bureau.browser("wang") as wang:
        assert "待签收" in (await li.open("/desk")).text
        assert "已完成：签收" in (await li.move(filed.number, "claim", no_conflict="yes")).text
        assert "已完成" in (await li.move(filed.number, "start")).text
        assert "已完成" in (await li.move(filed.number, "submit", **ANSWER)).text
        assert "待审核" in (await wang.open("/desk")).text
        assert "已完成：审核通过" in (await wang.move(filed.number, "approve")).text


async def test_a_desk_with_nothing_to_do_says_so(bureau: Bureau) -> None:
    await bureau.hire("li")
    async with bureau.browser("li") as li:
        page = (await li.open("/desk")).text
    assert "眼下没有要办的。" in page
    assert "built-in" not in page


async def test_the_loser_of_a_race_hears_who_has_it_and_since_when(bureau: Bureau) -> None:
    await bureau.hire("li", name="李经办")
    await bureau.hire("zhao", name="赵经办")
    filed = await bureau.report()
    async with bureau.browser("li") as li, bureau.browser("zhao") as zhao:
        page = (await zhao.open(f"/desk/reports/{filed.number}")).text
        await li.move(filed.number, "claim", no_conflict="yes")
        action = page.split('/claim"')[0].rsplit('action="', 1)[1] + "/claim"
        lost = await zhao.post(action, no_conflict="yes")
        assert lost.status_code == 409
        assert "李经办 已在 今天 09:30 签收" in lost.text


async def test_claiming_asks_for_the_declaration_that_there_is_no_conflict(bureau: Bureau) -> None:
    await bureau.hire("li")
    filed = await bureau.report()
    async with bureau.browser("li") as li:
        page = await li.move(filed.number, "claim")
        assert page.status_code == 409
        assert "还没有填：我与反映的事和人没有利害关系" in page.text


async def test_what_was_typed_is_still_there_when_something_is_missing(bureau: Bureau) -> None:
    await bureau.hire("li")
    filed = await bureau.report()
    async with bureau.browser("li") as li:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        page = await li.move(filed.number, "submit", **{**ANSWER, "people": "张三"})
        assert "办理结果还缺：核查人员" in page.text
        assert "现场有 12 名学生在上数学课。" in page.text


async def test_what_was_sent_back_is_mended_and_not_typed_again(bureau: Bureau) -> None:
    await bureau.hire("li")
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    filed = await bureau.report(route=_only_edu())
    async with bureau.browser("li") as li, bureau.browser("wang") as wang:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        await li.move(filed.number, "submit", **ANSWER)
        await wang.move(filed.number, "send_back", reason="请写明处理依据")
        page = (await li.open(f"/desk/reports/{filed.number}")).text
        assert '<option value="substantiated_rectified" selected>' in page
        assert 'value="2026-11-25T10:00"' in page
        assert "现场有 12 名学生在上数学课。</textarea>" in page


async def test_phone_and_name_are_masked_and_the_terms_are_marked(bureau: Bureau) -> None:
    await bureau.hire("li")
    filed = await bureau.report()
    async with bureau.browser("li") as li:
        page = (await li.open(f"/desk/reports/{filed.number}")).text
        assert "13812345678" not in page
        assert "李强" not in page
        assert '<mark class="for"' in page
        assert "分派把握 <b>够，系统直接分派</b>" in page
        assert "也可能是“占用周末节假日补学科”（5%）。" in page


async def test_the_question_asked_stands_in_the_talk_with_the_reporter_and_its_answer_below_it(bureau: Bureau) -> None:
    await bureau.hire("li")
    filed = await bureau.report(route=_only_edu())
    async with bureau.browser("li") as li:
        await li.move(filed.number, "claim", no_conflict="yes")
        await li.move(filed.number, "start")
        await li.move(filed.number, "ask_info", question="请问是几号楼？")
        talk = _talk((await li.open(f"/desk/reports/{filed.number}")).text)
        assert "请问是几号楼？" in talk
        assert "还没有留言。" not in talk
        bureau.now.move(minutes=5)
        await bureau.database.write(followup.add_information, filed.report_id, "3号楼二单元", (), bureau.now(), giver=None)
        talk = _talk((await li.open(f"/desk/reports/{filed.number}")).text)
        assert 0 < talk.index("请问是几号楼？") < talk.index("3号楼二单元")


def _talk(page: str) -> str:
    return page.partition("<h2>与反映人的留言</h2>")[2].partition("<h2>")[0]


def _only_edu() -> object:
    from storage.reports import Route

    return Route("auto", "edu", ())


async def test_a_suggestion_opens_its_move_filled_in_and_does_nothing_by_itself(bureau: Bureau) -> None:
    marks = frozenset(range(40))
    first, again = await bureau.report(marks=marks), await bureau.report(marks=marks)
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    await bureau.hire("li")
    async with bureau.browser("qian") as qian, bureau.browser("li") as li:
        page = (await qian.open(f"/desk/reports/{again.number}")).text
        link = f"/desk/reports/{again.number}?move=merge&amp;into={first.number}#actions"
        assert "相似的线索" in page
        assert link in page
        assert "相似的线索" not in (await li.open(f"/desk/reports/{again.number}")).text
        opened = (await qian.open(link.replace("&amp;", "&"))).text
        assert f'name="into" value="{first.number}"' in opened
        assert (await qian.move(again.number, "merge", into=first.number)).status_code == 200
        assert "已并件" in (await qian.open(f"/desk/reports/{again.number}")).text
