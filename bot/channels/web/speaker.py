"""Who is speaking: a browser or program that holds a conversation token, or a newcomer who is given one."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Cookie, Header, Request, Response
from pydantic import BaseModel

from bot.channels.web.tokens import COOKIE, ConversationTokens

COOKIE_DAYS = 30


class Refusal(Exception):
    """A request that is answered with a sentence from pages.toml `[errors]`; `key` names it."""

    def __init__(self, key: str, status: int = 400, **fields: object) -> None:
        super().__init__(key)
        self.key, self.status, self.fields = key, status, fields


class Person(BaseModel):
    """Who is speaking, as far as we know: an address that means nothing outside, and the token when it is new."""

    address: str
    new_token: str | None = None


def speaking(tokens: ConversationTokens) -> Callable[..., Person]:
    """The dependency of every public route that a person speaks through."""

    def person(authorization: Annotated[str, Header()] = "", talk: Annotated[str, Cookie(alias=COOKIE)] = "") -> Person:
        token = authorization.removeprefix("Bearer ").strip() or talk
        if token:
            return Person(address=_known(tokens, token))
        fresh = tokens.issue()
        return Person(address=_known(tokens, fresh), new_token=fresh)

    return person


def give_cookie(speaker: Person, request: Request, response: Response) -> None:
    """A newcomer's browser keeps the token, out of reach of scripts."""
    if speaker.new_token:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, speaker.new_token, max_age=COOKIE_DAYS * 86_400, httponly=True, samesite="lax", secure=secure)


def _known(tokens: ConversationTokens, token: str) -> str:
    found = tokens.address(token)
    if found is None:
        raise Refusal("bad_token", 401)
    return found
