"""Entering a report on behalf of somebody, and the receipt that is read out to them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.channels.web.staff import Shell, form, one
from bot.channels.web.told import sentence
from handlers.desk.accounts import Person
from handlers.desk.entry import FIELDS, Counter, new_key
from handlers.desk.forms import Values
from handlers.desk.refusals import Refused, Wrong


def entry_routes(shell: Shell, counter: Counter) -> APIRouter:
    """The routes of `/desk/enter`."""
    router = APIRouter(route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    async def show(request: Request, person: Person, status: int = 200, *, error: str = "", filled: Values | None = None) -> Response:
        given = {
            "asked": FIELDS,
            "options": await shell.lists.all(person),
            "error": error,
            "filled": filled or {},
            "once": one(filled or {}, "once") or new_key(),
        }
        return shell.page(request, "enter", given, status)

    @router.get("/desk/enter", name="enter")
    async def enter(request: Request, person: signed_in) -> Response:
        return await show(request, person)

    @router.post("/desk/enter", name="file_report")
    async def file_report(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            receipts = await counter.enter(person, values, one(values, "once"))
        except (Wrong, Refused) as stopped:
            return await show(request, person, 409, error=sentence(stopped, shell), filled=values)
        # Shown and never kept: the code is the caller's, so there is no page to come back to.
        return shell.page(request, "receipt", {"receipts": receipts})

    return router
