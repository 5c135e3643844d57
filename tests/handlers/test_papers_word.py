"""The office's papers in Word: laid out as the standard wants, true to the records, blank where only a person knows."""

import io
import re
import shutil
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from handlers.desk.refusals import Forbidden, NotFound
from handlers.papers import figures, ledgers, pdf, word
from handlers.papers.book import PaperBook
from handlers.papers.documents import PERIODICAL, SINGLE, Document, Wish
from handlers.papers.ledgers import Order
from handlers.policy import Policy
from storage import accesses
from storage.database import Database
from storage.rules import Rules
from tests.clock import Now
from tests.handlers.paperwork import MONTH, SECRET, ZONE, Month

TEMPLATES = sorted(Path("policy/wugang/papers").glob("*.docx"))


async def paper(month: Month, name: str, *, who: str = "office", as_pdf: bool = False) -> Document:
    if name in SINGLE:
        return await month.documents.about(month.people[who], month.number, name, as_pdf=as_pdf)
    wish = Wish(name, MONTH, department="edu", sample="2026年第四季度", as_pdf=as_pdf)
    return await month.documents.periodical(month.people[who], wish)


def text(document: Document) -> str:
    opened = docx.Document(io.BytesIO(document.content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in opened.paragraphs] + cells)


def row(document: Document, first: str, table: int = 0) -> list[str]:
    """The line of a table that has this in its first or second cell."""
    lines = [[cell.text for cell in line.cells] for line in docx.Document(io.BytesIO(document.content)).tables[table].rows]
    return next(line for line in lines if first in line[:2])


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_template_is_laid_out_as_the_standard_wants(path: Path) -> None:
    opened = docx.Document(str(path))
    page = opened.sections[0]
    assert [round(side / 36000) for side in (page.page_width, page.page_height)] == [210, 297]
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 35, 28, 26]
    title = opened.paragraphs[0].runs[0]
    assert (title.font.size, title._r.rPr.rFonts.get(qn("w:eastAsia"))) == (Pt(22), "方正小标宋简体")
    body = [one for one in opened.paragraphs if one.paragraph_format.first_line_indent and one.runs]
    assert {one.paragraph_format.line_spacing for one in body} == {Pt(28)}
    assert {one.runs[0].font.size for one in body} <= {Pt(16)}
    fonts = {run._r.rPr.rFonts.get(qn("w:eastAsia")) for one in opened.paragraphs for run in one.runs if run._r.rPr is not None}
    assert fonts <= {"方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", None}


@pytest.mark.parametrize("name", [*SINGLE, *PERIODICAL, "spot_check"])
async def test_no_paper_says_who_reported_and_none_keeps_a_gap_in_its_text(month: Month, name: str) -> None:
    told = text(await paper(month, name))
    assert not [secret for secret in (*SECRET, "五年级") if secret in told]
    assert not re.search(r"{{|{%|\bNone\b", told)


async def test_the_letter_has_a_number_of_its_year_and_keeps_it(month: Month) -> None:
    first = text(await paper(month, "transfer"))
    again = text(await paper(month, "transfer"))
    other = text(await month.documents.about(month.people["office"], month.waiting, "transfer"))
    assert "舞双减办交〔2026〕1号" in first
    assert again == first
    assert "舞双减办交〔2026〕2号" in other
    for told in ("舞钢市教体局：", "疑似存在“无证学科补习”问题", "反映人的身份和反映的内容严格保密", "签收回执", "五（一）"):
        assert told in first, told


async def test_a_department_prints_its_letter_once_the_office_has_issued_it(month: Month) -> None:
    with pytest.raises(NotFound):
        await paper(month, "transfer", who="owner")
    issued = text(await paper(month, "transfer"))
    assert text(await paper(month, "transfer", who="owner")) == issued
    with pytest.raises(NotFound):
        await paper(month, "transfer", who="elsewhere")


async def test_the_answer_tells_what_was_approved_and_leaves_the_law_to_a_person(month: Month) -> None:
    told = text(await paper(month, "reply", who="owner"))
    assert "已责令该处停止培训" in told
    assert "重点巡查" not in told, "the internal opinion stays inside"
    assert "【需人工填写：适用的法律法规条款】" in told
    waiting = text(await month.documents.about(month.people["owner"], month.waiting, "reply"))
    assert "【需人工填写：办理结果尚未审核通过】" in waiting


async def test_the_account_to_the_office_has_the_whole_record(month: Month) -> None:
    made = await paper(month, "report", who="owner")
    told = text(made)
    assert "<未能出示>办学许可证 & 营业执照" in told
    for cell in ("张三、李四", "舞教罚〔2026〕1号", "20,000元", "36,000元", "12人", "责令停止、罚款、整改通知"):
        assert cell in told, cell


async def test_the_circular_adds_up(month: Month) -> None:
    made = await paper(month, "circular")
    found = await figures.gather(month.database, month.book, MONTH, month.now())
    lines = [row(made, line.cells[0].text) for line in docx.Document(io.BytesIO(made.content)).tables[0].rows[1:-1]]
    whole = row(made, "合计")
    assert found.received == 4
    assert f"期间受理线索{found.received}件，其中已办结{found.closed}件" in text(made)
    for column in (2, 3, 4, 5, 10):
        assert sum(int(line[column]) for line in lines) == int(whole[column]), made.name
    for line in (*lines, whole):
        assert int(line[3]) + int(line[4]) + int(line[5]) == int(line[2]), line
    edu = next(line for line in lines if line[1] == "教体局")
    assert edu[2:6] == ["4", "2", "1", "1"]
    # Opinions that the office waived in time are no delay of the assisting department's.
    assert next(line for line in lines if line[1] == "市场监管局")[2:6] == ["4", "2", "1", "1"]
    assert "教体局：当期派出的交办件中曾超期1件" in text(made)
    assert "【需人工填写：典型案例" in text(made)


async def test_the_same_totals_stand_in_the_ledger_the_monthly_sheet_and_the_summary(month: Month, tmp_path: Path) -> None:
    order = Order("tips", MONTH, "shuangjian_office")
    listed = await ledgers.count(month.database, month.book, order)
    monthly, summary = await paper(month, "monthly"), await paper(month, "summary")
    assert row(monthly, "受理群众反映线索（件）") == ["受理群众反映线索（件）", str(listed), ""]
    # One answer is rated without content: the callback still asks why, and the report is not closed before it ends.
    assert row(monthly, "其中：已办结（占受理）")[1:] == ["2", "50.0%"]
    assert row(monthly, "罚没（元）")[1] == "20,000"
    assert row(monthly, "出动检查（次）")[1] == "4"
    told = text(summary)
    for said in (
        "期间受理线索4件，已办结2件",
        "出动检查4次、9人次",
        "罚没20,000元",
        "退费36,000元",
        "已报送：1个单位（教体局）；未报送：2个单位（市场监管局、科技局）",
    ):
        assert said in told, said
    assert told.count("【需人工填写：主要做法和成效】") == 5


async def test_blanks_stand_out(month: Month) -> None:
    opened = docx.Document(io.BytesIO((await paper(month, "summary")).content))
    runs = [run for paragraph in opened.paragraphs for run in paragraph.runs]
    assert {run.text.startswith("【需人工填写") for run in runs if run.font.highlight_color} == {True}
    assert len([run for run in runs if run.font.highlight_color]) == 8


async def test_a_period_without_anything_is_told_with_dashes(embedded: Database, rules: Rules, policy: Policy, now: Now) -> None:
    from handlers.papers.periodical import circular

    book = PaperBook.load(policy, ZONE)
    empty = circular(book, await figures.gather(embedded, book, MONTH, now()), MONTH, now())
    assert (empty["close_rate"], empty["mean"], empty["lines"]) == ("—", "—", [])
    assert empty["slow"] == ["期间没有曾超期的交办件、被驳回的退单和逾期未整改的问题。"]
    assert word.fill(book, "circular", empty)


async def test_papers_about_everybody_are_the_offices_and_every_paper_is_logged(month: Month) -> None:
    for who in ("owner", "head", "reader"):
        with pytest.raises(Forbidden):
            await paper(month, "circular", who=who)
    await paper(month, "circular")
    await paper(month, "reply")
    log = await month.database.read(accesses.latest, 2)
    assert [(line.officer, line.action, line.reason) for line in log] == [("office", "export", "reply"), ("office", "export", "circular")]


async def test_a_template_the_office_broke_is_named(month: Month, tmp_path: Path) -> None:
    from dataclasses import replace

    shutil.copytree("policy/wugang/papers", tmp_path / "papers")
    broken = docx.Document(str(tmp_path / "papers" / "reply.docx"))
    broken.add_paragraph("{{ 不存在 }}")
    broken.save(str(tmp_path / "papers" / "reply.docx"))
    with pytest.raises(word.TemplateBroken) as told:
        word.fill(replace(month.book, folder=tmp_path), "reply", {})
    assert told.value.template == "reply.docx"


@pytest.mark.skipif(not pdf.is_possible(), reason="LibreOffice is not installed (Debian: apt install libreoffice-writer)")
@pytest.mark.parametrize(("name", "pages"), [("transfer", 2), ("monthly", 1)])
async def test_a_paper_becomes_a_pdf_of_the_pages_it_should_have(month: Month, name: str, pages: int) -> None:
    made = await paper(month, name, as_pdf=True)
    assert made.name.endswith(".pdf")
    assert made.content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", made.content)) == pages
