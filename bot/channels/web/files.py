"""A report's files in the workbench: the clean picture, black boxes over it, and the original with a reason."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.evidence import OVERHEAD, STATUS, Doorway, uploaded
from bot.channels.web.staff import Shell, form, one
from bot.channels.web.told import sentence
from handlers.desk.accounts import Person
from handlers.desk.refusals import Refused, Wrong
from handlers.evidence.accepting import FileRefused
from handlers.evidence.pages import MOST_PAGES
from handlers.evidence.recording import RecordIntake
from handlers.evidence.showing import COLUMNS, ROWS, Cell, EvidenceDesk
from handlers.texts import Texts

# Whatever a file holds, a browser neither guesses its type, nor runs it, nor opens it as a page of ours.
HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
}
# Officers' uploads have a doorway of their own: parents who all send at once do not shut them out.
OFFICERS_BYTES = 64_000_000
ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/heic": "heic",
    "application/pdf": "pdf",
    "audio/amr": "amr",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/aac": "aac",
    "audio/mp4": "m4a",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


def file_routes(shell: Shell, files: EvidenceDesk) -> APIRouter:
    """The routes of `/desk/reports/…/files`."""
    router = APIRouter(route_class=shell.route_class(), prefix="/desk/reports/{number}/files/{file_id}", include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    async def show(request: Request, person: Person, number: str, file_id: int, status: int = 200, **context: Any) -> Response:
        page = await files.page(person, number, file_id)
        return shell.page(request, "file", {"file": page, "columns": COLUMNS, "rows": ROWS, "most_pages": MOST_PAGES, **context}, status)

    @router.get("", name="file")
    async def file(request: Request, number: str, file_id: int, person: signed_in) -> Response:
        return await show(request, person, number, file_id)

    @router.get("/picture", name="file_picture")
    async def picture(number: str, file_id: int, person: signed_in) -> Response:
        return _sent(await files.picture(person, number, file_id), "image/jpeg", f"{number}-{file_id}.jpg")

    @router.get("/thumbnail", name="file_thumbnail")
    async def thumbnail(number: str, file_id: int, person: signed_in) -> Response:
        return _sent(await files.picture(person, number, file_id, small=True), "image/jpeg", f"{number}-{file_id}.jpg")

    @router.get("/pages/{place}", name="file_paper")
    async def paper(number: str, file_id: int, place: int, person: signed_in) -> Response:
        return _sent(await files.paper(person, number, file_id, place), "image/jpeg", f"{number}-{file_id}-{place + 1}.jpg")

    @router.post("/original", name="file_original")
    async def original(request: Request, number: str, file_id: int, person: signed_in) -> Response:
        try:
            opened = await files.original(person, number, file_id, one(await form(request), "reason"))
        except Wrong:
            return await show(request, person, number, file_id, 409, error=shell.words["file_page"]["reason_missing"])
        ending = ENDINGS.get(opened.media_type, "bin")
        return _sent(opened.content, "application/octet-stream", f"{number}-{file_id}-original.{ending}")

    @router.post("/cover", name="cover_file")
    async def cover(request: Request, number: str, file_id: int, person: signed_in) -> Response:
        cells = [cell for text in (await form(request)).get("cell", []) if (cell := _cell(text))]
        try:
            await files.cover(person, number, file_id, cells)
        except Wrong:
            return await show(request, person, number, file_id, 409, error=shell.words["file_page"]["nothing_chosen"])
        return RedirectResponse(f"/desk/reports/{number}/files/{file_id}", 303)

    return router


def record_routes(shell: Shell, record: RecordIntake, texts: Texts) -> APIRouter:
    """The route by which an officer adds a document or photo to the record of handling."""
    router = APIRouter(route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]
    doorway = Doorway(OFFICERS_BYTES)

    @router.post("/desk/reports/{number}/files/at/{assignment_id}", name="add_document")
    async def add(request: Request, number: str, assignment_id: int, person: signed_in) -> Response:
        words = shell.words["file_page"]

        def stopped(text: str, status: int) -> Response:
            given = {"title": words["not_taken"], "text": text, "back": f"/desk/reports/{number}"}
            return shell.page(request, "refusal", given, status)

        size = int(request.headers.get("content-length") or record.file_bytes + OVERHEAD)
        async with doorway.holding(size):
            content, fields = await uploaded(request)
            try:
                await record.add(person, number, assignment_id, content, fields.get("purpose", ""))
            except FileRefused as refused:
                return stopped(texts.say(f"file_refused.{refused.why}"), STATUS.get(refused.why, 422))
            except Wrong:
                return stopped(words["no_purpose"], 422)
            except Refused as refused:
                return stopped(sentence(refused, shell), 409)
        return RedirectResponse(f"/desk/reports/{number}?done=add_document", 303)

    return router


def _cell(text: str) -> Cell | None:
    column, _, row = text.partition("-")
    return (int(column), int(row)) if _is_small(column) and _is_small(row) else None


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 3


def _sent(content: bytes, media_type: str, name: str) -> Response:
    safe = "".join(one for one in name if one.isascii() and (one.isalnum() or one in "-."))
    return Response(content, media_type=media_type, headers={**HEADERS, "content-disposition": f'attachment; filename="{safe}"'})
