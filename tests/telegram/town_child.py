"""A whole service in a process of its own that may die at a wanted moment: run by test_ends, never by hand."""

import asyncio
import os
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import ModuleType

from bot import delivery, serving
from bot.commands import run
from bot.compose import open_service
from storage import inbox, outbox
from tests import city
from tests.served import settings_for

KEPT, ANSWERING, ANSWERED, SENT = "message kept", "before the answer is committed", "answer committed", "answer sent"

# Where each moment is, and whether it is before or after what is called there.
PLACES: dict[str, tuple[ModuleType, str, bool]] = {
    KEPT: (inbox, "is_finished", True),
    ANSWERING: (inbox, "finish", False),
    ANSWERED: (outbox, "lease", False),
    SENT: (delivery, "_mark", True),
}


def live(moment: str, folder: Path, policy: Path, changes: Mapping[str, object]) -> None:
    """Serve until asked to stop, or until the moment of death."""
    # A minute in real life: what a dead process had taken is sent again by the next one after that time.
    outbox.LEASE = timedelta(seconds=2)
    # The reader never changes: the nursery has loaded one for all lives.
    serving.open_service = partial(open_service, reader=city.reader(policy))
    if moment:
        die_at(moment, folder / "die")
    asyncio.run(run.serve(settings_for(folder, policy, **changes)))


def die_at(moment: str, flag: Path) -> None:
    """End the process, once, at this moment and without any farewell."""

    def die() -> None:
        if flag.exists():
            flag.unlink()
            os._exit(9)

    module, name, comes_first = PLACES[moment]
    act = getattr(module, name)

    def acting(*args: object, **named: object) -> object:
        if comes_first:
            die()
        result = act(*args, **named)
        if result:
            die()
        return result

    setattr(module, name, acting)
