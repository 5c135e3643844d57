"""The office's papers in a browser: made, watched, taken away as files, and only by whom they are for."""

import io
from pathlib import Path

import docx
import openpyxl
import pytest

from bot.channels.web.campaigns import campaign_routes, import_routes
from bot.channels.web.papers import PaperRooms, paper_routes
from handlers.campaigns import Campaigns
from handlers.imports import Imports
from handlers.papers.annex import Annex
from handlers.papers.book import PaperBook
from handlers.papers.documents import Documents
from handlers.papers.exporting import Exports
from storage.rules import Rules
from storage.vocabulary import Role
from tests.bot.web.bureau import ZONE, Bureau

DAYS = {"start": "2026-11-01", "end": "2026-11-30"}


@pytest.fixture
async def exports(bureau: Bureau, rules: Rules, tmp_path: Path) -> Exports:
    """The paper pages in the bureau, with somebody of the office and somebody of a department."""
    book = PaperBook.load(bureau.policy, ZONE)
    database, now, folder = bureau.database, bureau.now, tmp_path / "exports"
    campaigns = Campaigns(database, book, rules, now)
    made = Exports(database, book, now, folder)
    rooms = PaperRooms(book, Documents(database, book, rules, now, drafts=campaigns.handed_in), made, Annex(database, book, now))
    bureau.app.include_router(paper_routes(bureau.shell, rooms))
    bureau.app.include_router(campaign_routes(bureau.shell, campaigns, book))
    bureau.app.include_router(import_routes(bureau.shell, Imports(database, book, now, folder), book))
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    await bureau.hire("li")
    return made


async def test_a_ledger_is_ordered_watched_and_taken_away(bureau: Bureau, exports: Exports) -> None:
    await bureau.report()
    async with bureau.browser("qian") as qian, bureau.browser("li") as li:
        page = await qian.post("/office/papers/ledgers", ledger="tips", form="xlsx", **DAYS)
        assert "线索台账 2026-11-01 2026-11-30.xlsx" in page.text
        await exports.settle()
        assert 'href="/office/papers/exports/1"' in (await qian.open("/office/papers")).text
        file = await qian.open("/office/papers/exports/1")
        assert openpyxl.load_workbook(io.BytesIO(file.content)).active["A1"].value == "校外培训线索台账"
        assert file.headers["content-disposition"].startswith("attachment;")
        assert (file.headers["x-content-type-options"], file.headers["cache-control"]) == ("nosniff", "private, no-store")
        assert (await li.open("/office/papers/exports/1")).status_code == 404


async def test_a_letter_is_printed_by_the_office_and_then_by_its_department(bureau: Bureau, exports: Exports) -> None:
    filed = await bureau.report()
    async with bureau.browser("qian") as qian, bureau.browser("li") as li:
        early = await li.post("/office/papers/single", number=filed.number, paper="transfer")
        assert (early.status_code, "还没有生成交办函" in early.text) == (409, True)
        for browser in (qian, li):
            letter = await browser.post("/office/papers/single", number=filed.number, paper="transfer")
            told = "\n".join(one.text for one in docx.Document(io.BytesIO(letter.content)).paragraphs)
            assert "舞双减办交〔2026〕1号" in told


async def test_a_report_s_page_offers_its_papers_with_the_number_filled_in(bureau: Bureau, exports: Exports) -> None:
    filed = await bureau.report()
    async with bureau.browser("qian") as qian:
        page = (await qian.open(f"/desk/reports/{filed.number}")).text
        form = page[page.index("出文书（Word）") :]
        assert f'name="number" value="{filed.number}"' in form
        assert all(f'name="paper" value="{one}"' in form for one in ("transfer", "reply", "report"))
        made = await qian.post("/office/papers/single", number=filed.number, paper="transfer")
        assert made.headers["content-disposition"].startswith("attachment;")


async def test_a_department_sees_no_papers_about_everybody(bureau: Bureau, exports: Exports) -> None:
    async with bureau.browser("li") as li:
        page = (await li.open("/office/papers")).text
        assert "保密附件" not in page
        assert "通报" not in page
        assert (await li.post("/office/papers/periodical", paper="circular", **DAYS)).status_code == 403
        assert (await li.post("/office/papers/annex", reason="好奇", **DAYS)).status_code == 403
        assert (await li.post("/office/papers/ledgers", ledger="risks", form="xlsx", **DAYS)).status_code == 403


@pytest.mark.parametrize("days", [{"start": "2026-12-01", "end": "2026-11-01"}, {"start": "x", "end": ""}, {}])
async def test_days_that_make_no_period_are_asked_for_again(bureau: Bureau, exports: Exports, days: dict[str, str]) -> None:
    async with bureau.browser("qian") as qian:
        for path in ("ledgers", "periodical", "annex"):
            page = await qian.post(f"/office/papers/{path}", **days)
            assert (page.status_code, "请检查日期" in page.text) == (409, True)


async def test_the_circular_and_the_annex_come_as_files(bureau: Bureau, exports: Exports) -> None:
    await bureau.report()
    async with bureau.browser("qian") as qian:
        circular = await qian.post("/office/papers/periodical", paper="circular", **DAYS)
        assert docx.Document(io.BytesIO(circular.content)).paragraphs[0].text == "关于2026年11月"
        assert "请写明理由" in (await qian.post("/office/papers/annex", reason=" ", **DAYS)).text
        annex = await qian.post("/office/papers/annex", reason="回访", **DAYS)
        assert openpyxl.load_workbook(io.BytesIO(annex.content)).active["C4"].value == "李强"
        assert "没有这个名称的抽查" in (await qian.post("/office/papers/periodical", paper="spot_check", sample="没有", **DAYS)).text


async def test_a_campaign_is_opened_handed_in_to_and_shown(bureau: Bureau, exports: Exports) -> None:
    async with bureau.browser("qian") as qian, bureau.browser("li") as li:
        assert "2026年校外培训整治攻坚年" in (await qian.post("/office/campaigns", year="2026")).text
        assert "已经开了" in (await qian.post("/office/campaigns", year="2026")).text
        assert "请检查年份" in (await qian.post("/office/campaigns", year="1")).text
        assert "第 1 稿" in (await li.post("/office/campaigns/drafts", year="2026", text="我们做了<三>件事")).text
        page = (await qian.open("/office/campaigns")).text
        assert "我们做了&lt;三&gt;件事" in page
        assert "还没有报（7 个单位）：体育部门、" in page


async def test_a_list_of_institutions_is_looked_at_and_then_entered(bureau: Bureau, exports: Exports) -> None:
    book = openpyxl.Workbook()
    for row in (["机构名称", "在册学员"], ["星光艺术", 120], ["蓝天体育", "很多"]):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    async with bureau.browser("qian") as qian:
        page = (await qian.client.post("/office/import", files={"file": ("名单.xlsx", kept.getvalue())})).text
        assert "新登记 1 家" in page
        assert "“在册学员”不是整数：很多" in page
        token = page.partition('name="token" value="')[2][:32]
        assert "已登记。" in (await qian.post("/office/import/apply", token=token)).text
        assert "星光艺术" in (await qian.open("/office/institutions")).text
        assert (await qian.post("/office/import/apply", token=token)).status_code == 404
        assert "打不开这个文件" in (await qian.client.post("/office/import", files={"file": ("a.xlsx", b"no")})).text
