"""Tells outside addresses what happened, through the outbox: signed, in order, at least once, and never what anybody wrote."""

import hmac
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import addressees, outbox
from storage.addressees import Address
from storage.sealing import Secret
from storage.tables.mail import outbox as outgoing
from storage.tables.outside import webhook
from storage.tables.reports import event, report
from storage.vocabulary import EventKind

CHANNEL = "webhook"
BATCH = 200
SECRET_BYTES = 32
TRIAL = "trial"


class NotAnAddress(Exception):
    """A webhook goes to an https address, or to this machine itself."""


@dataclass(frozen=True)
class Webhook:
    """One address, without its secret."""

    id: int
    name: str
    kinds: frozenset[EventKind]
    told_until: int


@dataclass(frozen=True)
class Delivery:
    """One message to an address: when it was settled or written, how it stands, and what kind of fault the last try met."""

    at: datetime
    state: str
    attempts: int
    failure: str | None


def subscribe(tx: Connection, name: str, url: str, kinds: Collection[EventKind], at: datetime) -> Secret:
    """Tell this address of these kinds of events from now on; the secret its signatures are made with, shown this once."""
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
        raise NotAnAddress(parts.scheme)
    secret = Secret(secrets.token_hex(SECRET_BYTES))
    # The secret is sealed together with the address, under the addressee's own key.
    target = addressees.remember(tx, Address.of(CHANNEL, json.dumps({"url": url, "secret": secret.reveal()})), at)
    newest = tx.execute(sa.select(sa.func.coalesce(sa.func.max(event.c.id), 0))).scalar_one()
    row = {"name": name, "addressee_id": target.id, "kinds": sorted(map(str, kinds)), "told_until": newest, "created_at": at}
    tx.execute(sa.insert(webhook).values(row))
    return secret


def tell_all(tx: Connection, at: datetime) -> int:
    """Put what happened since last time into the outbox of every address; how many messages. Twice is harmless."""
    rows = tx.execute(sa.select(webhook).where(webhook.c.ended_at.is_(None)).with_for_update(skip_locked=True)).all()
    return sum(_tell(tx, row, at) for row in rows)


def unsubscribe(tx: Connection, webhook_id: int, at: datetime) -> None:
    tx.execute(sa.update(webhook).where(webhook.c.id == webhook_id, webhook.c.ended_at.is_(None)).values(ended_at=at))


def active(tx: Connection) -> list[Webhook]:
    """Those that are told, oldest first."""
    rows = tx.execute(sa.select(webhook).where(webhook.c.ended_at.is_(None)).order_by(webhook.c.id))
    return [Webhook(row.id, row.name, frozenset(map(EventKind, row.kinds)), row.told_until) for row in rows]


def deliveries(tx: Connection, webhook_id: int, limit: int) -> list[Delivery]:
    """What was sent there last, newest first."""
    rows = sa.select(outgoing).join(webhook, webhook.c.addressee_id == outgoing.c.addressee_id).where(webhook.c.id == webhook_id)
    found = tx.execute(rows.order_by(outgoing.c.id.desc()).limit(limit))
    return [Delivery(row.settled_at or row.created_at, row.state, row.attempts, row.failure) for row in found]


def send_trial(tx: Connection, webhook_id: int, at: datetime) -> bool:
    """A signed message about no report, so that the receiver can be tried; whether there is such an address."""
    hook = tx.execute(sa.select(webhook).where(webhook.c.id == webhook_id, webhook.c.ended_at.is_(None))).one_or_none()
    if hook is None:
        return False
    content = {"id": 0, "event": TRIAL, "at": at.isoformat()}
    payload = {"text": json.dumps(content, ensure_ascii=False, sort_keys=True), "kind": "notice"}
    outbox.tell(tx, hook.addressee_id, payload, dedupe_key=f"webhook:{hook.id}:{TRIAL}:{at.isoformat()}", at=at)
    return True


def signature(secret: str, moment: int, body: str) -> str:
    """What the receiver checks: HMAC-SHA256 over the moment and the body, so that an old message cannot be played again."""
    return hmac.new(secret.encode(), f"{moment}.{body}".encode(), sha256).hexdigest()


def _tell(tx: Connection, hook: Any, at: datetime) -> int:
    happened = (
        sa.select(event, report.c.number, report.c.sealed, report.c.category, report.c.level)
        .join(report, report.c.id == event.c.report_id)
        .where(event.c.id > hook.told_until)
        .order_by(event.c.id)
        .limit(BATCH)
    )
    rows = tx.execute(happened).all()
    wanted = [row for row in rows if row.kind in hook.kinds and not row.sealed]
    for row in wanted:
        # A reply in the outbox's own form: the channel sends its text as it is.
        payload = {"text": json.dumps(_content(row), ensure_ascii=False, sort_keys=True), "kind": "notice"}
        outbox.tell(tx, hook.addressee_id, payload, dedupe_key=f"webhook:{hook.id}:{row.id}", at=at)
    if rows:
        tx.execute(sa.update(webhook).where(webhook.c.id == hook.id).values(told_until=rows[-1].id))
    return len(wanted)


def _content(row: Any) -> dict[str, Any]:
    """Keys and times only: no reason, no story, no person."""
    return {
        "id": row.id,
        "event": row.kind,
        "number": row.number,
        "status": row.to_status,
        "category": row.category,
        "level": row.level,
        "department": row.details.get("department"),
        "at": row.at.isoformat(),
    }
