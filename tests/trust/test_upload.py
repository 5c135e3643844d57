"""The upload route as a parent's browser, a slow phone and an attacker meet it."""

import io

import httpx
import pytest
from PIL import Image

from tests.trust import hostile
from tests.trust.hostile import a_picture

WHERE = "/api/chat/attachments"


async def test_a_photo_may_be_the_very_first_thing_a_newcomer_sends(browser: httpx.AsyncClient) -> None:
    sent = await browser.post(WHERE, files={"file": ("a.jpg", a_picture())})
    assert sent.status_code == 200
    assert sent.json()["kind"] == "photo"
    again = await browser.post(WHERE, files={"file": ("b.jpg", a_picture())})
    assert again.json()["attachment"] == sent.json()["attachment"]


@pytest.mark.parametrize("name", hostile.REFUSED)
async def test_a_refused_file_is_refused_with_a_sentence(browser: httpx.AsyncClient, name: str) -> None:
    answer = await browser.post(WHERE, files={"file": ("photo.jpg", hostile.REFUSED[name], "image/jpeg")})
    assert answer.status_code == 422
    assert "没有收下" in answer.json()["text"]


FORM = "multipart/form-data; boundary=x"
MALFORMED = {
    "empty": (b"", ""),
    "json": (b"{}", "application/json"),
    "no parts": (b"junk", FORM),
    "no boundary": (b"junk", "multipart/form-data"),
    "no name": (b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--", FORM),
    "no file": (b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--x--\r\n', FORM),
    "not text": (b"--x\r\n\xff\xfe: \xff\r\n\r\n\r\n--x--", f"{FORM}; charset=nope"),
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_a_malformed_upload_is_answered_and_not_stumbled_over(browser: httpx.AsyncClient, name: str) -> None:
    content, media_type = MALFORMED[name]
    answer = await browser.post(WHERE, content=content, headers={"content-type": media_type} if media_type else {})
    assert answer.status_code in (400, 422)


async def test_a_file_that_is_too_large_is_told_so(browser: httpx.AsyncClient) -> None:
    photo = io.BytesIO()
    Image.new("RGB", (8, 8)).save(photo, "JPEG")
    answer = await browser.post(WHERE, files={"file": ("a.jpg", photo.getvalue() + bytes(20 * 1_048_576))})
    assert answer.status_code == 413


async def test_an_upload_from_another_site_is_refused(browser: httpx.AsyncClient) -> None:
    answer = await browser.post(WHERE, files={"file": ("a.jpg", a_picture())}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
