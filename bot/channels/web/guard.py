"""What every request passes first: size, origin, and the headers that keep a page to itself."""

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Nothing external and nothing inline is ever used, so the policy can be this strict; data: and blob: show a parent's own photo and QR.
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(self)",
}


class Guard:
    """Refuses what is too large or comes from another site; adds the headers to whatever answers."""

    def __init__(self, app: ASGIApp, *, body_limit: int, refuse: Callable[[str], ASGIApp]) -> None:
        self.app = app
        self.body_limit = body_limit
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        fault = self._fault(scope["method"], headers)
        app = self.refuse(fault) if fault else self.app
        await app(scope, _at_most(self.body_limit, receive), _with_headers(scope, send))

    def _fault(self, method: str, headers: Headers) -> str:
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.body_limit:
            return "too_large"
        if method not in SAFE and not same_site(headers):
            return "foreign_site"
        return ""


class BodyTooLarge(Exception):
    """A body without an honest length grew past the limit while it was read."""


def same_site(headers: Headers) -> bool:
    """Whether an unsafe request comes from our own page, or from no page at all (a program with its own token)."""
    fetched_from = headers.get("sec-fetch-site")
    if fetched_from is not None:
        return fetched_from in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def client_address(request: Request) -> str:
    """The network address limits are counted by; uvicorn has already resolved trusted proxies."""
    return request.client.host if request.client else "unknown"


def _at_most(limit: int, receive: Receive) -> Receive:
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise BodyTooLarge
        return message

    return counted


def _with_headers(scope: Scope, send: Send) -> Send:
    private = not scope["path"].startswith("/static/")

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store" if private else "public, max-age=31536000, immutable")
        await send(message)

    return dressed
