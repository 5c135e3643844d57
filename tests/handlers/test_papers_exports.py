"""Ledgers in the background and the confidential annex: whose they are, how far they are, and what stays behind."""

import io
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from handlers.desk.forms import Wrong
from handlers.desk.refusals import Forbidden, NotFound
from handlers.papers.annex import Annex
from handlers.papers.exporting import Exports
from storage import accesses
from storage.accesses import Action
from tests.handlers.paperwork import MONTH, SECRET, Month


@pytest.fixture
def exports(month: Month, tmp_path: Path) -> Exports:
    return Exports(month.database, month.book, month.now, tmp_path / "exports")


async def test_a_ledger_is_fetched_when_it_is_ready_and_by_nobody_else(month: Month, exports: Exports) -> None:
    office, head = month.people["office"], month.people["head"]
    begun = await exports.begin(office, "tips", MONTH, "xlsx")
    assert (begun.is_running, begun.total) == (True, 4)
    await exports.settle()
    ready, path = await exports.file(office, begun.id)
    assert (ready.percent, ready.title) == (100, "线索台账 2026-11-01 2026-12-31.xlsx")
    assert openpyxl.load_workbook(path).active.max_row == 3 + 4 + 1
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(NotFound):
        await exports.file(head, begun.id)
    assert await exports.latest(head) == []


async def test_a_department_exports_its_own_and_no_risks(month: Month, exports: Exports) -> None:
    begun = await exports.begin(month.people["elsewhere"], "tips", MONTH, "csv")
    await exports.settle()
    _, path = await exports.file(month.people["elsewhere"], begun.id)
    assert len(path.read_text("utf-8-sig").splitlines()) == 4, "nothing was ever sent to this department"
    with pytest.raises(Forbidden):
        await exports.begin(month.people["head"], "risks", MONTH, "xlsx")


async def test_files_go_after_a_day(month: Month, exports: Exports) -> None:
    first = await exports.begin(month.people["office"], "tips", MONTH, "xlsx")
    await exports.settle()
    _, path = await exports.file(month.people["office"], first.id)
    month.now.move(days=2)
    await exports.begin(month.people["office"], "problems", MONTH, "xlsx")
    await exports.settle()
    assert not path.exists()
    assert [one.paper for one in await exports.latest(month.people["office"])] == ["problems"]


async def test_an_export_whose_process_died_is_told_as_failed(month: Month, exports: Exports) -> None:
    from storage import exports as records

    actor = month.people["office"].actor
    begun = await month.database.write(records.begin, actor, month.now(), paper="tips", title="线索台账.xlsx", total=9)
    late = month.now() + timedelta(minutes=5)
    assert (await month.database.read(records.find, begun.id, actor, late)).state == records.FAILED


async def test_a_ledger_that_cannot_be_written_says_so(month: Month, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("not a folder")
    exports = Exports(month.database, month.book, month.now, blocked)
    await exports.begin(month.people["office"], "tips", MONTH, "xlsx")
    await exports.settle()
    assert [one.state for one in await exports.latest(month.people["office"])] == ["failed"]
    assert "FileExistsError" in caplog.text


async def test_the_annex_needs_a_reason_and_bears_who_opened_it_and_when(month: Month) -> None:
    annex = Annex(month.database, month.book, month.now)
    with pytest.raises(Wrong):
        await annex.of(month.people["office"], MONTH, " ")
    made = await annex.of(month.people["office"], MONTH, "回访核实")
    sheet = openpyxl.load_workbook(io.BytesIO(made.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[3][1:4] == [month.number, *SECRET[:2]]
    assert "只供 office 因“回访核实”使用" in str(rows[1][0])
    assert "保密　office　2026年12月27日18时30分" in sheet.oddFooter.left.text
    log = await month.database.read(accesses.latest, 5)
    opened = [line for line in log if line.action == Action.READ_IDENTITY]
    assert {(line.officer, line.allowed, line.reason) for line in opened} == {("office", True, "回访核实")}
    assert month.number in {line.number for line in opened}
    assert log[0].action == Action.EXPORT


@pytest.mark.parametrize("who", ["owner", "head", "clerk", "reader", "discipline"])
async def test_the_annex_opens_for_nobody_but_the_office_and_the_attempt_is_kept(month: Month, who: str) -> None:
    with pytest.raises(Forbidden):
        await Annex(month.database, month.book, month.now).of(month.people[who], MONTH, "好奇")
    line = (await month.database.read(accesses.latest, 1))[0]
    assert (line.officer, line.action, line.allowed) == (who, Action.READ_IDENTITY, False)
