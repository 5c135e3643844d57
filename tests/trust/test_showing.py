"""Files in the workbench: the clean copy for those who handle the report, the original only with a reason."""

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.web.files import file_routes
from handlers.evidence.receiving import EvidenceIntake
from handlers.evidence.showing import EvidenceDesk
from storage import accesses, addressees
from storage.accesses import Access, Action
from storage.addressees import Address
from storage.database import Database
from storage.rules import Rules
from storage.shelf import Shelf
from storage.vocabulary import Role
from tests.bot.web.bureau import Browser, Bureau
from tests.clock import Now
from tests.trust.hostile import PLACE, SEALED_ONLY, a_telling_photo

PDF = SEALED_ONLY["application/pdf"]


@pytest.fixture
def bureau(embedded: Database, rules: Rules, policy: Path, now: Now) -> Bureau:
    return Bureau(embedded, rules, policy, now)


@pytest.fixture
async def opened(bureau: Bureau, intake: EvidenceIntake, shelf: Shelf) -> AsyncIterator[tuple[Browser, str, str]]:
    """An officer before a report with a photo and a document, and the addresses of both."""
    bureau.app.include_router(file_routes(bureau.shell, EvidenceDesk(bureau.database, shelf, bureau.now)))
    photo = await intake.receive("web", "mother", a_telling_photo())
    paper = await intake.receive("web", "mother", PDF)
    mother = await bureau.database.write(addressees.remember, Address.of("web", "mother"), bureau.now())
    filed = await bureau.report(reporter=mother.id, attachments=(photo.id, paper.id))
    await bureau.hire("li", Role.OFFICER, "edu")
    await bureau.hire("sun", Role.OFFICER, "civil_affairs")
    where = f"/desk/reports/{filed.number}/files"
    async with bureau.browser("li") as browser:
        yield browser, f"{where}/{photo.id}", f"{where}/{paper.id}"


async def _log(bureau: Bureau, action: Action) -> list[Access]:
    return [line for line in await bureau.database.read(accesses.latest, 50) if line.action == action]


async def test_the_officer_sees_the_photo_without_the_place_it_was_taken(opened: tuple[Browser, str, str], bureau: Bureau) -> None:
    browser, photo, _ = opened
    page = await browser.open(photo.rsplit("/files", 1)[0])
    assert f"{photo}/thumbnail" in page.text
    assert "去掉" in (await browser.open(photo)).text
    for address in (f"{photo}/picture", f"{photo}/thumbnail"):
        seen = await browser.open(address)
        assert PLACE.encode() not in seen.content
        assert seen.headers["x-content-type-options"] == "nosniff"
        assert seen.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in seen.headers["content-security-policy"]
    assert (await _log(bureau, Action.READ_FILE))[0].allowed


async def test_the_original_needs_a_reason_and_leaves_a_line(opened: tuple[Browser, str, str], bureau: Bureau) -> None:
    browser, photo, _ = opened
    assert (await browser.post(f"{photo}/original", reason=" ")).status_code == 409
    assert not await _log(bureau, Action.READ_ORIGINAL)
    got = await browser.post(f"{photo}/original", reason="核对拍摄时间")
    assert PLACE.encode() in got.content
    assert got.headers["content-type"] == "application/octet-stream"
    assert [line.reason for line in await _log(bureau, Action.READ_ORIGINAL)] == ["核对拍摄时间"]


async def test_a_document_is_never_shown_only_handed_out(opened: tuple[Browser, str, str]) -> None:
    browser, _, paper = opened
    assert "只能打开原件" in (await browser.open(paper)).text
    assert (await browser.open(f"{paper}/picture")).status_code == 404
    got = await browser.post(f"{paper}/original", reason="看合同")
    assert got.content == PDF
    assert got.headers["content-type"] == "application/octet-stream"


async def test_covered_cells_are_black_for_everyone_and_stay_black(opened: tuple[Browser, str, str], bureau: Bureau) -> None:
    browser, photo, _ = opened
    await browser.post(f"{photo}/cover", cell=["0-0", "1-0", "99-99", "x"])
    await browser.post(f"{photo}/cover", cell=["11-11"])
    with Image.open(io.BytesIO((await browser.open(f"{photo}/picture")).content)) as seen:
        grey = seen.convert("L")
        for corner in ((0, 0, 4, 2), (60, 45, 64, 48)):
            assert grey.crop(corner).getextrema()[1] < 60
        assert grey.crop((20, 20, 40, 40)).getextrema()[1] > 100
    page = (await browser.open(photo)).text
    assert len(re.findall("checked disabled", page)) == 3


async def test_another_department_finds_no_such_file_and_is_written_down(opened: tuple[Browser, str, str], bureau: Bureau) -> None:
    _, photo, _ = opened
    async with bureau.browser("sun") as stranger:
        for path in ("", "/picture", "/thumbnail"):
            assert (await stranger.open(f"{photo}{path}")).status_code == 404
        assert (await stranger.post(f"{photo}/original", reason="好奇")).status_code == 404
        assert (await stranger.post(f"{photo}/cover", cell="1-1")).status_code == 404
    refused = [line.action for line in await bureau.database.read(accesses.latest, 50, refused_only=True)]
    assert refused.count(Action.READ_FILE) == 3
    assert refused.count(Action.READ_ORIGINAL) == 1


async def test_a_file_of_another_report_is_not_reached_through_ones_own(opened: tuple[Browser, str, str], bureau: Bureau) -> None:
    browser, photo, _ = opened
    own = await bureau.report()
    assert (await browser.open(f"/desk/reports/{own.number}/files/{photo.rsplit('/', 1)[1]}/picture")).status_code == 404


async def test_who_is_not_signed_in_sees_no_file(opened: tuple[Browser, str, str], bureau: Bureau) -> None:
    _, photo, _ = opened
    async with bureau.browser() as passer_by:
        seen = await passer_by.open(f"{photo}/picture")
    assert "登录" in seen.text
