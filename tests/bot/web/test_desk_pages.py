"""The staff's pages in a real browser: they fit a phone, work by keys and without scripts, keep to the policy, satisfy axe."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from storage.reports import Route
from storage.vocabulary import Level, Role
from tests.bot.web.bureau import PASSWORD, Bureau
from tests.browser import DESKTOP, PHONE, chromium

pytestmark = pytest.mark.browser

OFFICE_PAGES = (
    "/desk",
    "/desk?queue=department",
    "/desk/search",
    "/desk/enter",
    "/desk/account",
    "/desk/account/code",
    "/desk/reports/WG-SJ-20261125-0001",
    "/desk/reports/WG-SJ-20261125-0002",
    "/desk/reports/WG-SJ-19990101-0001",
    "/office/officers",
    "/office/duty",
    "/office/accesses",
    "/office/outside",
    "/office/problems",
    "/office/problems/1",
    "/office/risks",
    "/office/inspections",
    "/office/spot-checks",
    "/office/institutions",
    "/office/institutions/1",
)
MAIN_PAGES = ("/desk", "/desk/reports/WG-SJ-20261125-0001", "/office/officers", "/office/institutions/1")
SERIOUS = ("serious", "critical")


@asynccontextmanager
async def served(bureau: Bureau) -> AsyncIterator[str]:
    """The pages on a free port of loopback."""
    server = uvicorn.Server(uvicorn.Config(bureau.app, port=0, log_level="critical", lifespan="off"))
    server.capture_signals = contextlib.nullcontext
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await running


@asynccontextmanager
async def signed_in(bureau: Bureau, login: str, viewport: dict[str, int], scheme: str = "light") -> AsyncIterator[Page]:
    async with served(bureau) as address, chromium() as browser:
        context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN", base_url=address)
        page = await context.new_page()
        await page.goto("/desk/login")
        await page.fill("[name=login]", login)
        await page.fill("[name=password]", PASSWORD)
        await page.press("[name=password]", "Enter")
        await page.wait_for_url("**/desk")
        yield page
        await context.close()


@pytest.fixture
async def busy(bureau: Bureau) -> Bureau:
    """An office with something on every page."""
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office", "王主任")
    await bureau.hire("li", name="李建国")
    first = await bureau.report()
    await bureau.report(route=Route("triage"), level=Level.P0, town=None)
    async with bureau.browser("li") as li:
        await li.move(first.number, "claim", no_conflict="yes")
        await li.move(first.number, "start")
    async with bureau.browser("wang") as wang:
        entry = {"name": "星光教育咨询有限公司", "kind": "subject", "state": "operating", "fund_mode": "unsupervised"}
        await wang.post("/office/institutions", **entry)
        await wang.post("/office/risks/1/warn", risk_kind="refund", level="high", why="一周内十二户退费不成")
        problem = {"department": "edu", "responsible": "李股长", "description": "居民楼内无证补课", "task": "1"}
        await wang.post("/office/problems", source="report", report=first.number, institution=entry["name"], **problem)
        together = {"departments": ["edu", "market_reg"], "people": "张三、李四", "place": "朱兰", "findings": "属实"}
        await wang.post("/office/inspections", inspected_at="2026-11-25T10:00", **together)
    return bureau


@pytest.mark.parametrize(("viewport", "scheme", "paths"), [(PHONE, "light", OFFICE_PAGES), (DESKTOP, "dark", MAIN_PAGES)])
async def test_every_page_fits_keeps_to_the_policy_and_satisfies_axe(
    busy: Bureau, viewport: dict[str, int], scheme: str, paths: tuple[str, ...]
) -> None:
    async with signed_in(busy, "wang", viewport, scheme) as page:
        refused: list[str] = []
        page.on("console", lambda told: refused.append(told.text) if "Content Security Policy" in told.text else None)
        page.on("pageerror", lambda failure: refused.append(str(failure)))
        axe, faults = Axe(), []
        for path in paths:
            await page.goto(path)
            await page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
            too_wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            found = (await axe.run(page)).response["violations"]
            faults += [(path, one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in SERIOUS]
            assert too_wide <= 0, path
        assert not faults
        assert not refused


async def test_a_report_is_claimed_with_keys_alone(busy: Bureau) -> None:
    filed = await busy.report()
    async with signed_in(busy, "li", DESKTOP) as page:
        await page.goto(f"/desk/reports/{filed.number}")
        await page.focus("summary:has-text('签收')")
        await page.keyboard.press("Enter")
        await page.wait_for_function("document.activeElement.name === 'no_conflict'")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[role=status]:has-text('已完成：签收')")


async def test_everything_works_without_scripts(busy: Bureau) -> None:
    filed = await busy.report()
    async with served(busy) as address, chromium() as browser:
        context = await browser.new_context(java_script_enabled=False, viewport=PHONE, base_url=address)
        page = await context.new_page()
        await page.goto("/desk/login")
        await page.fill("[name=login]", "li")
        await page.fill("[name=password]", PASSWORD)
        await page.click("button.primary")
        await page.goto(f"/desk/reports/{filed.number}")
        await page.click("summary:has-text('签收')")
        await page.check("[name=no_conflict]")
        await page.click("form[action$='/claim'] button")
        assert await page.locator("[role=status]").inner_text() == "已完成：签收"


async def test_the_page_one_is_on_is_in_sight_in_the_menu_of_a_phone(bureau: Bureau) -> None:
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    async with signed_in(bureau, "wang", PHONE) as page:
        await page.goto("/office/officers")
        here = await page.locator("nav [aria-current=page]").first.bounding_box()
        assert here
        assert here["x"] >= 0
        assert here["x"] + here["width"] <= PHONE["width"]
