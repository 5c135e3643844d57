"""Programs outside as a page of the office: tokens and webhooks are made here, shown once, watched and ended."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.staff import Shell, form
from bot.channels.web.told import sentence
from handlers.desk.accounts import Person
from handlers.desk.forms import Values, Wrong
from handlers.office.forms import FIELDS
from handlers.office.programs import NotHttps, Programs

HOME = "/office/outside"


def outside_routes(shell: Shell, programs: Programs) -> APIRouter:
    """The routes of `/office/outside`."""
    router = APIRouter(prefix=HOME, route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    async def home(request: Request, person: Person, status: int = 200, **context: Any) -> Response:
        given = {
            "tokens": await programs.tokens(),
            "hooks": await programs.hooks(),
            "asked": FIELDS,
            "options": await shell.lists.all(person),
            "now": shell.clock(),
            **context,
        }
        return shell.page(request, "outside", given, status)

    async def refused(request: Request, person: Person, error: str, name: str, values: Values) -> Response:
        return await home(request, person, 409, error=error, tried=(name, None), filled=values)

    @router.get("", name="outside")
    async def outside(request: Request, person: signed_in) -> Response:
        return await home(request, person)

    @router.post("/tokens", name="issue_token")
    async def issue(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            return await home(request, person, shown=await programs.issue(person, values))
        except Wrong as stopped:
            return await refused(request, person, sentence(stopped, shell), "issue_token", values)

    @router.post("/tokens/{token_id}/revoke", name="revoke_token")
    async def revoke(token_id: int, person: signed_in) -> Response:
        await programs.revoke(person, token_id)
        return RedirectResponse(HOME, 303)

    @router.post("/webhooks", name="subscribe")
    async def subscribe(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            return await home(request, person, shown=await programs.subscribe(person, values))
        except Wrong as stopped:
            return await refused(request, person, sentence(stopped, shell), "subscribe", values)
        except NotHttps:
            return await refused(request, person, shell.words["refused"]["not_an_address"], "subscribe", values)

    @router.post("/webhooks/{webhook_id}/stop", name="stop_webhook")
    async def stop(webhook_id: int, person: signed_in) -> Response:
        await programs.stop(person, webhook_id)
        return RedirectResponse(HOME, 303)

    @router.post("/webhooks/{webhook_id}/trial", name="send_trial")
    async def send_trial(webhook_id: int, person: signed_in) -> Response:
        await programs.send_trial(person, webhook_id)
        return RedirectResponse(HOME, 303)

    return router
