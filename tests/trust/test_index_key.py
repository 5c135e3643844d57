"""The key that finds addresses is changed: everybody and everything is found as before, and the old key finds nobody any more."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.channels.web.tokens import ConversationTokens
from nlp.similar import fingerprint
from storage import addressees, backup, proof, reindexing, reports, retention, similarity
from storage.addressees import Address
from storage.backup import Lock, Place
from storage.database import Database
from storage.reindexing import Marks
from storage.reports import Filed
from storage.rules import Rules
from storage.sealing import Keyring, blind_index
from storage.tables.mail import addressee
from storage.tables.reports import report
from tests.clock import Now
from tests.storage.cases import SUBMISSION
from tests.storage.test_once import sent
from tests.trust.test_operations import _command

STORY = "朱兰那个学校说关了，老师还在原来楼上教数学，一学期收三千块钱，家长群里还在催着交下学期的费用"
PEOPLE = [Address.of("web", name) for name in "甲乙丙丁戊"]
FORM = "the key of a clerk's form"


class Killed(Exception):
    """The process ended in the midst of a batch."""


class Life:
    """The same records under one keyring after the other, as after a restart."""

    def __init__(self, database: Database, url: str, rules: Rules, ring: Keyring) -> None:
        self.database, self.url, self.rules, self.ring = database, url, rules, ring
        self.filed: list[Filed] = []

    async def again(self, ring: Keyring) -> None:
        await self.database.close()
        self.ring, self.database = ring, await Database.open(self.url, keyring=ring, rules=self.rules)

    async def known(self) -> list[int | None]:
        found = [await self.database.read(addressees.recall, one) for one in PEOPLE]
        return [one.id if one else None for one in found]

    async def opened(self) -> list[int | None]:
        return [await self.database.read(reports.find, one.number, one.code.reveal()) for one in self.filed]

    async def alike(self) -> list[int]:
        found = await self.database.read(partial(similarity.alike, at_least=0.5, limit=9), self.filed[0].report_id)
        return sorted(one.report_id for one in found)

    async def indexes(self) -> set[bytes]:
        """Every index that stands in the file."""
        columns = sa.union_all(sa.select(addressee.c.address_index), sa.select(report.c.story_digest))
        return set(await self.database.read(lambda tx: tx.execute(columns).scalars().all()))

    async def reindexed(self, marks: Marks = fingerprint) -> int:
        done = 0
        for step in (reindexing.addresses, partial(reindexing.stories, marks=marks)):
            after: int | None = 0
            while after is not None:
                now, after = await self.database.write(step, after, 2)
                done += now
        return done


@pytest.fixture
async def life(embedded: Database, sqlite_url: str, rules: Rules, keyring: Keyring, now: Now) -> AsyncIterator[Life]:
    """Five people who tell nearly the same, and a form with two reports."""
    made = Life(embedded, sqlite_url, rules, keyring)
    for place, one in enumerate(PEOPLE):
        person = await embedded.write(addressees.remember, one, now())
        story = f"{STORY}（{place}）"
        told = replace(SUBMISSION, reporter=person.id, story=story, marks=fingerprint(story))
        made.filed.append(await embedded.write(reports.file, told, now()))
    made.filed += await embedded.write(sent, FORM, now())
    yield made
    await made.database.close()


async def test_everybody_and_every_report_is_found_before_and_after_the_indexes_are_made_anew(life: Life, now: Now) -> None:
    found = await life.known(), await life.opened(), await life.alike()
    assert found[1] == [one.report_id for one in life.filed]
    assert len(found[2]) == 4
    await life.again(life.ring.reindexed())
    assert (await life.known(), await life.opened(), await life.alike()) == found
    assert (await life.database.write(addressees.remember, PEOPLE[0], now())).id == found[0][0]
    assert await life.reindexed() == len(PEOPLE) + len(life.filed)
    assert (await life.known(), await life.opened(), await life.alike()) == found
    assert await life.reindexed() == 0


async def test_the_old_key_finds_nobody_and_no_story_afterwards(life: Life, keyring: Keyring) -> None:
    old = await life.indexes()
    await life.again(keyring.reindexed())
    await life.reindexed()
    assert await life.indexes() & old == set()
    await life.again(replace(life.ring, former=()))
    assert None not in await life.known()
    # What nobody keeps cannot be computed anew: without the former key these codes open nothing.
    assert set(await life.opened()) == {None}


async def test_a_stop_in_the_midst_leaves_everything_findable_and_the_next_run_ends_it(life: Life) -> None:
    found = await life.known(), await life.opened(), await life.alike()
    read = 0

    def dying(story: str) -> frozenset[int]:
        nonlocal read
        read += 1
        if read == 4:
            raise Killed
        return fingerprint(story)

    await life.again(life.ring.reindexed())
    with pytest.raises(Killed):
        await life.reindexed(dying)
    await life.again(life.ring)
    assert (await life.known(), await life.opened()) == found[:2]
    # The second batch was undone whole: three reports of the seven are not indexed anew with it.
    assert await life.reindexed() == len(life.filed) - 2
    assert (await life.known(), await life.opened(), await life.alike()) == found


async def test_a_form_sent_again_after_the_change_files_nothing_new(life: Life, now: Now) -> None:
    before = [(one.number, one.code.reveal()) for one in life.filed[-2:]]
    await life.again(life.ring.reindexed().reindexed())
    again = await life.database.write(sent, FORM, now())
    assert [(one.number, one.code.reveal()) for one in again] == before


async def test_what_was_erased_or_sealed_is_not_indexed_by_its_words(life: Life, now: Now) -> None:
    erased, sealed = life.filed[0], life.filed[1]
    await life.database.write(retention.erase_case, erased.report_id, now())
    await life.database.write(similarity.forget, sealed.report_id)
    await life.again(life.ring.reindexed())
    await life.reindexed()
    assert await life.database.read(blind_index, "story", f"{STORY}（0）") not in await life.indexes()
    assert await life.database.read(blind_index, "story", f"{STORY}（1）") in await life.indexes()
    alike = await life.database.read(partial(similarity.alike, at_least=0.5, limit=9), life.filed[2].report_id)
    assert {one.report_id for one in alike} == {life.filed[3].report_id, life.filed[4].report_id}


async def test_somebody_taken_for_new_by_a_process_with_the_old_key_stops_nothing(life: Life, now: Now, keyring: Keyring) -> None:
    ring = keyring.reindexed()
    await life.again(replace(ring, former=()))
    fresh = (await life.database.write(addressees.remember, PEOPLE[0], now())).id
    await life.again(ring)
    assert await life.reindexed() == len(PEOPLE) - 1 + len(life.filed)
    assert (await life.known())[0] == fresh


@pytest.mark.parametrize("by", ["keyring", "passphrase"])
async def test_a_backup_from_before_the_change_is_restored_and_indexed_anew(life: Life, tmp_path: Path, now: Now, by: str) -> None:
    found = await life.known(), await life.opened()
    life.ring.save(tmp_path / "keys.json")
    place, made = Place(life.url, tmp_path, tmp_path / "keys.json"), tmp_path / "b.tipline"
    backup.make(place, made, Lock(life.ring) if by == "keyring" else Lock(passphrase="六个字"), now(), manifest={})
    ring = life.ring.reindexed()
    other = tmp_path / "other"
    ring.save(other / "keys.json")
    back = Place(f"sqlite+aiosqlite:///{other / 'tipline.db'}", other, other / "keys.json")
    backup.restore(made, back, Lock(ring) if by == "keyring" else Lock(passphrase="六个字"))
    life.url = back.url
    await life.again(Keyring.load(other / "keys.json"))
    assert (await life.known(), await life.opened()) == found
    assert await life.reindexed() == len(PEOPLE) + len(life.filed)
    assert (await life.known(), await life.opened()) == found


async def test_a_conversation_in_a_browser_does_not_outlive_the_key(life: Life) -> None:
    old, new = (ConversationTokens(ring.derived("conversation tokens")) for ring in (life.ring, life.ring.reindexed()))
    assert old.address(old.issue())
    assert new.address(old.issue()) is None


def test_an_operator_changes_the_index_key_by_command(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    life.ring.save(tmp_path / "keys.json")
    assert _command(monkeypatch, tmp_path, "keys", "new-index") == 0
    assert _command(monkeypatch, tmp_path, "keys", "reindex") == 0
    assert "5 addresses and 7 reports are indexed anew" in capsys.readouterr().out
    assert _command(monkeypatch, tmp_path, "keys", "new") == 0
    assert _command(monkeypatch, tmp_path, "keys", "rewrap") == 0
    assert _command(monkeypatch, tmp_path, "keys", "reindex") == 0
    assert "0 addresses and 0 reports are indexed anew" in capsys.readouterr().out
    assert _command(monkeypatch, tmp_path, "keys", "status") == 0
    assert "k2: 0 data keys are wrapped by an older key\n1 former index keys are kept" in capsys.readouterr().out
    assert (tmp_path / "keys.json").stat().st_mode & 0o077 == 0


async def test_a_proof_from_before_the_change_is_genuine_and_says_that_it_is_from_before(
    life: Life, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    signed = await life.database.read(proof.of, life.filed[0].report_id)
    (tmp_path / "copy.json").write_text(json.dumps({"proof": signed.to_dict()}), "utf-8")
    life.ring.save(tmp_path / "keys.json")
    for told in (False, True):
        assert _command(monkeypatch, tmp_path, "verify", "--proof", str(tmp_path / "copy.json")) == 0
        assert ("signed before the index key was changed" in capsys.readouterr().out) is told
        life.ring.reindexed().save(tmp_path / "keys.json")
