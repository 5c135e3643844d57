"""Signing in and out, and one's own account: password, second factor, where one is signed in."""

import io
from collections.abc import Awaitable
from contextlib import suppress
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from bot.channels.web.guard import client_address
from bot.channels.web.limits import Limits, TooFast
from bot.channels.web.staff import ACCOUNT, COOKIE, Shell, form, one, own_path
from handlers.desk.accounts import Person, WeakPassword, WrongPassword


def login_routes(shell: Shell, limits: Limits) -> APIRouter:
    """The routes of `/desk/login` and the way out."""
    router = APIRouter(route_class=shell.route_class(), include_in_schema=False)
    accounts = shell.accounts
    signed_in = Annotated[Person, Depends(shell.person)]

    def login_page(request: Request, status: int = 200, **context: Any) -> Response:
        return shell.page(request, "login", context, status)

    @router.get("/desk/login", name="login")
    async def login(request: Request, next: str = "/desk") -> Response:  # noqa: A002 - the address says next
        return login_page(request, next=own_path(next))

    @router.post("/desk/login", name="sign_in")
    async def sign_in(request: Request) -> Response:
        values = await form(request)
        name, wanted = one(values, "login").strip().lower(), own_path(one(values, "next"))
        told = {"login": name, "next": wanted}
        counted = (client_address(request), f"login:{name}")
        try:
            for who in counted:
                await limits.check("login", who)
        except TooFast as slow:
            minutes = -(-slow.after // 60)
            return login_page(request, 429, **told, error=shell.words["login"]["slow"].format(minutes=minutes))
        device = request.headers.get("user-agent", "")
        token = await accounts.sign_in(name, one(values, "password"), one(values, "code"), device)
        if token is None:
            for who in counted:
                await _count(limits, who)
            return login_page(request, 401, **told, error=shell.words["login"]["wrong"])
        answer = RedirectResponse(wanted, 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token.reveal(), httponly=True, samesite="lax", secure=secure)
        return answer

    @router.post("/desk/sign-out", name="sign_out")
    async def sign_out(person: signed_in) -> Response:
        await accounts.sign_out(person)
        answer = RedirectResponse("/desk/login", 303)
        answer.delete_cookie(COOKIE)
        return answer

    return router


def account_routes(shell: Shell, limits: Limits) -> APIRouter:
    """The routes of `/desk/account`."""
    router = APIRouter(route_class=shell.route_class(), include_in_schema=False)
    accounts = shell.accounts
    signed_in = Annotated[Person, Depends(shell.person)]

    async def account_page(request: Request, person: Person, status: int = 200, **context: Any) -> Response:
        must_enrol = accounts.must_enrol(person)
        return shell.page(request, "account", {"mine": await accounts.settings(person), "must_enrol": must_enrol, **context}, status)

    @router.get(ACCOUNT, name="account")
    async def account(request: Request, person: signed_in, done: str = "") -> Response:
        return await account_page(request, person, done=done)

    @router.post(f"{ACCOUNT}/password", name="change_password")
    async def change_password(request: Request, person: signed_in) -> Response:
        values = await form(request)
        words = shell.words["account"]
        wanted = one(values, "wanted")
        if wanted != one(values, "repeat"):
            return await account_page(request, person, 422, error=words["differs"])
        try:
            await _throttled(limits, person, accounts.change_password(person, one(values, "present"), wanted))
        except WeakPassword:
            return await account_page(request, person, 422, error=words["weak"])
        except WrongPassword:
            return await account_page(request, person, 403, error=words["wrong"])
        return RedirectResponse(f"{ACCOUNT}?done=password", 303)

    @router.get(f"{ACCOUNT}/code", name="enrol")
    async def enrol(request: Request, person: signed_in) -> Response:
        begun = accounts.enrolment(person, shell.words["shell"]["title"])
        return shell.page(request, "enrol", {"secret": begun.secret, "qr": qr(begun.address)})

    @router.post(f"{ACCOUNT}/code", name="confirm_enrolment")
    async def confirm_enrolment(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            codes = await accounts.enrol(person, one(values, "secret"), one(values, "code"))
        except WrongPassword:
            return await account_page(request, person, 403, error=shell.words["account"]["wrong"])
        return shell.page(request, "recovery", {"codes": codes})

    @router.post(f"{ACCOUNT}/code/stop", name="unenrol")
    async def unenrol(request: Request, person: signed_in) -> Response:
        values = await form(request)
        try:
            await _throttled(limits, person, accounts.unenrol(person, one(values, "present")))
        except WrongPassword:
            return await account_page(request, person, 403, error=shell.words["account"]["wrong"])
        return RedirectResponse(ACCOUNT, 303)

    @router.post(f"{ACCOUNT}/chat", name="chat_code")
    async def chat_code(request: Request, person: signed_in) -> Response:
        return await account_page(request, person, chat_code=await accounts.chat_code(person))

    @router.post(f"{ACCOUNT}/chat/stop", name="leave_chat")
    async def leave_chat(person: signed_in) -> Response:
        await accounts.leave_chat(person)
        return RedirectResponse(ACCOUNT, 303)

    @router.post(f"{ACCOUNT}/sign-ins/{{sign_in_id}}", name="revoke_sign_in")
    async def revoke(sign_in_id: int, person: signed_in) -> Response:
        await accounts.revoke(person, sign_in_id)
        return RedirectResponse(ACCOUNT, 303)

    return router


def qr(text: str) -> Markup:
    """A QR code as an SVG element: no inline style, no picture file, nothing of it is the person's own text."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=False, nl=False, border=2, omitsize=True, svgclass="qr")
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by the library from numbers


async def _count(limits: Limits, who: str) -> None:
    """Count one failure; that the limit is reached now is said at the next try."""
    with suppress(TooFast):
        await limits.count("login", who)


async def _throttled(limits: Limits, person: Person, checked: Awaitable[None]) -> None:
    """A check of the present password: a stolen session must not become a place to guess it."""
    who = f"login:{person.officer.login}"
    try:
        await limits.check("login", who)
        await checked
    except WrongPassword:
        await _count(limits, who)
        raise
