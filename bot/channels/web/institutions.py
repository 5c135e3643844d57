"""The register of institutions as pages: the list, one institution with everything known of it, and the acts of the office."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.staff import Shell, form
from bot.channels.web.told import sentence
from handlers.desk.accounts import Person
from handlers.desk.refusals import Refused, Wrong
from handlers.office.forms import FIELDS
from handlers.office.register import Register


def register_routes(shell: Shell, register: Register) -> APIRouter:
    """The routes of `/office/institutions`."""
    router = APIRouter(route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    async def list_page(request: Request, person: Person, *, text: str = "", status: int = 200, **context: Any) -> Response:
        given = {"found": await register.search(text), "text": text, "asked": FIELDS, "options": await shell.lists.all(person)}
        return shell.page(request, "institutions", {**given, **context}, status)

    async def one_page(request: Request, person: Person, institution_id: int, *, status: int = 200, **context: Any) -> Response:
        given = {"page": await register.page(person, institution_id), "asked": FIELDS, "options": await shell.lists.all(person)}
        return shell.page(request, "institution", {**given, **context}, status)

    @router.get("/office/institutions", name="institutions")
    async def institutions(request: Request, person: signed_in, text: str = "") -> Response:
        return await list_page(request, person, text=text)

    @router.post("/office/institutions", name="register")
    async def enter(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            made = await register.act(person, "register", values)
        except (Wrong, Refused) as stopped:
            told: dict[str, Any] = {"error": sentence(stopped, shell), "tried": ("register", None), "filled": values}
            return await list_page(request, person, status=409, **told)
        return RedirectResponse(f"/office/institutions/{made}", 303)

    @router.get("/office/institutions/{institution_id}", name="institution")
    async def institution(request: Request, institution_id: int, person: signed_in) -> Response:
        return await one_page(request, person, institution_id)

    @router.post("/office/institutions/{institution_id}/{name}", name="act_on_institution")
    async def act_on_institution(request: Request, institution_id: int, name: str, person: signed_in) -> Response:
        values = await form(request)
        try:
            await register.act(person, name, values, institution_id)
        except (Wrong, Refused) as stopped:
            told: dict[str, Any] = {"error": sentence(stopped, shell), "tried": (name, institution_id), "filled": values}
            return await one_page(request, person, institution_id, status=409, **told)
        return RedirectResponse(f"/office/institutions/{institution_id}", 303)

    return router
