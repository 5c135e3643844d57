"""Who holds the database file without the keys learns nothing of a parent: no name, no phone, no chat id, no word of the story."""

import base64
import logging
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.reception import Reception
from handlers.dialogue import Incoming, Kind
from handlers.notices import Wording
from handlers.parent import Parent
from handlers.policy import Policy
from nlp.reader import Reader
from storage import reports
from storage.database import Database
from storage.reports import Contact
from tests.clock import Now

ZONE = ZoneInfo("Asia/Shanghai")
CHAT, NAME, PHONE, WORDS = "chat-7781430921", "欧阳翠莲", "13937512345", "躲在地下室里教奥数"
STORY = f"朱兰有个机构{WORDS}，我叫{NAME}，电话{PHONE}，一个人收三千块"
CONTACT = "留联系方式"
PREFERRED = ("确认提交", "原样保留", CONTACT, "跳过", "说完了", "对", "同意，继续")


async def _tell(reception: Reception) -> None:
    """The story with name and phone in it, both again when asked for, and on to the receipt."""
    incoming, pressed = Incoming("m0", "web", CHAT, text=STORY), ""
    for number in range(1, 30):
        last = (await reception.answered(await reception.receive(incoming)))[-1].reply
        if last.kind is Kind.RECEIPT:
            return
        keys = {choice.label: choice.key for choice in last.choices}
        if pressed == CONTACT:
            incoming, pressed = Incoming(f"m{number}", "web", CHAT, text=f"{NAME} {PHONE}"), ""
        else:
            pressed = next((label for label in PREFERRED if label in keys), next(iter(keys)))
            incoming = Incoming(f"m{number}", "web", CHAT, choice=keys[pressed])
    raise AssertionError("no receipt")


def _held(path: Path) -> bytes:
    """The database file and its write-ahead log, neither of them empty."""
    main, log = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    assert main
    assert log
    return main + log


def _spellings(secret: str) -> Iterator[bytes]:
    """Every way it could lie about: as it is, in other encodings, and as JSON or base64 would write it."""
    for encoding in ("utf-8", "utf-16-le", "gb18030"):
        yield secret.encode(encoding)
    yield secret.encode("unicode_escape")
    # Base64 looks different at each of three offsets; the middle of it does not.
    for offset in range(3):
        yield base64.b64encode(b"\0" * offset + secret.encode())[4:-4]


async def test_the_database_files_tell_nothing_about_a_parent(
    embedded: Database, sqlite_url: str, rule_book: Policy, reader: Reader, now: Now, caplog: pytest.LogCaptureFixture
) -> None:
    parent = Parent(rule_book, reader, zone=ZONE)
    reception = Reception(embedded, parent, Wording(rule_book, ZONE), clock=now, zone=ZONE, apology="")
    with caplog.at_level(logging.DEBUG):
        await _tell(reception)
    assert await embedded.read(reports.contact_of, 1) == Contact(NAME, PHONE)
    held = _held(Path(sa.make_url(sqlite_url).database or "")) + caplog.text.encode()
    found = [secret for secret in (CHAT, NAME, PHONE, WORDS) if any(spelling in held for spelling in _spellings(secret))]
    assert found == []


def test_the_search_would_find_what_lies_open() -> None:
    for held in (PHONE.encode(), b"xx" + base64.b64encode(b"a" + NAME.encode() + b"b"), STORY.encode("utf-16-le")):
        assert any(spelling in held for secret in (NAME, PHONE, WORDS) for spelling in _spellings(secret))
