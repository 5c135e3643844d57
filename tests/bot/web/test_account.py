"""One's own account: nobody learns who exists, a first password is changed, a second factor is asked for, a sign-in is taken back."""

import re

import pyotp

from handlers.desk.accounts import Accounts
from storage import addressees, bindings, officers, sign_ins
from storage.addressees import Address
from storage.sealing import Secret
from storage.vocabulary import Role
from tests.bot.web.bureau import PASSWORD, Bureau

LOGIN = "/desk/login"


async def test_an_unknown_login_and_a_wrong_password_are_answered_alike(bureau: Bureau) -> None:
    await bureau.hire("li")
    async with bureau.browser() as browser:
        wrong = await browser.post(LOGIN, login="li", password="wrong")
        unknown = await browser.post(LOGIN, login="nobody", password="wrong")
        assert wrong.status_code == unknown.status_code == 401
        assert wrong.text.replace("li", "nobody") == unknown.text.replace("li", "nobody")


async def test_who_guesses_too_often_must_wait_even_with_the_right_password(bureau: Bureau) -> None:
    await bureau.hire("li")
    async with bureau.browser() as browser:
        for _ in range(5):
            await browser.post(LOGIN, login="li", password="wrong")
        slow = await browser.post(LOGIN, login="li", password=PASSWORD)
        assert slow.status_code == 429
        assert "分钟后再来" in slow.text


async def test_a_first_password_opens_nothing_but_the_page_that_changes_it(bureau: Bureau) -> None:
    password = await bureau.database.write(officers.first_account, bureau.now(), "双减办")
    assert password
    async with bureau.browser() as browser:
        page = await browser.post(LOGIN, login=officers.FIRST_LOGIN, password=password.reveal(), next="/office/officers")
        assert "请先换掉初始密码" in page.text
        assert "请先换掉初始密码" in (await browser.open("/desk")).text
        changed = {"present": password.reveal(), "wanted": "a much longer one", "repeat": "a much longer one"}
        assert "密码已换" in (await browser.post("/desk/account/password", **changed)).text
        assert "待办" in (await browser.open("/desk")).text


async def test_the_first_account_is_made_once(bureau: Bureau) -> None:
    assert await bureau.database.write(officers.first_account, bureau.now(), "双减办")
    assert await bureau.database.write(officers.first_account, bureau.now(), "双减办") is None


async def test_a_weak_password_is_not_taken(bureau: Bureau) -> None:
    await bureau.hire("lijianguo")
    async with bureau.browser("lijianguo") as browser:
        for weak in ("short", "aaaaaaaaaaaaaa", "lijianguo2026", PASSWORD):
            page = await browser.post("/desk/account/password", present=PASSWORD, wanted=weak, repeat=weak)
            assert page.status_code == 422


async def test_with_a_second_factor_the_password_alone_is_not_enough(bureau: Bureau) -> None:
    await bureau.hire("li")
    async with bureau.browser("li") as browser:
        page = (await browser.open("/desk/account/code")).text
        assert "<svg" in page
        secret = re.search(r'name="secret" value="(\w+)"', page)[1]
        code = pyotp.TOTP(secret).at(bureau.now())
        codes = re.findall(r"<li><code>(\w+)</code>", (await browser.post("/desk/account/code", secret=secret, code=code)).text)
        assert len(codes) == 8
    bureau.now.move(seconds=30)
    code = pyotp.TOTP(secret).at(bureau.now())
    async with bureau.browser() as browser:
        assert (await browser.post(LOGIN, login="li", password=PASSWORD)).status_code == 401
        assert (await browser.post(LOGIN, login="li", password=PASSWORD, code=code)).status_code == 200
    async with bureau.browser() as browser:
        assert (await browser.post(LOGIN, login="li", password=PASSWORD, code=codes[0])).status_code == 200
        await browser.post("/desk/sign-out")
        assert (await browser.post(LOGIN, login="li", password=PASSWORD, code=codes[0])).status_code == 401


async def test_a_code_seen_over_the_shoulder_opens_nothing_a_second_time(bureau: Bureau) -> None:
    li = await bureau.hire("li")
    totp = pyotp.TOTP(pyotp.random_base32())
    await bureau.database.write(officers.set_second_factor, li.id, Secret(totp.secret), bureau.now())
    earlier, code = (totp.at(bureau.now(), counter_offset=off) for off in (-1, 0))
    async with bureau.browser() as browser:
        assert (await browser.post(LOGIN, login="li", password=PASSWORD, code=code)).status_code == 200
    async with bureau.browser() as watcher:
        for used in (code, earlier):
            assert (await watcher.post(LOGIN, login="li", password=PASSWORD, code=used)).status_code == 401
        bureau.now.move(seconds=30)
        assert (await watcher.post(LOGIN, login="li", password=PASSWORD, code=totp.at(bureau.now()))).status_code == 200


async def test_a_role_that_must_have_a_second_factor_works_only_with_one(bureau: Bureau) -> None:
    strict = Accounts(bureau.database, bureau.now, second_factor_for=frozenset({Role.OFFICE}))
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    token = await strict.sign_in("wang", PASSWORD, "", "")
    assert token
    wang = await strict.who(token.reveal())
    assert wang
    assert strict.must_enrol(wang)


async def test_a_sign_in_on_a_lost_phone_is_taken_back(bureau: Bureau) -> None:
    li = await bureau.hire("li")
    async with bureau.browser("li") as lost, bureau.browser("li") as here:
        first = (await bureau.database.read(sign_ins.of_officer, li.id, bureau.now()))[-1]
        await here.post(f"/desk/account/sign-ins/{first.id}")
        assert "登录工作台" in (await lost.open("/desk")).text
        assert "待办" in (await here.open("/desk")).text


async def test_somebody_elses_sign_in_cannot_be_taken_back(bureau: Bureau) -> None:
    li = await bureau.hire("li")
    await bureau.hire("zhao")
    async with bureau.browser("li") as browser, bureau.browser("zhao") as other:
        mine = (await bureau.database.read(sign_ins.of_officer, li.id, bureau.now()))[0]
        await other.post(f"/desk/account/sign-ins/{mine.id}")
        assert "待办" in (await browser.open("/desk")).text


async def test_a_desk_left_alone_is_closed(bureau: Bureau) -> None:
    await bureau.hire("li")
    async with bureau.browser("li") as browser:
        bureau.now.move(hours=1)
        assert "待办" in (await browser.open("/desk")).text
        bureau.now.move(hours=1, minutes=59)
        assert "待办" in (await browser.open("/desk")).text
        bureau.now.move(hours=2)
        assert "登录工作台" in (await browser.open("/desk")).text


async def test_a_closed_account_is_out_at_once_and_the_last_office_account_stays(bureau: Bureau) -> None:
    li = await bureau.hire("li")
    wang = await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    async with bureau.browser("li") as browser, bureau.browser("wang") as office:
        await office.post(f"/office/officers/{li.id}/close")
        assert "登录工作台" in (await browser.open("/desk")).text
        assert "不能停用" in (await office.post(f"/office/officers/{wang.id}/close")).text


async def test_a_password_that_was_reset_is_told_once_and_ends_every_sign_in(bureau: Bureau) -> None:
    li = await bureau.hire("li")
    await bureau.hire("wang", Role.OFFICE, "shuangjian_office")
    async with bureau.browser("li") as browser, bureau.browser("wang") as office:
        told = re.search(r'<code class="big">([\w-]+)</code>', (await office.post(f"/office/officers/{li.id}/reset")).text)[1]
        assert "登录工作台" in (await browser.open("/desk")).text
        assert told not in (await office.open("/office/officers")).text
        page = await browser.post(LOGIN, login="li", password=told, next="/desk")
        assert "请先换掉初始密码" in page.text


async def test_an_officer_ties_a_chat_with_a_code_that_works_once(bureau: Bureau) -> None:
    officer = await bureau.hire("chatty")
    async with bureau.browser("chatty") as browser:
        page = await browser.post("/desk/account/chat")
    code = re.search(r"您的码是 (\w+)", page.text).group(1)
    at, chat = bureau.now(), Address.of("telegram", "4711")
    person = await bureau.database.write(addressees.remember, chat, at)
    assert (await bureau.database.write(bindings.redeem, person, code, at)).id == officer.id
    assert await bureau.database.write(bindings.redeem, person, code, at) is None
