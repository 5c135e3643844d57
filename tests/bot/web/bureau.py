"""A small bureau for the staff's pages: accounts, reports, and browsers without a screen that sign in as somebody."""

import re
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
from argon2 import PasswordHasher
from fastapi import FastAPI

from bot.channels.web.app import create_app, templates
from bot.channels.web.limits import Limits
from bot.channels.web.staff import Shell
from bot.channels.web.workbench import Rooms, staff_routes
from handlers.desk.accounts import Accounts
from handlers.desk.desk import Desk
from handlers.desk.entry import Counter
from handlers.desk.labels import Labels, Lists
from handlers.office.ledgers import Ledgers
from handlers.office.programs import Programs
from handlers.office.register import Register
from handlers.office.staffing import Staffing
from storage import officers, reports
from storage.database import Database
from storage.officers import Officer
from storage.reports import Contact, Filed, Route, Submission
from storage.rules import Rules
from storage.vocabulary import Level, Nature, Role, Source
from tests import city
from tests.clock import Now

ZONE = ZoneInfo("Asia/Shanghai")
PASSWORD = "correct horse battery"
# A hash says itself how much work it takes, and how slow signing in is belongs to no story of the bureau.
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
STORY = "朱兰那个学校说关了，老师还在原来楼上教数学，每周六上午，一个人收三千块。我叫李强，电话13812345678。"
READING = {
    "category": "sham_closure",
    "sureness": "route",
    "confidence": 0.93,
    "margin": 2.1,
    "prior": -1.0,
    "candidates": [
        {"category": "sham_closure", "score": 3.1, "probability": 0.93},
        {"category": "subject_time", "score": 1.0, "probability": 0.05},
    ],
    "evidence": [
        {"text": "说关了", "start": 6, "end": 9, "weight": 2.4, "supports": "sham_closure", "group": "SHAM"},
        {"text": "教数学", "start": 17, "end": 20, "weight": 1.2, "supports": "sham_closure", "group": "SUBJECT"},
        {"text": "每周六", "start": 21, "end": 24, "weight": 0.8, "supports": "subject_time", "group": "TIME"},
    ],
    "flags": [],
    "lexicon_version": "2026-11",
}


class Bureau:
    """The pages over one database."""

    def __init__(self, database: Database, rules: Rules, policy: Path, now: Now) -> None:
        self.database = database
        self.now = now
        self.policy = city.rule_book(policy)
        words = tomllib.loads((policy / "pages.toml").read_text("utf-8"))
        desk_words = tomllib.loads((policy / "desk.toml").read_text("utf-8"))
        self.accounts = Accounts(database, now)
        self.desk = Desk(database, self.policy, rules, now)
        labels = Labels.of(self.policy)
        self.shell = Shell(templates(words, demo=False), desk_words, labels, Lists(database, rules, labels), self.accounts, now, ZONE)
        rooms = Rooms(
            self.desk,
            Counter(database, self.policy, city.reader(policy), now, ZONE),
            Staffing(database, rules, now),
            Programs(database, rules, now),
            Ledgers(database, rules, now),
            Register(database, rules, now),
        )
        limits = Limits(messages_per_minute=100, address_per_minute=1000, lookups_per_hour=5)
        routes = staff_routes(self.shell, rooms, limits)
        self.app: FastAPI = create_app(words, routes, ready=_ready, demo=False, files=9, file_limit_mb=5, draft_days=7)

    async def hire(self, login: str, role: Role = Role.OFFICER, department: str = "edu", name: str = "") -> Officer:
        """An account whose first password is already changed."""
        kept = {"login": login, "name": name or login, "department": department, "role": role, "password_hash": HASH}
        made = await self.database.write(officers.create, self.now(), **kept)
        await self.database.write(officers.set_password, made.id, HASH, must_change=False)
        return made

    async def report(self, **changes: object) -> Filed:
        """A report that went to the education bureau by itself, unless something else is said."""
        given = {
            "source": Source.CHAT,
            "channel": "web",
            "reporter": None,
            "story": STORY,
            "facts": {"address": "朱兰街道某小区3号楼", "org_name": "星光教育", "paid": "是", "fee_amount": 3000.0},
            "reading": READING,
            "category": "sham_closure",
            "secondary": ("subject_time",),
            "nature": Nature.TIPOFF,
            "level": Level.P2,
            "regulator": "subject",
            "route": Route("auto", "edu", ("market_reg",)),
            "town": "zhulan",
            "contact": Contact("李强", "13812345678"),
            **changes,
        }
        return await self.database.write(reports.file, Submission(**given), self.now())

    @asynccontextmanager
    async def browser(self, login: str = "") -> AsyncIterator["Browser"]:
        """A browser, signed in as this officer."""
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk.test", follow_redirects=True) as client:
            browser = Browser(client)
            if login:
                await browser.post("/desk/login", login=login, password=PASSWORD, next="/desk")
            yield browser


@dataclass
class Browser:
    """What a person does in a browser: open, and send a form."""

    client: httpx2.AsyncClient

    async def open(self, path: str) -> httpx2.Response:
        return await self.client.get(path)

    async def post(self, path: str, **fields: object) -> httpx2.Response:
        return await self.client.post(path, data=fields)

    async def move(self, number: str, name: str, **fields: object) -> httpx2.Response:
        """Press this move's button as it stands on the report's page."""
        page = (await self.open(f"/desk/reports/{number}")).text
        found = re.search(rf'action="([^"]*/{name})"', page)
        assert found, f"no button {name} on the page of {number}"
        return await self.post(found[1], **fields)


async def _ready() -> dict[str, object]:
    return {}
