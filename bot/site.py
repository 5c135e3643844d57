"""The site: which router serves which door, and what each is handed."""

import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, FastAPI

from bot.channels.web import workbench
from bot.channels.web.api import api_routes
from bot.channels.web.app import create_app, templates
from bot.channels.web.chat import chat_routes
from bot.channels.web.evidence import upload_routes
from bot.channels.web.figures import figures_routes, public_routes
from bot.channels.web.files import file_routes, record_routes
from bot.channels.web.limits import Limits
from bot.channels.web.proof_of_work import ProofOfWork
from bot.channels.web.rights import rights_routes
from bot.channels.web.speaker import speaking
from bot.channels.web.staff import Shell
from bot.channels.web.tokens import ConversationTokens
from bot.channels.web.workbench import staff_routes
from bot.observe import Measured, Metrics, metrics_routes
from bot.papers import Papers
from bot.reception import Reception
from bot.rooms import Rooms
from bot.telegram_bots import TelegramBots
from handlers.desk.accounts import Accounts
from handlers.desk.desk import Desk
from handlers.desk.entry import Counter
from handlers.desk.labels import Labels, Lists
from handlers.evidence.receiving import EvidenceIntake
from handlers.evidence.recording import RecordIntake
from handlers.evidence.showing import EvidenceDesk
from handlers.figures.outside import Outside
from handlers.figures.room import FiguresRoom
from handlers.office.ledgers import Ledgers
from handlers.office.programs import Programs
from handlers.office.register import Register
from handlers.office.staffing import Staffing
from handlers.rights import Rights
from nlp.reader import Reader
from storage import outbox
from storage.evidence import Quota
from storage.policy import parse
from storage.shelf import Shelf
from storage.vocabulary import Role

LEAST_FREE_BYTES = 200_000_000
LONGEST_WAIT = timedelta(minutes=15)


class NotReady(Exception):
    """The service should get no traffic: the disk is nearly full, or messages have been waiting too long."""


@dataclass(frozen=True)
class Site:
    """Builds the web application over the rooms."""

    rooms: Rooms
    reception: Reception
    evidence: EvidenceIntake
    desk: Desk
    reader: Reader
    bots: TelegramBots
    limits: Limits

    def app(self) -> FastAPI:
        settings = self.rooms.settings
        words = parse(settings.policy / "pages.toml")
        limits = self.limits
        shell, figures = self._shell(words), self._figures()
        staff = [
            *staff_routes(shell, self._workbench(), limits),
            file_routes(shell, self._files()),
            record_routes(shell, self._record(), self.rooms.policy.texts),
            figures_routes(shell, figures),
            public_routes(shell, figures),
            api_routes(Outside(figures.record, self.rooms.rules, figures.saying.book), limits),
            *Papers.over(self.rooms).routes(shell),
        ]
        metrics = Metrics(self.rooms.database, list(self.rooms.channels), settings.var_dir, self.rooms.clock)
        routers = [*self._parents(limits, words), *staff, *self.bots.routes(), metrics_routes(metrics)]
        app = create_app(
            words,
            routers,
            ready=self.readiness,
            demo=settings.demo,
            files=settings.files_per_report,
            file_limit_mb=settings.file_limit_mb,
            draft_days=settings.draft_days,
        )
        app.add_middleware(Measured, metrics=metrics)
        return app

    async def readiness(self) -> dict[str, Any]:
        """That the database answers, the disk, and the age of the oldest waiting message; NotReady when there should be no traffic."""
        rooms = self.rooms
        oldest = await rooms.database.read(outbox.oldest_waiting, list(rooms.channels))
        free = shutil.disk_usage(rooms.settings.var_dir).free
        waiting = (rooms.clock() - oldest) if oldest else timedelta()
        if free < LEAST_FREE_BYTES or waiting > LONGEST_WAIT:
            raise NotReady
        return {"database": "ok", "disk_free_bytes": free, "outbox_age_seconds": int(waiting.total_seconds())}

    def _parents(self, limits: Limits, words: dict[str, Any]) -> list[APIRouter]:
        settings, rights = self.rooms.settings, Rights(self.rooms.database, self.rooms.clock, self.rooms.policy, self.rooms.zone)
        tokens = ConversationTokens(self.rooms.keyring.derived("conversation tokens"))
        work = ProofOfWork(self.rooms.keyring.derived("proof of work"), self.rooms.clock) if settings.proof_of_work else None
        return [
            chat_routes(self.reception, tokens, limits, address=settings.address(), text_limit=settings.text_limit, work=work),
            upload_routes(self.evidence, speaking(tokens), limits, self.rooms.policy.texts, work),
            rights_routes(rights, limits, templates(words, demo=settings.demo), words["rights"]),
        ]

    def _files(self) -> EvidenceDesk:
        rooms = self.rooms
        return EvidenceDesk(rooms.database, Shelf(rooms.settings.var_dir / "evidence"), rooms.clock)

    def _record(self) -> RecordIntake:
        rooms = self.rooms
        quota = Quota(rooms.settings.files_per_report * 2, rooms.settings.quota_gb * 1_000_000_000)
        shelf = Shelf(rooms.settings.var_dir / "evidence")
        return RecordIntake(rooms.database, shelf, rooms.keyring, self.evidence, quota=quota, clock=rooms.clock)

    def _workbench(self) -> workbench.Rooms:
        rooms = self.rooms
        records = (rooms.database, rooms.rules, rooms.clock)
        counter = Counter(rooms.database, rooms.policy, self.reader, rooms.clock, rooms.zone)
        return workbench.Rooms(self.desk, counter, Staffing(*records), Programs(*records), Ledgers(*records), Register(*records))

    def _figures(self) -> FiguresRoom:
        rooms = self.rooms
        return FiguresRoom.over(rooms.database, rooms.policy, rooms.rules, rooms.clock, font=rooms.settings.font_path)

    def _shell(self, words: dict[str, Any]) -> Shell:
        rooms = self.rooms
        labels = Labels.of(rooms.policy)
        return Shell(
            pages=templates(words, demo=rooms.settings.demo),
            words=parse(rooms.settings.policy / "desk.toml"),
            labels=labels,
            lists=Lists(rooms.database, rooms.rules, labels),
            accounts=Accounts(rooms.database, rooms.clock, second_factor_for=frozenset(map(Role, rooms.settings.second_factor_for()))),
            clock=rooms.clock,
            zone=rooms.zone,
        )
