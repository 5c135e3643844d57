"""Opens the record for a command that runs beside the service, or instead of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.settings import Settings
from storage.backup import Place
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from storage.shelf import Shelf


class NothingHere(Exception):
    """There is no database yet: nothing was ever filed here, or the settings point elsewhere."""


def place(settings: Settings) -> Place:
    return Place(settings.database(), settings.var_dir, settings.key_file)


def shelf(settings: Settings) -> Shelf:
    return Shelf(settings.var_dir / "evidence")


def keys(settings: Settings) -> Keyring:
    """The keys that are there; a command never makes new ones."""
    if not settings.key_file.exists():
        raise NothingHere(settings.key_file)
    return Keyring.load(settings.key_file)


def exists(settings: Settings) -> bool:
    """Whether a database file is there; of a PostgreSQL server only the connection tells."""
    here = place(settings)
    return here.is_postgres or here.database.exists()


@asynccontextmanager
async def opened(settings: Settings, keyring: Keyring | None = None) -> AsyncIterator[Database]:
    """The database, or NothingHere: a command makes no empty one."""
    if not exists(settings):
        raise NothingHere(settings.database())
    database = await Database.open(settings.database(), keyring=keyring or keys(settings), rules=Rules.load(settings.policy))
    try:
        yield database
    finally:
        await database.close()
