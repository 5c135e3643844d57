"""Who opens a page that cannot be shown reads a sentence and finds the way on; a program reads JSON."""

from pathlib import Path

import httpx2
import pytest

from tests.served import served, settings_for

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/office/nothing-here", "/nowhere"])
async def test_a_page_that_does_not_exist_is_a_page_with_a_way_on(path: str, tmp_path: Path, policy: Path) -> None:
    async with served(settings_for(tmp_path, policy)) as (_, address), httpx2.AsyncClient(base_url=address) as client:
        answer = await client.get(path, headers=BROWSER)
        told = await client.get(path)
    assert (answer.status_code, told.status_code) == (404, 404)
    assert "没有这个页面。" in answer.text
    assert 'href="/desk"' in answer.text
    assert told.json()["error"] == "not_found"


async def test_a_file_too_large_for_the_desk_is_refused_on_a_page(tmp_path: Path, policy: Path) -> None:
    async with served(settings_for(tmp_path, policy, file_limit_mb=1)) as (_, address), httpx2.AsyncClient(base_url=address) as client:
        answer = await client.post("/desk/login", headers=BROWSER, content=b"x" * 3_000_000)
    assert answer.status_code == 413
    assert "<h1>打不开</h1>" in answer.text


async def test_the_programs_side_never_answers_with_a_page(tmp_path: Path, policy: Path) -> None:
    async with served(settings_for(tmp_path, policy)) as (_, address), httpx2.AsyncClient(base_url=address) as client:
        answer = await client.get("/api/v1/nothing", headers=BROWSER)
    assert answer.json()["error"] == "not_found"
