"""The staff's pages in a real browser: they fit a phone, work by keys and without scripts, keep to the policy, satisfy axe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Locator, Page

from storage.database import Database
from storage.reports import Route
from storage.rules import Rules
from storage.sealing import Keyring
from storage.vocabulary import Level, Role
from tests.bot.web.bureau import PASSWORD, Bureau
from tests.browser import DESKTOP, PHONE, TOGETHER, chromium, shared
from tests.clock import Now
from tests.conftest import a_copy
from tests.served import on_loopback

pytestmark = TOGETHER

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


@dataclass(frozen=True)
class Open:
    """The busy bureau, its address, and the browser that stands before it."""

    bureau: Bureau
    address: str
    browser: Browser


@shared
async def busy(
    tmp_path_factory: pytest.TempPathFactory, migrated_file: Path, keyring: Keyring, rules: Rules, policy: Path
) -> AsyncIterator[Open]:
    url = a_copy(migrated_file, tmp_path_factory.mktemp("busy"))
    database = await Database.open(url, keyring=keyring, rules=rules)
    bureau = Bureau(database, rules, policy, Now())
    await fill(bureau)
    async with on_loopback(bureau.app) as address, chromium() as browser:
        yield Open(bureau, address, browser)
    await database.close()


async def fill(bureau: Bureau) -> None:
    """Something on every page."""
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


@asynccontextmanager
async def at_the_door(busy: Open, login: str, **looks: object) -> AsyncIterator[Page]:
    """A page on which this person has typed login and password."""
    context = await busy.browser.new_context(locale="zh-CN", base_url=busy.address, **looks)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto("/desk/login")
    await page.fill("[name=login]", login)
    await page.fill("[name=password]", PASSWORD)
    yield page
    await context.close()


@asynccontextmanager
async def signed_in(busy: Open, login: str, **looks: object) -> AsyncIterator[Page]:
    async with at_the_door(busy, login, **looks) as page:
        await page.press("[name=password]", "Enter")
        await page.wait_for_url("**/desk")
        yield page


@pytest.mark.parametrize(("viewport", "scheme", "paths"), [(PHONE, "light", OFFICE_PAGES), (DESKTOP, "dark", MAIN_PAGES)])
async def test_every_page_fits_keeps_to_the_policy_and_satisfies_axe(
    busy: Open, viewport: dict[str, int], scheme: str, paths: tuple[str, ...]
) -> None:
    async with signed_in(busy, "wang", viewport=viewport, color_scheme=scheme) as page:
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


async def test_a_report_is_claimed_with_keys_alone(busy: Open) -> None:
    filed = await busy.bureau.report()
    async with signed_in(busy, "li", viewport=DESKTOP) as page:
        await page.goto(f"/desk/reports/{filed.number}")
        await page.focus("summary:has-text('签收')")
        await page.keyboard.press("Enter")
        await page.wait_for_function("document.activeElement.name === 'no_conflict'")
        await page.keyboard.press("Space")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[role=status]:has-text('已完成：签收')")


async def test_everything_works_without_scripts(busy: Open) -> None:
    filed = await busy.bureau.report()
    async with at_the_door(busy, "li", viewport=PHONE, java_script_enabled=False) as page:
        await page.click("button.primary")
        await page.goto(f"/desk/reports/{filed.number}")
        await page.click("summary:has-text('签收')")
        await page.check("[name=no_conflict]")
        await page.click("form[action$='/claim'] button")
        assert await page.locator("[role=status]").inner_text() == "已完成：签收"


async def test_the_page_one_is_on_is_in_sight_in_the_menu_of_a_phone(busy: Open) -> None:
    async with signed_in(busy, "wang", viewport=PHONE) as page:
        await page.goto("/office/officers")
        here = await page.locator("nav [aria-current=page]").first.bounding_box()
        assert here
        assert here["x"] >= 0
        assert here["x"] + here["width"] <= PHONE["width"]


async def test_an_officer_sees_what_must_be_filled_in_for_the_outcome_chosen(busy: Open) -> None:
    async with signed_in(busy, "li", viewport=PHONE) as page:
        await page.goto("/desk/reports/WG-SJ-20261125-0001")
        await page.locator("summary", has_text="提交办理结果").click()
        marks = page.locator("form[action$='/submit'] .must:visible")
        assert await marks.all_text_contents() == ["必填", *["按结果必填"] * 12]
        await page.select_option("select[name=disposition]", "answered")
        assert await marks.all_text_contents() == ["必填", "必填"]
        await page.locator("form[action$='/submit'] button").click()
        assert await page.evaluate("document.activeElement.name") == "answer"


async def test_a_form_that_is_opened_comes_into_sight_with_its_button(busy: Open) -> None:
    filed = await busy.bureau.report()
    async with signed_in(busy, "li", viewport=PHONE) as page:
        await page.goto(f"/desk/reports/{filed.number}")
        await page.locator("summary", has_text="签收").click()
        await page.wait_for_function("document.activeElement.form")
        assert await in_sight(page.locator("details.move[open] button"))


async def test_a_form_longer_than_the_screen_is_read_from_its_top(busy: Open) -> None:
    async with signed_in(busy, "li", viewport=PHONE) as page:
        await page.goto("/desk/reports/WG-SJ-20261125-0001")
        await page.locator("summary", has_text="提交办理结果").click()
        await page.wait_for_function("document.activeElement.form")
        assert await in_sight(page.locator("details.move[open] > summary"))
        assert await in_sight(page.locator("[name=findings]"))


@pytest.mark.parametrize("scripts", [True, False])
async def test_who_filed_it_is_in_sight_once_opened_and_the_page_says_that_the_look_was_recorded(busy: Open, scripts: bool) -> None:
    async with at_the_door(busy, "wang", viewport=PHONE, java_script_enabled=scripts) as page:
        await page.click("button.primary")
        await page.goto("/desk/reports/WG-SJ-20261125-0001")
        await page.locator("summary", has_text="打开联系方式").click()
        opens = page.locator("form[action*='/identity']")
        await opens.locator("textarea").fill(" ")
        await opens.locator("button").click()
        assert await in_sight(page.locator("[role=alert]"))
        await opens.locator("textarea").fill("要约时间去现场")
        await opens.locator("button").click()
        await page.locator("#identity", has_text="13812345678").wait_for()
        assert "这次查看已记入查阅记录" in await page.locator("#identity [role=status]").inner_text()
        assert await in_sight(page.locator("#identity"))


async def in_sight(what: Locator) -> bool:
    """Whether all of it is on the phone's screen, without scrolling."""
    box = await what.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]
