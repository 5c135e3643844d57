"""Takes the pictures of the two phones through one story: `make simulate`, then `python tools/phones.py [address]`."""

import asyncio
import sys

from pictures import DESKTOP, FOLDER, PHONE, STORY, SWITCHES, opened
from playwright.async_api import Locator, Page, async_playwright

MOST_QUESTIONS = 12
# The wide page shows both phones whole.
WIDE = {**DESKTOP, "height": 960}


async def main(address: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        page = await opened(browser, WIDE)
        await page.goto(f"{address}/")
        parent, staff = page.locator(".phone").nth(0), page.locator(".phone").nth(1)
        await tell(parent)
        await claim(page, staff)
        await parent.locator("li:not(.mine)", has_text="有新进展").wait_for()
        await press(parent, "看进度")
        await page.screenshot(path=FOLDER / "simulator.png")
        await page.set_viewport_size(PHONE)
        for name, phone in (("parent", parent), ("officer", staff)):
            await phone.locator(".chat").evaluate("chat => { chat.scrollTop = chat.scrollHeight; }")
            await phone.scroll_into_view_if_needed()
            await phone.screenshot(path=FOLDER / f"simulator-{name}.png")
        await browser.close()


async def tell(parent: Locator) -> None:
    """As a parent in a hurry: the story, and the shortest way to the receipt."""
    await parent.locator(".text").fill(STORY)
    await parent.locator(".say button").click()
    await press(parent, "同意，继续")
    await press(parent, "说完了")
    for _ in range(MOST_QUESTIONS):
        labels = await parent.locator("li").last.locator("button").all_text_contents()
        await press(parent, next((label for label in ("确认提交", "跳过", "匿名") if label in labels), labels[0]))
        if await parent.locator("li", has_text="查询码").count():
            return


async def claim(page: Page, staff: Locator) -> None:
    """As the department that leads: the dots say who was told, the leading one stands first."""
    told = staff.locator("option", has_text="●").first
    await told.wait_for(state="attached")
    await staff.locator("select").select_option(await told.get_attribute("value"))
    await press(staff, "签收（我与此事无利害关系）")
    await staff.locator("li", has_text="由您签收").wait_for()
    await page.wait_for_timeout(2500)


async def press(phone: Locator, label: str) -> None:
    """The newest button that reads like this; what it brings is waited for."""
    said = await phone.locator("li").count()
    await phone.locator("button", has_text=label).last.click()
    for _ in range(100):
        if await phone.locator("li").count() > said:
            break
        await phone.page.wait_for_timeout(100)
    await phone.page.wait_for_timeout(700)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8090"))
