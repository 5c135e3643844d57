"""保密附件: who filed the reports, for the office alone, with a reason, under a watermark with the reader's name and the time."""

import asyncio
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

from handlers.desk.accounts import Clock, Person
from handlers.desk.forms import Wrong
from handlers.desk.refusals import Forbidden
from handlers.papers.book import PaperBook, Period
from handlers.papers.documents import Document
from handlers.papers.sheet import ExcelSheet, Head
from storage import accesses, annex
from storage.accesses import Action
from storage.annex import AnnexTooLong, Identified
from storage.database import Database
from storage.vocabulary import Role

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MARK_SIZE, MARK_FONT, MARK_TURN, MARK_GREY = (900, 600), 40, 25, (200, 60, 60, 110)


class TooLong(Exception):
    """More reporters than anybody needs at once; a shorter period must do."""


class Annex:
    """Made, handed over and forgotten: no copy of it stays on this machine."""

    def __init__(self, database: Database, book: PaperBook, clock: Clock) -> None:
        self._database, self._book, self._clock = database, book, clock

    async def of(self, person: Person, period: Period, reason: str) -> Document:
        """Forbidden for anybody but the office, and that is written down too; Wrong without a reason."""
        at, reason = self._clock(), reason.strip()
        if person.role is not Role.OFFICE:
            await self._database.write(accesses.record, person.actor, Action.READ_IDENTITY, at, allowed=False, reason=reason or None)
            raise Forbidden
        if not reason:
            raise Wrong(missing=("reason",))
        start, end = period.bounds(self._book.zone)
        try:
            found = await self._database.write(annex.open_all, person.actor, at, start=start, end=end, reason=reason)
        except AnnexTooLong as long:
            raise TooLong from long
        mark = self._book.annex.words["mark"].format(person=person.officer.name, moment=self._book.minute(at))
        line = self._book.annex.basis.format(person=person.officer.name, reason=reason)
        content = await asyncio.to_thread(_made, self._book, found, line, mark)
        return Document(f"annex-{period.start:%Y%m%d}-{period.end:%Y%m%d}.xlsx", EXCEL, content)


def _made(book: PaperBook, found: Sequence[Identified], line: str, mark: str) -> bytes:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "annex.xlsx"
        sheet = ExcelSheet(path, book.annex, Head(book.annex.title, line), book)
        sheet.watermark(watermark(mark), mark)
        sheet.write([_cells(one) for one in found])
        sheet.close()
        return path.read_bytes()


def _cells(one: Identified) -> dict[str, str | int]:
    wishes = {"wants_reply": int(one.wants_reply), "may_disclose": int(one.may_disclose)}
    return {"number": one.number, "name": one.name, "phone": one.phone, **wishes}


def watermark(text: str) -> io.BytesIO:
    """The mark as a picture, aslant and pale, to lie under every page and every screen."""
    font = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), MARK_FONT)
    picture = Image.new("RGBA", MARK_SIZE, (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    for top in (120, 300, 480):
        draw.text((MARK_SIZE[0] / 2, top), text, font=font, fill=MARK_GREY, anchor="mm")
    kept = io.BytesIO()
    picture.rotate(MARK_TURN).save(kept, "PNG")
    kept.seek(0)
    return kept
