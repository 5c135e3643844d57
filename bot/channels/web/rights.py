"""A reporter's own page: a copy of what we hold, or erasure, with number and code, from any device and without any script."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.templating import Jinja2Templates

from bot.channels.web.guard import client_address
from bot.channels.web.limits import Limits
from handlers.rights import NotFound, Rights

T = TypeVar("T")

LONGEST = 64
Field = Annotated[str, Form(max_length=LONGEST)]


def rights_routes(rights: Rights, limits: Limits, pages: Jinja2Templates, words: dict[str, Any]) -> APIRouter:
    """The routes of `/privacy/mine`."""
    router = APIRouter(prefix="/privacy/mine", include_in_schema=False)

    def page(request: Request, note: str = "", status: int = 200) -> Response:
        return pages.TemplateResponse(request, "rights.html", {"words": words, "note": note}, status)

    async def looked_up(request: Request, ask: Callable[[str, str], Awaitable[T]], number: str, code: str) -> T:
        # Only wrong codes count, so that nobody is locked out of their own report by asking twice.
        await limits.check("lookup", client_address(request))
        try:
            return await ask(number, code)
        except NotFound:
            await limits.count("lookup", client_address(request))
            raise

    @router.get("", response_class=HTMLResponse)
    async def ask(request: Request) -> Response:
        return page(request)

    @router.post("/record", response_class=HTMLResponse)
    async def record(request: Request, number: Field = "", code: Field = "") -> Response:
        try:
            found = await looked_up(request, rights.record, number, code)
        except NotFound:
            return page(request, words["not_found"], 404)
        return pages.TemplateResponse(request, "record.html", {"words": words, "parts": found})

    @router.post("/copy")
    async def copy(request: Request, number: Field = "", code: Field = "") -> Response:
        """The same for machines, with the signed proof that `verify --proof` checks."""
        try:
            found = await looked_up(request, rights.copy, number, code)
        except NotFound:
            return page(request, words["not_found"], 404)
        text = json.dumps(found, ensure_ascii=False, indent=1)
        return Response(text, media_type="application/json", headers={"content-disposition": 'attachment; filename="copy.json"'})

    @router.post("/erase")
    async def erase(request: Request, number: Field = "", code: Field = "", sure: Field = "") -> Response:
        if not sure:
            return page(request, words["not_sure"], 409)
        try:
            await looked_up(request, rights.erase, number, code)
        except NotFound:
            return page(request, words["not_found"], 404)
        return page(request, words["erased"])

    return router
