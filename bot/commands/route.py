"""Read JSON lines {"id", "text"} on standard input; write the decision for each, line by line."""

import argparse
import json
import sys
from datetime import date

from bot.settings import Settings
from nlp.reader import Reader
from nlp.route import as_row


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--today", type=date.fromisoformat, default=None, help="the day dates are relative to (default: today)")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    reader = Reader.load(settings.policy)
    today = arguments.today or date.today()  # noqa: DTZ011 - the operator's own day
    for line in filter(str.strip, sys.stdin):
        given = json.loads(line)
        row = {"id": given["id"], **as_row(reader.read(given["text"], today))}
        print(json.dumps(row, ensure_ascii=False))
    return 0
