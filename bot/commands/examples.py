"""Write what the office set right as labelled texts, masked, for `python -m nlp suggest`. Needs a reason; the access log keeps it."""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot import record
from bot.settings import Settings
from handlers import examples


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write them, one JSON object a line")
    parser.add_argument("--reason", required=True, help="why these texts are needed")
    parser.add_argument("--of", choices=["category", "lead"], default="category", help="what was set right (default: the category)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        written = asyncio.run(_written(arguments, settings))
    except record.NothingHere as missing:
        print(f"Nothing is kept at {missing}.", file=sys.stderr)
        return 1
    except examples.ReasonMissing:
        print("State a reason: --reason '…'.", file=sys.stderr)
        return 2
    _keep(arguments.file, written)
    print(f"{len(written)} examples in {arguments.file}")
    return 0


async def _written(given: argparse.Namespace, settings: Settings) -> Sequence[str]:
    async with record.opened(settings) as database:
        return await examples.lines(database, given.of, reason=given.reason, at=datetime.now(UTC))


def _keep(path: Path, written: Sequence[str]) -> None:
    # Masked, and still what parents wrote: for the eyes of whoever asked.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in written)
