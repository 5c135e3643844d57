"""Looks over an installation and says what is well, what to watch, and what to mend; changes nothing."""

import shutil
import stat
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from bot import record
from bot.settings import Settings
from handlers.evidence.scanning import Scanner, ScannerAway
from handlers.policy import Policy
from storage import policy, private, sealing, verify
from storage.database import Database
from storage.retention import Terms
from storage.rules import Rules
from storage.tables.reports import event

LEAST_FREE_BYTES = 1_000_000_000
OLDEST_BACKUP = timedelta(days=2)
CLOCK_SLACK = timedelta(minutes=5)


class State(StrEnum):
    WELL = "well"
    WATCH = "watch"
    MEND = "mend"


@dataclass(frozen=True)
class Remark:
    """One thing looked at. `advice` says what to do when it is not well."""

    about: str
    state: State
    found: str
    advice: str = ""


async def look_over(settings: Settings) -> list[Remark]:
    """Every remark, the database's last: it is opened only when there is one."""
    remarks = [*_policy(settings), *_folder(settings), *_keys(settings), *_backups(settings)]
    if settings.virus_scanner:
        remarks.append(await _scanner(settings.virus_scanner))
    if not record.exists(settings):
        return [*remarks, Remark("database", State.WATCH, "none yet", "it is made when the service starts")]
    if not settings.key_file.exists():
        return remarks
    return [*remarks, *await _database(settings)]


def _policy(settings: Settings) -> Iterator[Remark]:
    for name, load in (("files", policy.check), ("rules", Rules.load), ("words", Policy.load), ("retention", Terms.load)):
        try:
            load(settings.policy)
        except Exception as fault:  # noqa: BLE001 - whatever is wrong with a table is the finding
            yield Remark(name, State.MEND, str(fault), f"correct it in {settings.policy}")
        else:
            yield Remark(name, State.WELL, "every table can be read")


def _folder(settings: Settings) -> Iterator[Remark]:
    if not settings.var_dir.is_dir():
        yield Remark("folder", State.WATCH, f"{settings.var_dir} is not there yet", "it is made when the service starts")
        return
    free = shutil.disk_usage(settings.var_dir).free
    advice = "make room: below 200 MB no files are taken, and a full disk takes no reports"
    yield Remark("disk", State.WELL if free > LEAST_FREE_BYTES else State.MEND, f"{free // 1_000_000:,} MB free", advice)
    if settings.var_dir.stat().st_mode & stat.S_IWOTH:
        yield Remark("folder", State.MEND, "everyone on this machine may write in VAR_DIR", f"chmod o-w {settings.var_dir}")
    kept = [record.place(settings).database] if record.exists(settings) and not record.place(settings).is_postgres else []
    for path in filter(private.is_open, [*kept, *(settings.var_dir / name for name in private.FOLDERS)]):
        # The service takes it from others at every start, as far as it is the owner.
        yield Remark("privacy", State.MEND, f"others on this machine may read {path}", f"chmod -R go-rwx {path}, as its owner")


def _keys(settings: Settings) -> Iterator[Remark]:
    if not settings.key_file.exists():
        missing = record.exists(settings)
        advice = (
            "bring the key file back: without it no name, no text and no file can be opened" if missing else "it is made at the first start"
        )
        yield Remark("keys", State.MEND if missing else State.WATCH, f"no {settings.key_file}", advice)
        return
    loose = settings.key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    advice = f"chmod 600 {settings.key_file}" if loose else "keep a copy where the database is not"
    yield Remark(
        "keys", State.MEND if loose else State.WELL, "others may read the key file" if loose else "readable by its owner only", advice
    )


def _backups(settings: Settings) -> Iterator[Remark]:
    made = [path.stat().st_mtime for path in (settings.var_dir / "backups").glob("*.tipline")]
    if not made:
        yield Remark("backup", State.WATCH, "none in VAR_DIR/backups", "run `backup` every night, and copy it to another machine")
        return
    age = datetime.now(UTC) - datetime.fromtimestamp(max(made), UTC)
    state = State.WELL if age < OLDEST_BACKUP else State.WATCH
    yield Remark("backup", state, f"the newest is {age.days} days old", "run `backup` every night")


async def _scanner(address: str) -> Remark:
    try:
        await Scanner(address).is_clean(b"hello")
    except (ScannerAway, ValueError):
        return Remark(
            "scanner", State.MEND, f"no answer from {address}", "start clamd, or empty VIRUS_SCANNER: until then no file is taken"
        )
    return Remark("scanner", State.WELL, "answers")


async def _database(settings: Settings) -> list[Remark]:
    looks: tuple[Callable[[Database], Awaitable[Remark]], ...] = (_soundness, _history, _clock, _wrapping)
    try:
        async with record.opened(settings) as database:
            return [await look(database) for look in looks]
    except Exception as fault:  # noqa: BLE001 - a database that cannot be used is the finding
        damaged = "restore the newest backup into an empty folder, and keep the damaged file"
        return [Remark("database", State.MEND, f"{type(fault).__name__}: it cannot be read", damaged)]


async def _soundness(database: Database) -> Remark:
    if database.dialect == "postgresql":
        await database.read(verify.heads)
        return Remark("database", State.WELL, "answers")
    found = await database.read(lambda tx: list(tx.execute(sa.text("PRAGMA integrity_check")).scalars()))
    if found == ["ok"]:
        return Remark("database", State.WELL, "sound")
    return Remark("database", State.MEND, f"damaged: {found[0]}", "restore the newest backup into an empty folder, and keep this file")


async def _history(database: Database) -> Remark:
    faults = (await database.read(verify.check)).faults
    if not faults:
        return Remark("history", State.WELL, "whole, and guarded against changes")
    return Remark("history", State.MEND, f"{len(faults)} faults", "run `verify`, and find out who had access to the database")


async def _clock(database: Database) -> Remark:
    last = await database.read(_newest)
    if last and last > datetime.now(UTC) + CLOCK_SLACK:
        advice = "set the clock (timedatectl): until then new steps are dated like the last one"
        return Remark("clock", State.MEND, f"behind the newest step by {last - datetime.now(UTC)}", advice)
    return Remark("clock", State.WELL, "not behind the record")


async def _wrapping(database: Database) -> Remark:
    left = await database.read(sealing.wrapped_by_others)
    state = State.WATCH if left else State.WELL
    return Remark("key change", state, f"{left} data keys wrapped by an older key", "run `keys rewrap`" if left else "")


def _newest(tx: Connection) -> datetime | None:
    found: datetime | None = tx.execute(sa.select(sa.func.max(event.c.at))).scalar_one()
    return found
