"""What the invented parents tell: sentences written for this project, drawn the same way every time."""

import csv
from collections.abc import Iterator
from pathlib import Path
from random import Random

SOURCE = Path("nlp/training/author_a.tsv")
# What the bot answers by itself opens no report; a few are kept, so that the page shows them too.
TALK = frozenset({"out_of_scope", "policy_consult", "suggestion", "progress_query", "unclear", "epidemic"})
SHORTEST, LONGEST = 18, 260


def stories(random: Random, source: Path = SOURCE) -> Iterator[str]:
    """Stories without end, shuffled; a story comes back only when all have been told."""
    told = _told(source)
    while True:
        random.shuffle(told)
        yield from told


def _told(source: Path) -> list[str]:
    with source.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row["text"] for row in rows if row["category"] not in TALK and SHORTEST <= len(row["text"]) <= LONGEST]
