"""What comes in as evidence: told by content, made safe to look at, refused kindly."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from handlers.evidence.accepting import FileRefused, Why, accept
from handlers.evidence.pictures import covered
from handlers.texts import Texts
from tests.city import POLICY
from tests.trust import hostile
from tests.trust.hostile import PLACE, SCRIPT, a_picture, a_telling_photo

LIMIT = 20_000_000


@pytest.mark.parametrize("picture_format", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_a_photo_from_any_phone_becomes_a_jpeg_that_officers_can_see(picture_format: str) -> None:
    accepted = accept(a_picture(picture_format), LIMIT)
    assert accepted.kind == "photo"
    with Image.open(io.BytesIO(accepted.clean or b"")) as seen:
        assert (seen.format, seen.size) == ("JPEG", (64, 48))


def test_where_and_with_what_a_photo_was_taken_is_not_in_the_copy_officers_see() -> None:
    accepted = accept(a_telling_photo(), LIMIT)
    for copy in (accepted.clean, accepted.thumbnail):
        assert copy
        assert PLACE.encode() not in copy
        with Image.open(io.BytesIO(copy)) as seen:
            assert not seen.getexif()


def test_a_photo_taken_sideways_is_shown_upright() -> None:
    with Image.open(io.BytesIO(accept(a_telling_photo(turned=6), LIMIT).clean or b"")) as seen:
        assert seen.size == (48, 64)


def test_what_hides_behind_a_picture_does_not_reach_the_officer() -> None:
    accepted = accept(a_picture() + hostile.an_archive("run.exe") + SCRIPT, LIMIT)
    assert accepted.clean
    assert SCRIPT not in accepted.clean
    assert b"run.exe" not in accepted.clean


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_what_is_none_of_the_types_we_take_is_refused(name: str) -> None:
    with pytest.raises(FileRefused) as refused:
        accept(hostile.REFUSED[name], LIMIT)
    assert refused.value.why is Why.TYPE


@pytest.mark.parametrize("media_type", hostile.SEALED_ONLY)
def test_recordings_and_documents_are_taken_and_never_rendered(media_type: str) -> None:
    accepted = accept(hostile.SEALED_ONLY[media_type], LIMIT)
    assert accepted.media_type == media_type
    assert accepted.clean is None


@pytest.mark.parametrize("bomb", [hostile.a_bomb, hostile.a_scan_bomb])
def test_a_picture_that_unpacks_without_end_is_refused_before_it_does(bomb: "type[bytes]") -> None:
    with pytest.raises(FileRefused) as refused:
        accept(bomb(), LIMIT)
    assert refused.value.why is Why.TOO_MANY_PIXELS


@pytest.mark.parametrize("content", [b"", a_picture()[:200], b"x" * (LIMIT + 1)], ids=["empty", "cut off", "too large"])
def test_a_file_that_cannot_be_kept_says_why(content: bytes) -> None:
    with pytest.raises(FileRefused):
        accept(content, LIMIT)


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]), st.data())
def test_no_mutilated_picture_ends_in_anything_but_a_copy_or_a_reason(picture_format: str, data: st.DataObject) -> None:
    content = bytearray(a_picture(picture_format, (16, 16)))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(FileRefused):
        accept(bytes(content), LIMIT)


def test_every_reason_has_its_sentence() -> None:
    texts = Texts.load(POLICY)
    assert all(texts.has(f"file_refused.{why}") for why in Why)


def test_what_lies_under_a_black_box_is_gone() -> None:
    clean = accept(a_picture(size=(400, 400)), LIMIT).clean or b""
    with Image.open(io.BytesIO(covered(clean, [(250, 250, 750, 750)]))) as seen:
        inside = seen.convert("L").crop((104, 104, 296, 296)).getextrema()
        outside = seen.convert("L").crop((0, 0, 90, 90)).getextrema()
    assert inside[1] < 12
    assert outside[1] > 100
