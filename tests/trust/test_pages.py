"""A PDF in the workbench: its pages as pictures, and nothing else of it."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.web.files import file_routes
from handlers.evidence import pages
from handlers.evidence.accepting import accept
from handlers.evidence.receiving import EvidenceIntake
from handlers.evidence.showing import EvidenceDesk
from storage import addressees
from storage.addressees import Address
from storage.database import Database
from storage.rules import Rules
from storage.shelf import Shelf
from storage.vocabulary import Role
from tests.bot.web.bureau import Bureau
from tests.clock import Now
from tests.trust.hostile import PLACE, SCRIPT, a_paper

LIMIT = 5_000_000


def test_each_page_becomes_a_picture_and_the_author_is_gone() -> None:
    paper = a_paper(3)
    accepted = accept(paper, LIMIT)
    drawn = pages.unpacked(accepted.clean)
    assert PLACE.encode("utf-16-be") in paper or PLACE.encode() in paper
    assert len(drawn) == 3
    for page in drawn:
        with Image.open(io.BytesIO(page)) as seen:
            assert (seen.format, max(seen.size)) == ("JPEG", pages.LONGEST_SIDE)
            assert not seen.getexif()
        assert PLACE.encode() not in page


def test_of_a_long_document_only_the_first_pages_are_drawn() -> None:
    assert len(pages.pages(a_paper(pages.MOST_PAGES + 2))) == pages.MOST_PAGES


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7\n" + SCRIPT, a_paper(2)[:200], b"%PDF-1.4\n" + bytes(100_000), b"%PDF-" + b"[" * 100_000],
    ids=["script", "cut off", "zeros", "nested"],
)
def test_a_document_that_cannot_be_drawn_is_kept_all_the_same(content: bytes) -> None:
    accepted = accept(content, LIMIT)
    assert (accepted.media_type, accepted.clean) == ("application/pdf", None)


def test_a_renderer_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "SECONDS", 0.01)
    assert pages.pages(a_paper(1)) == ()


def test_what_the_renderer_hands_back_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "pages", lambda content: (SCRIPT,))
    assert accept(a_paper(1), LIMIT).clean is None


async def test_an_officer_reads_the_pages_without_giving_a_reason(
    embedded: Database, rules: Rules, policy: Path, now: Now, shelf: Shelf, intake: EvidenceIntake
) -> None:
    bureau = Bureau(embedded, rules, policy, now)
    bureau.app.include_router(file_routes(bureau.shell, EvidenceDesk(embedded, shelf, now)))
    contract = await intake.receive("web", "mother", a_paper(2))
    mother = await embedded.write(addressees.remember, Address.of("web", "mother"), now())
    filed = await bureau.report(reporter=mother.id, attachments=(contract.id,))
    await bureau.hire("li", Role.OFFICER, "edu")
    await bureau.hire("sun", Role.OFFICER, "civil_affairs")
    where = f"/desk/reports/{filed.number}/files/{contract.id}"
    async with bureau.browser("li") as li, bureau.browser("sun") as sun:
        shown = re.findall(rf'src="({where}/pages/\d+)"', (await li.open(where)).text)
        assert len(shown) == 2
        for page in shown:
            seen = await li.open(page)
            assert seen.headers["content-type"] == "image/jpeg"
            assert "sandbox" in seen.headers["content-security-policy"]
            assert (await sun.open(page)).status_code == 404
        assert (await li.open(f"{where}/thumbnail")).status_code == 200
        for nothing in (f"{where}/pages/2", f"{where}/pages/-1", f"{where}/picture"):
            assert (await li.open(nothing)).status_code == 404
        assert (await li.post(f"{where}/cover", cell="1-1")).status_code == 409
