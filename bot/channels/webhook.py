"""Outgoing webhooks: what the outbox holds for an outside address, posted with a signature."""

import json
from collections.abc import Callable
from datetime import datetime

import httpx

from bot.delivery import TryLater, Unreachable, Unsendable
from handlers.dialogue import Reply
from handlers.figures.signing import signature

NAME = "webhook"
TIMEOUT_SECONDS = 10.0
BUSY_SECONDS = 60.0


class WebhookChannel:
    """Posts one event at a time. The receiver checks `tipline-signature` and drops an `id` it has seen."""

    name = NAME

    def __init__(self, clock: Callable[[], datetime], transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._clock = clock
        self._transport = transport

    async def send(self, address: str, reply: Reply) -> str:
        target = json.loads(address)
        moment = int(self._clock().timestamp())
        headers = {
            "content-type": "application/json",
            "tipline-signature": f"t={moment},v1={signature(target['secret'], moment, reply.text)}",
        }
        # Events are few: a client each time costs a handshake and leaves nothing open. A redirect is not followed: it may lead anywhere.
        async with httpx.AsyncClient(transport=self._transport, timeout=TIMEOUT_SECONDS) as client:
            return _outcome(await client.post(target["url"], content=reply.text.encode(), headers=headers))


def _outcome(answer: httpx.Response) -> str:
    status = answer.status_code
    if status < 300:
        return str(status)
    if status == 410:
        raise Unreachable
    if status in (408, 425, 429) or status >= 500:
        raise TryLater(BUSY_SECONDS)
    raise Unsendable
