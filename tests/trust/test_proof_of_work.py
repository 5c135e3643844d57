"""Where the site asks for it, a new conversation costs a small computation, once; nobody else notices."""

import uuid
from collections.abc import AsyncIterator
from hashlib import sha256
from itertools import count
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from bot.channels.web.proof_of_work import LIFE, ProofNeeded, ProofOfWork
from tests.browser import PHONE, chromium
from tests.clock import Now
from tests.served import served, settings_for
from tests.trust.hostile import a_picture

FEW = 6


@pytest.fixture
async def stranger(tmp_path: Path, policy: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A newcomer's program at a site that asks for the computation; it keeps no cookies unless a test says so."""
    async with served(settings_for(tmp_path, policy, proof_of_work=True)) as (_, address), httpx.AsyncClient(base_url=address) as client:
        yield client


def solved(challenge: str) -> str:
    bits = int(challenge.split(".", maxsplit=1)[0])
    tried = (f"{challenge}.{counter}" for counter in count())
    return next(proof for proof in tried if int.from_bytes(sha256(proof.encode()).digest()) >> (256 - bits) == 0)


def turn(**said: object) -> dict[str, object]:
    return {"client_id": str(uuid.uuid4()), "start": "page", **said}


async def test_a_newcomer_is_asked_once_and_then_never_again(stranger: httpx.AsyncClient) -> None:
    asked = await stranger.post("/api/chat", json=turn())
    assert (asked.status_code, asked.json()["error"]) == (428, "proof_needed")
    assert "稍等" in asked.json()["text"]
    begun = await stranger.post("/api/chat", json=turn(proof=solved(asked.json()["challenge"])))
    assert begun.status_code == 200
    assert (await stranger.post("/api/chat", json=turn())).status_code == 200


async def test_one_solution_opens_one_conversation(stranger: httpx.AsyncClient) -> None:
    proof = solved((await stranger.post("/api/chat", json=turn())).json()["challenge"])
    answers = []
    for _ in range(2):
        answers.append((await stranger.post("/api/chat", json=turn(proof=proof))).status_code)
        stranger.cookies.clear()
    assert answers == [200, 428]


async def test_a_file_does_not_begin_a_conversation_for_nothing(stranger: httpx.AsyncClient) -> None:
    assert (await stranger.post("/api/chat/attachments", files={"file": ("a.jpg", a_picture())})).status_code == 428


@pytest.mark.parametrize("proof", ["", "x", "1.2.3.4.5", "0.9999999999.a.b.1", "数.数.数.数", "....", "é.é"])
def test_a_proof_somebody_made_up_is_none(now: Now, proof: str) -> None:
    with pytest.raises(ProofNeeded):
        ProofOfWork(b"k", now).admit(proof)


def test_a_proof_of_less_work_of_another_house_or_too_late_is_none(now: Now) -> None:
    ours, other = ProofOfWork(b"k", now, bits=FEW), ProofOfWork(b"other", now, bits=FEW)
    with pytest.raises(ProofNeeded):
        ours.admit(solved(other.challenge()))
    with pytest.raises(ProofNeeded):
        ProofOfWork(b"k", now, bits=40).admit(solved(ours.challenge()))
    proof = solved(ours.challenge())
    now.move(seconds=LIFE.total_seconds() + 1)
    with pytest.raises(ProofNeeded):
        ours.admit(proof)
    ours.admit(solved(ours.challenge()))


@pytest.mark.browser
async def test_the_page_does_the_computation_by_itself(tmp_path: Path, policy: Path) -> None:
    async with served(settings_for(tmp_path, policy, proof_of_work=True)) as (_, address), chromium() as browser:
        context = await browser.new_context(viewport=PHONE, base_url=address)
        page = await context.new_page()
        await page.goto("/")
        await expect(page.locator("#choices .pick").first).to_be_visible(timeout=20_000)
        await context.close()
