"""The parents' page in a real browser: a whole report, a bad network, large text, leaving no trace, and what axe says."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, expect

from tests.browser import PHONE, TOGETHER, chromium, shared
from tests.served import served, settings_for

pytestmark = TOGETHER

STORY = "朱兰的阳光培训学校说关了，老师还在原来楼上教数学，每周六上午，一学期收2800"
NUMBER = re.compile(r"WG-SJ-\d{8}-\d{4}")


@shared
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as running:
        yield running


@shared
async def site(tmp_path_factory: pytest.TempPathFactory, policy: Path) -> AsyncIterator[str]:
    async with served(settings_for(tmp_path_factory.mktemp("site"), policy)) as (_, address):
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, site: str) -> AsyncIterator[Page]:
    """The page on the phone of somebody who was never there before."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN", base_url=site)
    opened = await context.new_page()
    await opened.goto("/")
    await expect(opened.locator(".pick").first).to_be_visible()
    yield opened
    await context.close()


async def pick(page: Page, label: str) -> None:
    button = page.locator("#choices .pick", has_text=label).first
    await button.click()
    await expect(page.locator("#said > .mine").last).to_have_text(label)
    await expect(page.locator("#said > li:last-child:not(.mine)")).to_be_visible()


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.click("form button[type=submit]")


async def to_receipt(page: Page) -> None:
    await pick(page, "匿名继续")
    await say(page, STORY)
    await pick(page, "说完了")
    for _ in range(20):
        if await page.locator("#said > .receipt").count():
            return
        labels = await page.locator("#choices .pick").all_text_contents()
        await pick(page, next((label for label in ("确认提交", "跳过", "匿名") if label in labels), labels[0]))
    raise AssertionError("no receipt came")


async def test_a_parent_reports_on_a_phone_and_gets_a_receipt(page: Page) -> None:
    await to_receipt(page)
    receipt = page.locator("#said > .receipt")
    await expect(receipt).to_contain_text(NUMBER)
    await expect(receipt.locator("svg")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_what_is_said_without_a_network_is_sent_once_when_it_is_back(page: Page) -> None:
    await pick(page, "匿名继续")
    await page.context.set_offline(True)
    await say(page, STORY)
    await expect(page.locator("#said > .waiting")).to_have_count(1)
    await page.context.set_offline(False)
    await expect(page.locator("#choices .pick", has_text="说完了")).to_be_visible()
    await expect(page.locator("#said > .waiting")).to_have_count(0)
    await expect(page.locator("#said > .mine", has_text=STORY)).to_have_count(1)


async def test_a_reload_goes_on_where_the_conversation_was(page: Page) -> None:
    await pick(page, "匿名继续")
    await page.reload()
    await expect(page.locator("#said")).to_contain_text("请用自己的话说说")


async def test_who_comes_back_finds_all_that_was_said_meanwhile_in_its_order(page: Page) -> None:
    seen = await page.evaluate("localStorage.getItem('last')")
    await pick(page, "匿名继续")
    await say(page, STORY)
    await expect(page.locator("#choices .pick", has_text="说完了")).to_be_visible()
    said = await page.locator("#said > li:not(.mine)").all_text_contents()
    await page.evaluate("seen => localStorage.setItem('last', seen)", seen)

    async def out_of_turn(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        await route.fulfill(response=answer, json={**told, "replies": told["replies"][::-1]})

    await page.route("**/api/chat?after=*", out_of_turn)
    await page.reload()
    await expect(page.locator("#said > li:not(.mine)")).to_have_text(said)
    await expect(page.locator("#choices .pick", has_text="说完了")).to_be_visible()
    # The page goes on listening: an answer still under way is let through before the page goes.
    await page.unroute_all(behavior="wait")


async def test_a_reload_shows_what_was_said_so_far_in_its_order(page: Page) -> None:
    await pick(page, "匿名继续")
    await say(page, STORY)
    await pick(page, "说完了")
    before = await page.locator("#said > li").all_text_contents()
    await page.reload()
    await expect(page.locator("#said > .mine", has_text=STORY)).to_be_visible()
    assert await page.locator("#said > li").all_text_contents() == before
    await expect(page.locator("#choices .pick").first).to_be_visible()


async def test_another_tab_of_the_same_phone_shows_nothing_of_what_was_told(page: Page) -> None:
    await pick(page, "匿名继续")
    await say(page, STORY)
    await pick(page, "说完了")
    other = await page.context.new_page()
    await other.goto("/")
    await expect(other.locator("#said > li")).to_have_count(1)
    assert STORY not in await other.content()


async def test_a_reload_after_the_receipt_shows_the_receipt_alone(page: Page) -> None:
    await to_receipt(page)
    await page.reload()
    await expect(page.locator("#said > .receipt")).to_be_visible()
    await expect(page.locator("#said > li")).to_have_count(1)
    await pick(page, "再反映一件")
    await page.reload()
    await expect(page.locator("#said > .mine")).to_have_text("再反映一件")
    await expect(page.locator("#said > .receipt")).to_have_count(0)


async def test_large_text_makes_text_and_buttons_large(page: Page) -> None:
    await page.click("#large")
    text = await page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    heights = await page.evaluate("[...document.querySelectorAll('footer button, header button')].map(button => button.offsetHeight)")
    assert text >= 18
    assert min(heights) >= 60


async def test_clearing_the_phone_leaves_nothing_on_it(page: Page) -> None:
    await to_receipt(page)
    await page.click("#clear")
    await page.click("#ask-yes")
    await expect(page.locator("#choices .pick", has_text="匿名继续")).to_be_visible()
    kept = await page.evaluate("JSON.stringify(localStorage)")
    assert STORY not in kept
    assert not NUMBER.search(await page.content())


async def test_leaving_quickly_leaves_nothing_in_the_tab_either(page: Page) -> None:
    await pick(page, "匿名继续")
    await say(page, STORY)
    await expect(page.locator("#choices .pick", has_text="说完了")).to_be_visible()
    # The way out is not held up by the server: what this phone keeps goes at once.
    await page.route("**/api/chat", lambda route: None if route.request.method == "DELETE" else route.continue_())
    await page.route("https://www.baidu.com/", lambda route: route.fulfill(body="elsewhere"))
    await page.click("#leave")
    await page.wait_for_url("https://www.baidu.com/")
    await page.goto("/")
    await expect(page.locator("#said > li:not(.mine)").first).to_be_visible()
    assert STORY not in await page.content()


async def test_the_page_asks_for_nothing_from_elsewhere(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.reload()
    await expect(page.locator("#said > li").first).to_be_visible()
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious(page: Page, theme: str) -> None:
    await page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    await to_receipt(page)
    found = await Axe().run(page)
    serious = [one["id"] for one in found.response["violations"] if one["impact"] in ("serious", "critical")]
    assert serious == []


async def test_the_page_is_small_enough_for_a_weak_phone() -> None:
    import gzip

    web = Path(__file__).parents[3] / "bot" / "channels" / "web"
    parts = [web / "static" / name for name in ("chat.js", "chat.css", "tokens.css", "icon.svg")] + [web / "templates" / "chat.html"]
    assert sum(len(gzip.compress(part.read_bytes(), 9)) for part in parts) <= 12 * 1024


async def test_skipping_is_offered_quietly_and_never_first(page: Page) -> None:
    await pick(page, "匿名继续")
    await say(page, STORY)
    await pick(page, "说完了")
    # Read back or asked which of two: the first button says what it was.
    await page.locator("#choices .pick").first.click()
    skip = page.locator("#choices .pick", has_text="跳过")
    await expect(skip).to_have_class("pick quiet")
    await expect(page.locator("#choices .pick.first")).to_have_count(0)


async def test_in_danger_sending_is_the_first_button_and_the_largest(page: Page) -> None:
    await say(page, "寺坡那个培训班的老师把孩子打得头破血流")
    await expect(page.locator("#said > .warning")).to_be_visible()
    boxes = [await pick.bounding_box() for pick in await page.locator("#choices .pick").all()]
    await expect(page.locator("#choices .pick").first).to_have_text("马上交")
    assert boxes[0]
    assert all(other and boxes[0]["width"] * boxes[0]["height"] > 2 * other["width"] * other["height"] for other in boxes[1:])


async def test_the_name_of_a_file_lies_beside_its_button_and_not_under_it(page: Page) -> None:
    await page.set_input_files("#file", {"name": "和老师的通话录音.mp3", "mimeType": "audio/mpeg", "buffer": b"ID3\x04" + bytes(4000)})
    name, button = page.locator("#photos figure > span"), page.locator("#photos figure button span")
    await expect(name).to_have_text("和老师的通话录音.mp3")
    words = await name.evaluate(
        "node => { const range = document.createRange(); range.selectNodeContents(node); return range.getBoundingClientRect().right }"
    )
    taken_back = await button.bounding_box()
    assert taken_back
    assert words <= taken_back["x"]
