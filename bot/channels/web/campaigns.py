"""The year's campaign and the import of the city's list of institutions, as pages."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import UploadFile

from bot.channels.web.staff import Shell, form, one
from handlers.campaigns import Campaigns
from handlers.desk.accounts import Person
from handlers.desk.forms import Wrong
from handlers.desk.refusals import Refused
from handlers.imports import MOST_ROWS, Imports, Unreadable
from handlers.papers.book import PaperBook

CAMPAIGNS = "/office/campaigns"


def campaign_routes(shell: Shell, campaigns: Campaigns, book: PaperBook) -> APIRouter:
    """The routes of `/office/campaigns`."""
    router = APIRouter(prefix=CAMPAIGNS, route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]
    words = book.texts["campaign_page"]

    async def show(request: Request, person: Person, status: int = 200, **context: Any) -> Response:
        everyone = await campaigns.everyone()
        today = book.today(shell.clock())
        shown = [(one, campaigns.shown(person, one), one.plan.stage(today)) for one in everyone]
        return shell.page(request, "campaigns", {"p": words, "campaigns": shown, "today": today, **context}, status)

    @router.get("", name="campaigns")
    async def page(request: Request, person: signed_in) -> Response:
        return await show(request, person)

    @router.post("", name="open_campaign")
    async def open_campaign(request: Request, person: signed_in) -> Response:
        try:
            await campaigns.open(person, await form(request))
        except Refused:
            return await show(request, person, 409, error=words["known"])
        except Wrong:
            return await show(request, person, 409, error=words["unreadable"])
        return RedirectResponse(CAMPAIGNS, 303)

    @router.post("/drafts", name="hand_in_summary")
    async def hand_in(request: Request, person: signed_in) -> Response:
        try:
            await campaigns.hand_in(person, await form(request))
        except Wrong:
            return await show(request, person, 409, error=words["unreadable"])
        return RedirectResponse(CAMPAIGNS, 303)

    return router


def import_routes(shell: Shell, imports: Imports, book: PaperBook) -> APIRouter:
    """The routes of `/office/import`."""
    router = APIRouter(prefix="/office/import", route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    def show(request: Request, status: int = 200, **context: Any) -> Response:
        given = {"p": book.texts["import_page"], "heads": book.texts["import"]["headers"], **context}
        return shell.page(request, "import", given, status)

    def refused(request: Request, fault: Unreadable) -> Response:
        return show(request, 409, error=book.texts["import"]["said"][fault.key].format(most=MOST_ROWS))

    @router.get("", name="import_list")
    async def page(request: Request, person: signed_in) -> Response:  # noqa: ARG001 - the door
        return show(request)

    @router.post("", name="preview_import")
    async def preview(request: Request, person: signed_in) -> Response:
        async with request.form(max_files=1, max_fields=1) as read:
            file = read.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
        try:
            return show(request, preview=await imports.preview(person, content))
        except Unreadable as fault:
            return refused(request, fault)

    @router.post("/apply", name="apply_import")
    async def apply(request: Request, person: signed_in) -> Response:
        return show(request, preview=await imports.apply(person, one(await form(request), "token")), done=True)

    return router
