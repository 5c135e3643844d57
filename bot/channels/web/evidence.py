"""Files from a parent's browser: one upload, answered with the file's id, which the next turn of the conversation names."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from bot.channels.web.guard import client_address
from bot.channels.web.limits import Limits
from bot.channels.web.proof_of_work import ProofNeeded, ProofOfWork
from bot.channels.web.speaker import Person, Refusal, give_cookie
from handlers.evidence.accepting import FileRefused, Why
from handlers.evidence.receiving import EvidenceIntake
from handlers.texts import Texts

CHANNEL = "web"
# Uploads are held in memory while they arrive, so all of them together may not take more than this.
IN_FLIGHT_BYTES = 256_000_000
UPLOAD_SECONDS = 120
OVERHEAD = 64_000
STATUS = {Why.TOO_LARGE: 413, Why.NO_ROOM: 507, Why.SCANNER_AWAY: 503, Why.TOO_MANY: 409}
FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
            }
        },
    }
}


class Uploaded(BaseModel):
    """`attachment` goes into the next turn; `kind` is photo, document, audio or video."""

    attachment: int
    kind: str
    token: str | None = None


class InMemory(MultiPartParser):
    """Never writes a part to a temporary file: what a parent sends touches the disk sealed or not at all."""

    spool_max_size = 1 << 40


class Doorway:
    """Lets uploads in while their sizes together stay within bounds; whoever comes then is asked to come back."""

    def __init__(self, most: int = IN_FLIGHT_BYTES) -> None:
        self._free = most

    @asynccontextmanager
    async def holding(self, size: int) -> AsyncIterator[None]:
        if size > self._free:
            raise Refusal("too_fast", 503, seconds=UPLOAD_SECONDS // 10)
        self._free -= size
        try:
            yield
        finally:
            self._free += size


def upload_routes(
    intake: EvidenceIntake, speaking: Callable[..., Person], limits: Limits, texts: Texts, work: ProofOfWork | None = None
) -> APIRouter:
    """The upload route of `/api/chat`. `speaking` resolves whose conversation it is; with `work`, one must have begun by a turn."""
    router = APIRouter(prefix="/api/chat", tags=["chat"])
    doorway = Doorway()

    @router.post("/attachments", openapi_extra=FORM)
    async def upload(speaker: Annotated[Person, Depends(speaking)], request: Request, response: Response) -> Uploaded:
        """Send one file in the field `file`. It is checked, sealed, and waits for the report; the same file twice is one file."""
        await limits.count("address", client_address(request))
        if work and speaker.new_token:
            raise ProofNeeded(work.challenge())
        await limits.count("upload", speaker.address)
        size = int(request.headers.get("content-length") or intake.file_bytes + OVERHEAD)
        async with doorway.holding(size):
            content, _ = await uploaded(request)
            try:
                kept = await intake.receive(CHANNEL, speaker.address, content)
            except FileRefused as refused:
                sentence = texts.say(f"file_refused.{refused.why}")
                raise Refusal("refused_file", STATUS.get(refused.why, 422), why=sentence) from refused
        give_cookie(speaker, request, response)
        return Uploaded(attachment=kept.id, kind=kept.kind, token=speaker.new_token)

    return router


async def uploaded(request: Request) -> tuple[bytes, dict[str, str]]:
    """The bytes of the field `file`, and the plain fields beside it; a phone that sends too slowly gives up its place."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise Refusal("bad_request", 422)
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            form = await InMemory(request.headers, request.stream(), max_files=1, max_fields=4).parse()
    except (MultiPartException, KeyError, UnicodeDecodeError) as unreadable:
        raise Refusal("bad_request", 422) from unreadable
    except TimeoutError as slow:
        raise Refusal("bad_request", 408) from slow
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise Refusal("bad_request", 422)
        return await file.read(), {name: value for name, value in form.items() if isinstance(value, str)}
    finally:
        await form.close()
