"""A parent's file: sealed on the disk before it is acknowledged, filed with the report, gone when it should be."""

import asyncio

import pytest

from handlers.evidence.accepting import FileRefused, Why
from handlers.evidence.receiving import EvidenceIntake
from storage import addressees, dossiers, evidence, streams
from storage.addressees import Address
from storage.database import Database
from storage.evidence import NoSuchFile
from storage.sealing import BrokenSeal, KeyDestroyed
from storage.shelf import Copy, FileMissing, Shelf
from storage.streams import PIECE, TAG
from tests.clock import Now
from tests.storage.cases import a_report
from tests.trust.hostile import PLACE, REFUSED, a_picture, a_telling_photo

MOTHER = "mother-4711"


async def _filed(database: Database, now: Now, *files: int) -> int:
    person = await database.write(addressees.remember, Address.of("web", MOTHER), now())
    filed = await database.write(a_report, now(), reporter=person.id, attachments=files)
    return filed.report_id


async def test_a_photo_is_filed_with_the_report_and_opens_again(intake: EvidenceIntake, embedded: Database, shelf: Shelf, now: Now) -> None:
    photo = a_telling_photo()
    kept = await intake.receive("web", MOTHER, photo)
    report = await _filed(embedded, now, kept.id)
    found = await embedded.read(evidence.of_report, report, kept.id)
    assert shelf.get(found.slot, Copy.ORIGINAL, found.key) == photo
    assert shelf.get(found.slot, Copy.CLEAN, found.key).startswith(b"\xff\xd8")
    assert [one.is_clean for one in (await embedded.read(dossiers.whole, report)).attachments] == [True]


async def test_nothing_of_a_file_stands_readable_on_the_disk(intake: EvidenceIntake, shelf: Shelf) -> None:
    photo = a_telling_photo()
    await intake.receive("web", MOTHER, photo)
    written = [path for path in shelf.root.rglob("*") if path.is_file()]
    assert len(written) == 3
    for path in written:
        assert PLACE.encode() not in path.read_bytes()
        assert b"JFIF" not in path.read_bytes()
        assert MOTHER not in path.name


async def test_the_same_photo_twice_is_one_file_even_at_the_same_moment(intake: EvidenceIntake) -> None:
    photo = a_picture()
    kept = await asyncio.gather(*(intake.receive("web", MOTHER, photo) for _ in range(4)))
    assert len({one.id for one in kept}) == 1


async def test_the_same_photo_from_two_people_is_two_files_with_two_names(intake: EvidenceIntake, shelf: Shelf) -> None:
    photo = a_picture()
    one = await intake.receive("web", MOTHER, photo)
    other = await intake.receive("web", "father", photo)
    assert one.id != other.id
    assert len({slot.digest for slot, _ in shelf.slots()}) == 2


async def test_nobody_files_somebody_elses_photo(intake: EvidenceIntake, embedded: Database, now: Now) -> None:
    kept = await intake.receive("web", "father", a_picture())
    report = await _filed(embedded, now, kept.id)
    with pytest.raises(NoSuchFile):
        await embedded.read(evidence.of_report, report, kept.id)


async def test_who_sends_ever_more_files_is_told_to_submit_first(intake: EvidenceIntake) -> None:
    for width in range(10, 13):
        await intake.receive("web", MOTHER, a_picture(size=(width, 10)))
    with pytest.raises(FileRefused) as refused:
        await intake.receive("web", MOTHER, a_picture(size=(20, 10)))
    assert refused.value.why is Why.TOO_MANY


async def test_a_file_that_is_refused_leaves_nothing_behind(intake: EvidenceIntake, shelf: Shelf) -> None:
    with pytest.raises(FileRefused):
        await intake.receive("web", MOTHER, REFUSED["html"])
    assert not list(shelf.slots())


async def test_a_file_that_was_altered_moved_or_taken_away_does_not_pass_for_itself(
    intake: EvidenceIntake, embedded: Database, shelf: Shelf, now: Now
) -> None:
    kept = await intake.receive("web", MOTHER, a_picture())
    found = await embedded.read(evidence.of_report, await _filed(embedded, now, kept.id), kept.id)
    clean, original = shelf.path(found.slot, Copy.CLEAN), shelf.path(found.slot, Copy.ORIGINAL)
    original.write_bytes(clean.read_bytes())
    with pytest.raises(BrokenSeal):
        shelf.get(found.slot, Copy.ORIGINAL, found.key)
    content = bytearray(clean.read_bytes())
    content[len(content) // 2] ^= 1
    clean.write_bytes(content)
    with pytest.raises(BrokenSeal):
        shelf.get(found.slot, Copy.CLEAN, found.key)
    clean.unlink()
    with pytest.raises(FileMissing):
        shelf.get(found.slot, Copy.CLEAN, found.key)


async def test_a_removed_file_cannot_be_opened_by_anyone_again(intake: EvidenceIntake, embedded: Database, shelf: Shelf, now: Now) -> None:
    kept = await intake.receive("web", MOTHER, a_picture())
    found = await embedded.read(evidence.of_report, await _filed(embedded, now, kept.id), kept.id)
    gone = await embedded.write(evidence.remove, [kept.id], now())
    assert gone == [found.slot]
    with pytest.raises(KeyDestroyed):
        await embedded.read(lambda tx: evidence.plain_key(tx, found.slot.key_id))


def test_a_file_longer_than_one_piece_opens_whole_and_never_cut_off() -> None:
    for length in (0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE):
        content = b"z" * length
        sealed = streams.seal_bytes(b"k" * 32, "place", content)
        assert streams.open_bytes(b"k" * 32, "place", sealed) == content
        for shorter in (sealed[:-1], sealed[: -(PIECE + TAG)], sealed[:15]):
            with pytest.raises(BrokenSeal):
                streams.open_bytes(b"k" * 32, "place", shorter)
