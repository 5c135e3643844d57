"""Change the keys: `new` the one that wraps all others, `new-index` the one that finds addresses; `status` says where it stands.

After `new` restart the service, then `rewrap`; after `new-index` restart it, then `reindex`. Both can be stopped and run again.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable

from bot import record
from bot.settings import Settings
from nlp.similar import fingerprint
from storage import reindexing, sealing

BATCH = 1_000
# A report is read again for its index: so many of them keep others from writing for no longer than a moment.
READ_AT_ONCE = 100
NEW = {
    "new": (
        "is now the wrapping key; the old ones stay, or old backups could not be read.\n"
        "Copy the key file to its safe place, restart the service, then run `keys rewrap`."
    ),
    "new-index": (
        "has a new index key; the old one stays, or no query code given out so far would open its report.\n"
        "Copy the key file to its safe place, restart the service, then run `keys reindex`. Conversations in browsers begin anew:\n"
        "whoever comes back gives number and query code."
    ),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", choices=["status", "new", "rewrap", "new-index", "reindex"])


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        if arguments.step in NEW:
            return _new(settings, arguments.step)
        asyncio.run(STEPS[arguments.step](settings))
        return 0
    except record.NothingHere as missing:
        print(f"There are no keys at {missing}.", file=sys.stderr)
        return 1


def _new(settings: Settings, step: str) -> int:
    old = record.keys(settings)
    ring = old.rotated() if step == "new" else old.reindexed()
    ring.save(settings.key_file)
    print(f"{ring.current if step == 'new' else settings.key_file} {NEW[step]}")
    return 0


async def _status(settings: Settings) -> None:
    ring = record.keys(settings)
    async with record.opened(settings, ring) as database:
        left = await database.read(sealing.wrapped_by_others)
    print(f"{ring.current}: {left} data keys are wrapped by an older key")
    print(f"{len(ring.former)} former index keys are kept, for query codes given out before")


async def _rewrap(settings: Settings) -> None:
    async with record.opened(settings) as database:
        left, done = await database.read(sealing.wrapped_by_others), 0
        while now := await database.write(sealing.rewrap, BATCH):
            done += now
            _tell(f"{done} of {left} data keys wrapped anew")
    print(f"{done} data keys are wrapped anew, 0 are left")


async def _reindex(settings: Settings) -> None:
    async with record.opened(settings) as database:
        found = await _through("addresses", lambda after: database.write(reindexing.addresses, after, BATCH))
        told = await _through("reports", lambda after: database.write(reindexing.stories, after, READ_AT_ONCE, fingerprint))
    print(f"{found} addresses and {told} reports are indexed anew, 0 are left")


async def _through(what: str, step: Callable[[int], Awaitable[tuple[int, int | None]]]) -> int:
    """From the first row to the last, each batch kept by itself; how many had to be changed."""
    done, after = 0, 0
    while True:
        now, following = await step(after)
        done += now
        _tell(f"{done} {what} indexed anew")
        if following is None:
            return done
        after = following


def _tell(progress: str) -> None:
    """How far it is, where somebody is watching."""
    if sys.stderr.isatty():
        print(f"\r{progress}", end="", file=sys.stderr, flush=True)


STEPS = {"status": _status, "rewrap": _rewrap, "reindex": _reindex}
