"""Finds what was changed behind the service's back: altered, removed or inserted rows of history, and missing guards."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import accesses, chain, events
from storage.tables.reports import event, report
from storage.tables.staff import access
from storage.triggers import APPEND_ONLY

Link = Callable[[bytes, Mapping[str, Any]], bytes]
CHAINS: tuple[tuple[sa.Table, Link], ...] = ((event, events.link), (access, accesses.link))
PIECE = 1_000


class Finding(StrEnum):
    """What is wrong with a row. A broken link means that rows before it were removed, inserted or put in another order."""

    ALTERED = "altered"
    BROKEN_LINK = "broken_link"
    STEP_MISSING = "step_missing"
    STATUS_DIFFERS = "status_differs"
    NO_HISTORY = "no_history"
    ANCHOR_DIFFERS = "anchor_differs"
    GUARD_MISSING = "guard_missing"


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it must be: `row` is the id in the table, or of the report."""

    table: str
    row: int
    finding: Finding


@dataclass(frozen=True)
class Head:
    """How long a chain is and the hash of its last row. Kept elsewhere, it proves that everything up to there still stands."""

    table: str
    rows: int
    hash: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        return cls(str(kept["table"]), int(kept["rows"]), str(kept["hash"]))


@dataclass(frozen=True)
class Verdict:
    """What a walk over the whole record found, and the heads to keep elsewhere."""

    faults: tuple[Fault, ...]
    heads: tuple[Head, ...]


def check(tx: Connection, anchors: tuple[Head, ...] = ()) -> Verdict:
    """Walk both chains from the first row to the last. `anchors` are heads kept outside: only they show a history that was cut off or
    written anew from some row on."""
    faults: list[Fault] = []
    heads: list[Head] = []
    for table, link in CHAINS:
        wanted = {anchor.rows: anchor.hash for anchor in anchors if anchor.table == table.name}
        heads.append(_walk(tx, table, link, wanted, faults))
    faults += _lost_steps(tx)
    faults += _missing_guards(tx)
    return Verdict(tuple(faults), tuple(heads))


def heads(tx: Connection) -> tuple[Head, ...]:
    """The heads alone, without the walk."""
    found = []
    for table, _ in CHAINS:
        rows = int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
        last = tx.execute(sa.select(table.c.hash).order_by(table.c.id.desc()).limit(1)).scalar_one_or_none()
        found.append(Head(table.name, rows, (last or chain.GENESIS).hex()))
    return tuple(found)


def _walk(tx: Connection, table: sa.Table, link: Link, anchors: dict[int, str], faults: list[Fault]) -> Head:
    previous, count = chain.GENESIS, 0
    for row in _rows(tx, table):
        if row["previous_hash"] != previous:
            faults.append(Fault(table.name, row["id"], Finding.BROKEN_LINK))
        if link(row["previous_hash"], row) != row["hash"]:
            faults.append(Fault(table.name, row["id"], Finding.ALTERED))
        previous, count = row["hash"], count + 1
        if anchors.pop(count, previous.hex()) != previous.hex():
            faults.append(Fault(table.name, row["id"], Finding.ANCHOR_DIFFERS))
    # An anchor that was never reached: the end of the history is gone.
    faults.extend(Fault(table.name, rows, Finding.ANCHOR_DIFFERS) for rows in anchors if rows)
    return Head(table.name, count, previous.hex())


def _rows(tx: Connection, table: sa.Table) -> Iterator[dict[str, Any]]:
    last = 0
    while piece := tx.execute(sa.select(table).where(table.c.id > last).order_by(table.c.id).limit(PIECE)).mappings().all():
        yield from (dict(row) for row in piece)
        last = piece[-1]["id"]


def _lost_steps(tx: Connection) -> Iterator[Fault]:
    """A report's steps count 1, 2, 3 … and the last one says where it stands: so even a cut-off end shows without an anchor."""
    steps = (
        sa.select(event.c.report_id, sa.func.count().label("steps"), sa.func.max(event.c.seq).label("last"))
        .group_by(event.c.report_id)
        .subquery()
    )
    newest = sa.and_(event.c.report_id == steps.c.report_id, event.c.seq == steps.c.last)
    whole = report.outerjoin(steps, steps.c.report_id == report.c.id).outerjoin(event, newest)
    for row in tx.execute(sa.select(report.c.id, report.c.status, steps.c.steps, steps.c.last, event.c.to_status).select_from(whole)):
        if row.steps is None:
            yield Fault("report", row.id, Finding.NO_HISTORY)
        elif row.steps != row.last:
            yield Fault("report", row.id, Finding.STEP_MISSING)
        elif row.to_status != row.status:
            yield Fault("report", row.id, Finding.STATUS_DIFFERS)


def _missing_guards(tx: Connection) -> list[Fault]:
    """The triggers that refuse changes to history; without them nothing but the chain would show a change."""
    names = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if tx.dialect.name == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    present = set(tx.execute(sa.text(names)).scalars())
    return [
        Fault(table, 0, Finding.GUARD_MISSING)
        for table in APPEND_ONLY
        for change in ("update", "delete")
        if f"{table}_no_{change}" not in present
    ]
