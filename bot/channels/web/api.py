"""The HTTP API for programs: figures and reports without persons, opened by a token with a scope. Documented by OpenAPI."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request

from bot.channels.web.guard import client_address
from bot.channels.web.limits import Limits
from handlers.figures.outside import MOST_REPORTS, NotInScope, NoToken, Outside, Unknown

BEARER = "bearer "


def api_routes(outside: Outside, limits: Limits) -> APIRouter:
    """The routes of `/api/v1`."""
    router = APIRouter(prefix="/api/v1", tags=["v1"])

    @router.get("/definitions", summary="What every figure is called and means")
    async def definitions(_: Annotated[Any, Depends(_opened(outside, limits, "figures"))]) -> list[dict[str, str]]:
        return [{"key": one.key, "label": one.label, "definition": one.definition, "unit": one.unit} for one in outside.definitions()]

    @router.get("/figures", summary="Figures by group; spans in seconds, rates with both their numbers")
    async def figures(
        request: Request,
        token: Annotated[Any, Depends(_opened(outside, limits, "figures"))],
        metric: Annotated[list[str], Query(description="Keys of /definitions")],
        by: Annotated[list[str] | None, Query(description="department, category, town, level, channel, source, day, week, month")] = None,
    ) -> dict[str, Any]:
        try:
            return await outside.figures(token, metric, by or [], request.query_params)
        except Unknown:
            raise HTTPException(422) from None

    @router.get("/reports", summary="Reports in the order of their filing, without anything that leads to a person")
    async def reports(
        token: Annotated[Any, Depends(_opened(outside, limits, "reports"))],
        after: Annotated[int, Query(ge=0, description="The last `id` already read")] = 0,
        limit: Annotated[int, Query(ge=1, le=MOST_REPORTS)] = 100,
    ) -> list[dict[str, Any]]:
        return await outside.reports(token, after, limit)

    return router


def _opened(outside: Outside, limits: Limits, scope: str) -> Callable[..., Awaitable[Any]]:
    """The holder of the token, or 401 without a hint, or 403 when the token does not read this."""

    async def opened(request: Request, authorization: Annotated[str, Header()] = "") -> Any:
        address = client_address(request)
        await limits.check("login", f"api:{address}")
        token = authorization[len(BEARER) :] if authorization.lower().startswith(BEARER) else ""
        try:
            return await outside.who(token, scope)
        except NoToken:
            await limits.count("login", f"api:{address}")
            raise HTTPException(401, headers={"www-authenticate": "Bearer"}) from None
        except NotInScope:
            raise HTTPException(403) from None

    return opened
