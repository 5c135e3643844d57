"""The officers' workbench as web pages: what waits, one report, and its moves as plain forms."""

from collections.abc import Awaitable
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from bot.channels.web.staff import Shell, form
from bot.channels.web.told import sentence
from handlers.access import may_open
from handlers.desk.accounts import Person
from handlers.desk.desk import Desk, Opened
from handlers.desk.forms import Values
from handlers.desk.refusals import AlreadyTaken, Refused, Wrong
from handlers.papers.documents import SINGLE


def desk_routes(shell: Shell, desk: Desk) -> APIRouter:
    """The routes of `/desk`."""
    router = APIRouter(route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]

    async def show(request: Request, person: Person, number: str, status: int = 200, **context: Any) -> Response:
        page = await desk.report(person, number)
        papers = SINGLE if may_open("single_paper", person.role) else ()
        lists = {"options": await shell.lists.all(person), "statuses": shell.words["status"], "papers": papers}
        return shell.page(request, "report", {"page": page, "told": partial(sentence, shell=shell), **lists, **context}, status)

    async def made(
        request: Request, person: Person, number: str, name: str, *, values: Values, act: Awaitable[None], at: int | None
    ) -> Response:
        """The page again: with a word of success, or with what stood in the way and everything that was typed."""
        try:
            await act
        except (Wrong, Refused, AlreadyTaken) as stopped:
            told = {"error": sentence(stopped, shell), "tried": (name, at), "filled": values}
            return await show(request, person, number, 409, **told)
        return RedirectResponse(f"/desk/reports/{number}?done={name}", 303)

    @router.get("/desk", name="board")
    async def board(request: Request, person: signed_in, queue: str = "") -> Response:
        return shell.page(request, "board", {"board": await desk.board(person, queue), "chosen": queue})

    @router.get("/desk/search", name="search")
    async def search(
        request: Request, person: signed_in, *, text: str = "", category: str = "", status: str = "", town: str = ""
    ) -> Response:
        wanted = {"text": text, "category": category, "status": status, "town": town}
        found = await desk.search(person, **wanted)
        lists = {"categories": shell.labels.categories, "towns": shell.labels.towns, "statuses": shell.words["status"]}
        return shell.page(request, "search", {"found": found, "wanted": wanted, **lists})

    @router.get("/desk/reports/{number}", name="report")
    async def report(request: Request, number: str, person: signed_in, *, done: str = "", move: str = "") -> Response:
        # A suggestion leads here with its move open and filled in: nothing happens before the button is pressed.
        filled = {key: [value] for key, value in request.query_params.items()}
        begun: dict[str, Any] = {"tried": (move, None), "filled": filled} if move else {}
        return await show(request, person, number, done=done, **begun)

    @router.post("/desk/reports/{number}/identity", name="open_identity")
    async def open_identity(request: Request, number: str, person: signed_in) -> Response:
        values = await form(request)
        try:
            opened: Opened = await desk.open_identity(person, number, values)
        except Wrong as stopped:
            told = {"error": sentence(stopped, shell), "tried": ("open_identity", None), "filled": values}
            return await show(request, person, number, 409, **told)
        return await show(request, person, number, opened=opened)

    @router.post("/desk/reports/{number}/{name}", name="move_report")
    async def move_report(request: Request, number: str, name: str, person: signed_in) -> Response:
        values = await form(request)
        act = desk.move(person, number, name, values)
        return await made(request, person, number, name, values=values, act=act, at=None)

    @router.post("/desk/reports/{number}/at/{assignment_id}/{name}", name="move_assignment")
    async def move_assignment(request: Request, number: str, assignment_id: int, name: str, person: signed_in) -> Response:
        values = await form(request)
        act = desk.move(person, number, name, values, assignment_id)
        return await made(request, person, number, name, values=values, act=act, at=assignment_id)

    return router
