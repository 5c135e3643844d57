"""The office lets a program in, shows its secret once, sees what was sent to it, and shuts it out again; all of it is written down."""

import html
import re

from storage import api_tokens, outbox
from storage.sealing import Secret
from storage.vocabulary import Role
from tests.bot.web.bureau import Bureau

PAGE = "/office/outside"


async def test_a_token_is_shown_once_reads_until_it_is_revoked_and_both_are_written_down(bureau: Bureau) -> None:
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    async with bureau.browser("qian") as qian:
        made = await qian.post(f"{PAGE}/tokens", name="市数据局", scopes="figures", life_days="90")
        token = _secret(made.text)
        assert await bureau.database.read(api_tokens.present, Secret(token), bureau.now())
        page = (await qian.open(PAGE)).text
        assert token not in page
        assert "市数据局" in page
        await qian.post(f"{PAGE}/tokens/1/revoke")
        assert await bureau.database.read(api_tokens.present, Secret(token), bureau.now()) is None
        assert "已停用" in (await qian.open(PAGE)).text
        log = (await qian.open("/office/accesses")).text
        assert "issue_token 市数据局" in log
        assert "revoke_token #1" in log


async def test_an_address_is_tried_before_anything_happens_and_the_page_says_how_it_went(bureau: Bureau) -> None:
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    async with bureau.browser("qian") as qian:
        made = await qian.post(f"{PAGE}/webhooks", name="市数据局", url="https://data.example/hook", events="filed")
        assert len(_secret(made.text)) == 64
        assert "还没有发过" in made.text
        assert "等待发送" in (await qian.post(f"{PAGE}/webhooks/1/trial")).text
        (sent,) = await bureau.database.write(outbox.lease, ["webhook"], bureau.now(), 10)
        assert '"event": "trial"' in sent.message.payload["text"]
        await bureau.database.write(outbox.drop, sent.message.id, bureau.now(), "Unsendable")
        assert "对方不收" in (await qian.open(PAGE)).text
        assert "还没有推送地址" in (await qian.post(f"{PAGE}/webhooks/1/stop")).text


async def test_an_address_on_this_machine_or_without_encryption_is_not_taken(bureau: Bureau) -> None:
    await bureau.hire("qian", Role.OFFICE, "shuangjian_office")
    async with bureau.browser("qian") as qian:
        for url in ("http://data.example/hook", "http://127.0.0.1:9/"):
            answer = await qian.post(f"{PAGE}/webhooks", name="x", url=url, events="filed")
            assert (answer.status_code, "地址要以 https:// 开头" in answer.text) == (409, True)


def _secret(page: str) -> str:
    found = re.search(r'<code class="big">([^<]+)</code>', page)
    assert found
    return html.unescape(found[1])
