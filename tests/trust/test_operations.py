"""What an operator does: back up, restore, change keys, look things over; and what a thief of any file gets."""

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyotp
import pytest

from bot.__main__ import main
from bot.settings import Settings
from handlers.desk.accounts import Accounts
from handlers.evidence.receiving import EvidenceIntake
from storage import backup, evidence, officers, passwords, proof, reports, sealing, verify
from storage.backup import Lock, NotABackup, NotEmpty, Place
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Keyring, Secret
from storage.shelf import Copy, Shelf
from storage.vocabulary import Role
from tests.city import POLICY
from tests.clock import Now
from tests.trust.planted import PLANTED, all_files, readable_in, tell_everything

PASSPHRASE = Lock(passphrase="六个字的口令，很长")


@pytest.fixture
async def lived(embedded: Database, intake: EvidenceIntake, now: Now, tmp_path: Path, keyring: Keyring) -> Place:
    """An installation with a report that holds every planted secret."""
    keyring.save(tmp_path / "keys.json")
    await tell_everything(embedded, intake, now())
    return Place(f"sqlite+aiosqlite:///{tmp_path / 'tipline.db'}", tmp_path, tmp_path / "keys.json")


def _empty(folder: Path) -> Place:
    return Place(f"sqlite+aiosqlite:///{folder / 'tipline.db'}", folder, folder / "keys.json")


@pytest.mark.parametrize("by", ["keyring", "passphrase"])
async def test_a_backup_brings_everything_back(
    lived: Place, tmp_path: Path, keyring: Keyring, rules: Rules, now: Now, by: str, embedded: Database
) -> None:
    lock = Lock(keyring) if by == "keyring" else PASSPHRASE
    heads = await embedded.read(verify.heads)
    backup.make(lived, tmp_path / "b.tipline", lock, now(), manifest={"heads": [head.to_dict() for head in heads]})
    back = _empty(tmp_path / "other")
    manifest = backup.restore(tmp_path / "b.tipline", back, lock)
    assert manifest["heads"]
    assert back.keys.exists() == (by == "passphrase")
    again = await Database.open(back.url, keyring=keyring, rules=rules)
    try:
        assert (await again.read(verify.check, heads)).faults == ()
        assert (await again.read(reports.contents, 1)).story == PLANTED["story"]
        found = await again.read(evidence.of_report, 1, 1)
        assert Shelf(back.folder / "evidence").get(found.slot, Copy.ORIGINAL, found.key)
    finally:
        await again.close()


async def test_a_backup_is_taken_while_others_write(
    lived: Place, tmp_path: Path, embedded: Database, intake: EvidenceIntake, now: Now
) -> None:
    writing = asyncio.gather(*(tell_everything(embedded, intake, now(), sender=f"parent-{number}") for number in range(5)))
    await asyncio.to_thread(backup.make, lived, tmp_path / "b.tipline", PASSPHRASE, now(), manifest={})
    await writing
    backup.restore(tmp_path / "b.tipline", _empty(tmp_path / "other"), PASSPHRASE)
    with closing(sqlite3.connect(tmp_path / "other" / "tipline.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_a_damaged_cut_off_or_wrongly_opened_backup_restores_nothing(
    lived: Place, tmp_path: Path, keyring: Keyring, now: Now
) -> None:
    made = tmp_path / "b.tipline"
    backup.make(lived, made, Lock(keyring), now(), manifest={})
    whole = made.read_bytes()
    back = _empty(tmp_path / "other")
    for damaged in (whole[:-1], whole[: len(whole) // 2], whole[:-40] + b"\0" + whole[-39:], whole[:40], b"", b"x" * 400):
        made.write_bytes(damaged)
        with pytest.raises(NotABackup):
            backup.restore(made, back, Lock(keyring))
    made.write_bytes(whole)
    for wrong in (Lock(Keyring.fresh()), Lock(passphrase="x"), Lock()):
        with pytest.raises(NotABackup):
            backup.restore(made, back, wrong)
    assert not back.database.exists()
    assert all_files(back.folder) == []


async def test_a_restore_never_overwrites(lived: Place, tmp_path: Path, now: Now) -> None:
    backup.make(lived, tmp_path / "b.tipline", PASSPHRASE, now(), manifest={})
    with pytest.raises(NotEmpty):
        backup.restore(tmp_path / "b.tipline", lived, PASSPHRASE)


async def test_no_planted_secret_stands_in_database_log_evidence_or_backup(
    lived: Place, tmp_path: Path, keyring: Keyring, now: Now
) -> None:
    backup.make(lived, tmp_path / "b.tipline", Lock(keyring), now(), manifest={})
    files = all_files(tmp_path)
    names = {path.name for path in files}
    assert {"tipline.db", "tipline.db-wal", "b.tipline"} <= names
    assert [(path.name, secret) for path in files for secret in readable_in(path)] == []


def test_the_search_for_planted_secrets_finds_one_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "leak").write_bytes(b"\0\1" + PLANTED["phone"].encode() + b"\0")
    (tmp_path / "wide").write_bytes(PLANTED["name"].encode("utf-16-le"))
    assert readable_in(tmp_path / "leak") == ["phone"]
    assert readable_in(tmp_path / "wide") == ["name"]


async def test_keys_are_changed_without_losing_anything(lived: Place, embedded: Database, rules: Rules, keyring: Keyring) -> None:
    await embedded.close()
    ring = keyring.rotated()
    other = await Database.open(lived.url, keyring=ring, rules=rules)
    try:
        left = await other.read(sealing.wrapped_by_others)
        assert left > 0
        while await other.write(sealing.rewrap, 2):
            pass
        assert await other.read(sealing.wrapped_by_others) == 0
        assert (await other.read(reports.contents, 1)).story == PLANTED["story"]
    finally:
        await other.close()
    only_new = Keyring({ring.current: ring.wrapping[ring.current]}, ring.current, ring.index_key)
    last = await Database.open(lived.url, keyring=only_new, rules=rules)
    try:
        assert (await last.read(reports.contact_of, 1)) is not None
    finally:
        await last.close()


async def test_a_second_factor_opens_after_the_old_key_is_gone_and_did_not_with_that_key_alone(
    lived: Place, embedded: Database, rules: Rules, keyring: Keyring, now: Now
) -> None:
    totp = pyotp.TOTP(pyotp.random_base32())
    clerk = {"login": "zhao", "name": "赵", "department": "edu", "role": Role.OFFICER}
    zhao = await embedded.write(officers.create, now(), **clerk, password_hash=passwords.hashed(Secret("correct horse battery")))
    await embedded.write(officers.set_second_factor, zhao.id, Secret(totp.secret), now())
    await embedded.close()
    ring = keyring.rotated()
    changing = await Database.open(lived.url, keyring=ring, rules=rules)
    while await changing.write(sealing.rewrap, 100):
        pass
    await changing.close()
    only_new = Keyring({ring.current: ring.wrapping[ring.current]}, ring.current, ring.index_key)
    last = await Database.open(lived.url, keyring=only_new, rules=rules)
    try:
        accounts = Accounts(last, now)
        assert await accounts.sign_in("zhao", "correct horse battery", "", "") is None
        assert await accounts.sign_in("zhao", "correct horse battery", totp.at(now()), "")
    finally:
        await last.close()
    leaked = await Database.open(lived.url, keyring=keyring, rules=rules)
    try:
        with pytest.raises(KeyError):
            await leaked.read(officers.credentials, "zhao")
    finally:
        await leaked.close()


async def test_a_filing_proof_holds_for_its_text_and_no_other(lived: Place, embedded: Database, keyring: Keyring) -> None:
    kept = await embedded.read(proof.of, 1)
    key = proof.public_key(keyring)
    assert proof.holds(key, proof.Proof.from_dict(kept.to_dict()), PLANTED["story"])
    assert not proof.holds(key, kept, PLANTED["story"] + "。")
    for forged in ({"number": "WG-SJ-1"}, {"filed_at": "2020-01-01"}, {"text_sha256": "0" * 64}, {"signature": "00"}):
        assert not proof.holds(key, proof.Proof.from_dict({**kept.to_dict(), **forged}))
    assert not proof.holds(proof.public_key(Keyring.fresh()), kept)


@pytest.fixture
async def signed(lived: Place, embedded: Database) -> dict[str, Any]:
    """The first report's proof, as a reporter's copy carries it."""
    return (await embedded.read(proof.of, 1)).to_dict()


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({}, 0, "the text beside it is the one that was filed"),
        ({"story": None}, 0, "genuine"),
        ({"story": "改过的话"}, 1, "NOT the one that was filed"),
        ({"proof": {"filed_at": "2020-01-01"}}, 1, "NOT signed"),
    ],
)
def test_an_operator_checks_the_proof_in_a_reporters_copy(
    signed: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, Any],
    code: int,
    told: str,
) -> None:
    copy = {"proof": {**signed, **changes.get("proof", {})}, "story": changes.get("story", PLANTED["story"])}
    (tmp_path / "copy.json").write_text(json.dumps(copy), "utf-8")
    assert _command(monkeypatch, tmp_path, "verify", "--proof", str(tmp_path / "copy.json")) == code
    assert told in capsys.readouterr().out


def test_a_file_without_a_proof_is_told_from_a_false_one(
    lived: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("[]", "{}", "not json", '{"proof": null}', '{"proof": [1]}'):
        (tmp_path / "copy.json").write_text(text, "utf-8")
        assert _command(monkeypatch, tmp_path, "verify", "--proof", str(tmp_path / "copy.json")) == 1
        assert "holds no filing proof" in capsys.readouterr().err


def _command(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> int:
    monkeypatch.setenv("VAR_DIR", str(folder))
    monkeypatch.setenv("KEY_FILE", str(folder / "keys.json"))
    monkeypatch.setenv("POLICY", str(POLICY))
    monkeypatch.chdir(folder)
    return main(list(words))


def test_an_operator_backs_up_verifies_and_restores_by_command(
    lived: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _command(monkeypatch, tmp_path, "backup", str(tmp_path / "b.tipline")) == 0
    assert _command(monkeypatch, tmp_path, "verify", "--files", "--against", str(tmp_path / "b.heads.json")) == 0
    assert "Whole: nothing was changed or removed." in capsys.readouterr().out
    other = tmp_path / "other"
    other.mkdir()
    assert _command(monkeypatch, other, "restore", str(tmp_path / "b.tipline")) == 1
    assert "no keys at" in capsys.readouterr().err
    shutil.copy(tmp_path / "keys.json", other / "keys.json")
    assert _command(monkeypatch, other, "restore", str(tmp_path / "b.tipline")) == 0
    assert "Its history is whole" in capsys.readouterr().out
    assert _command(monkeypatch, other, "restore", str(tmp_path / "b.tipline")) == 1


def test_the_doctor_names_what_is_wrong_and_the_mend(
    lived: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _command(monkeypatch, tmp_path, "doctor") == 0
    (tmp_path / "keys.json").chmod(0o644)
    assert _command(monkeypatch, tmp_path, "doctor") == 1
    assert "chmod 600" in capsys.readouterr().out
    (tmp_path / "keys.json").chmod(0o600)
    shutil.copy(tmp_path / "tipline.db", tmp_path / "copy.db")
    damage = bytearray((tmp_path / "tipline.db").read_bytes())
    damage[4096 * 3 : 4096 * 40] = b"\xa5" * (4096 * 37)
    for name in ("tipline.db-wal", "tipline.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    (tmp_path / "tipline.db").write_bytes(damage)
    assert _command(monkeypatch, tmp_path, "doctor") == 1
    assert "restore the newest backup" in capsys.readouterr().out


def test_retention_and_keys_say_what_they_would_do(
    lived: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _command(monkeypatch, tmp_path, "retention", "--dry-run") == 0
    assert "Would erase" in capsys.readouterr().out
    assert _command(monkeypatch, tmp_path, "keys", "new") == 0
    assert _command(monkeypatch, tmp_path, "keys", "rewrap") == 0
    assert _command(monkeypatch, tmp_path, "keys", "status") == 0
    assert "0 data keys" in capsys.readouterr().out


def test_a_command_makes_no_empty_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for command in (["backup"], ["verify"], ["retention"], ["keys", "status"]):
        assert _command(monkeypatch, tmp_path, *command) == 1
    assert not (tmp_path / "tipline.db").exists()
    assert Settings(_env_file=None).var_dir == tmp_path
