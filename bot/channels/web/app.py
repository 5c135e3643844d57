"""The web application: mounts every router, answers every fault with a kind sentence, serves the parents' page."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import CodeType
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.templating import Jinja2Templates
from jinja2.bccache import Bucket, BytecodeCache
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.web.guard import BodyTooLarge, Guard
from bot.channels.web.limits import TooFast
from bot.channels.web.proof_of_work import ProofNeeded
from bot.channels.web.speaker import Refusal

HERE = Path(__file__).parent
STATIC = HERE / "static"
BODY_OVERHEAD = 1_000_000
# What the guard refuses, and with which status.
REFUSED = {"too_large": 413, "foreign_site": 403}
# Addresses that only programs ask.
PROGRAMS = ("/api/", "/static/")

Words = Mapping[str, Any]
Ready = Callable[[], Awaitable[Mapping[str, Any]]]


def create_app(
    words: Words, routers: Iterable[APIRouter], *, ready: Ready, demo: bool, files: int, file_limit_mb: int, draft_days: int
) -> FastAPI:
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
        return pages.TemplateResponse(request, "privacy.html", {"words": words["privacy"], "draft_days": draft_days})

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
    faults = Faults(pages, words["fault"], words["errors"])
    _answer_faults(app, faults)
    app.add_middleware(Guard, body_limit=file_limit_mb * 1_048_576 + BODY_OVERHEAD, refuse=faults.refusing)
    return app


class Compiled(BytecodeCache):
    """What templates were compiled to: each once in a process, however many parts of the site show pages."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self._codes[bucket.key, bucket.checksum] = bucket.code


@cache
def _compiled() -> Compiled:
    return Compiled()


def templates(words: Words, *, demo: bool) -> Jinja2Templates:
    """The page templates, knowing whether this is a demonstration and which version of the static files is current."""
    pages = Jinja2Templates(HERE / "templates")
    pages.env.bytecode_cache = _compiled()
    pages.env.globals.update(demo=demo, version=_version(), site=words["chat"]["title"], demo_words=words["chat"]["demo"])
    return pages


def _version() -> str:
    """Changes when a static file changes, so that a phone never mixes an old script with a new page."""
    content = b"".join(path.read_bytes() for path in sorted(STATIC.rglob("*")) if path.is_file())
    return sha256(content).hexdigest()[:10]


@dataclass(frozen=True)
class Faults:
    """Says what went wrong: to a program as JSON, to a person who opened a page as a page."""

    pages: Jinja2Templates
    words: Words
    errors: Mapping[str, str]

    def said(self, request: Request, key: str, status: int, headers: Mapping[str, str] | None = None, **fields: object) -> Response:
        text = self.errors[key].format(**fields)
        if _opens_a_page(request):
            return self.pages.TemplateResponse(request, "fault.html", {"words": self.words, "text": text}, status, headers)
        return JSONResponse({"error": key, "text": text}, status, headers)

    def refusing(self, key: str) -> ASGIApp:
        async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
            await self.said(Request(scope), key, REFUSED[key])(scope, receive, send)

        return refuse


def _opens_a_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(PROGRAMS)


def _answer_faults(app: FastAPI, faults: Faults) -> None:
    said = faults.said

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        return said(request, refusal.key, refusal.status, None, **refusal.fields)

    @app.exception_handler(TooFast)
    async def too_fast(request: Request, refusal: TooFast) -> Response:
        return said(request, "too_fast", 429, {"retry-after": str(refusal.after)}, seconds=refusal.after)

    @app.exception_handler(ProofNeeded)
    async def proof_needed(_: Request, needed: ProofNeeded) -> Response:
        return JSONResponse({"error": "proof_needed", "text": faults.errors["proof_needed"], "challenge": needed.challenge}, 428)

    @app.exception_handler(BodyTooLarge)
    async def too_large(request: Request, _: BodyTooLarge) -> Response:
        return said(request, "too_large", 413)

    @app.exception_handler(RequestValidationError)
    async def unreadable(request: Request, _: RequestValidationError) -> Response:
        return said(request, "bad_request", 422)

    @app.exception_handler(HTTPException)
    async def missing(request: Request, fault: HTTPException) -> Response:
        return said(request, "not_found" if fault.status_code == 404 else "bad_request", fault.status_code, fault.headers)

    @app.exception_handler(Exception)
    async def trouble(request: Request, _: Exception) -> Response:
        return said(request, "trouble", 500)
