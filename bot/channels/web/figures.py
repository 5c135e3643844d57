"""The office's figures as pages: the overview, a question in words, and what the public may see."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from bot.channels.web.staff import Shell
from handlers import access
from handlers.desk.accounts import Person
from handlers.figures.asked import EVERYWHERE
from handlers.figures.filters import KEYS, Filters
from handlers.figures.overview import ROUTING
from handlers.figures.room import FiguresRoom


def figures_routes(shell: Shell, figures: FiguresRoom) -> APIRouter:
    """The routes of `/office` that show figures."""
    router = APIRouter(route_class=shell.route_class(), include_in_schema=False)
    signed_in = Annotated[Person, Depends(shell.person)]
    overviews = figures.overviews

    @router.get("/office", name="overview")
    async def overview(request: Request, person: signed_in) -> Response:
        filters = Filters.read(request.query_params, overviews.today())
        view = await overviews.view(person.actor, filters)
        given = {
            "view": view,
            "scope": _scope(figures.saying.book.words["page"], view.filters),
            "narrowed": bool(request.query_params),
            "choices": _choices(shell, figures.saying.book.words),
            "limit": figures.saying.book.words["page"]["limit"].format(limit=_hours(figures, overviews.sign_limit())),
            "routing_keys": ROUTING,
            "may_open": access.may_open("report", person.role) and not view.own_only,
        }
        return dressed(shell, figures, request, "overview", given)

    @router.get("/office/asked", name="asked")
    async def asked(request: Request, person: signed_in, q: str = "") -> Response:
        answer = await figures.answering.answer(q, person.actor)
        svg = await asyncio.to_thread(figures.pictures.svg, answer.picture) if answer.picture else ""
        may_open = access.may_open("report", person.role) and person.role in EVERYWHERE
        return dressed(shell, figures, request, "asked", {"answer": answer, "svg": svg, "question": q, "may_open": may_open})

    return router


def public_routes(shell: Shell, figures: FiguresRoom) -> APIRouter:
    """The page of totals that everybody may see."""
    router = APIRouter(include_in_schema=False)

    @router.get("/figures", name="public_figures")
    async def public(request: Request) -> Response:
        book = figures.saying.book
        shared = {"f": book.words, "definitions": book.definitions, "least": book.rules["public_least"]}
        return shell.pages.TemplateResponse(request, "office/public.html", {**shared, "view": await figures.public.view()})

    return router


def dressed(shell: Shell, figures: FiguresRoom, request: Request, name: str, given: Mapping[str, Any]) -> Response:
    """A page of figures in the staff's shell."""
    person: Person = request.state.person
    links = [(path, shell.words["nav"][key]) for path, key in access.links(person.role)]
    book = figures.saying.book
    shared = {
        "w": shell.words,
        "person": person,
        "links": links,
        "path": request.url.path,
        "f": book.words,
        "definitions": book.definitions,
    }
    return shell.pages.TemplateResponse(request, f"office/{name}.html", {**shared, **given})


def _scope(words: Mapping[str, str], filters: Filters) -> str:
    basis = words["by_due" if filters.by_due else "by_dispatch"]
    return words["scope"].format(start=filters.start, end=filters.end, basis=basis)


def _choices(shell: Shell, words: Mapping[str, Mapping[str, str]]) -> dict[str, list[tuple[str, str]]]:
    known: dict[str, Mapping[str, str]] = {
        "department": shell.labels.departments,
        "category": shell.labels.categories,
        "town": shell.labels.towns,
        "level": words["level"],
        "source": words["source"],
    }
    return {key: list(known[key].items()) for key in KEYS}


def _hours(figures: FiguresRoom, hours: float) -> str:
    return str(figures.saying.book.words["value"]["work_hours"]).format(number=f"{hours:g}")
