"""Try both bots without a token: a page with two phones, a parent's on the left and the officers' on the right."""

import argparse
import asyncio
import contextlib
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from pydantic import SecretStr

from bot.compose import open_service
from bot.rooms import Rooms
from bot.settings import Settings
from bot.simulator.chats import Bot, Network
from bot.simulator.people import Person
from bot.simulator.phones import Holder, Side, phone_routes
from bot.simulator.server import simulator
from handlers.desk.labels import Labels
from handlers.policy import Policy
from storage import bindings, officers
from storage.policy import parse
from storage.vocabulary import Role

# Nobody signs in here with a password: every officer of the page is bound to a phone.
NO_PASSWORD = "-"  # noqa: S105


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8090, help="port of the page, on this machine only")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    asyncio.run(simulate(settings, arguments.port))
    return 0


async def simulate(settings: Settings, port: int) -> None:
    """Until Ctrl-C; everything said lives in a folder that is emptied at the next start."""
    folder = settings.var_dir / "simulate"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    network = Network()
    parents, staff = network.add("parents_bot"), network.add("staff_bot")
    policy = Policy.load(settings.policy)
    words = parse(settings.policy / "simulator.toml")["page"]
    labels = Labels.of(policy)
    parent = [_holder(parents, words["parent"])]
    working = {key: _holder(staff, name) for key, name in labels.departments.items()}
    sides = [Side(words["parents"], parent), Side(words["staff"], list(working.values()))]
    address = f"http://127.0.0.1:{port}"
    ours = settings.model_copy(
        update={
            **_tokens(parents, staff),
            "telegram_api": address,
            "telegram_mode": "polling",
            "database_url": "",
            "var_dir": folder,
            "key_file": folder / "keys.json",
        }
    )
    async with _serving(network, sides, words, port) as server, open_service(ours) as service:
        await _hire(service.rooms, working, words["officer"])
        parent[0].person.start()
        print(f"Both phones        {address}/", flush=True)
        await server.wait()


class Serving:
    """The page's server, until somebody asks it to stop."""

    def __init__(self, server: uvicorn.Server) -> None:
        self._stop = asyncio.Event()
        self.server = server

    def stop(self) -> None:
        self._stop.set()

    async def wait(self) -> None:
        await self._stop.wait()


@asynccontextmanager
async def _serving(network: Network, sides: list[Side], words: Mapping[str, Any], port: int) -> AsyncIterator[Serving]:
    app = simulator(network, phone_routes(sides, words))
    config = uvicorn.Config(app, port=port, log_level="critical", access_log=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    serving = Serving(server)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, serving.stop)
    task = asyncio.create_task(server.serve())
    try:
        yield serving
    finally:
        server.should_exit = True
        await task


async def _hire(rooms: Rooms, working: Mapping[str, Holder], title: str) -> None:
    """One officer for every department, each bound to a phone on the page by a code, as everybody is."""
    for key, holder in working.items():
        units = rooms.rules.departments
        role = {units.office: Role.OFFICE, units.discipline: Role.DISCIPLINE}.get(key, Role.OFFICER)
        known: dict[str, Any] = {"login": key, "name": title, "department": key, "role": role, "password_hash": NO_PASSWORD}
        try:
            made = await rooms.database.write(officers.create, rooms.clock(), **known)
        except officers.OfficerError:
            continue
        code = await rooms.database.write(bindings.issue_code, made.id, rooms.clock())
        holder.person.say(code.reveal())


def _tokens(parents: Bot, staff: Bot) -> dict[str, object]:
    return {"parents_token": SecretStr(parents.token), "staff_token": SecretStr(staff.token)}


def _holder(bot: Bot, name: str) -> Holder:
    person = Person(bot, name)
    return Holder(f"p{person.id}", name, person)
