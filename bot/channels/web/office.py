"""The office's housekeeping as pages: accounts, the duty roster, and the log of who looked at what."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.staff import Shell, form
from bot.channels.web.told import sentence
from handlers.desk.accounts import Person
from handlers.desk.forms import Values
from handlers.desk.refusals import Wrong
from handlers.office.forms import FIELDS
from handlers.office.staffing import Hired, NotHired, Staffing


def office_routes(shell: Shell, staffing: Staffing) -> APIRouter:
    """The routes of `/office/officers`, `/office/duty` and `/office/accesses`."""
    router = APIRouter(prefix="/office", route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    async def officers_page(request: Request, person: Person, status: int = 200, **context: Any) -> Response:
        given = {"everyone": await staffing.everyone(), "asked": FIELDS["hire"], "options": await shell.lists.all(person), **context}
        return shell.page(request, "officers", given, status)

    async def duty_page(request: Request, person: Person, status: int = 200, **context: Any) -> Response:
        given = {"roster": await staffing.roster(), "asked": FIELDS["put_on_duty"], "options": await shell.lists.all(person), **context}
        return shell.page(request, "duty", given, status)

    async def not_hired(request: Request, person: Person, failure: NotHired | Wrong, values: Values) -> Response:
        words = shell.words["refused"]
        error = words[failure.key] if isinstance(failure, NotHired) else sentence(failure, shell)
        return await officers_page(request, person, 409, error=error, filled=values)

    @router.get("/officers", name="officers")
    async def officers(request: Request, person: signed_in) -> Response:
        return await officers_page(request, person)

    @router.post("/officers", name="hire")
    async def hire(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            hired: Hired = await staffing.hire(values)
        except (Wrong, NotHired) as failure:
            return await not_hired(request, person, failure, values)
        return await officers_page(request, person, hired=hired)

    @router.post("/officers/{officer_id}/reset", name="reset_password")
    async def reset(request: Request, officer_id: int, person: signed_in) -> Response:
        try:
            return await officers_page(request, person, hired=await staffing.reset(officer_id))
        except NotHired as failure:
            return await not_hired(request, person, failure, {})

    @router.post("/officers/{officer_id}/close", name="close_account")
    async def close(request: Request, officer_id: int, person: signed_in) -> Response:
        try:
            await staffing.close(officer_id)
        except NotHired as failure:
            return await not_hired(request, person, failure, {})
        return RedirectResponse("/office/officers", 303)

    @router.post("/officers/{officer_id}/reopen", name="reopen_account")
    async def reopen(request: Request, officer_id: int, person: signed_in) -> Response:
        try:
            await staffing.reopen(officer_id)
        except NotHired as failure:
            return await not_hired(request, person, failure, {})
        return RedirectResponse("/office/officers", 303)

    @router.get("/duty", name="duty")
    async def duty(request: Request, person: signed_in) -> Response:
        return await duty_page(request, person)

    @router.post("/duty", name="put_on_duty")
    async def put_on_duty(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            await staffing.put_on_duty(person, values)
        except Wrong as stopped:
            return await duty_page(request, person, 409, error=sentence(stopped, shell), filled=values)
        except NotHired as failure:
            return await duty_page(request, person, 409, error=shell.words["refused"][failure.key], filled=values)
        return RedirectResponse("/office/duty", 303)

    @router.get("/accesses", name="accesses")
    async def accesses(request: Request, person: signed_in, *, refused: bool = False) -> Response:  # noqa: ARG001 - the door
        return shell.page(request, "accesses", {"lines": await staffing.log(refused_only=refused), "refused": refused})

    return router
