"""The timer: chores that come round again, such as reminders and the deletion of old drafts. A failing chore is tried again next time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """Something to do every so often. It must be harmless to do twice: several processes may run it at once."""

    name: str
    every: timedelta
    do: Callable[[datetime], Awaitable[object]]


class Timer:
    """Runs each chore at its own pace. What was due while the service stood still is done at the start."""

    def __init__(self, chores: Sequence[Chore], clock: Callable[[], datetime]) -> None:
        self._chores, self._clock = chores, clock

    async def run(self, stopping: asyncio.Event) -> None:
        await asyncio.gather(*(self._repeat(chore, stopping) for chore in self._chores))

    async def _repeat(self, chore: Chore, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await chore.do(self._clock())
            except Exception as failure:  # noqa: BLE001 - one chore must not end the others, nor itself for good
                # Only the kind: an error's text may quote a row.
                log.error("chore %s failed: %s", chore.name, type(failure).__name__)  # noqa: TRY400
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), chore.every.total_seconds())
