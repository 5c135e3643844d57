"""Programs outside: issue or revoke a token for the API, and tell an address what happens to reports."""

import argparse
import asyncio
from datetime import UTC, datetime, timedelta

from bot.settings import Settings
from storage import api_tokens, migrations, webhooks
from storage.api_tokens import Scope
from storage.database import Database
from storage.people import SYSTEM
from storage.rules import Rules
from storage.sealing import Keyring
from storage.vocabulary import EventKind


def add_arguments(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True)
    token = acts.add_parser("token", help="issue a token; it is shown once")
    token.add_argument("name", help="whose it is")
    token.add_argument("--scope", action="append", required=True, choices=[str(scope) for scope in Scope])
    token.add_argument("--department", help="only this department's")
    token.add_argument("--days", type=int, default=365, help="how long it stands")
    hook = acts.add_parser("webhook", help="tell an https address of events; its signing secret is shown once")
    hook.add_argument("name")
    hook.add_argument("url")
    hook.add_argument("--event", action="append", required=True, choices=[str(kind) for kind in EventKind])
    acts.add_parser("list", help="every token and webhook")
    for act in ("revoke", "stop"):
        acts.add_parser(act, help=f"{act} by number").add_argument("id", type=int)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    for line in asyncio.run(_act(arguments, settings)):
        print(line)
    return 0


async def _act(given: argparse.Namespace, settings: Settings) -> list[str]:
    await migrations.upgrade(settings.database())
    keyring, at = Keyring.load(settings.key_file), datetime.now(UTC)
    database = await Database.open(settings.database(), keyring=keyring, rules=Rules.load(settings.policy))
    try:
        match given.act:
            case "token":
                life, scopes = timedelta(days=given.days), [Scope(one) for one in given.scope]
                made = await database.write(api_tokens.issue, given.name, scopes, SYSTEM, at, life=life, department=given.department)
                return [made.reveal()]
            case "webhook":
                kinds = [EventKind(one) for one in given.event]
                return [(await database.write(webhooks.subscribe, given.name, given.url, kinds, at)).reveal()]
            case "revoke":
                await database.write(api_tokens.revoke, given.id, at)
            case "stop":
                await database.write(webhooks.unsubscribe, given.id, at)
        return [*map(str, await database.read(api_tokens.everyone)), *map(str, await database.read(webhooks.active))]
    finally:
        await database.close()
