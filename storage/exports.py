"""Ledgers on their way into a file: how far each is, for the person who asked, and which files are old enough to go."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.people import Actor
from storage.tables.papers import export

RUNNING, READY, FAILED = "running", "ready", "failed"
LISTED = 10
# No sign of life for so long: the process that wrote it is gone.
SILENCE = timedelta(minutes=2)


@dataclass(frozen=True)
class Export:
    """One file being written, or ready. `token` names the file on the disk and nobody guesses it."""

    id: int
    token: str
    paper: str
    title: str
    state: str
    done: int
    total: int
    started_at: datetime

    @property
    def is_running(self) -> bool:
        return self.state == RUNNING

    @property
    def is_ready(self) -> bool:
        return self.state == READY

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 100


def begin(tx: Connection, by: Actor, at: datetime, *, paper: str, title: str, total: int) -> Export:
    row = {
        "token": secrets.token_hex(16),
        "officer_id": by.officer_id,
        "paper": paper,
        "title": title,
        "state": RUNNING,
        "total": total,
        "started_at": at,
        "moved_at": at,
    }
    return _read(tx.execute(sa.insert(export).values(row).returning(export)).one(), at)


def advance(tx: Connection, export_id: int, at: datetime, *, done: int) -> None:
    tx.execute(sa.update(export).where(export.c.id == export_id).values(done=done, moved_at=at))


def finish(tx: Connection, export_id: int, at: datetime, *, done: int) -> None:
    tx.execute(sa.update(export).where(export.c.id == export_id).values(state=READY, done=done, total=done, moved_at=at))


def fail(tx: Connection, export_id: int, at: datetime) -> None:
    tx.execute(sa.update(export).where(export.c.id == export_id).values(state=FAILED, moved_at=at))


def of(tx: Connection, by: Actor, at: datetime) -> list[Export]:
    """This person's newest ones; nobody sees another's."""
    rows = tx.execute(sa.select(export).where(export.c.officer_id == by.officer_id).order_by(export.c.id.desc()).limit(LISTED))
    return [_read(row, at) for row in rows]


def find(tx: Connection, export_id: int, by: Actor, at: datetime) -> Export | None:
    row = tx.execute(sa.select(export).where(export.c.id == export_id, export.c.officer_id == by.officer_id)).one_or_none()
    return _read(row, at) if row else None


def drop_older(tx: Connection, before: datetime) -> list[str]:
    """Forget exports begun before this moment; the tokens of their files."""
    return list(tx.execute(sa.delete(export).where(export.c.started_at < before).returning(export.c.token)).scalars())


def _read(row: Any, at: datetime) -> Export:
    state = FAILED if row.state == RUNNING and at - row.moved_at > SILENCE else row.state
    return Export(row.id, row.token, row.paper, row.title, state, row.done, row.total, row.started_at)
