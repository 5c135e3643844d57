"""Programs with a token read figures and plain reports; nothing they read leads to a person."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest

from bot.channels.web.api import api_routes
from bot.channels.web.limits import Limits
from handlers.figures.asked import Record
from handlers.figures.book import FigureBook
from handlers.figures.outside import Outside
from storage import api_tokens
from storage.api_tokens import Scope
from storage.database import Database
from storage.people import SYSTEM
from storage.reports import Route
from storage.rules import Rules
from storage.sealing import Secret
from tests.bot.web.bureau import Bureau
from tests.clock import Now


@pytest.fixture
async def program(bureau: Bureau, embedded: Database, rules: Rules, now: Now) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the API without a token."""
    if not any(getattr(route, "path", "") == "/api/v1/figures" for route in bureau.app.routes):
        outside = Outside(Record(embedded, now), rules, FigureBook.load(bureau.policy.folder))
        limits = Limits(messages_per_minute=100, address_per_minute=1000, lookups_per_hour=5)
        bureau.app.include_router(api_routes(outside, limits))
    transport = httpx2.ASGITransport(app=bureau.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://api.test") as client:
        yield client


async def a_token(bureau: Bureau, *scopes: Scope, department: str | None = None) -> dict[str, str]:
    def issue(tx: object) -> Secret:
        return api_tokens.issue(tx, "city data", scopes, SYSTEM, bureau.now(), life=timedelta(days=90), department=department)  # type: ignore[arg-type]

    return {"authorization": f"Bearer {(await bureau.database.write(issue)).reveal()}"}


async def test_without_a_token_nothing_opens_and_guessing_is_slowed(program: httpx2.AsyncClient) -> None:
    for _ in range(5):
        assert (await program.get("/api/v1/reports", headers={"authorization": "Bearer guess"})).status_code == 401
    assert (await program.get("/api/v1/reports", headers={"authorization": "Bearer guess"})).status_code == 429


async def test_a_token_reads_only_its_scope_and_only_until_it_ends(bureau: Bureau, program: httpx2.AsyncClient) -> None:
    token = await a_token(bureau, Scope.FIGURES)
    assert (await program.get("/api/v1/definitions", headers=token)).status_code == 200
    assert (await program.get("/api/v1/reports", headers=token)).status_code == 403
    bureau.now.move(days=91)
    assert (await program.get("/api/v1/definitions", headers=token)).status_code == 401


async def test_figures_come_with_both_numbers_of_a_rate(bureau: Bureau, program: httpx2.AsyncClient) -> None:
    await bureau.report()
    token = await a_token(bureau, Scope.FIGURES)
    query = {"metric": ["assigned", "close_rate", "t_sign"], "by": "department", "period": "this_month"}
    read = (await program.get("/api/v1/figures", params=query, headers=token)).json()
    assert [group["key"] for group in read["groups"]] == [["edu"], ["market_reg"]]
    assert read["groups"][0]["values"]["close_rate"] == {"of": 0, "among": 1, "share": 0.0}
    assert read["groups"][0]["values"]["t_sign"]["open"] == 1
    for wrong in ({"metric": "invented"}, {"metric": "assigned", "by": "officer"}):
        assert (await program.get("/api/v1/figures", params=wrong, headers=token)).status_code == 422


async def test_reports_hold_nothing_that_leads_to_a_person(bureau: Bureau, program: httpx2.AsyncClient) -> None:
    filed = await bureau.report()
    await bureau.report(route=Route("sealed"), category="official_misconduct")
    answer = await program.get("/api/v1/reports", headers=await a_token(bureau, Scope.REPORTS))
    assert [one["number"] for one in answer.json()] == [filed.number]
    for private in ("李强", "13812345678", "星光教育", "3号楼", "朱兰那个学校", "reporter", "official_misconduct"):
        assert private not in answer.text


async def test_a_department_token_reads_that_department_alone(bureau: Bureau, program: httpx2.AsyncClient) -> None:
    await bureau.report()
    await bureau.report(route=Route("auto", "culture_tourism", ()))
    token = await a_token(bureau, Scope.REPORTS, Scope.FIGURES, department="culture_tourism")
    assert len((await program.get("/api/v1/reports", headers=token)).json()) == 1
    query = {"metric": "assigned", "by": "department", "department": "edu"}
    read = (await program.get("/api/v1/figures", params=query, headers=token)).json()
    assert [group["key"] for group in read["groups"]] == [["culture_tourism"]]
