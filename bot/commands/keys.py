"""Change the key that wraps all other keys: `new`, restart the service, then `rewrap`; `status` says where it stands."""

import argparse
import asyncio
import sys

from bot import record
from bot.settings import Settings
from storage import sealing

BATCH = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", choices=["status", "new", "rewrap"])


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        if arguments.step == "new":
            return _new(settings)
        return asyncio.run(_rewrap(settings, dry=arguments.step == "status"))
    except record.NothingHere as missing:
        print(f"There are no keys at {missing}.", file=sys.stderr)
        return 1


def _new(settings: Settings) -> int:
    ring = record.keys(settings).rotated()
    ring.save(settings.key_file)
    print(f"{ring.current} is now the wrapping key; the old ones stay, or old backups could not be read.")
    print("Copy the key file to its safe place, restart the service, then run `keys rewrap`.")
    return 0


async def _rewrap(settings: Settings, *, dry: bool) -> int:
    ring = record.keys(settings)
    async with record.opened(settings, ring) as database:
        left = await database.read(sealing.wrapped_by_others)
        print(f"{ring.current}: {left} data keys are wrapped by an older key")
        done = 0
        while not dry and (now := await database.write(sealing.rewrap, BATCH)):
            done += now
            print(f"\r{done} of {left}", end="", flush=True)
        if done:
            print()
    return 0
