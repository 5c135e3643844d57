"""What every test may ask for: a real database on either engine, keys, the city's rules and reader, and a clock that stands still."""

import asyncio
import gc
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from handlers.policy import Policy
from nlp.reader import Reader
from storage import migrations
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from tests import certificates, city, memory, postgres, statements
from tests.city import POLICY
from tests.clock import Now

FILE = "tipline.db"
# Where single files take longest: they begin first, so that no worker is left alone with one at the end.
LONGEST = ("telegram", "crash", "journeys", "bot")
# Garbage that stories leave in circles may lie a little: to look for it costs more than to keep it.
GARBAGE = 10_000

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _worked_out_once() -> Iterator[None]:
    with city.parsed_once(), statements.compiled_once(), certificates.read_once():
        yield


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture(scope="session")
def policy() -> Path:
    return POLICY


@pytest.fixture(scope="session")
def rule_book() -> Policy:
    return city.rule_book()


@pytest.fixture(scope="session")
def reader() -> Reader:
    return city.reader()


@pytest.fixture(scope="session")
def rules() -> Rules:
    return Rules.load(POLICY)


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring.for_tests()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once; tests copy it."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    asyncio.run(migrations.upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    with postgres.server() as address:
        template = asyncio.run(postgres.created(address, postgres.MIGRATED, like=postgres.BLANK))
        asyncio.run(migrations.upgrade(template))
        yield address


@pytest.fixture(scope="session")
def postgres_database(postgres_server: str) -> str:
    return asyncio.run(postgres.created(postgres_server))


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_file: Path) -> str:
    return a_copy(migrated_file, tmp_path)


@pytest.fixture
def postgres_url(postgres_database: str) -> str:
    """One database for all, empty again for each."""
    asyncio.run(postgres.empty(postgres_database))
    return postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated and empty database of each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(database_url: str, keyring: Keyring, rules: Rules) -> AsyncIterator[Database]:
    """The real thing, on SQLite and on PostgreSQL."""
    opened = await Database.open(database_url, keyring=keyring, rules=rules)
    yield opened
    await opened.close()


@pytest.fixture
async def embedded(sqlite_url: str, keyring: Keyring, rules: Rules) -> AsyncIterator[Database]:
    """SQLite alone, for stories in which the engine does not matter."""
    opened = await Database.open(sqlite_url, keyring=keyring, rules=rules)
    yield opened
    await opened.close()


def pytest_configure() -> None:
    memory.keep_folders_in_memory()
    gc.set_threshold(GARBAGE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(city.ROOT / "tests").parts[0]
        return LONGEST.index(folder) if folder in LONGEST else len(LONGEST)

    items.sort(key=place)


def pytest_collection_finish() -> None:
    _keep_what_is_loaded()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """A file's first story may have loaded a library or the reader."""
    if nextitem and nextitem.path != item.path:
        _keep_what_is_loaded()


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> Iterator[None]:
    """Say plainly what was not run; a skipped test is not a passed one."""
    yield
    gaps = {str(report.longrepr[2]).removeprefix("Skipped: ") for report in terminalreporter.stats.get("skipped", [])}
    for gap in sorted(gaps):
        terminalreporter.write_line(f"NOT RUN: {gap}", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Where no gap is allowed (the merge check), a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and os.environ.get("TIPLINE_NO_GAPS") and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _keep_what_is_loaded() -> None:
    """It stays to the end: the collector of garbage need not walk over it again and again."""
    gc.collect()
    gc.freeze()


def a_copy(file: Path, folder: Path) -> str:
    """A database of this folder's own, as that file has it; its address."""
    shutil.copy(file, folder / FILE)
    return f"sqlite+aiosqlite:///{folder / FILE}"
