"""How often one sender or one network address may do a thing. Too fast is told to wait; nothing kept is ever dropped."""

import time

from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

# Wrong codes of the whole county before every look-up waits: far above what people mistype, far below what guessing needs.
PLACES = 50


class TooFast(Exception):
    """This sender must wait `after` seconds; what was sent before is safe."""

    def __init__(self, after: int) -> None:
        super().__init__(after)
        self.after = after


class Limits:
    """The public doors' limits; each counts in a moving window. `address` is never logged or stored."""

    def __init__(self, *, messages_per_minute: int, address_per_minute: int, lookups_per_hour: int) -> None:
        self._window = MovingWindowRateLimiter(MemoryStorage())
        self._items = {
            "message": RateLimitItemPerMinute(messages_per_minute),
            "address": RateLimitItemPerMinute(address_per_minute),
            "upload": RateLimitItemPerMinute(messages_per_minute),
            "lookup": RateLimitItemPerHour(lookups_per_hour),
            "lookup of all": RateLimitItemPerHour(lookups_per_hour * PLACES),
            "login": RateLimitItemPerHour(lookups_per_hour),
        }

    async def count(self, what: str, who: str) -> None:
        """Count one use, or raise TooFast with the seconds until the next is possible."""
        item = self._items[what]
        if await self._window.hit(item, what, who):
            return
        await self._refuse(what, who)

    async def check(self, what: str, who: str) -> None:
        """Raise TooFast when nothing is left, counting nothing: for things only failures are counted of."""
        if await self.is_spent(what, who):
            await self._refuse(what, who)

    async def is_spent(self, what: str, who: str) -> bool:
        """Whether nothing is left, counting nothing."""
        return not await self._window.test(self._items[what], what, who)

    async def _refuse(self, what: str, who: str) -> None:
        window = await self._window.get_window_stats(self._items[what], what, who)
        raise TooFast(max(1, int(window.reset_time - time.time()) + 1))
