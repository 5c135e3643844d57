"""Programs outside, for the office: tokens that read figures, and addresses that hear what happens; every act is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.forms import Answers, Values
from handlers.office.forms import FIELDS
from storage import accesses, api_tokens, webhooks
from storage.accesses import Action
from storage.api_tokens import ApiToken, Scope
from storage.database import Database
from storage.rules import Rules
from storage.sealing import Secret
from storage.vocabulary import EventKind
from storage.webhooks import Delivery, Webhook

LONGEST_LIFE_DAYS = 730
DELIVERIES = 5


class NotHttps(Exception):
    """The address is not an https one."""


@dataclass(frozen=True)
class Shown:
    """A secret that is on the screen this once."""

    name: str
    kind: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Hook:
    """An address with what was sent there last."""

    webhook: Webhook
    deliveries: tuple[Delivery, ...]


@dataclass(frozen=True)
class Programs:
    """For the office's role alone; the table of pages sees to that."""

    database: Database
    rules: Rules
    clock: Clock

    async def tokens(self) -> Sequence[ApiToken]:
        return await self.database.read(api_tokens.everyone)

    async def hooks(self) -> Sequence[Hook]:
        return await self.database.read(_hooks)

    async def issue(self, person: Person, values: Values) -> Shown:
        """A token that reads what was chosen, until its days are over."""
        said = Answers(FIELDS["issue_token"], values, self.rules.calendar.zone)
        life = timedelta(days=min(max(said.number("life_days") or 1, 1), LONGEST_LIFE_DAYS))
        scopes = [Scope(one) for one in said.several("scopes")]
        made = await self.database.write(
            _issue, person, self.clock(), name=said.text("name"), scopes=scopes, life=life, department=said.text("department") or None
        )
        return Shown(said.text("name"), "token", made.reveal())

    async def revoke(self, person: Person, token_id: int) -> None:
        await self.database.write(_revoke, person, token_id, self.clock())

    async def subscribe(self, person: Person, values: Values) -> Shown:
        """Tell an address from now on. NotHttps for any other: from a page nobody may point us at this machine itself."""
        said = Answers(FIELDS["subscribe"], values, self.rules.calendar.zone)
        if not said.text("url").startswith("https://"):
            raise NotHttps
        kinds = [EventKind(one) for one in said.several("events")]
        made = await self.database.write(_subscribe, person, self.clock(), name=said.text("name"), url=said.text("url"), kinds=kinds)
        return Shown(said.text("name"), "webhook", made.reveal())

    async def stop(self, person: Person, webhook_id: int) -> None:
        await self.database.write(_stop, person, webhook_id, self.clock())

    async def send_trial(self, person: Person, webhook_id: int) -> None:
        """One signed message that is about no report."""
        await self.database.write(_send_trial, person, webhook_id, self.clock())


def _hooks(tx: Connection) -> list[Hook]:
    return [Hook(one, tuple(webhooks.deliveries(tx, one.id, DELIVERIES))) for one in webhooks.active(tx)]


def _issue(
    tx: Connection, person: Person, at: datetime, *, name: str, scopes: list[Scope], life: timedelta, department: str | None
) -> Secret:
    _note(tx, person, at, "issue_token", name)
    return api_tokens.issue(tx, name, scopes, person.actor, at, life=life, department=department)


def _revoke(tx: Connection, person: Person, token_id: int, at: datetime) -> None:
    _note(tx, person, at, "revoke_token", f"#{token_id}")
    api_tokens.revoke(tx, token_id, at)


def _subscribe(tx: Connection, person: Person, at: datetime, *, name: str, url: str, kinds: list[EventKind]) -> Secret:
    _note(tx, person, at, "subscribe", name)
    return webhooks.subscribe(tx, name, url, kinds, at)


def _stop(tx: Connection, person: Person, webhook_id: int, at: datetime) -> None:
    _note(tx, person, at, "stop_webhook", f"#{webhook_id}")
    webhooks.unsubscribe(tx, webhook_id, at)


def _send_trial(tx: Connection, person: Person, webhook_id: int, at: datetime) -> None:
    if webhooks.send_trial(tx, webhook_id, at):
        _note(tx, person, at, "send_trial", f"#{webhook_id}")


def _note(tx: Connection, person: Person, at: datetime, act: str, about: str) -> None:
    accesses.record(tx, person.actor, Action.OUTSIDE, at, allowed=True, reason=f"{act} {about}")
