"""figures.toml: what every figure is called and means, and the rules of showing it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from storage.metrics.definitions import METRICS
from storage.policy import PolicyUnreadable, parse

FILE = "figures.toml"
UNITS = ("count", "rate", "hours", "days")


@dataclass(frozen=True)
class Definition:
    """One figure for people; `definition` is printed beside every place it is shown."""

    key: str
    label: str
    definition: str
    unit: str


@dataclass(frozen=True)
class FigureBook:
    """Loaded once and checked whole: every figure of the table has its words, and nothing else has."""

    definitions: Mapping[str, Definition]
    rules: Mapping[str, int]
    words: Mapping[str, Mapping[str, str]]

    @classmethod
    def load(cls, folder: Path) -> Self:
        path = folder / FILE
        try:
            read: dict[str, Any] = parse(path)
            metrics, rules = read.pop("metric"), read.pop("rules")
        except KeyError as fault:
            raise PolicyUnreadable(f"{FILE}: {fault!r}; compare it with policy/wugang.") from fault
        known = {metric.key for metric in METRICS}
        for key in sorted(known ^ set(metrics)):
            mend = "is missing" if key in known else "is not known here; correct its name or remove it"
            raise PolicyUnreadable(f"{FILE}: [metric.{key}]: {mend}.")
        return cls({key: _definition(key, row) for key, row in metrics.items()}, rules, read)

    def label(self, key: str) -> str:
        return self.definitions[key].label


def _definition(key: str, row: Mapping[str, str]) -> Definition:
    unit = row.get("unit")
    if set(row) != {"label", "definition", "unit"} or unit not in UNITS:
        raise PolicyUnreadable(f"{FILE}: [metric.{key}]: needs label, definition, and unit as one of {', '.join(UNITS)}.")
    return Definition(key, row["label"], row["definition"], unit)
