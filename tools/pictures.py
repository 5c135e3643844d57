"""Takes the pictures in docs/pictures from a running demonstration: `make demo`, then `python tools/pictures.py [address]`."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
PASSWORD = "demo-2026-wugang"  # noqa: S105 - the demonstration prints it
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
STORY = "朱兰的阳光培训学校说关了，老师还在原来楼上教数学，每周六上午，一学期收2800，孩子四年级"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]


async def main(address: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        await parent(browser, address)
        page = await opened(browser, DESKTOP)
        await page.goto(f"{address}/")
        await page.locator("#choices .pick").first.wait_for()
        await keep(page, "parent-desktop")
        for name, size in (("phone", PHONE), ("desktop", DESKTOP)):
            page = await signed_in(browser, address, "edu1", size)
            await keep(page, f"desk-{name}")
            await page.locator("a[href^='/desk/reports/']").first.click()
            await keep(page, f"desk-report-{name}")
            page = await signed_in(browser, address, "office", size)
            await page.goto(f"{address}/office")
            await keep(page, f"office-{name}")
            await timeline(page, address, name)
        await browser.close()


async def timeline(page: Page, address: str, name: str) -> None:
    """The history of the report that took the long way: the closed one that was returned and redone."""
    await page.goto(f"{address}/desk/search?status=closed")
    found = page.locator("a[href^='/desk/reports/']")
    for path in dict.fromkeys([await found.nth(place).get_attribute("href") for place in range(await found.count())]):
        await page.goto(f"{address}{path}")
        history = page.locator("section", has=page.locator("ol.history"))
        told = await history.inner_text()
        if "同意退单" in told and "退回重办" in told:
            await history.screenshot(path=FOLDER / f"timeline-{name}.png")
            return


async def parent(browser: Browser, address: str) -> None:
    """The story of one report, step by step."""
    page = await opened(browser, PHONE)
    await page.goto(f"{address}/")
    await pick(page, "匿名继续")
    await page.fill("#text", STORY)
    await page.click("form button[type=submit]")
    await page.locator("#choices .pick", has_text="说完了").wait_for()
    await keep(page, "parent-story")
    await pick(page, "说完了")
    await keep(page, "parent-understood")
    for _ in range(20):
        labels = await page.locator("#choices .pick").all_text_contents()
        if "确认提交" in labels:
            await keep(page, "parent-summary")
        await pick(page, next((label for label in ("确认提交", "跳过", "匿名") if label in labels), labels[0]))
        if await page.locator("#said > .receipt").count():
            break
    await keep(page, "parent-receipt")
    await page.click("#large")
    await page.emulate_media(color_scheme="dark")
    await keep(page, "parent-receipt-large-dark")


async def signed_in(browser: Browser, address: str, login: str, size: dict[str, int]) -> Page:
    page = await opened(browser, size)
    await page.goto(f"{address}/desk/login")
    await page.fill("[name=login]", login)
    await page.fill("[name=password]", PASSWORD)
    await page.click("main form button")
    await page.wait_for_url("**/desk")
    return page


async def opened(browser: Browser, size: dict[str, int]) -> Page:
    context = await browser.new_context(viewport=size, locale="zh-CN", device_scale_factor=1.5)  # type: ignore[arg-type]
    return await context.new_page()


async def pick(page: Page, label: str) -> None:
    await page.locator("#choices .pick", has_text=label).first.click()
    await page.locator("#said > li:last-child:not(.mine)").wait_for()
    await page.wait_for_timeout(300)


async def keep(page: Page, name: str) -> None:
    await page.wait_for_load_state("networkidle") if "/desk" in page.url or "/office" in page.url else None
    await page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"))
