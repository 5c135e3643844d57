"""The ledgers as pages: a list, one line, and its acts as plain forms."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.staff import Shell, form
from bot.channels.web.told import sentence
from handlers.desk.accounts import Person
from handlers.desk.refusals import Refused, Wrong
from handlers.office.forms import FIELDS
from handlers.office.ledgers import Ledgers

Show = Callable[..., Awaitable[Response]]


def ledger_routes(shell: Shell, ledgers: Ledgers) -> APIRouter:
    """The routes of `/office/problems`, `/risks`, `/inspections` and `/spot-checks`."""
    router = APIRouter(prefix="/office", route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    async def page(request: Request, person: Person, name: str, *, status: int = 200, **context: Any) -> Response:
        return shell.page(request, name, {"asked": FIELDS, "options": await shell.lists.all(person), **context}, status)

    async def acted(request: Request, person: Person, name: str, line: int, *, back: str, show: Show) -> Response:
        """Make the act and go back; or show the page again with what stood in the way and what was typed."""
        values = await form(request)
        try:
            await ledgers.act(person, name, values, line)
        except (Wrong, Refused) as stopped:
            told = {"error": sentence(stopped, shell), "tried": (name, line or None), "filled": values}
            return await show(request, person, status=409, **told)
        return RedirectResponse(back, 303)

    async def problems_page(request: Request, person: Person, *, everything: bool = False, **context: Any) -> Response:
        found = await ledgers.problems(person, only_open=not everything)
        return await page(request, person, "problems", problems=found, everything=everything, **context)

    async def risks_page(request: Request, person: Person, **context: Any) -> Response:
        return await page(request, person, "risks", risks=await ledgers.risks(), **context)

    async def inspections_page(request: Request, person: Person, **context: Any) -> Response:
        return await page(request, person, "inspections", inspections=await ledgers.inspections(person), **context)

    async def spot_checks_page(request: Request, person: Person, **context: Any) -> Response:
        return await page(request, person, "spot_checks", checks=await ledgers.spot_checks(), **context)

    @router.get("/problems", name="problems")
    async def problems(request: Request, person: signed_in, *, everything: bool = False) -> Response:
        return await problems_page(request, person, everything=everything)

    @router.post("/problems", name="find_problem")
    async def find_problem(request: Request, person: signed_in) -> Response:
        return await acted(request, person, "find_problem", 0, back="/office/problems", show=problems_page)

    @router.get("/problems/{line}", name="problem")
    async def problem(request: Request, line: int, person: signed_in) -> Response:
        return await page(request, person, "problem", page=await ledgers.problem(person, line))

    @router.post("/problems/{line}/{name}", name="act_on_problem")
    async def act_on_problem(request: Request, line: int, name: str, person: signed_in) -> Response:
        # Another department's problem is found by nobody, and so neither is its act.
        await ledgers.problem(person, line)

        async def again(request: Request, person: Person, **context: Any) -> Response:
            return await page(request, person, "problem", page=await ledgers.problem(person, line), **context)

        return await acted(request, person, name, line, back=f"/office/problems/{line}", show=again)

    @router.get("/risks", name="risks")
    async def risks(request: Request, person: signed_in) -> Response:
        return await risks_page(request, person)

    @router.post("/risks/{line}/{name}", name="act_on_risk")
    async def act_on_risk(request: Request, line: int, name: str, person: signed_in) -> Response:
        return await acted(request, person, name, line, back="/office/risks", show=risks_page)

    @router.get("/inspections", name="inspections")
    async def inspections(request: Request, person: signed_in) -> Response:
        return await inspections_page(request, person)

    @router.post("/inspections", name="inspect")
    async def inspect(request: Request, person: signed_in) -> Response:
        return await acted(request, person, "inspect", 0, back="/office/inspections", show=inspections_page)

    @router.get("/spot-checks", name="spot_checks")
    async def spot_checks(request: Request, person: signed_in) -> Response:
        return await spot_checks_page(request, person)

    @router.post("/spot-checks", name="draw")
    async def draw(request: Request, person: signed_in) -> Response:
        return await acted(request, person, "draw", 0, back="/office/spot-checks", show=spot_checks_page)

    @router.post("/spot-checks/{line}/judge", name="judge")
    async def judge(request: Request, line: int, person: signed_in) -> Response:
        return await acted(request, person, "judge", line, back="/office/spot-checks", show=spot_checks_page)

    return router
