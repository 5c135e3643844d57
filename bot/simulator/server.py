"""The simulated Bot API as an HTTP server: calls and file downloads, and the webhook calls it makes itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.simulator.chats import Bot, Network
from bot.simulator.faults import Fault, Refused
from bot.simulator.methods import METHODS, Described, Params

ATTACHED = "attach://"
RETRY_SECONDS = 0.1
# Nobody reads it; the number is what web servers write into their logs.
HUNG_UP = 499
IDLE_SECONDS = 0.05


class Dropped(Response):
    """A connection that ends in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        raise ConnectionAbortedError("the simulated network drops this answer")


def simulator(network: Network, more: list[BaseRoute] | None = None) -> Starlette:
    """The whole server over this network; `more` are routes of a page that shows it."""

    async def call(request: Request) -> Response:
        bot = network.bots.get(request.path_params["token"])
        if bot is None:
            return _refusal(Refused(401, "Unauthorized"))
        return await _while_listening(request, _answer(bot, request.path_params["method"], request))

    async def download(request: Request) -> Response:
        bot = network.bots.get(request.path_params["token"])
        content = bot.files.get(request.path_params["file"]) if bot else None
        return PlainTextResponse("not found", 404) if content is None else Response(content, media_type="application/octet-stream")

    @asynccontextmanager
    async def calling(_: Starlette) -> AsyncIterator[None]:
        # Webhooks of this machine are called over plain HTTP: certificates, which take long to load, are not looked at.
        async with httpx.AsyncClient(timeout=10, verify=False) as client:  # noqa: S501
            task = asyncio.create_task(_call_webhooks(network, client))
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    routes: list[BaseRoute] = [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/documents/{file}", download),
        *(more or []),
    ]
    return Starlette(routes=routes, lifespan=calling)


async def _answer(bot: Bot, method: str, request: Request) -> Response:
    bot.calls.append(method)
    fault = bot.faults.take(method)
    match fault:
        case Fault.FLOOD:
            return _refusal(bot.faults.flood())
        case Fault.BROKEN:
            return PlainTextResponse("Bad Gateway", 502)
        case Fault.DROP_BEFORE:
            return Dropped()
        case Fault.HANG:
            await asyncio.Event().wait()
    act = METHODS.get(method.lower())
    if act is None:
        return _refusal(Refused(404, "Not Found: method not found"))
    try:
        result = await act(bot, await _params(request))
    except Refused as refusal:
        return _refusal(refusal)
    return Dropped() if fault is Fault.DROP_AFTER else _success(result)


async def _while_listening(request: Request, answer: Coroutine[None, None, Response]) -> Response:
    """The answer, given up when the caller hangs up: a long poll of a bot that is gone waits for nobody."""
    # Once the body is read, the only thing still to come from a caller is its end.
    await request.body()
    answering, hanging_up = asyncio.create_task(answer), asyncio.ensure_future(request.receive())
    try:
        await asyncio.wait({answering, hanging_up}, return_when=asyncio.FIRST_COMPLETED)
        return await answering if answering.done() else Response(status_code=HUNG_UP)
    finally:
        answering.cancel()
        hanging_up.cancel()


async def _params(request: Request) -> Params:
    """The call's parameters, in any of the ways the libraries send them."""
    given: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        given.update(json.loads(await request.body() or b"{}"))
        return given
    async with request.form() as form:
        for name, value in form.multi_items():
            given[name] = await value.read() if isinstance(value, UploadFile) else value
    for name, value in given.items():
        if isinstance(value, str) and value.startswith(ATTACHED):
            given[name] = given[value.removeprefix(ATTACHED)]
    return given


def _success(result: Any) -> Response:
    if isinstance(result, Described):
        return JSONResponse({"ok": True, "result": result.result, "description": result.description})
    return JSONResponse({"ok": True, "result": result})


def _refusal(refusal: Refused) -> Response:
    content = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        content["parameters"] = refusal.parameters
    return JSONResponse(content, refusal.code)


async def _call_webhooks(network: Network, client: httpx.AsyncClient) -> None:
    """Every bot with a webhook hears its updates in order; one that is not answered with success is sent again."""
    while True:
        waiting = [bot for bot in network.bots.values() if bot.url and bot.updates]
        await asyncio.gather(*(_call_webhook(bot, client) for bot in waiting))
        if not waiting:
            await asyncio.sleep(IDLE_SECONDS)


async def _call_webhook(bot: Bot, client: httpx.AsyncClient) -> None:
    update = bot.updates[0]
    headers = {"x-telegram-bot-api-secret-token": bot.secret} if bot.secret else {}
    try:
        answer = await client.post(bot.url, json=update, headers=headers)
        taken = answer.is_success
    except httpx.HTTPError:
        taken = False
    if taken and bot.updates and bot.updates[0] is update:
        bot.updates.popleft()
    elif not taken:
        await asyncio.sleep(RETRY_SECONDS)
