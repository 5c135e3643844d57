"""Papers as pages: choose one, watch a ledger being written, take it away. A file is handed out with headers that keep it a file."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from bot.channels.web.files import HEADERS
from bot.channels.web.staff import Shell, form, one
from handlers.desk.accounts import Person
from handlers.desk.forms import Wrong
from handlers.desk.refusals import NotFound
from handlers.papers import pdf
from handlers.papers.annex import Annex, TooLong
from handlers.papers.book import PaperBook, Period
from handlers.papers.documents import PERIODICAL, SINGLE, Document, Documents, Wish
from handlers.papers.exporting import OF_DEPARTMENTS, Exports
from handlers.papers.word import TemplateBroken

HOME = "/office/papers"
SHEETS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class PaperRooms:
    """What the pages speak to."""

    book: PaperBook
    documents: Documents
    exports: Exports
    annex: Annex


class BadPeriod(Exception):
    """The days cannot be read, or end before they begin."""


def paper_routes(shell: Shell, rooms: PaperRooms) -> APIRouter:
    """The routes of `/office/papers`."""
    router = APIRouter(prefix=HOME, route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]
    words = rooms.book.texts["page"]

    async def home(request: Request, person: Person, status: int = 200, **context: Any) -> Response:
        office = person.role == "office"
        given = {
            "p": words,
            "ledgers": [(key, layout.title) for key, layout in rooms.book.ledgers.items() if office or key in OF_DEPARTMENTS],
            "single": SINGLE,
            "periodical": (*PERIODICAL, "spot_check"),
            "departments": (await shell.lists.all(person))["departments"],
            "exports": await rooms.exports.latest(person),
            "can_pdf": pdf.is_possible(),
            "today": rooms.book.today(shell.clock()),
            **context,
        }
        return shell.page(request, "papers", given, status)

    async def refused(request: Request, person: Person, key: str, **fields: object) -> Response:
        return await home(request, person, 409, error=words[key].format(**fields))

    @router.get("", name="papers")
    async def papers(request: Request, person: signed_in) -> Response:
        return await home(request, person)

    @router.post("/ledgers", name="begin_export")
    async def begin_export(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            await rooms.exports.begin(person, one(values, "ledger"), _period(values), one(values, "form"))
        except BadPeriod:
            return await refused(request, person, "bad_period")
        return RedirectResponse(HOME, 303)

    @router.get("/exports/{export_id}", name="fetch_export")
    async def fetch_export(export_id: int, person: signed_in) -> Response:
        found, path = await rooms.exports.file(person, export_id)
        return FileResponse(path, media_type=SHEETS[path.suffix[1:]], headers=_headers(found.title))

    @router.post("/single", name="single_paper")
    async def single_paper(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            made = await rooms.documents.about(person, one(values, "number"), one(values, "paper"), as_pdf=bool(one(values, "pdf")))
        except NotFound:
            return await refused(request, person, "not_found")
        except pdf.NoConverter:
            return await refused(request, person, "no_pdf")
        except TemplateBroken as broken:
            return await refused(request, person, "broken", template=broken.template)
        return _handed_out(made)

    @router.post("/periodical", name="periodical_paper")
    async def periodical_paper(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            names = {"department": one(values, "department"), "sample": one(values, "sample")}
            wish = Wish(one(values, "paper"), _period(values), as_pdf=bool(one(values, "pdf")), **names)
            made = await rooms.documents.periodical(person, wish)
        except BadPeriod:
            return await refused(request, person, "bad_period")
        except NotFound:
            return await refused(request, person, "no_sample")
        except pdf.NoConverter:
            return await refused(request, person, "no_pdf")
        except TemplateBroken as broken:
            return await refused(request, person, "broken", template=broken.template)
        return _handed_out(made)

    @router.post("/annex", name="annex")
    async def annex(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            made = await rooms.annex.of(person, _period(values), one(values, "reason"))
        except BadPeriod:
            return await refused(request, person, "bad_period")
        except Wrong:
            return await refused(request, person, "reason_missing")
        except TooLong:
            return await refused(request, person, "too_long")
        return _handed_out(made)

    return router


def _period(values: dict[str, list[str]]) -> Period:
    try:
        period = Period(date.fromisoformat(one(values, "start")), date.fromisoformat(one(values, "end")))
    except ValueError as unreadable:
        raise BadPeriod from unreadable
    if period.start > period.end or not 2000 <= period.start.year <= period.end.year < 2100:
        raise BadPeriod
    return period


def _handed_out(made: Document) -> Response:
    return Response(made.content, media_type=made.media_type, headers=_headers(made.name))


def _headers(name: str) -> dict[str, str]:
    """A file to keep, under its Chinese name where the browser can write it."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-. ") else "_" for sign in name).replace(" ", "-")
    return {**HEADERS, "content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}
