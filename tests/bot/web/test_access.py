"""The door of the staff's pages: every route has a row in the table, and every role is let in or turned away as the table says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from handlers import access
from storage import accesses
from storage.vocabulary import Role
from tests.bot.web.bureau import Bureau
from tests.served import served, settings_for

PLACES = {Role.OFFICE: "shuangjian_office", Role.DISCIPLINE: "discipline"}
STAFF = sorted(access.STAFF)


def staff_routes(app: FastAPI) -> Iterator[tuple[str, str, str]]:
    """Method, path and name of every route of the staff."""
    for mounted in app.routes:
        # FastAPI keeps an included router whole.
        for route in getattr(mounted, "original_router", app.router).routes:
            if isinstance(route, APIRoute) and route.path.startswith(("/desk", "/office")):
                yield from ((method, route.path, route.name) for method in sorted(route.methods))


async def test_no_route_is_without_a_row(bureau: Bureau) -> None:
    names = {name for _, _, name in staff_routes(bureau.app)}
    assert names
    assert not names - access.PAGES.keys() - access.OPEN


async def test_no_route_of_the_whole_service_is_without_a_row_and_no_row_without_a_route(tmp_path: Path, policy: Path) -> None:
    async with served(settings_for(tmp_path, policy)) as (service, _):
        names = {name for _, _, name in staff_routes(service.app)}
    assert names == access.PAGES.keys() | access.OPEN


async def test_a_route_without_a_row_opens_for_nobody() -> None:
    assert not any(access.may_open("a_route_somebody_added_yesterday", role) for role in Role)


async def test_nobody_who_is_not_signed_in_sees_anything(bureau: Bureau) -> None:
    await bureau.report()
    async with bureau.browser() as browser:
        for method, path, name in staff_routes(bureau.app):
            if name in access.OPEN:
                continue
            answer = await browser.client.request(method, _filled(path), follow_redirects=False)
            assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/desk/login"), name


@pytest.mark.parametrize("role", STAFF)
async def test_each_role_opens_what_the_table_says_and_nothing_else(bureau: Bureau, role: Role) -> None:
    await bureau.hire("somebody", role, PLACES.get(role, "edu"))
    await bureau.report()
    async with bureau.browser("somebody") as browser:
        for method, path, name in staff_routes(bureau.app):
            if name in access.OPEN or name in ("sign_out", "revoke_sign_in", "change_password"):
                continue
            answer = await browser.client.request(method, _filled(path))
            assert answer.status_code < 500, (name, answer.text[:200])
            assert ("您的岗位没有这一页" in answer.text) == (role not in access.PAGES[name]), (role, name)


async def test_a_page_that_does_not_open_is_written_down(bureau: Bureau) -> None:
    await bureau.hire("li")
    async with bureau.browser("li") as browser:
        assert (await browser.open("/office/officers")).status_code == 403
    line = (await bureau.database.read(accesses.latest, 1))[0]
    assert (line.officer, line.action, line.allowed) == ("li", "page", False)


async def test_a_form_from_another_site_is_not_taken(bureau: Bureau) -> None:
    await bureau.hire("li")
    filed = await bureau.report()
    async with bureau.browser("li") as browser:
        headers = {"sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
        answer = await browser.client.post(f"/desk/reports/{filed.number}/note", data={"text": "x"}, headers=headers)
        assert answer.status_code == 403
        assert "还没有内部记录" in (await browser.open(f"/desk/reports/{filed.number}")).text


def _filled(path: str) -> str:
    """The path with something in every gap: the first report, the first line, a move that stands everywhere."""
    given = {"number": "WG-SJ-20261125-0001", "name": "note"}
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda gap: given.get(gap[1], "1"), path)
