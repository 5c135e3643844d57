"""Fetches a bot's updates by long polling and acknowledges only what is safely kept."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from bot.channels.telegram import POLL_SECONDS, Adapter, AnotherPoller, NotKept, Refused

log = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
LONGEST_PAUSE = 30.0
# Another copy of the service may be shutting down; a wrong token will not mend itself.
CONFLICT_PAUSE = 5.0


async def poll(bot: Adapter, stopping: asyncio.Event) -> None:
    """Until told to stop. What was fetched and not kept is fetched again; what was kept twice is one message."""
    offset, failures = 0, 0
    while not stopping.is_set():
        try:
            updates = await _unless(stopping, bot, offset)
        except AnotherPoller:
            log.error("%s: another process fetches this bot's updates; stop it, or give this one its own token", bot.name)  # noqa: TRY400
            await _pause(stopping, CONFLICT_PAUSE)
        except Refused:
            log.error("%s: Telegram does not know this token; check it in .env", bot.name)  # noqa: TRY400
            await _pause(stopping, LONGEST_PAUSE)
        except Exception as failure:  # noqa: BLE001 - fetching is safe to repeat, whatever went wrong
            failures += 1
            log.warning("%s: no updates: %s", bot.name, type(failure).__name__)
            await _pause(stopping, min(PAUSE_SECONDS * 2**failures, LONGEST_PAUSE))
        else:
            failures = 0
            kept = await keep(bot, updates)
            if kept < len(updates):
                await _pause(stopping, PAUSE_SECONDS)
            offset = max([offset, *(update.update_id + 1 for update in updates[:kept])])


async def keep(bot: Adapter, updates: Sequence[Any]) -> int:
    """Hand in the updates, each chat's in order and the chats side by side; how many, from the first on, are safely kept."""
    lines: dict[int, list[int]] = {}
    for place, update in enumerate(updates):
        lines.setdefault(bot.sender(update), []).append(place)
    firsts = await asyncio.gather(*(_keep_line(bot, updates, places) for places in lines.values()))
    return min((first for first in firsts if first is not None), default=len(updates))


async def _keep_line(bot: Adapter, updates: Sequence[Any], places: Sequence[int]) -> int | None:
    """The place of the first update that could not be kept."""
    for place in places:
        try:
            await bot.feed(updates[place])
        except NotKept:
            return place
        except Exception as failure:  # noqa: BLE001 - an update we cannot read will not become readable by asking again
            log.error("%s: update %s cannot be read: %s", bot.name, updates[place].update_id, type(failure).__name__)  # noqa: TRY400
    return None


async def _unless(stopping: asyncio.Event, bot: Adapter, offset: int) -> Sequence[Any]:
    """The next updates; none when it is time to stop."""
    fetching = asyncio.ensure_future(bot.updates(offset, POLL_SECONDS))
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({fetching, stop}, return_when=asyncio.FIRST_COMPLETED)
        return await fetching if fetching.done() else ()
    finally:
        for task in (fetching, stop):
            task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await fetching


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)
