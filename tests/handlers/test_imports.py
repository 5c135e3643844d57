"""The city's list of institutions: read from whatever Excel it comes in, shown first, entered only when it is right."""

import io
from pathlib import Path

import openpyxl
import pytest

from handlers.desk.refusals import Forbidden, NotFound
from handlers.imports import Fate, Imports, Preview, Unreadable
from handlers.papers.book import PaperBook
from handlers.policy import Policy
from storage import institutions
from storage.database import Database
from storage.institutions import Entry
from storage.vocabulary import FundMode, InstitutionKind
from tests.clock import Now
from tests.handlers import stations
from tests.handlers.paperwork import ZONE

HEAD = ["序号", "机构名称", "统一社会信用代码", "培训类别", "所在乡镇", "在册学员", "资金监管方式", "曾用名"]
CODE = "91410481MA3X000000"


def excel(*rows: list[object], title: str = "舞钢市校外培训机构名单") -> bytes:
    book = openpyxl.Workbook()
    for row in ([title], HEAD, *rows):
        book.active.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.fixture
def imports(embedded: Database, policy: Policy, now: Now, tmp_path: Path) -> Imports:
    return Imports(embedded, PaperBook.load(policy, ZONE), now, tmp_path / "exports")


@pytest.fixture
async def people(embedded: Database, now: Now) -> dict[str, object]:
    return await embedded.write(stations.hire, now())


async def entered(imports: Imports, person: object, content: bytes) -> Preview:
    return await imports.apply(person, (await imports.preview(person, content)).token)


async def test_a_list_is_shown_with_every_fault_by_its_row_and_nothing_is_entered(
    imports: Imports, people: dict, embedded: Database, policy: Policy
) -> None:
    content = excel(
        [1, "星光艺术", CODE, "艺术", "朱兰", 120, "银行托管", "星光画室、小星光"],
        [2, "蓝天体育", "123", "体育类", "朱兰街道", "很多", "", ""],
        [3, "", "", "科技", "", "", "", ""],
        [4, "星光艺术", "", "艺术", "火星镇", "", "", ""],
    )
    shown = await imports.preview(people["office"], content)
    assert [(line.row, line.fate) for line in shown.lines] == [(3, Fate.NEW), (4, Fate.FAULTY), (5, Fate.FAULTY), (6, Fate.FAULTY)]
    assert shown.lines[0].entry.kind is InstitutionKind.ART
    assert (shown.lines[0].entry.town, shown.lines[0].entry.fund_mode) == ("zhulan", FundMode.BANK_CUSTODY)
    assert shown.lines[1].faults == ("统一社会信用代码不是 18 位：123", "“在册学员”不是整数：很多")
    assert shown.lines[2].faults == ("没有名称",)
    towns = "、".join(policy.places.names.values())
    assert shown.lines[3].faults == (f"“乡镇街道”认不出：火星镇（可填：{towns}）", "与第 3 行重复")
    assert await embedded.read(institutions.everyone) == []


async def test_a_word_that_is_not_known_is_told_with_those_that_are(imports: Imports, people: dict) -> None:
    shown = await imports.preview(people["office"], excel([1, "星光艺术", "", "踢球的", "", "", "", ""]))
    assert shown.lines[0].faults == ("“类别”认不出：踢球的（可填：学科类、学前、文化艺术、体育、科技、不清楚）",)


@pytest.mark.parametrize("town", ["朱兰", "朱兰街道", "朱兰办事处", "舞钢市朱兰街道健康路", "zhulan"])
async def test_a_town_is_read_by_any_of_its_names(imports: Imports, people: dict, town: str) -> None:
    shown = await imports.preview(people["office"], excel([1, "星光艺术", "", "", town, "", "", ""]))
    assert shown.lines[0].entry.town == "zhulan"


@pytest.mark.parametrize("number", ["inf", "nan", "1e400", "-1", "3.5"])
async def test_what_is_no_number_of_people_is_a_fault_of_its_row(imports: Imports, people: dict, number: str) -> None:
    shown = await imports.preview(people["office"], excel([1, "星光艺术", "", "", "", number, "", ""]))
    assert shown.lines[0].faults == (f"“在册学员”不是整数：{number}",)


async def test_faulty_rows_stand_first_and_each_kind_by_its_row(imports: Imports, people: dict) -> None:
    rows = [
        [n, name, "", kind, "", "", "", ""] for n, (name, kind) in enumerate((("甲", "艺术"), ("乙", "踢球的"), ("", "艺术"), ("丁", "")))
    ]
    shown = await imports.preview(people["office"], excel(*rows))
    assert [line.row for line in shown.in_order] == [4, 5, 3, 6]


async def test_confirming_enters_what_is_right_and_leaves_the_rest(imports: Imports, people: dict, embedded: Database) -> None:
    content = excel([1, "星光艺术", CODE, "艺术", "", 120, "", "星光画室"], [2, "蓝天体育", "", "踢球的", "", "", "", ""])
    shown = await imports.preview(people["office"], content)
    done = await imports.apply(people["office"], shown.token)
    assert (done.number(Fate.NEW), done.number(Fate.FAULTY)) == (1, 1)
    known = await embedded.read(institutions.everyone)
    assert [(one.entry.name, one.aliases) for one in known] == [("星光艺术", ("星光画室",))]
    with pytest.raises(NotFound):
        await imports.apply(people["office"], shown.token)


async def test_the_same_list_again_changes_nothing_and_an_empty_cell_wipes_nothing(
    imports: Imports, people: dict, embedded: Database
) -> None:
    office = people["office"]
    await entered(imports, office, excel([1, "星光艺术", CODE, "艺术", "朱兰", 120, "", ""]))
    again = await imports.preview(office, excel([1, "星光 艺术", CODE, "", "", 120, "", ""]))
    assert [line.fate for line in again.lines] == [Fate.SAME]
    changed = await entered(imports, office, excel([1, "星光艺术", "", "", "", 80, "", ""]))
    assert (changed.lines[0].fate, changed.lines[0].changes) == (Fate.CHANGED, ("students",))
    entry = (await embedded.read(institutions.everyone))[0].entry
    assert (entry.students, entry.credit_code, entry.town) == (80, CODE, "zhulan")


async def test_a_code_that_is_anothers_is_left_to_a_person(imports: Imports, people: dict, embedded: Database, now: Now) -> None:
    await embedded.write(institutions.register, Entry("老名字", credit_code=CODE), people["office"].actor, now())
    shown = await imports.preview(people["office"], excel([1, "新名字", CODE, "", "", "", "", ""]))
    assert shown.lines[0].faults == ("名称或代码已登记在另一家机构名下",)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"not a workbook", "not_excel"),
        (b"PK\x05\x06" + bytes(18), "not_excel"),
        (excel(), "nothing"),
        (excel(*[[n, f"机构{n}"] for n in range(5_000)]), "too_large"),
    ],
)
async def test_what_is_no_list_is_refused_whole(imports: Imports, people: dict, content: bytes, key: str) -> None:
    with pytest.raises(Unreadable) as refused:
        await imports.preview(people["office"], content)
    assert refused.value.key == key


async def test_a_department_imports_nothing(imports: Imports, people: dict) -> None:
    with pytest.raises(Forbidden):
        await imports.preview(people["head"], excel([1, "星光艺术"]))
    with pytest.raises(Forbidden):
        await imports.apply(people["head"], "0" * 32)
