"""An officer puts a document or photo into the record of handling: safe like a parent's file, and seen by nobody else."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from bot.channels.web.files import file_routes, record_routes
from handlers.evidence.receiving import EvidenceIntake
from handlers.evidence.recording import RecordIntake
from handlers.evidence.showing import EvidenceDesk
from storage import accesses, followup
from storage.database import Database
from storage.evidence import Quota
from storage.reports import Filed
from storage.rules import Rules
from storage.sealing import Keyring
from storage.shelf import Shelf
from storage.vocabulary import Role
from tests.bot.web.bureau import Browser, Bureau
from tests.clock import Now
from tests.trust import hostile
from tests.trust.hostile import PLACE, SEALED_ONLY, a_picture, a_telling_photo

PDF = SEALED_ONLY["application/pdf"]
MOST = 3


@dataclass
class Desk:
    """The officer who signed for the report, in front of its page."""

    browser: Browser
    filed: Filed

    @property
    def page(self) -> str:
        return f"/desk/reports/{self.filed.number}"

    async def where(self) -> str:
        found = re.search(rf'action="({self.page}/files/at/\d+)"', (await self.browser.open(self.page)).text)
        assert found
        return found[1]

    async def add(self, content: bytes, purpose: str = "inspection_record", **sent: object) -> httpx2.Response:
        files = {"file": ("笔录.pdf", content)}
        return await self.browser.client.post(await self.where(), files=files, data={"purpose": purpose}, **sent)

    async def files(self) -> list[str]:
        return sorted(set(re.findall(rf'href="({self.page}/files/\d+)"', (await self.browser.open(self.page)).text)))


@pytest.fixture
def bureau(embedded: Database, rules: Rules, policy: Path, now: Now, shelf: Shelf, keyring: Keyring, intake: EvidenceIntake) -> Bureau:
    made = Bureau(embedded, rules, policy, now)
    record = RecordIntake(embedded, shelf, keyring, intake, quota=Quota(MOST, 20_000_000), clock=now)
    made.app.include_router(file_routes(made.shell, EvidenceDesk(embedded, shelf, now)))
    made.app.include_router(record_routes(made.shell, record, made.policy.texts))
    return made


@pytest.fixture
async def desk(bureau: Bureau) -> AsyncIterator[Desk]:
    filed = await bureau.report()
    await bureau.hire("li", name="李经办")
    async with bureau.browser("li") as browser:
        await browser.move(filed.number, "claim", no_conflict="yes")
        yield Desk(browser, filed)


async def test_an_inspection_record_stands_in_the_record_with_who_when_and_what(desk: Desk) -> None:
    page = (await desk.add(PDF)).text
    assert "已完成：附上文书或照片" in page.replace("\n", "")
    for said in ("检查笔录", "李经办", "附上文书或照片"):
        assert said in page
    assert len(await desk.files()) == 1


async def test_a_photo_of_the_scene_is_shown_without_what_the_camera_noted(desk: Desk) -> None:
    await desk.add(a_telling_photo(), "scene")
    (file,) = await desk.files()
    seen = await desk.browser.open(f"{file}/picture")
    assert seen.headers["content-type"] == "image/jpeg"
    assert PLACE.encode() not in seen.content
    assert PLACE.encode() in (await desk.browser.post(f"{file}/original", reason="核对拍摄时间")).content


async def test_nothing_of_it_lies_readable_on_the_disk(desk: Desk, shelf: Shelf) -> None:
    await desk.add(a_telling_photo())
    assert [path for path in shelf.root.rglob("*") if path.is_file()]
    assert not [path for path in shelf.root.rglob("*") if path.is_file() and PLACE.encode() in path.read_bytes()]


@pytest.mark.parametrize("name", hostile.REFUSED)
async def test_a_hostile_file_is_refused_with_a_sentence_and_leaves_nothing(desk: Desk, shelf: Shelf, name: str) -> None:
    answer = await desk.add(hostile.REFUSED[name])
    assert answer.status_code == 422
    assert "这种格式收不了" in answer.text
    assert await desk.files() == []
    assert not [path for path in shelf.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize("bomb", [hostile.a_bomb, hostile.a_scan_bomb])
async def test_a_bomb_is_refused(desk: Desk, bomb: object) -> None:
    answer = await desk.add(bomb())
    assert answer.status_code == 422
    assert await desk.files() == []


async def test_a_file_that_is_too_large_or_empty_is_told_so(desk: Desk) -> None:
    assert (await desk.add(a_picture() + bytes(5_000_001))).status_code == 413
    assert "空的" in (await desk.add(b"")).text


async def test_a_record_takes_only_so_many_files_and_the_same_one_once(desk: Desk) -> None:
    for content in (PDF, PDF, PDF + b"1", PDF + b"2"):
        assert (await desk.add(content)).status_code == 200
    assert len(await desk.files()) == MOST
    assert (await desk.add(PDF + b"3")).status_code == 409


async def test_what_it_shows_must_be_said(desk: Desk) -> None:
    for purpose in ("", "anything"):
        assert (await desk.add(PDF, purpose)).status_code == 422
    assert (await desk.browser.post(await desk.where(), purpose="order")).status_code == 422
    assert await desk.files() == []


async def test_a_form_from_another_site_is_not_taken(desk: Desk) -> None:
    assert (await desk.add(PDF, headers={"sec-fetch-site": "cross-site"})).status_code == 403


@pytest.mark.parametrize(
    ("login", "role", "department", "reads"),
    [
        ("colleague", Role.OFFICER, "edu", True),
        ("office", Role.OFFICE, "shuangjian_office", True),
        ("assist", Role.OFFICER, "market_reg", False),
        ("stranger", Role.OFFICER, "civil_affairs", False),
    ],
)
async def test_only_its_department_and_the_office_read_the_leads_record(
    desk: Desk, bureau: Bureau, login: str, role: Role, department: str, reads: bool
) -> None:
    await desk.add(a_picture())
    (file,) = await desk.files()
    where = await desk.where()
    await bureau.hire(login, role, department)
    async with bureau.browser(login) as browser:
        assert (file in (await browser.open(desk.page)).text) == reads
        for path in ("", "/picture", "/thumbnail"):
            assert (await browser.open(f"{file}{path}")).status_code == (200 if reads else 404)
        assert (await browser.post(f"{file}/original", reason="看一眼")).status_code == (200 if reads else 404)
        added = await browser.client.post(where, files={"file": ("a.pdf", PDF)}, data={"purpose": "order"})
        assert added.status_code in (403, 404, 409)
    assert await desk.files() == [file]


async def test_who_is_turned_away_is_written_down(desk: Desk, bureau: Bureau) -> None:
    where = await desk.where()
    await bureau.hire("stranger", Role.OFFICER, "civil_affairs")
    async with bureau.browser("stranger") as browser:
        await browser.client.post(where, files={"file": ("a.pdf", PDF)}, data={"purpose": "order"})
    line = (await bureau.database.read(accesses.latest, 1, refused_only=True))[0]
    assert (line.officer, line.number, line.allowed) == ("stranger", desk.filed.number, False)


async def test_an_assists_document_is_there_for_the_lead(desk: Desk, bureau: Bureau) -> None:
    await bureau.hire("assist", Role.OFFICER, "market_reg")
    async with bureau.browser("assist") as browser:
        await browser.move(desk.filed.number, "claim", no_conflict="yes")
        await Desk(browser, desk.filed).add(PDF, "order")
    (file,) = await desk.files()
    assert (await desk.browser.open(file)).status_code == 200


async def test_the_assignment_of_another_report_is_no_way_in(desk: Desk, bureau: Bureau) -> None:
    other = await bureau.report()
    await desk.browser.move(other.number, "claim", no_conflict="yes")
    at = (await Desk(desk.browser, other).where()).rsplit("/", 1)[1]
    answer = await desk.browser.client.post(f"{desk.page}/files/at/{at}", files={"file": ("a.pdf", PDF)}, data={"purpose": "order"})
    assert answer.status_code == 404


async def test_the_reporter_sees_and_counts_none_of_it(desk: Desk, bureau: Bureau) -> None:
    before = await bureau.database.read(followup.view_for_reporter, desk.filed.report_id)
    await desk.add(PDF)
    assert await bureau.database.read(followup.view_for_reporter, desk.filed.report_id) == before
