"""The ledgers as the office opens them: complete, added up, printable, and without a word about who reported."""

import csv
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from handlers.desk.accounts import Person
from handlers.papers import ledgers
from handlers.papers.book import PaperBook, Period
from handlers.papers.ledgers import Order
from handlers.papers.restating import restate
from handlers.policy import Policy
from storage import institutions, papers, problems, reports, risks, warnings
from storage.database import Database
from storage.institutions import Entry
from storage.reports import Contact, Route
from storage.vocabulary import Level, Nature, ProblemSource, RiskKind, RiskLevel, Status
from storage.warnings import Warned
from tests.clock import Now
from tests.handlers import stations

ZONE = ZoneInfo("Asia/Shanghai")
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
SECRET = ("李强", "13812345678", "我家就在三楼")


@pytest.fixture(scope="session")
def book(policy: Policy) -> PaperBook:
    return PaperBook.load(policy, ZONE)


@pytest.fixture
async def office(embedded: Database, now: Now) -> dict[str, Person]:
    """A report in every state, one of them with everything said, and one whose words begin like a formula."""
    people = await embedded.write(stations.hire, now())
    for state in stations.STATES:
        await embedded.write(stations.bring, state, people, now())
    spoken = {
        "story": f"{SECRET[2]}，{SECRET[0]}，{SECRET[1]}",
        "facts": {"address": "朱兰街道某小区3号楼", "org_name": "=星光教育", "course": "数学", "amount_yuan": 3000.0, "grade": "五年级"},
        "contact": Contact(*SECRET[:2]),
        "town": "zhulan",
        "nature": Nature.TIPOFF,
        "level": Level.P1,
        "route": Route("auto", "edu", ("market_reg",)),
    }
    await embedded.write(reports.file, stations.submission(**spoken), now())
    return people


async def written(database: Database, book: PaperBook, order: Order, path: Path, now: Now) -> tuple[int, list[int]]:
    told: list[int] = []

    async def progress(done: int) -> None:
        told.append(done)

    return await ledgers.write(database, book, order, path, at=now(), progress=progress), told


def opened(path: Path) -> list[list[object]]:
    return [list(row) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True)]


async def test_every_report_but_the_sealed_ones_has_a_line(
    embedded: Database, book: PaperBook, office: object, now: Now, tmp_path: Path
) -> None:
    path = tmp_path / "tips.xlsx"
    count, told = await written(embedded, book, Order("tips", NOVEMBER, "shuangjian_office"), path, now)
    rows = opened(path)
    assert rows[0][0] == "校外培训线索台账"
    assert "统计区间：2026-11-01 至 2026-11-30" in str(rows[1][0])
    assert [column.head for column in book.ledgers["tips"].columns] == rows[2]
    assert len(rows) == 3 + count + 1
    assert told[-1] == count == await ledgers.count(embedded, book, Order("tips", NOVEMBER, "shuangjian_office"))
    # One of each state that is not sealed, the main report of the merged one, and the spoken one.
    assert count == len([state for state in stations.STATES if state is not Status.SEALED]) + 2
    assert rows[-1][:2] == ["合计", f"{count} 件"]


async def test_nothing_in_a_ledger_says_who_reported(embedded: Database, book: PaperBook, office: object, now: Now, tmp_path: Path) -> None:
    path = tmp_path / "tips.xlsx"
    await written(embedded, book, Order("tips", NOVEMBER, "shuangjian_office"), path, now)
    text = " ".join(str(cell) for row in opened(path) for cell in row if cell is not None)
    assert not [secret for secret in (*SECRET, "五年级", "13912345678") if secret in text]
    assert "疑似存在“居民楼等隐蔽场所补课”问题" in text


def test_a_matter_is_restated_as_an_official_writes_it(book: PaperBook) -> None:
    facts = {"address": "朱兰街道某小区3号楼", "org_name": "小树苗", "course": "数学", "amount_yuan": 1600.0, "payee": "个人微信"}
    told = restate(book, facts, category="hidden_venue", town="zhulan", institution=None)
    assert told == (
        "反映朱兰街道某小区3号楼的小树苗疑似存在“居民楼等隐蔽场所补课”问题。培训内容：数学；涉及金额：1600 元；收款方：个人微信。"
    )
    assert restate(book, {}, category="refund_dispute", town=None, institution=None) == "反映某机构或个人疑似存在“退费难”问题。"


@pytest.mark.parametrize("category", ["policy_consult", "suggestion", "out_of_scope", "unclear"])
def test_who_asks_or_suggests_accuses_nobody(book: PaperBook, category: str) -> None:
    told = restate(book, {"org_name": "小树苗"}, category=category, town=None, institution=None)
    assert told == f"归类为“{book.policy.label(category)}”，涉及小树苗。"


async def test_the_head_of_a_ledger_says_by_what_it_was_counted_and_its_last_line_counts_in_its_own_measure(
    embedded: Database, book: PaperBook, office: object, now: Now, tmp_path: Path
) -> None:
    said = {}
    for name in ("tips", "problems", "risks"):
        await written(embedded, book, Order(name, NOVEMBER, "shuangjian_office"), tmp_path / f"{name}.xlsx", now)
        rows = opened(tmp_path / f"{name}.xlsx")
        said[name] = (str(rows[1][0]).partition("口径：")[2], str(rows[-1][1])[-1])
    assert said == {
        "tips": ("按受理日期统计，不含密件和反映人信息；线索摘要由系统按要点转述，均为疑似，以核查结果为准", "件"),
        "problems": ("按发现日期统计，各项情况截至填报日期", "个"),
        "risks": ("统计区间内存在的风险，含以前登记、尚未化解的；各项情况截至填报日期，金额单位为元", "项"),
    }


async def test_no_cell_is_ever_a_formula(embedded: Database, book: PaperBook, office: object, now: Now, tmp_path: Path) -> None:
    for name in ("tips.xlsx", "tips.csv"):
        await written(embedded, book, Order("tips", NOVEMBER, "shuangjian_office"), tmp_path / name, now)
    sheet = openpyxl.load_workbook(tmp_path / "tips.xlsx").active
    place = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [(cell.data_type, cell.quotePrefix) for cell in place] == [("s", True)]
    lines = list(csv.reader((tmp_path / "tips.csv").read_text("utf-8-sig").splitlines()))
    assert [cell for line in lines for cell in line if cell.startswith(("=", "'="))] == ["'=星光教育 朱兰街道某小区3号楼"]


async def test_the_sheet_prints_across_with_its_head_on_every_page(
    embedded: Database, book: PaperBook, office: object, now: Now, tmp_path: Path
) -> None:
    path = tmp_path / "tips.xlsx"
    await written(embedded, book, Order("tips", NOVEMBER, "shuangjian_office"), path, now)
    sheet = openpyxl.load_workbook(path).active
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A4", "$1:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    # One page wide (Excel writes nothing for 1), as long as it is.
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


async def test_a_department_gets_its_own_reports_and_none_on_itself(
    embedded: Database, book: PaperBook, office: object, now: Now, tmp_path: Path
) -> None:
    await embedded.write(reports.file, stations.submission(about=("教体局",), route=Route("auto", "market_reg", ())), now())
    start, end = NOVEMBER.bounds(ZONE)
    of_edu, _ = await embedded.read(papers.tips, papers.Scope(start, end, "edu", "edu"), after=0, at=now())
    assert of_edu
    assert all(tip.lead.department == "edu" or "edu" in tip.assists for tip in of_edu)
    everything, _ = await embedded.read(papers.tips, papers.Scope(start, end, "edu"), after=0, at=now())
    assert not [tip for tip in everything if "edu" in tip.report.about]


async def test_pages_join_without_a_gap(embedded: Database, office: object, now: Now) -> None:
    scope = papers.Scope(*NOVEMBER.bounds(ZONE), "shuangjian_office")
    whole, end = await embedded.read(papers.tips, scope, after=0, at=now())
    assert end is None
    seen, after = [], 0
    while after is not None:
        page, after = await embedded.read(papers.tips, scope, after=after, at=now(), size=3)
        seen += page
    assert [tip.report.number for tip in seen] == [tip.report.number for tip in whole]


async def test_problems_and_risks_are_written_with_their_totals(
    embedded: Database, book: PaperBook, office: dict[str, Person], now: Now, tmp_path: Path
) -> None:
    by = office["office"].actor
    made = await embedded.write(institutions.register, Entry("星光艺术", phone="0375-0000000"), by, now())
    risk = await embedded.write(risks.warn, made, RiskKind.REFUND, RiskLevel.HIGH, "多人反映", by=by, at=now())
    await embedded.write(risks.describe, risk, by, families=12, yuan=36000)
    found = {"source": ProblemSource.PATROL, "department": "edu", "responsible": "张三", "task": 1, "institution_id": made}
    await embedded.write(problems.find_problem, by, now(), description="-现场有人上课", **found)
    await written(embedded, book, Order("problems", NOVEMBER, "shuangjian_office"), tmp_path / "problems.xlsx", now)
    await written(embedded, book, Order("risks", NOVEMBER, "shuangjian_office"), tmp_path / "risks.xlsx", now)
    problem, risk_line, sums = opened(tmp_path / "problems.xlsx")[3], *opened(tmp_path / "risks.xlsx")[3:5]
    assert problem[2:6] == ["排查", "（一）严查违规学科类培训", "-现场有人上课", "星光艺术"]
    assert (risk_line[1], risk_line[14:16]) == ("星光艺术", [12, 36000])
    assert sums[14:16] == [12, 36000]


async def test_reports_that_gather_in_a_town_are_a_line_that_says_no_institution_was_named(
    embedded: Database, book: PaperBook, office: dict[str, Person], now: Now, tmp_path: Path
) -> None:
    filed = [await embedded.write(reports.file, stations.submission(town="zhulan"), now()) for _ in range(2)]
    numbers = tuple(one.number for one in filed)
    warned = Warned("", "refund_dispute", "zhulan", numbers, RiskKind.REFUND, RiskLevel.MEDIUM, "多人反映")
    await embedded.write(warnings.warn, warned, now())
    await written(embedded, book, Order("risks", NOVEMBER, "shuangjian_office"), tmp_path / "risks.xlsx", now)
    line = opened(tmp_path / "risks.xlsx")[3]
    assert (line[1], line[6], line[13]) == ("（未指明机构）朱兰街道“退费难”多人反映", "朱兰街道", 2)
    assert line[2:6] == [None] * 4


async def test_a_line_is_as_high_as_what_was_written_in_paragraphs(
    embedded: Database, book: PaperBook, office: dict[str, Person], now: Now, tmp_path: Path
) -> None:
    by = office["office"].actor
    for name, measures in (("星光艺术", "一句"), ("百花画室", "一、进驻\n二、退费\n三、追讨\n四、回访\n五、通报\n六、销号")):
        made = await embedded.write(institutions.register, Entry(name, principal="王某某", phone="0375-0000000"), by, now())
        risk = await embedded.write(risks.warn, made, RiskKind.REFUND, RiskLevel.HIGH, "多人反映", by=by, at=now())
        await embedded.write(risks.describe, risk, by, measures=measures)
    await written(embedded, book, Order("risks", NOVEMBER, "shuangjian_office"), tmp_path / "risks.xlsx", now)
    sheet = openpyxl.load_workbook(tmp_path / "risks.xlsx").active
    one, six = (sheet.row_dimensions[row].height for row in (4, 5))
    assert six - one == pytest.approx(4 * 13.5, abs=1)
    assert opened(tmp_path / "risks.xlsx")[3][5] == "王某某\n0375-0000000"
    assert sheet.cell(4, sheet.max_column).alignment.horizontal == "center"
