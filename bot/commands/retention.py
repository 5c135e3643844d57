"""Erase what has been kept long enough (retention.toml), and files that cut-off uploads left. With --dry-run only say what would go."""

import argparse
import asyncio
import sys
from datetime import UTC, datetime

from bot import record
from bot.settings import Settings
from storage import keeping, retention
from storage.retention import Terms


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="say what would be erased and change nothing")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        asyncio.run(_retain(settings, dry=arguments.dry_run))
    except record.NothingHere as missing:
        print(f"Nothing is kept at {missing}.", file=sys.stderr)
        return 1
    return 0


async def _retain(settings: Settings, *, dry: bool) -> None:
    terms, at = Terms.load(settings.policy), datetime.now(UTC)
    async with record.opened(settings) as database:
        if dry:
            due = await database.read(retention.due, terms, at)
        else:
            due = await keeping.forget(database, record.shelf(settings), terms, at)
            swept = await keeping.sweep_files(database, record.shelf(settings), at)
    print("Would erase:" if dry else "Erased:")
    print(f"  {len(due.identities)} reporters' traits, {len(due.cases)} cases' words")
    print(f"  {due.drafts} drafts, {due.messages} messages, {due.files} files never filed, {len(due.people)} addresses")
    if not dry:
        print(f"  {swept} files of uploads that were cut off")
