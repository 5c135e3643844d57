"""Write everything into one encrypted file, while the service runs: database, evidence, and with a passphrase the keys too."""

import argparse
import asyncio
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot import record
from bot.settings import Settings
from storage import backup, private, verify
from storage.backup import DumpFailed, Lock
from storage.shelf import NoRoom

ENDING = ".tipline"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", help="where to write it (default: VAR_DIR/backups, named by the time)")
    parser.add_argument("--passphrase-file", type=Path, help="lock it with the first line of this file instead of the key file")
    parser.add_argument("--keep", type=int, default=0, help="afterwards delete all but this many of the newest in that folder")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        asyncio.run(_back_up(arguments, settings))
    except (DumpFailed, NoRoom, OSError, record.NothingHere) as failed:
        print(f"No backup was made: {failed}", file=sys.stderr)
        return 1
    return 0


async def _back_up(arguments: argparse.Namespace, settings: Settings) -> None:
    at = datetime.now(UTC)
    target = arguments.file or settings.var_dir / "backups" / f"{at:%Y%m%d-%H%M%S}{ENDING}"
    async with record.opened(settings) as database:
        heads = [head.to_dict() for head in await database.read(verify.heads)]
    manifest = {"made_at": at.isoformat(), "heads": heads}
    lock = Lock(passphrase=passphrase(arguments.passphrase_file)) if arguments.passphrase_file else Lock(record.keys(settings))
    size = await asyncio.to_thread(backup.make, record.place(settings), target, lock, at, manifest=manifest)
    # The heads lie beside the backup in plain sight: they are hashes, and prove what the history was.
    private.write_text(target.with_suffix(".heads.json"), json.dumps(manifest, indent=1))
    print(f"{target}  {size:,} bytes")
    if not arguments.passphrase_file:
        print(f"It opens only with {settings.key_file}: keep a copy of that file elsewhere.")
    for old in sorted(target.parent.glob(f"*{ENDING}"))[: -arguments.keep] if arguments.keep > 0 else []:
        old.unlink()
        old.with_suffix(".heads.json").unlink(missing_ok=True)


def passphrase(path: Path) -> str:
    return path.read_text("utf-8").split("\n", 1)[0].strip()
