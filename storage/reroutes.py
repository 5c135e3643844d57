"""What the office set right, kept as examples: what the reading said, what it was. Nothing learns from them by itself."""

import json
from dataclasses import dataclass, field
from typing import Literal

import sqlalchemy as sa
from sqlalchemy import Connection

from storage.moves import Held
from storage.people import Actor
from storage.sealing import KeyDestroyed, open_text, open_texts
from storage.tables.reports import report
from storage.tables.reroutes import reroute

Of = Literal["category", "lead"]


@dataclass(frozen=True)
class Example:
    """A story with what it was taken for first and what it is by the office's last word."""

    text: str = field(repr=False)
    was: str
    became: str


def remember(tx: Connection, held: Held, of: Of, *, was: str, became: str, by: Actor) -> None:
    """Keep one correction; nothing when nothing changed."""
    if was == became:
        return
    row = {"report_id": held.id, "what": of, "was": was, "became": became, "officer_id": by.officer_id, "at": held.at}
    tx.execute(sa.insert(reroute).values(row))


def remember_dispatch(tx: Connection, held: Held, lead: str, by: Actor) -> None:
    """The office dispatched from its pile: an example when the reading had another department in mind."""
    guess = _guessed_lead(tx, held)
    if guess:
        remember(tx, held, "lead", was=guess, became=lead, by=by)


def examples(tx: Connection, of: Of) -> list[Example]:
    """One for each report, oldest first. What was put right again, sealed, or erased is none."""
    rows = tx.execute(
        sa.select(reroute.c.was, reroute.c.became, report.c.id, report.c.number, report.c.data_key_id, report.c.story)
        .join(report, report.c.id == reroute.c.report_id)
        .where(reroute.c.what == of, report.c.sealed == 0, report.c.story.is_not(None))
        .order_by(reroute.c.id)
    ).all()
    first, last = {row.id: row for row in reversed(rows)}, {row.id: row for row in rows}
    settled = [(row, last[key].became) for key, row in sorted(first.items()) if row.was != last[key].became]
    texts = open_texts(tx, [(row.data_key_id, f"report.story:{row.number}", row.story) for row, _ in settled])
    return [Example(text, row.was, became) for (row, became), text in zip(settled, texts, strict=True) if text is not None]


def _guessed_lead(tx: Connection, held: Held) -> str:
    row = held.report
    if row.reading is None:
        return ""
    try:
        read = json.loads(open_text(tx, row.data_key_id, f"report.reading:{row.number}", row.reading))
    except KeyDestroyed:
        return ""
    return str(read.get("lead") or "")
