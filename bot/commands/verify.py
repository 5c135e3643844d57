"""Walk the whole history and say what was altered, removed or inserted behind the service's back; print the heads to keep elsewhere.

With --proof only check a filing proof: whether it was signed here, and whether the text beside it is the one that was filed.
"""

import argparse
import asyncio
import json
import sys
from pathlib import Path

from bot import record
from bot.settings import Settings
from storage import proof, verify
from storage.database import Database
from storage.filecheck import check_files
from storage.proof import Proof
from storage.shelf import Shelf
from storage.verify import Head


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--against", type=Path, action="append", default=[], help="heads kept earlier (a file of --heads, or of a backup)")
    parser.add_argument("--heads", type=Path, help="write the heads here; keep the file where nobody who can reach the database reaches it")
    parser.add_argument("--proof", type=Path, help="a reporter's copy (copy.json), or the proof alone; nothing else is checked")
    parser.add_argument("--files", action="store_true", help="open every evidence file too")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.proof:
        return _prove(arguments.proof, settings)
    anchors = tuple(Head.from_dict(head) for path in arguments.against for head in json.loads(path.read_text())["heads"])
    try:
        return asyncio.run(_verify(arguments, settings, anchors))
    except record.NothingHere as missing:
        print(f"Nothing to verify at {missing}.", file=sys.stderr)
        return 1


def _prove(path: Path, settings: Settings) -> int:
    """Signed with the keys of this installation: the key that a file brings along proves nothing."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        signed = Proof.from_dict(kept.get("proof") or kept)
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        print(f'{path} holds no filing proof: give the copy a reporter downloaded, or the part of it under "proof".', file=sys.stderr)
        return 1
    try:
        keys = [proof.public_key(ring) for ring in record.keys(settings).lives()]
    except record.NothingHere as missing:
        print(f"No keys to check with at {missing}.", file=sys.stderr)
        return 1
    text = kept.get("story")
    key = next((one for one in keys if proof.holds(one, signed)), None)
    if key is None:
        print(f"{signed.number}: NOT signed with the keys of this installation, or changed since.")
        return 1
    if text is not None and not proof.holds(key, signed, text):
        print(f"{signed.number}: the proof is genuine, but the text beside it is NOT the one that was filed.")
        return 1
    told = "; the text beside it is the one that was filed" if text is not None else ""
    print(f"{signed.number}: genuine, filed at {signed.filed_at}, text hash {signed.text_sha256}{told}.")
    if key != keys[0]:
        print("It was signed before the index key was changed: whoever had the key of that time could have signed it too.")
    return 0


async def _verify(arguments: argparse.Namespace, settings: Settings, anchors: tuple[Head, ...]) -> int:
    async with record.opened(settings) as database:
        verdict = await database.read(verify.check, anchors)
        files = await _files(database, record.shelf(settings)) if arguments.files else []
    for fault in verdict.faults:
        print(f"{fault.table} {fault.row}: {fault.finding}")
    for name, wrong in files:
        print(f"file {name}: {wrong}")
    print("Something was changed, removed or lost: see above." if verdict.faults or files else "Whole: nothing was changed or removed.")
    for head in verdict.heads:
        print(f"{head.table}: {head.rows} rows, head {head.hash}")
    if arguments.heads:
        arguments.heads.write_text(json.dumps({"heads": [head.to_dict() for head in verdict.heads]}, indent=1))
    return 1 if verdict.faults or files else 0


async def _files(database: Database, shelf: Shelf) -> list[tuple[int, str]]:
    return [(fault.attachment_id, fault.wrong) for fault in await check_files(database, shelf)]
