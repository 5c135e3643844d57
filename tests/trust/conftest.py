"""What these stories share: a shelf of evidence, and the door files come in by."""

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.web.app import create_app
from bot.channels.web.evidence import upload_routes
from bot.channels.web.limits import Limits
from bot.channels.web.speaker import speaking
from bot.channels.web.tokens import ConversationTokens
from handlers.evidence.receiving import EvidenceIntake, FileLimits
from handlers.texts import Texts
from storage.database import Database
from storage.sealing import Keyring
from storage.shelf import Shelf
from tests.city import POLICY
from tests.clock import Now

LIMITS = FileLimits(file_bytes=5_000_000, waiting=3, total_bytes=20_000_000, free_bytes=0)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "evidence")


@pytest.fixture
def intake(embedded: Database, shelf: Shelf, keyring: Keyring, now: Now) -> EvidenceIntake:
    return EvidenceIntake(embedded, shelf, keyring, limits=LIMITS, clock=now)


@pytest.fixture
def uploading(intake: EvidenceIntake) -> FastAPI:
    """The site with nothing but its upload door."""
    words = tomllib.loads((POLICY / "pages.toml").read_text("utf-8"))
    limits = Limits(messages_per_minute=100, address_per_minute=100, lookups_per_hour=10)
    door = upload_routes(intake, speaking(ConversationTokens(b"k" * 32)), limits, Texts.load(POLICY))

    async def ready() -> dict[str, str]:
        return {}

    return create_app(words, [door], ready=ready, demo=False, files=9, file_limit_mb=5, draft_days=7)


@pytest.fixture
async def browser(uploading: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(uploading), base_url="http://tipline.test") as client:
        yield client
