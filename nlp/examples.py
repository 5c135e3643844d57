"""Labelled sentences: ours in nlp/training/*.tsv, and JSON lines in the exchange format."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.duties import ANSWERED, Duties

TRAINING = Path(__file__).parent / "training"
HELD_OUT = "held_out"
COLUMNS = ("category", "secondary", "regulator", "level", "nature", "text")


class BadExample(ValueError):
    """A line of a training file cannot be used. Names the file, the line and the mend."""

    def __init__(self, file: str, line: int, mend: str) -> None:
        super().__init__(f"{file}:{line}: {mend}")


@dataclass(frozen=True)
class Example:
    """One labelled text. Several categories or leads mean that each is acceptable, the best first."""

    key: str
    text: str
    categories: tuple[str, ...]
    secondary: tuple[str, ...] = ()
    regulator: str = ""
    level: str = ""
    natures: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    scope: str = ""

    @property
    def author(self) -> str:
        return self.key.partition(":")[0]

    @property
    def category(self) -> str:
        return self.categories[0]


def training_files(*, held_out: bool = False) -> list[Path]:
    """Our authors' files; those kept aside are for measuring only."""
    return sorted(path for path in TRAINING.glob("*.tsv") if (HELD_OUT in path.stem) == held_out)


def read_tsv(paths: Iterable[Path], duties: Duties) -> list[Example]:
    """Our own files, each line checked; the same text twice counts once."""
    found: dict[str, Example] = {}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
        for number, row in enumerate(rows, start=2):
            example = _example(path.name, number, row, duties)
            found.setdefault(example.text, example)
    return list(found.values())


def read_jsonl(path: Path) -> list[Example]:
    """Texts with acceptable categories and leads, one JSON object a line."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Example(
            key=str(row["id"]),
            text=row["text"],
            categories=_listed(row["category"]),
            secondary=_listed(row.get("secondary", [])),
            level=row.get("level", ""),
            natures=_listed(row.get("nature", [])),
            leads=_listed(row.get("lead", [])),
            scope=row.get("scope", ""),
        )
        for row in rows
    ]


def leads_for(example: Example, duties: Duties) -> tuple[str, ...]:
    """The acceptable leads: as labelled, or as the duty list gives them for every acceptable category.

    What may be answered by rules alone may also go to the office: a question told at length does (domain §4.5).
    """
    if example.leads:
        return example.leads
    regulator = example.regulator if example.regulator != "none" else "unknown"
    leads = [duties.lead(category, regulator) for category in example.categories]
    by_hand = [duties.office] if ANSWERED & set(example.categories) else []
    return tuple(dict.fromkeys([*leads, *by_hand]))


def _example(file: str, line: int, row: Mapping[str, str | None], duties: Duties) -> Example:
    if None in row.values() or set(row) != set(COLUMNS):
        raise BadExample(file, line, f"must have exactly the columns {', '.join(COLUMNS)}")
    cells = {key: (value or "").strip() for key, value in row.items()}
    categories, secondary = _split(cells["category"]), _split(cells["secondary"])
    unknown = [key for key in (*categories, *secondary) if key not in duties.categories]
    if unknown or not categories or not cells["text"]:
        raise BadExample(file, line, f"needs a text and known categories; unknown: {', '.join(unknown) or 'none'}")
    return Example(
        key=f"{Path(file).stem}:{line}",
        text=cells["text"],
        categories=categories,
        secondary=secondary,
        regulator=cells["regulator"],
        level=cells["level"],
        natures=_split(cells["nature"]),
    )


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _listed(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
