"""Sealed words open only where they were sealed, and not at all once their key is destroyed."""

import logging
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from storage.database import Database
from storage.rules import Rules
from storage.sealing import BrokenSeal, KeyDestroyed, Keyring, Secret, blind_index, destroy_key, new_key, open_text, rewrap, seal
from storage.tables.mail import data_key
from tests.clock import Now

PLACE = "report.story:1"


def sealed(tx: Connection, now: Now, text: str = "张老师") -> tuple[int, bytes]:
    key = new_key(tx, now())
    return key, seal(tx, key, PLACE, text)


async def test_what_was_sealed_opens_in_its_place(database: Database, now: Now) -> None:
    key, blob = await database.write(sealed, now)
    assert await database.read(open_text, key, PLACE, blob) == "张老师"
    assert "张老师".encode() not in blob


async def test_sealed_words_moved_to_another_report_do_not_open(database: Database, now: Now) -> None:
    key, blob = await database.write(sealed, now)
    with pytest.raises(BrokenSeal):
        await database.read(open_text, key, "report.story:2", blob)


async def test_a_changed_byte_is_seen(database: Database, now: Now) -> None:
    key, blob = await database.write(sealed, now)
    with pytest.raises(BrokenSeal):
        await database.read(open_text, key, PLACE, blob[:-1] + bytes([blob[-1] ^ 1]))


async def test_nothing_opens_after_the_key_is_destroyed(database: Database, now: Now) -> None:
    key, blob = await database.write(sealed, now)
    await database.write(destroy_key, key, now())
    with pytest.raises(KeyDestroyed):
        await database.read(open_text, key, PLACE, blob)


async def test_the_same_words_never_look_the_same_twice(database: Database, now: Now) -> None:
    _, one = await database.write(sealed, now)
    _, other = await database.write(sealed, now)
    assert one != other


async def test_a_new_wrapping_key_opens_what_the_old_one_sealed(database_url: str, rules: Rules, now: Now) -> None:
    old = Keyring.for_tests()
    database = await Database.open(database_url, keyring=old, rules=rules)
    key, blob = await database.write(sealed, now)
    await database.close()
    ring = old.rotated()
    database = await Database.open(database_url, keyring=ring, rules=rules)
    assert await database.write(rewrap, 100) == 1
    assert await database.write(rewrap, 100) == 0
    await database.close()
    only_new = Keyring({ring.current: ring.wrapping[ring.current]}, ring.current, ring.index_key)
    database = await Database.open(database_url, keyring=only_new, rules=rules)
    assert await database.read(open_text, key, PLACE, blob) == "张老师"
    await database.close()


async def test_an_address_is_found_again_but_not_guessed_without_the_key(embedded: Database, sqlite_url: str) -> None:
    index = await embedded.read(blind_index, "web", "13800000000")
    other = await Database.open(sqlite_url, keyring=Keyring.fresh())
    assert await embedded.read(blind_index, "web", "13800000000") == index
    assert await other.read(blind_index, "web", "13800000000") != index
    await other.close()


async def test_a_key_that_was_destroyed_leaves_no_trace_of_itself_in_the_file(embedded: Database, sqlite_url: str, now: Now) -> None:
    key, _ = await embedded.write(sealed, now)
    wrapped = await embedded.read(lambda tx: tx.execute(sa.select(data_key.c.wrapped).where(data_key.c.id == key)).scalar_one())
    await embedded.write(destroy_key, key, now())
    await embedded.close()
    assert wrapped not in _content(sqlite_url)


def _content(url: str) -> bytes:
    return Path(sa.make_url(url).database or "").read_bytes()


def test_the_keys_on_disk_are_the_owners_alone(tmp_path: Path) -> None:
    ring = Keyring.load(tmp_path / "keys.json")
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0
    assert Keyring.load(tmp_path / "keys.json") == ring


def test_secrets_do_not_show_themselves(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("%s %r %s", Secret("13800000000"), Secret("13800000000"), Keyring.for_tests())
    assert "13800000000" not in caplog.text
    assert "wwww" not in caplog.text
