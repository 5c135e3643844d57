"""The composition root: the one place that knows every room, and puts a running service together from the settings."""

import asyncio
import shutil
import tomllib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI

from bot.channels.web.app import create_app
from bot.channels.web.chat import chat_routes
from bot.channels.web.evidence import upload_routes
from bot.channels.web.limits import Limits
from bot.channels.web.speaker import speaking
from bot.channels.web.tokens import ConversationTokens
from bot.delivery import Channel, Delivery
from bot.reception import Reception
from bot.settings import Settings
from handlers.evidence.receiving import EvidenceIntake, FileLimits
from handlers.evidence.scanning import Scanner
from handlers.intake.turn import Limits as IntakeLimits
from handlers.notices import Wording
from handlers.parent import Parent
from handlers.policy import Policy
from nlp.reader import Reader
from storage import migrations, outbox
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from storage.shelf import Shelf

ZONE = ZoneInfo("Asia/Shanghai")
DRAIN_SECONDS = 4.0
LEAST_FREE_BYTES = 200_000_000
LONGEST_WAIT = timedelta(minutes=15)

Clock = Callable[[], datetime]
Channels = Mapping[str, Channel]


class NotReady(Exception):
    """The service should get no traffic: the disk is nearly full, or messages have been waiting too long."""


@dataclass(frozen=True)
class Rooms:
    """What every part of the service is built from."""

    settings: Settings
    policy: Policy
    keyring: Keyring
    database: Database
    channels: Channels
    clock: Clock


@dataclass(frozen=True)
class Service:
    """A running service, as the commands and tests hold it."""

    rooms: Rooms
    reception: Reception
    delivery: Delivery
    evidence: EvidenceIntake
    app: FastAPI


def system_clock() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def open_service(settings: Settings, *, clock: Clock = system_clock, channels: Channels | None = None) -> AsyncIterator[Service]:
    """Migrate, open, take up what was cut off, and deliver until the block ends; then finish what is running and close."""
    await migrations.upgrade(settings.database())
    keyring = Keyring.load(settings.key_file)
    database = await Database.open(settings.database(), keyring=keyring, rules=Rules.load(settings.policy))
    try:
        rooms = Rooms(settings, Policy.load(settings.policy), keyring, database, channels or {}, clock)
        service = assemble(rooms)
        await service.reception.replay()
        stopping = asyncio.Event()
        sending = asyncio.create_task(service.delivery.run(stopping))
        try:
            yield service
        finally:
            await service.reception.drain(DRAIN_SECONDS)
            stopping.set()
            await sending
    finally:
        await database.close()


def assemble(rooms: Rooms) -> Service:
    """Every part of the service over these rooms, not yet running."""
    settings, policy = rooms.settings, rooms.policy
    wording = Wording(policy, ZONE)
    limits = IntakeLimits(text=settings.text_limit, files=settings.files_per_report)
    parent = Parent(policy, Reader.load(settings.policy), limits=limits, draft_life=timedelta(days=settings.draft_days), zone=ZONE)
    apology = policy.texts.say("odd.trouble")
    reception = Reception(rooms.database, parent, wording, clock=rooms.clock, zone=ZONE, apology=apology)
    delivery = Delivery(rooms.database, rooms.channels, wording, clock=rooms.clock)
    evidence = evidence_intake(rooms)
    return Service(rooms, reception, delivery, evidence, _app(rooms, reception, evidence))


def evidence_intake(rooms: Rooms) -> EvidenceIntake:
    """Where files come in, whatever the channel."""
    settings = rooms.settings
    limits = FileLimits(settings.file_limit_mb * 1_048_576, settings.files_per_report * 2, settings.quota_gb * 1_000_000_000)
    scanner = Scanner(settings.virus_scanner) if settings.virus_scanner else None
    shelf = Shelf(settings.var_dir / "evidence")
    return EvidenceIntake(rooms.database, shelf, rooms.keyring, limits=limits, clock=rooms.clock, scanner=scanner)


def _app(rooms: Rooms, reception: Reception, evidence: EvidenceIntake) -> FastAPI:
    settings = rooms.settings
    words = tomllib.loads((settings.policy / "pages.toml").read_text("utf-8"))
    limits = Limits(
        messages_per_minute=settings.messages_per_minute,
        address_per_minute=settings.address_per_minute,
        lookups_per_hour=settings.lookups_per_hour,
    )
    tokens = ConversationTokens(rooms.keyring.derived("conversation tokens"))
    routers: list[APIRouter] = [
        chat_routes(reception, tokens, limits, address=settings.address(), text_limit=settings.text_limit),
        upload_routes(evidence, speaking(tokens), limits, rooms.policy.texts),
    ]

    async def ready() -> dict[str, Any]:
        return await _readiness(rooms)

    return create_app(
        words, routers, ready=ready, demo=settings.demo, files=settings.files_per_report, file_limit_mb=settings.file_limit_mb
    )


async def _readiness(rooms: Rooms) -> dict[str, Any]:
    """Database, disk and the age of the oldest waiting message; NotReady when the service should get no traffic."""
    oldest = await rooms.database.read(outbox.oldest_waiting, list(rooms.channels))
    free = shutil.disk_usage(rooms.settings.var_dir).free
    waiting = (rooms.clock() - oldest) if oldest else timedelta()
    if free < LEAST_FREE_BYTES or waiting > LONGEST_WAIT:
        raise NotReady
    return {"database": rooms.database.dialect, "disk_free_bytes": free, "outbox_age_seconds": int(waiting.total_seconds())}
