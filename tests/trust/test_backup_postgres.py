"""On PostgreSQL, too, a backup brings everything back."""

import shutil
from pathlib import Path

import pytest

from storage import backup, reports, verify
from storage.backup import Lock, Place
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring
from tests import postgres
from tests.clock import Now
from tests.storage.cases import SUBMISSION, a_report


@pytest.mark.postgres
async def test_a_backup_of_a_shared_database_brings_everything_back(
    postgres_server: str, keyring: Keyring, rules: Rules, tmp_path: Path, now: Now
) -> None:
    if shutil.which("pg_dump") is None:
        pytest.skip("pg_dump is not installed (Debian: apt install postgresql-client)")
    full, empty = await postgres.created(postgres_server), await postgres.created(postgres_server, like=postgres.BLANK)
    database = await Database.open(full, keyring=keyring, rules=rules)
    filed = await database.write(a_report, now())
    heads = await database.read(verify.heads)
    await database.close()
    here = Place(full, tmp_path / "a", tmp_path / "keys.json")
    backup.make(here, tmp_path / "b.tipline", Lock(keyring), now(), manifest={})
    backup.restore(tmp_path / "b.tipline", Place(empty, tmp_path / "b", tmp_path / "keys.json"), Lock(keyring))
    back = await Database.open(empty, keyring=keyring, rules=rules)
    try:
        assert (await back.read(reports.contents, filed.report_id)).story == SUBMISSION.story
        assert (await back.read(verify.check, heads)).faults == ()
    finally:
        await back.close()
