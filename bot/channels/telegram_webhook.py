"""The one address Telegram calls for both bots: the secret is compared in constant time, and success means safely kept."""

import logging
import secrets
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from bot.channels.telegram import Adapter, NotKept

log = logging.getLogger(__name__)

PATH = "/telegram/{name}"


def webhook_routes(bots: Mapping[str, Adapter], secret: str) -> APIRouter:
    """The route for these bots, by channel name."""
    router = APIRouter(include_in_schema=False)

    @router.post(PATH)
    async def update(name: str, request: Request, x_telegram_bot_api_secret_token: Annotated[str, Header()] = "") -> Response:
        """200 only once it is kept; anything else makes Telegram bring it again. Whoever lacks the secret learns nothing."""
        if not secrets.compare_digest(x_telegram_bot_api_secret_token.encode(), secret.encode()) or name not in bots:
            return Response(status_code=403)
        bot = bots[name]
        try:
            await bot.feed(bot.read(await request.json()))
        except NotKept:
            return Response(status_code=503)
        except Exception as failure:  # noqa: BLE001 - an update we cannot read will not become readable by asking again
            log.error("%s: an update cannot be read: %s", name, type(failure).__name__)  # noqa: TRY400
        return Response()

    return router


def path(name: str) -> str:
    return PATH.format(name=name)
