"""The web application: mounts every router, answers every fault with a kind sentence, serves the parents' page."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from bot.channels.web.guard import BodyTooLarge, Guard
from bot.channels.web.limits import TooFast
from bot.channels.web.proof_of_work import ProofNeeded
from bot.channels.web.speaker import Refusal

HERE = Path(__file__).parent
STATIC = HERE / "static"
BODY_OVERHEAD = 1_000_000

Words = Mapping[str, Any]
Ready = Callable[[], Awaitable[Mapping[str, Any]]]


def create_app(words: Words, routers: Iterable[APIRouter], *, ready: Ready, demo: bool, files: int, file_limit_mb: int) -> FastAPI:
    """The whole site. `ready` reports database, disk and outbox; it raises when the service should get no traffic."""
    # The built-in documentation pages load scripts from elsewhere; the document itself is served.
    app = FastAPI(title=words["chat"]["title"], docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    pages = templates(words, demo=demo)

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def parents_page(request: Request) -> Response:
        return pages.TemplateResponse(request, "chat.html", {"words": words["chat"], "files": files, "megabytes": file_limit_mb})

    @app.get("/privacy", response_class=HTMLResponse, include_in_schema=False)
    async def privacy_page(request: Request) -> Response:
        return pages.TemplateResponse(request, "privacy.html", {"words": words["privacy"]})

    @app.get("/healthz", include_in_schema=False)
    async def alive() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    async def is_ready() -> JSONResponse:
        try:
            return JSONResponse({"status": "ready", **await ready()})
        except Exception as reason:  # noqa: BLE001 - whatever keeps the service from working is the answer
            return JSONResponse({"status": "not ready", "reason": type(reason).__name__}, 503)

    for router in routers:
        app.include_router(router)
    _answer_faults(app, words["errors"])
    app.add_middleware(Guard, body_limit=file_limit_mb * 1_048_576 + BODY_OVERHEAD, refuse=_refusing(words["errors"]))
    return app


def templates(words: Words, *, demo: bool) -> Jinja2Templates:
    """The page templates, knowing whether this is a demonstration and which version of the static files is current."""
    pages = Jinja2Templates(HERE / "templates")
    pages.env.globals.update(demo=demo, version=_version(), site=words["chat"]["title"], demo_words=words["chat"]["demo"])
    return pages


def _version() -> str:
    """Changes when a static file changes, so that a phone never mixes an old script with a new page."""
    content = b"".join(path.read_bytes() for path in sorted(STATIC.rglob("*")) if path.is_file())
    return sha256(content).hexdigest()[:10]


def _answer_faults(app: FastAPI, errors: Mapping[str, str]) -> None:
    def said(key: str, status: int, headers: Mapping[str, str] | None = None, **fields: object) -> JSONResponse:
        return JSONResponse({"error": key, "text": errors[key].format(**fields)}, status, headers)

    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> Response:
        return said(refusal.key, refusal.status, None, **refusal.fields)

    @app.exception_handler(TooFast)
    async def too_fast(_: Request, refusal: TooFast) -> Response:
        return said("too_fast", 429, {"retry-after": str(refusal.after)}, seconds=refusal.after)

    @app.exception_handler(ProofNeeded)
    async def proof_needed(_: Request, needed: ProofNeeded) -> Response:
        return JSONResponse({"error": "proof_needed", "text": errors["proof_needed"], "challenge": needed.challenge}, 428)

    @app.exception_handler(BodyTooLarge)
    async def too_large(_: Request, __: BodyTooLarge) -> Response:
        return said("too_large", 413)

    @app.exception_handler(RequestValidationError)
    async def unreadable(_: Request, __: RequestValidationError) -> Response:
        return said("bad_request", 422)

    @app.exception_handler(HTTPException)
    async def missing(_: Request, fault: HTTPException) -> Response:
        return said("not_found" if fault.status_code == 404 else "bad_request", fault.status_code, fault.headers)

    @app.exception_handler(Exception)
    async def trouble(_: Request, __: Exception) -> Response:
        return said("trouble", 500)


def _refusing(errors: Mapping[str, str]) -> Callable[[str], ASGIApp]:
    status = {"too_large": 413, "foreign_site": 403}
    return lambda key: JSONResponse({"error": key, "text": errors[key]}, status[key])
