"""The chat API: one POST a turn answered with the bot's replies, a stream or polling for what comes later."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.channels.web.guard import client_address
from bot.channels.web.limits import Limits
from bot.channels.web.proof_of_work import LONGEST_PROOF, ProofOfWork
from bot.channels.web.speaker import Person, Refusal, give_cookie, speaking
from bot.channels.web.tokens import COOKIE, ConversationTokens
from bot.reception import Reception, StoredReply
from handlers.dialogue import Incoming, Kind

CHANNEL = "web"
KEEP_ALIVE_SECONDS = 20.0
# Ids are the database's 64-bit numbers; a larger one is nobody's, and must not reach it.
GREATEST_ID = 2**53
MOST_FILES = 50
LONGEST_NUMBER = 17

Id = Annotated[int, Field(ge=0, le=GREATEST_ID)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class Turn(BaseModel):
    """One message of a person. `client_id` is made by the client: the same one twice is handled once and answered the same."""

    model_config = ConfigDict(extra="forbid")

    client_id: UUID
    text: str = ""
    choice: str = Field("", max_length=120)
    attachment: Id | Annotated[list[Id], Field(max_length=MOST_FILES)] | None = None
    location: tuple[Latitude, Longitude] | None = None
    start: str = Field("", max_length=64)
    proof: str = Field("", max_length=LONGEST_PROOF, description="The solved challenge, where a new conversation was answered 428.")

    @model_validator(mode="after")
    def says_something(self) -> "Turn":
        if not (self.text or self.choice or self.attachment or self.location or self.start):
            raise ValueError("a turn says, picks or sends something")
        return self

    def files(self) -> tuple[int, ...]:
        given = self.attachment
        return () if given is None else (given,) if isinstance(given, int) else tuple(given)


class ChoiceOut(BaseModel):
    key: str
    label: str
    quiet: bool = False
    urgent: bool = False


class ReplyOut(BaseModel):
    """One message to the person; `id` grows, so `after=<last id>` asks for what is new."""

    id: int
    text: str
    choices: list[ChoiceOut]
    kind: Kind
    hint: str = ""
    card: dict[str, Any] | None = None


class Turned(BaseModel):
    replies: list[ReplyOut]
    token: str | None = Field(None, description="Given once, when a conversation begins: send it back as a bearer token or cookie.")


def chat_routes(
    reception: Reception, tokens: ConversationTokens, limits: Limits, *, address: str, text_limit: int, work: ProofOfWork | None = None
) -> APIRouter:
    """The routes of `/api/chat`. `address` is the outside address, for the QR code of a receipt; `work` is asked of newcomers, if given."""
    router = APIRouter(prefix="/api/chat", tags=["chat"])

    speaker_type = Annotated[Person, Depends(speaking(tokens))]

    async def dressed(stored: Sequence[StoredReply]) -> list[ReplyOut]:
        return [_out(reply, address) for reply in stored]

    @router.post("")
    async def turn(said: Turn, speaker: speaker_type, request: Request, response: Response) -> Turned:
        """Say, pick or send something; the replies come back in the answer, however often it is sent."""
        if len(said.text) > text_limit:
            raise Refusal("too_large", 413)
        await limits.count("address", client_address(request))
        if work and speaker.new_token:
            work.admit(said.proof)
        await limits.count("message", speaker.address)
        incoming = Incoming(
            id=event_id(speaker.address, said.client_id),
            channel=CHANNEL,
            address=speaker.address,
            text=said.text,
            choice=said.choice,
            attachments=said.files(),
            location=said.location,
            start=said.start,
        )
        inbox_id = await reception.receive(incoming, place=client_address(request))
        replies = await dressed(await reception.answered(inbox_id))
        give_cookie(speaker, request, response)
        return Turned(replies=replies, token=speaker.new_token)

    @router.get("")
    async def later(speaker: speaker_type, after: Annotated[int, Query(ge=0, le=GREATEST_ID)] = 0) -> Turned:
        """Replies newer than `after`; whoever comes back asks from just before the last one seen."""
        return Turned(replies=await dressed(await reception.after(CHANNEL, speaker.address, after)))

    @router.get("/stream", response_class=StreamingResponse)
    async def stream(speaker: speaker_type, request: Request, after: Annotated[int, Query(ge=0, le=GREATEST_ID)] = 0) -> StreamingResponse:
        """Server-sent events: every later reply as one `data:` line with its id."""
        seen = request.headers.get("last-event-id", "")
        last = min(int(seen), GREATEST_ID) if seen.isascii() and seen.isdecimal() and len(seen) < LONGEST_NUMBER else after
        headers = {"x-accel-buffering": "no", "cache-control": "no-store"}
        return StreamingResponse(_events(reception, speaker.address, last, address), media_type="text/event-stream", headers=headers)

    @router.delete("", status_code=204)
    async def forget(response: Response) -> None:
        """Clear this phone: the cookie goes; reports stay and are found by number and code."""
        response.delete_cookie(COOKIE)

    return router


def event_id(address: str, client_id: UUID) -> str:
    """The turn's id in our records: unique per speaker, and it tells nobody the speaker's address."""
    return sha256(f"{address}:{client_id}".encode()).hexdigest()


async def _events(reception: Reception, sender: str, last: int, address: str) -> AsyncIterator[str]:
    while True:
        for reply in await reception.after(CHANNEL, sender, last):
            last = reply.id
            yield f"id: {reply.id}\ndata: {_out(reply, address).model_dump_json()}\n\n"
        try:
            await asyncio.wait_for(reception.news(CHANNEL, sender), KEEP_ALIVE_SECONDS)
        except TimeoutError:
            yield ": still here\n\n"


def _out(stored: StoredReply, address: str) -> ReplyOut:
    reply = stored.reply
    card: dict[str, Any] | None = None
    if reply.card:
        lines = [{"label": line.label, "value": line.value, "edit": line.edit_key} for line in reply.card.lines]
        card = {"title": reply.card.title, "lines": lines, "number": reply.card.number, "code": reply.card.code}
        if reply.card.code:
            # Behind the #, so that the code never reaches a server's log when the QR is scanned.
            card["qr"] = _qr(f"{address}/#{reply.card.number}:{reply.card.code.replace(' ', '')}")
    choices = [ChoiceOut(key=one.key, label=one.label, quiet=one.is_aside, urgent=one.is_urgent) for one in reply.choices]
    return ReplyOut(id=stored.id, text=reply.text, choices=choices, kind=reply.kind, hint=reply.hint, card=card)


def _qr(text: str) -> str:
    picture = io.BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=0)
    return picture.getvalue().decode()
