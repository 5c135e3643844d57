"""抽查验收表: a sample as it was drawn, with what was found before and what was found again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from handlers.papers.book import PaperBook
from storage import dossiers, reports, spot_checks
from storage.spot_checks import SpotCheck
from storage.vocabulary import Finding

Context = dict[str, Any]


def table(tx: Connection, book: PaperBook, sample: str) -> Context | None:
    """The sample of this name; None when none was drawn."""
    checks = spot_checks.drawn(tx, sample)
    if not checks:
        return None
    found = [one.finding for one in checks]
    return {
        "sample": sample,
        "seed": "、".join(dict.fromkeys(one.seed for one in checks)),
        "drawn": book.day(checks[0].drawn_at),
        "lines": _lines(tx, book, checks),
        "passed": found.count(Finding.PASSED),
        "failed": found.count(Finding.FAILED),
        "waiting": found.count(None),
    }


def _lines(tx: Connection, book: PaperBook, checks: Sequence[SpotCheck]) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = []
    for row, check in enumerate(checks, 1):
        tasks = dossiers.assignments(tx, check.report_id)
        lead = next((one for one in reversed(tasks) if one.part == "lead"), None)
        # A failed one is done again: the conclusion that was checked is the last one from before the draw.
        earlier = [one.handling.disposition for one in lead.records if one.saved_at <= check.drawn_at] if lead else []
        lines.append(
            {
                "row": row,
                "number": check.number,
                "unit": book.short(lead.department) if lead else "",
                "before": book.label("disposition", earlier[-1] if earlier else reports.get(tx, check.report_id).disposition),
                "finding": book.label("finding", check.finding),
                "then": book.word("word", "redone") if check.finding is Finding.FAILED else "",
            }
        )
    return lines
