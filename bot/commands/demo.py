"""Make a fresh demonstration: fifteen invented months played through the real front door, then serve it, marked as such."""

import argparse
import asyncio
import shutil
import sys
from datetime import UTC, datetime
from functools import partial
from random import Random

from bot.commands.run import serve
from bot.compose import Service, open_service
from bot.demo.bureau import Bureau, Pages
from bot.demo.cast import Cast
from bot.demo.clock import StageClock
from bot.demo.parents import Parents
from bot.demo.play import LENGTH, SEED, Play
from bot.demo.staff import Staff
from bot.papers import Papers
from bot.rooms import Rooms
from bot.settings import Settings
from handlers.desk.accounts import Person
from handlers.desk.labels import Labels
from handlers.office.ledgers import Ledgers
from handlers.office.register import Register
from storage import officers, passwords
from storage.sealing import Secret
from storage.sweep import sweep
from storage.vocabulary import Role

# Only in a demonstration does everybody have the same password, and it is printed.
PASSWORD = "demo-2026-wugang"  # noqa: S105


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-serve", action="store_true", help="only make the database")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    folder = settings.var_dir / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    ours = settings.model_copy(update={"demo": True, "var_dir": folder, "key_file": folder / "keys.json", "database_url": ""})
    asyncio.run(_play(ours))
    print(f"Sign in at /desk as office, edu1, market_reg1 … with the password {PASSWORD}")
    if not arguments.no_serve:
        asyncio.run(serve(ours))
    return 0


async def _play(settings: Settings) -> None:
    random, end = Random(SEED), datetime.now(UTC)  # noqa: S311 - a play, not a secret
    clock = StageClock(end - LENGTH)
    async with open_service(settings, clock=clock) as service:
        office, people = await hire(service.rooms)
        parents = parents_of(service, random)
        staff = Staff(service.desk, people, office, random, cast=Cast.load(service.rooms.policy.folder, people))
        bureau = Bureau(pages_of(service.rooms), staff, people, office, policy=service.rooms.policy, random=random)
        play = Play(clock, parents, staff, bureau, random, sweep=partial(sweep, service.rooms.database), end=end)
        filed = await play.run(_tell)
    print(f"\n{filed} reports filed and followed.")


def pages_of(rooms: Rooms) -> Pages:
    """The office's own pages over these records."""
    records = (rooms.database, rooms.rules, rooms.clock)
    return Pages(Ledgers(*records), Register(*records), Papers.over(rooms).campaigns, rooms.clock, rooms.zone)


def parents_of(service: Service, random: Random) -> Parents:
    """The invented parents of this city."""
    policy = service.rooms.policy
    towns, where = list(Labels.of(policy).towns.values()), policy.questions.by_key["address"].ask
    return Parents(service.reception, random, towns=towns, where=where)


def _tell(done: int, total: int) -> None:
    """How far the play is, where somebody is watching."""
    if sys.stderr.isatty():
        print(f"\r{done} reports of about {total}", end="", file=sys.stderr)


async def hire(rooms: Rooms) -> tuple[Person, dict[str, Person]]:
    """The office, and one officer for each department that works on reports."""
    hashed = passwords.hashed(Secret(PASSWORD))
    database, at = rooms.database, rooms.clock()

    async def one(login: str, name: str, department: str, role: Role) -> Person:
        made = await database.write(officers.create, at, login=login, name=name, department=department, role=role, password_hash=hashed)
        await database.write(officers.set_password, made.id, hashed, must_change=False)
        return Person(made, 0)

    office = await one("office", "演示办公室", rooms.policy.office(), Role.OFFICE)
    known = rooms.rules.departments
    working = [
        key for key in known.by_key if (known.may_lead(key) or known.may_assist(key)) and key not in (known.office, known.discipline)
    ]
    short = Labels.of(rooms.policy).departments
    people = {key: await one(f"{key}1", f"演示{short[key]}经办", key, Role.OFFICER) for key in working}
    return office, people
