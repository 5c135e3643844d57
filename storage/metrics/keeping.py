"""Catches up with what moved: folds marked reports again and packs the chunks they touch. Safe to run any number of times."""

import inspect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from storage import refunds
from storage.metrics import chunks, definitions, names
from storage.metrics.cells import LAYOUT
from storage.metrics.fold import Dues, Fact, fold
from storage.metrics.pauses import Ruler
from storage.rules import rules
from storage.tables.reports import clock, event, report
from storage.tables.stats import stat_basis, stat_chunk, stat_fact, stat_stale
from storage.vocabulary import ClockKind
from storage.worktime import Calendar

BATCH = 400
# Beside the locks of storage/chain.py; any number that differs from them.
LOCK = 7_103
ANSWER_CLOCKS = (ClockKind.REPLY, ClockKind.REDO, ClockKind.ASSIST)


def is_current(tx: Connection) -> bool:
    """Whether the figures tell everything that happened, reckoned by the present calendar."""
    if tx.execute(sa.select(stat_stale.c.report_id).limit(1)).one_or_none():
        return False
    if tx.execute(sa.select(stat_chunk.c.id).where(stat_chunk.c.stale == 1).limit(1)).one_or_none():
        return False
    return _basis(tx) in (None, _reckoning(tx))


def catch_up(tx: Connection, *, at_most: int = BATCH) -> bool:
    """Fold so many marked reports; whether more is waiting. Chunks are packed when no report is, some at a time."""
    _alone(tx)
    _rebase(tx)
    taken = tx.execute(sa.select(stat_stale.c.report_id).limit(at_most).with_for_update(skip_locked=True)).scalars().all()
    if taken:
        tx.execute(sa.delete(stat_stale).where(stat_stale.c.report_id.in_(taken)))
        _replace(tx, taken)
    if len(taken) == at_most:
        return True
    return chunks.pack_stale(tx)


def start_over(tx: Connection) -> None:
    """Mark every report: all facts are counted again from the history."""
    tx.execute(sa.text("INSERT INTO stat_stale (report_id, marks) SELECT id, 1 FROM report WHERE true ON CONFLICT (report_id) DO NOTHING"))


@lru_cache(maxsize=4)
def fingerprint(calendar: Calendar) -> str:
    return Ruler(calendar).fingerprint()


def folded(tx: Connection, report_ids: Sequence[int]) -> dict[int, list[Fact]]:
    """The facts of these reports, read from the history now."""
    ruler = Ruler(rules(tx).calendar)
    reports = tx.execute(sa.select(report).where(report.c.id.in_(report_ids))).all()
    histories = _grouped(tx, sa.select(event).where(event.c.report_id.in_(report_ids)).order_by(event.c.report_id, event.c.seq))
    clocks = _grouped(tx, sa.select(clock).where(clock.c.report_id.in_(report_ids)).order_by(clock.c.id))
    return {row.id: fold(row, histories[row.id], dues_of(clocks.get(row.id, ())), ruler) for row in reports}


def dues_of(clocks: Iterable[Any]) -> dict[int, Dues]:
    """By assignment, what its newest clock of each kind says."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in clocks:
        due, original = int(row.due_at.timestamp()), int(row.due_original.timestamp())
        if row.kind == ClockKind.SIGN:
            found[row.assignment_id]["sign"] = due
        elif row.kind == ClockKind.CONTACT:
            found[row.assignment_id]["contact"] = due
        elif row.kind in ANSWER_CLOCKS:
            found[row.assignment_id].update(answer=due, original=original)
    return {key: Dues(**values) for key, values in found.items()}


def _replace(tx: Connection, report_ids: Sequence[int]) -> None:
    old = tx.execute(sa.delete(stat_fact).where(stat_fact.c.report_id.in_(report_ids)).returning(stat_fact.c.chunk_id)).scalars().all()
    touched = set(old)
    refunds.keep(tx, report_ids)
    fresh = folded(tx, report_ids)
    rows = tx.execute(sa.select(report).where(report.c.id.in_(report_ids))).all()
    codes = names.Codes(tx)
    places = chunks.Chunks(tx, rules(tx).calendar)
    values = [_row(one, fact, codes, places) for one in rows for fact in fresh[one.id]]
    if values:
        tx.execute(sa.insert(stat_fact), values)
    touched |= {row["chunk_id"] for row in values}
    if touched:
        tx.execute(sa.update(stat_chunk).where(stat_chunk.c.id.in_(touched)).values(stale=True))


def _row(one: Any, fact: Fact, codes: names.Codes, places: chunks.Chunks) -> dict[str, Any]:
    spans = {f"{name}_{kind}": value for name, pair in fact.spans.items() for kind, value in zip(("clock", "work"), pair, strict=True)}
    return {
        "chunk_id": places.of(fact.started, fact.department),
        "report_id": one.id,
        "assignment_id": fact.assignment_id,
        "part": fact.part,
        "category": codes.of(one.category),
        "town": codes.of(one.town or ""),
        "level": codes.of(one.level),
        "channel": codes.of(one.channel),
        "source": codes.of(one.source),
        "nature": codes.of(one.nature),
        "officer": fact.officer,
        "flags": int(fact.flags),
        "satisfaction": fact.satisfaction,
        "started": fact.started,
        "work_base": places.ruler.base(fact.started),
        "sign_due": fact.dues.sign,
        "contact_due": fact.dues.contact,
        "due": fact.dues.answer,
        "due_original": fact.dues.original,
        "paused_since": fact.paused_since,
        "paused_clock": fact.paused[0],
        "paused_work": fact.paused[1],
        **spans,
    }


def _alone(tx: Connection) -> None:
    # Two who catch up at once would make the same chunk twice. Moves are not held up by this.
    if tx.dialect.name == "postgresql":
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def _rebase(tx: Connection) -> None:
    """A calendar that reckons differently makes every stored span another one; other definitions, every cell."""
    now, before = _reckoning(tx), _basis(tx)
    if before == now:
        return
    calendar, defined = now
    if before is None:
        tx.execute(sa.insert(stat_basis).values(id=1, calendar=calendar, definitions=defined))
    else:
        tx.execute(sa.update(stat_basis).values(calendar=calendar, definitions=defined))
        tx.execute(sa.update(stat_chunk).values(stale=True))
    if before is None or before[0] != calendar:
        start_over(tx)


def _reckoning(tx: Connection) -> tuple[str, str]:
    return fingerprint(rules(tx).calendar), _definitions()


@lru_cache(maxsize=1)
def _definitions() -> str:
    """Differs when the table of figures does. The text itself is what cells were counted by: nobody has to remember to raise a number."""
    return sha256(f"{LAYOUT}{inspect.getsource(definitions)}".encode()).hexdigest()


def _basis(tx: Connection) -> tuple[str, str] | None:
    found = tx.execute(sa.select(stat_basis.c.calendar, stat_basis.c.definitions)).one_or_none()
    return (found.calendar, found.definitions) if found else None


def _grouped(tx: Connection, query: sa.Select[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in tx.execute(query):
        found[row.report_id].append(row)
    return found
