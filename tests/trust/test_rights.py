"""A reporter's own page, as a browser without scripts meets it."""

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from bot.channels.web.app import create_app, templates
from bot.channels.web.limits import Limits
from bot.channels.web.rights import rights_routes
from handlers.rights import Rights
from storage import reports, retention, talk
from storage.database import Database
from storage.reports import Contact
from storage.retention import Terms
from storage.tables.reports import report
from storage.vocabulary import Role
from tests import city
from tests.city import POLICY
from tests.clock import Now
from tests.storage.cases import a_report, an_officer

ZONE = ZoneInfo("Asia/Shanghai")
WORDS = tomllib.loads((POLICY / "pages.toml").read_text("utf-8"))


@pytest.fixture
async def visitor(embedded: Database, now: Now) -> AsyncIterator[httpx.AsyncClient]:
    limits = Limits(messages_per_minute=9, address_per_minute=99, lookups_per_hour=3)
    routes = rights_routes(Rights(embedded, now, city.rule_book(), ZONE), limits, templates(WORDS, demo=False), WORDS["rights"])

    async def ready() -> dict[str, str]:
        return {}

    app = create_app(WORDS, [routes], ready=ready, demo=False, files=9, file_limit_mb=5, draft_days=7)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://tipline.test") as client:
        yield client


async def test_a_copy_is_downloaded_with_number_and_code(visitor: httpx.AsyncClient, embedded: Database, now: Now) -> None:
    filed = await embedded.write(a_report, now(), contact=Contact("李强", "13812345678"))
    assert "下载受理凭证" in (await visitor.get("/privacy/mine")).text
    answer = await visitor.post("/privacy/mine/copy", data={"number": filed.number, "code": filed.code.reveal()})
    assert answer.json()["contact"]["name"] == "李强"


async def test_a_reporter_reads_what_was_told_and_the_steps_so_far_and_nothing_from_inside(
    visitor: httpx.AsyncClient, embedded: Database, now: Now
) -> None:
    filed = await embedded.write(a_report, now(), story="楼上有人补数学", facts={"course": "数学"}, contact=Contact("李强", "13812345678"))
    proof = {"number": filed.number, "code": filed.code.reveal()}

    def told(tx: Connection) -> None:
        by = an_officer(tx, "shuangjian_office", Role.OFFICE, now())
        talk.to_reporter(tx, filed.report_id, by, "请再说说几号楼", now())
        talk.internally(tx, filed.report_id, by, "内部的话", now())

    await embedded.write(told)
    page = (await visitor.post("/privacy/mine/record", data=proof)).text
    for words in (filed.number, "楼上有人补数学", "教什么", "李强", "收到您的反映", "请再说说几号楼", "2026年11月25日"):
        assert words in page
    assert "内部的话" not in page
    assert "noted" not in (await visitor.post("/privacy/mine/copy", data=proof)).text
    assert (await visitor.post("/privacy/mine/record", data={**proof, "code": "0"})).status_code == 404


async def test_the_record_tells_every_fact_and_the_rating_in_words(visitor: httpx.AsyncClient, embedded: Database, now: Now) -> None:
    filed = await embedded.write(a_report, now(), facts={"pay_method": "微信", "affected_staff": 3})
    row = sa.update(report).where(report.c.id == filed.report_id).values(resolved="yes", satisfaction=3)
    await embedded.write(lambda tx: tx.execute(row))
    page = (await visitor.post("/privacy/mine/record", data={"number": filed.number, "code": filed.code.reveal()})).text
    for words in ("怎么交的钱", "微信", "3 人", "解决了、基本满意"):
        assert words in page


async def test_of_an_erased_case_the_steps_are_left_to_read(visitor: httpx.AsyncClient, embedded: Database, now: Now) -> None:
    filed = await embedded.write(a_report, now(), story="楼上有人补数学")
    await embedded.write(lambda tx: retention.erase_case(tx, filed.report_id, now()))
    page = (await visitor.post("/privacy/mine/record", data={"number": filed.number, "code": filed.code.reveal()})).text
    assert "按规定删除了" in page
    assert "收到您的反映" in page
    assert "楼上有人补数学" not in page


async def test_erasing_asks_whether_one_is_sure(visitor: httpx.AsyncClient, embedded: Database, now: Now) -> None:
    filed = await embedded.write(a_report, now(), contact=Contact("李强", "13812345678"))
    proof = {"number": filed.number, "code": filed.code.reveal()}
    assert (await visitor.post("/privacy/mine/erase", data=proof)).status_code == 409
    assert await embedded.read(reports.contact_of, filed.report_id)
    assert "已经删除" in (await visitor.post("/privacy/mine/erase", data={**proof, "sure": "yes"})).text
    assert await embedded.read(reports.contact_of, filed.report_id) is None


async def test_guessing_codes_is_slowed_down_and_sounds_the_same_for_every_number(
    visitor: httpx.AsyncClient, embedded: Database, now: Now
) -> None:
    filed = await embedded.write(a_report, now())
    wrong = [
        await visitor.post("/privacy/mine/copy", data={"number": number, "code": "0000-0000-0000-0000"})
        for number in (filed.number, "WG-SJ-20200101-0001", filed.number)
    ]
    assert {answer.status_code for answer in wrong} == {404}
    assert len({answer.text for answer in wrong}) == 1
    assert (await visitor.post("/privacy/mine/copy", data={"number": filed.number, "code": "0"})).status_code == 429


async def test_the_privacy_page_says_how_long_a_draft_is_kept_here(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/privacy")).text
    assert "没说完的草稿，7 天" in page
    assert "{" not in page


def test_the_privacy_page_promises_what_the_retention_table_does(policy: Path) -> None:
    terms = Terms.load(policy)
    said = "".join(part["text"] for part in WORDS["privacy"]["parts"])
    for term in (terms.identity, terms.case, terms.talk):
        assert f"{term.keep.days} 天" in said
