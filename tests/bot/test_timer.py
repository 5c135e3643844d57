"""The timer: a chore that fails neither ends the others nor itself."""

import asyncio
from datetime import datetime, timedelta

from bot.timer import Chore, Timer
from tests.clock import Now


async def test_a_failing_chore_is_tried_again_and_others_go_on(now: Now) -> None:
    stopping, done = asyncio.Event(), []

    async def broken(at: datetime) -> None:
        done.append("broken")
        if done.count("broken") == 3:
            stopping.set()
        raise ZeroDivisionError

    async def sound(at: datetime) -> None:
        done.append("sound")

    moment = timedelta(milliseconds=1)
    await asyncio.wait_for(Timer([Chore("a", moment, broken), Chore("b", moment, sound)], now).run(stopping), 5)
    assert done.count("broken") == 3
    assert done.count("sound") >= 2
