"""The composition root: puts a running service together from the settings, and takes it apart in the right order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, partial

from fastapi import FastAPI

from bot.channels.web.limits import Limits
from bot.channels.webhook import NAME, WebhookChannel
from bot.delivery import Delivery
from bot.guesses import Guesses
from bot.papers import Papers
from bot.reception import Reception
from bot.rooms import Channels, Clock, Rooms, system_clock
from bot.settings import Settings
from bot.site import Site
from bot.staff_bot import StaffBot
from bot.switchboard import Switchboard
from bot.telegram_bots import PARENTS, STAFF, TelegramBots
from bot.timer import Chore, Timer
from handlers.commands import Commands
from handlers.desk.desk import Desk
from handlers.evidence.receiving import EvidenceIntake, FileLimits
from handlers.evidence.scanning import Scanner
from handlers.figures.asked import Record
from handlers.figures.book import FigureBook
from handlers.figures.gathering import EarlyWarnings
from handlers.intake.turn import Limits as IntakeLimits
from handlers.notices import Wording
from handlers.parent import Parent
from handlers.policy import Policy
from nlp.lexicon import PolicyFault
from nlp.reader import Reader
from storage import drafts, keeping, migrations, private, towns, webhooks
from storage.database import Database
from storage.policy import PolicyUnreadable
from storage.retention import Terms
from storage.rules import Rules
from storage.sealing import Keyring
from storage.shelf import Shelf
from storage.sweep import sweep

DRAIN_SECONDS = 3.0
SEND_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """A running service, as the commands and tests hold it."""

    rooms: Rooms
    reception: Reception
    delivery: Delivery
    evidence: EvidenceIntake
    desk: Desk
    timer: Timer
    bots: TelegramBots
    staff: StaffBot
    site: Site

    @cached_property
    def app(self) -> FastAPI:
        """The web application; its hundred routes are built when it is first wanted."""
        return self.site.app()


@asynccontextmanager
async def open_service(
    settings: Settings, *, clock: Clock = system_clock, channels: Channels | None = None, reader: Reader | None = None
) -> AsyncIterator[Service]:
    """Migrate, open, and run until the block ends; the reader is loaded unless one is at hand."""
    for ours in private.FOLDERS:
        await asyncio.to_thread(private.close_folder, settings.var_dir / ours)
    await migrations.upgrade(settings.database())
    keyring, rules, policy = Keyring.load(settings.key_file), Rules.load(settings.policy), Policy.load(settings.policy)
    database = await Database.open(settings.database(), keyring=keyring, rules=rules)
    try:
        await towns.set_right(database, policy.places.town, partial(_renamed, policy), clock())
        bots = await TelegramBots.build(settings, policy)
        rooms = Rooms(settings, policy, rules, keyring, database, {**bots.adapters, **(channels or {})}, clock)
        service = assemble(rooms, bots, reader)
        # What is wrong with the pages' words is told before anybody is heard.
        _ = service.app
        async with running(service):
            yield service
    finally:
        await database.close()


def _renamed(policy: Policy, said: str, key: str) -> str:
    return policy.texts.say("record.town", said=said, town=policy.places.names[key])


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[Service]:
    """Take up what was cut off, hear, remind and deliver until the block ends; then take in nothing more and finish what is running."""
    await service.reception.replay()
    stopping = asyncio.Event()
    tasks = [asyncio.create_task(part.run(stopping)) for part in (service.delivery, service.timer, service.staff)]
    try:
        async with service.bots.listening(service.reception, service.evidence):
            yield service
    finally:
        await service.reception.drain(DRAIN_SECONDS)
        stopping.set()
        service.delivery.wake()
        service.staff.wake()
        # A message that hangs in a network is sent again after the next start; it does not hold up the stop.
        await asyncio.wait(tasks, timeout=SEND_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await service.bots.close()


def assemble(rooms: Rooms, bots: TelegramBots | None = None, reader: Reader | None = None) -> Service:
    """Every part of the service over these rooms, not yet running."""
    settings, policy = rooms.settings, rooms.policy
    bots = bots or TelegramBots(settings, {}, policy)
    wording = Wording(policy, rooms.zone)
    limits = IntakeLimits(text=settings.text_limit, files=settings.files_per_report)
    reader = reader or _reader(settings)
    parent = Parent(policy, reader, limits=limits, draft_life=timedelta(days=settings.draft_days), zone=rooms.zone)
    staff = StaffBot.over(rooms, bots.adapters.get(STAFF))
    talk = Switchboard(parent, {PARENTS: Commands(policy, parent), STAFF: staff.chat})
    # Not among the rooms' channels: an outside address that is down does not make the service unready.
    channels = {**rooms.channels, **staff.channels, NAME: WebhookChannel(rooms.clock)}
    delivery = Delivery(rooms.database, channels, wording, clock=rooms.clock, paces=bots.paces)
    apology = policy.texts.say("odd.trouble")

    def answered() -> None:
        delivery.wake()
        staff.wake()

    public = public_limits(settings)
    reception = Reception(
        rooms.database,
        talk,
        wording,
        clock=rooms.clock,
        zone=rooms.zone,
        apology=apology,
        answered=answered,
        guesses=Guesses(public),
    )
    evidence = evidence_intake(rooms)
    desk = Desk(rooms.database, policy, rooms.rules, rooms.clock)
    site = Site(rooms, reception, evidence, desk, reader, bots, public)
    return Service(rooms, reception, delivery, evidence, desk, Timer(chores(rooms, staff), rooms.clock), bots, staff, site)


def _reader(settings: Settings) -> Reader:
    try:
        return Reader.load(settings.policy)
    except PolicyFault as fault:
        raise PolicyUnreadable(str(fault)) from fault


def public_limits(settings: Settings) -> Limits:
    """How often people outside may do what: one count for the pages and the chats."""
    return Limits(
        messages_per_minute=settings.messages_per_minute,
        address_per_minute=settings.address_per_minute,
        lookups_per_hour=settings.lookups_per_hour,
    )


def evidence_intake(rooms: Rooms) -> EvidenceIntake:
    """Where files come in, whatever the channel."""
    settings = rooms.settings
    limits = FileLimits(settings.file_limit_mb * 1_048_576, settings.files_per_report * 2, settings.quota_gb * 1_000_000_000)
    scanner = Scanner(settings.virus_scanner) if settings.virus_scanner else None
    shelf = Shelf(settings.var_dir / "evidence")
    return EvidenceIntake(rooms.database, shelf, rooms.keyring, limits=limits, clock=rooms.clock, scanner=scanner)


def chores(rooms: Rooms, staff: StaffBot) -> list[Chore]:
    """What comes round again by itself."""

    async def remind(at: datetime) -> None:
        await sweep(rooms.database, at)

    async def tell_outside(at: datetime) -> None:
        await rooms.database.write(webhooks.tell_all, at)

    async def forget_drafts(at: datetime) -> None:
        await rooms.database.write(drafts.expire, at)

    async def sweep_files(at: datetime) -> None:
        await keeping.sweep_files(rooms.database, Shelf(rooms.settings.var_dir / "evidence"), at)

    terms = Terms.load(rooms.settings.policy)

    async def retain(at: datetime) -> None:
        await keeping.forget(rooms.database, Shelf(rooms.settings.var_dir / "evidence"), terms, at)

    return [
        Chore("remind", timedelta(minutes=1), remind),
        Chore("tell outside addresses", timedelta(seconds=30), tell_outside),
        Chore("digest", timedelta(minutes=5), staff.write_digest),
        Chore("catch up figures", timedelta(minutes=1), lambda _: Record(rooms.database, rooms.clock).catch_up()),
        Chore("forget drafts", timedelta(hours=1), forget_drafts),
        Chore("forget what had its time", timedelta(days=1), retain),
        Chore("warn early", timedelta(minutes=10), EarlyWarnings(rooms.database, FigureBook.load(rooms.policy.folder)).tell),
        Chore("sweep files", timedelta(hours=1), sweep_files),
        Chore("remind of summaries", timedelta(hours=1), Papers.over(rooms).campaigns.remind),
    ]
