"""Cuts the power at random moments of intake, four hundred times: what was acknowledged must still be there.

`kill -9` cannot show this, since the page cache survives it. Here the disk is a model: what was written after the last
sync survives by chance, sector by sector. Run `python -m bench.power_cut [cuts]`.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field

import apsw
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from storage.tables import metadata

CUTS = 400
SECTOR = 512
NAME = "cut"
INTAKES = 60
# Far below SQLite's own 1,000 pages, so that many cuts fall into a checkpoint.
CHECKPOINT_PAGES = 24
# About as many operations as the intakes of one run need: the power goes early, late, and in between.
LONGEST = 1_500

Change = Callable[[bytearray], None]


class PowerCut(Exception):
    """The machine went dark in the middle of this operation."""


@dataclass
class Platter:
    """One file: what it reads as now, what is safe, and what was done since the last sync."""

    seen: bytearray = field(default_factory=bytearray)
    safe: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)

    def change(self, *parts: Change) -> None:
        for part in parts:
            part(self.seen)
            self.pending.append(part)

    def sync(self) -> None:
        self.safe, self.pending = bytearray(self.seen), []

    def after_cut(self, chance: random.Random) -> "Platter":
        left = bytearray(self.safe)
        for part in self.pending:
            if chance.random() < 0.5:
                part(left)
        return Platter(bytearray(left), left)


@dataclass
class Disk:
    """The files of one machine, and how many operations are left until the power goes."""

    files: dict[str, Platter] = field(default_factory=dict)
    left: int = sys.maxsize

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise PowerCut

    def after_cut(self, chance: random.Random) -> "Disk":
        return Disk({name: platter.after_cut(chance) for name, platter in self.files.items()})


class File(apsw.VFSFile):
    """An open file on the modelled disk."""

    def __init__(self, disk: Disk, name: str) -> None:
        self._disk = disk
        self._platter = disk.files.setdefault(name, Platter())

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - the names are SQLite's
        return bytes(self._platter.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.spend()
        self._platter.change(*(_put(bytes(data[at : at + SECTOR]), offset + at) for at in range(0, len(data), SECTOR)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.spend()
        self._platter.change(lambda content: content.__delitem__(slice(size, None)))

    def xSync(self, flags: int) -> None:  # noqa: ARG002, N802
        self._disk.spend()
        self._platter.sync()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._platter.seen)

    def xLock(self, level: int) -> None: ...  # noqa: N802

    def xUnlock(self, level: int) -> None: ...  # noqa: N802

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, op: int, pointer: int) -> bool:  # noqa: ARG002, N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0

    def xClose(self) -> None: ...  # noqa: N802


class Machine(apsw.VFS):
    """A computer whose disk we hold; `disk` is exchanged at each cut."""

    def __init__(self) -> None:
        super().__init__(NAME, base="")
        self.disk = Disk()

    def xOpen(self, name: "str | apsw.URIFilename | None", flags: list[int]) -> File:  # noqa: ARG002, N802
        return File(self.disk, name.filename() if isinstance(name, apsw.URIFilename) else str(name))

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: ARG002, N802
        self.disk.spend()
        self.disk.files.pop(filename, None)

    def xAccess(self, pathname: str, flags: int) -> bool:  # noqa: ARG002, N802
        return bool(pathname in self.disk.files and self.disk.files[pathname].seen)

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name


@dataclass
class Tally:
    """What many cuts did to one setting."""

    synchronous: str
    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    half_written: int = 0
    corrupt: int = 0


def run(synchronous: str, cuts: int, seed: int = 1) -> Tally:
    """Take reports in until the power goes, look at what is left; `cuts` times, each on a fresh machine."""
    machine, tally, chance = Machine(), Tally(synchronous), random.Random(seed)  # noqa: S311 - chance that can be repeated is wanted
    try:
        empty = _empty_database(machine)
        for _ in range(cuts):
            machine.disk = Disk({name: Platter(bytearray(content), bytearray(content)) for name, content in empty.items()})
            _cut_once(machine, tally, chance)
    finally:
        machine.unregister()
    return tally


def _empty_database(machine: Machine) -> dict[str, bytes]:
    """The files of a new installation in which one person is known."""
    connection = _open("FULL")
    for statement in _schema():
        connection.execute(statement)
    connection.execute("INSERT INTO data_key VALUES (1, x'01', 'k1', 1, NULL)")
    connection.execute("INSERT INTO addressee VALUES (1, 'web', x'01', x'01', 1, 1, NULL)")
    connection.close()
    return {name: bytes(platter.seen) for name, platter in machine.disk.files.items()}


def _cut_once(machine: Machine, tally: Tally, chance: random.Random) -> None:
    connection = _open(tally.synchronous)
    machine.disk.left = chance.randrange(LONGEST)
    acknowledged = list(_acknowledged(connection, chance))
    with suppress(PowerCut, apsw.Error):
        # A dead machine cannot close its files; SQLite tries all the same.
        connection.close(force=True)
    machine.disk = machine.disk.after_cut(chance)
    tally.cuts += 1
    tally.acknowledged += len(acknowledged)
    _inspect(tally, acknowledged)


def _acknowledged(connection: apsw.Connection, chance: random.Random) -> Iterator[int]:
    try:
        for number in range(1, INTAKES + 1):
            _take_in(connection, number, chance.randbytes(chance.randrange(100, 6_000)))
            yield number
    except (PowerCut, apsw.Error):
        return


def _take_in(connection: apsw.Connection, number: int, letter: bytes) -> None:
    """The rows of one message in one transaction, as the front door writes them."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO inbox VALUES (?, 'web', ?, 1, ?, 1, 0, 1, 'handled')", (number, str(number), letter))
    connection.execute("INSERT OR REPLACE INTO draft VALUES (1, ?, ?, 1, 2)", (number, letter))
    connection.execute(
        "INSERT INTO outbox (channel, addressee_id, cause_id, dedupe_key, payload, created_at, not_before) "
        "VALUES ('web', 1, ?, ?, x'01', 1, 1)",
        (number, str(number)),
    )
    connection.execute("COMMIT")


def _inspect(tally: Tally, acknowledged: list[int]) -> None:
    try:
        connection = _open(tally.synchronous)
        sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        taken = {row[0] for row in connection.execute("SELECT id FROM inbox")}
        answered = {row[0] for row in connection.execute("SELECT cause_id FROM outbox")}
        connection.close(force=True)
    except apsw.Error:
        tally.corrupt += 1
        return
    tally.corrupt += not sound
    tally.lost += len(set(acknowledged) - taken)
    tally.half_written += len(taken ^ answered)


def _open(synchronous: str) -> apsw.Connection:
    connection = apsw.Connection("tipline.db", vfs=NAME)
    # Exclusive, because a modelled disk has no shared memory for the WAL's index.
    for pragma in ("locking_mode=EXCLUSIVE", "journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    return connection


def _schema() -> list[str]:
    """The real tables, as SQLite's words."""
    tables, dialect = metadata.sorted_tables, sqlite.dialect()
    indexes = [str(CreateIndex(index).compile(dialect=dialect)) for table in tables for index in table.indexes]
    return [str(CreateTable(table).compile(dialect=dialect)) for table in tables] + indexes


def _put(piece: bytes, offset: int) -> Change:
    def put(content: bytearray) -> None:
        if len(content) < offset:
            content.extend(bytes(offset - len(content)))
        content[offset : offset + len(piece)] = piece

    return put


def main() -> int:
    cuts = int(sys.argv[1]) if len(sys.argv) > 1 else CUTS
    tallies = {synchronous: run(synchronous, cuts) for synchronous in ("FULL", "NORMAL", "OFF")}
    for tally in tallies.values():
        sys.stdout.write(json.dumps(asdict(tally)) + "\n")
    full = tallies["FULL"]
    # If not even NORMAL loses anything, the cuts show nothing.
    return int(bool(full.lost or full.half_written or full.corrupt) or not tallies["NORMAL"].lost)


if __name__ == "__main__":
    sys.exit(main())
