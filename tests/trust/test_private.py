"""What lies on the disk is for the owner alone, whoever else has an account on the machine."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.checkup import look_over
from bot.compose import open_service
from storage import backup, private
from storage.backup import Lock, Place
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring, Secret
from storage.shelf import Copy, Shelf, Slot
from tests import city
from tests.served import settings_for

SLOT = Slot(bytes(range(32)), 1)


@pytest.fixture(autouse=True)
def _careless() -> Iterator[None]:
    """As most machines are set up: what nobody thought of can be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def _open_to_others(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]


async def test_nobody_else_reads_a_new_database_its_side_files_and_its_evidence(
    tmp_path: Path, sqlite_url: str, keyring: Keyring, rules: Rules
) -> None:
    (tmp_path / "tipline.db").chmod(0o644)
    opened = await Database.open(sqlite_url, keyring=keyring, rules=rules)
    try:
        await opened.write(lambda tx: tx.exec_driver_sql("CREATE TABLE something (word TEXT)"))
        Shelf(tmp_path / "evidence").put(SLOT, Copy.ORIGINAL, Secret("00" * 32), b"a picture")
        assert (tmp_path / "tipline.db-wal").exists()
        assert _open_to_others(tmp_path) == []
    finally:
        await opened.close()


async def test_a_backup_and_what_is_restored_from_it_are_for_the_owner_alone(sqlite_url: str, tmp_path: Path) -> None:
    Shelf(tmp_path / "evidence").put(SLOT, Copy.ORIGINAL, Secret("00" * 32), b"a picture")
    lock = Lock(passphrase="六个字的口令，很长")
    kept = tmp_path / "backups" / "b.tipline"
    backup.make(Place(sqlite_url, tmp_path, tmp_path / "keys.json"), kept, lock, datetime.now(UTC), manifest={})
    backup.restore(kept, Place(f"sqlite+aiosqlite:///{tmp_path}/other/tipline.db", tmp_path / "other", tmp_path / "keys.json"), lock)
    assert not [path for path in _open_to_others(tmp_path) if path != "tipline.db"]


async def test_a_start_closes_what_stood_open(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, city.POLICY)
    async with open_service(settings, reader=city.reader()):
        pass
    for folder in private.FOLDERS:
        (tmp_path / folder / "ab" / "cd").mkdir(parents=True)
        (tmp_path / folder / "ab" / "cd" / "something").write_text("sealed")
        (tmp_path / folder).chmod(0o755)
    (tmp_path / "tipline.db").chmod(0o644)
    remarks = [remark.found for remark in await look_over(settings) if remark.about == "privacy"]
    assert [Path(found.split()[-1]).name for found in remarks] == ["tipline.db", *private.FOLDERS]
    async with open_service(settings, reader=city.reader()):
        assert _open_to_others(tmp_path) == []
