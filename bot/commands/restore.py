"""Bring a backup back into an empty VAR_DIR (or an empty PostgreSQL database), with the service stopped, and check its history."""

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path

from bot import record
from bot.commands.backup import passphrase
from bot.settings import Settings
from storage import backup, verify
from storage.backup import DumpFailed, Lock, NotABackup, NotEmpty
from storage.verify import Head

MENDS = {
    NotEmpty: "There is already a database or evidence in VAR_DIR. Move it away; nothing is ever overwritten.",
    NotABackup: "This is no whole backup of ours, or this key or passphrase does not open it.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--passphrase-file", type=Path, help="the passphrase it was made with, in the first line of this file")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        lock = Lock(passphrase=passphrase(arguments.passphrase_file)) if arguments.passphrase_file else Lock(record.keys(settings))
        manifest = backup.restore(arguments.file, record.place(settings), lock)
    except (NotEmpty, NotABackup) as failed:
        print(MENDS[type(failed)], file=sys.stderr)
        return 1
    except record.NothingHere as missing:
        print(f"Not restored: no keys at {missing}. Give KEY_FILE, or the passphrase if it was made with one.", file=sys.stderr)
        return 1
    except (DumpFailed, OSError) as failed:
        print(f"Not restored: {failed}", file=sys.stderr)
        return 1
    faults = asyncio.run(_check(settings, tuple(Head.from_dict(head) for head in manifest["heads"])))
    made_at = datetime.fromisoformat(manifest["made_at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    print(f"Restored what stood at {made_at}. {'Its history is whole.' if not faults else f'{faults} faults: run verify.'}")
    return 1 if faults else 0


async def _check(settings: Settings, anchors: tuple[Head, ...]) -> int:
    async with record.opened(settings) as database:
        return len((await database.read(verify.check, anchors)).faults)
