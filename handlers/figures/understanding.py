"""Reads a question in words into a question to the figures. Pure; what it could not use, it says."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Self

from handlers.desk.labels import Labels
from handlers.figures.filters import CUSTOM, Filters, named
from handlers.figures.periods import Periods
from storage.metrics.definitions import BY_KEY
from storage.metrics.questions import By
from storage.policy import PolicyUnreadable
from storage.rules import Rules

FILE = "asking.toml"
GAP = "\n"
BY_WEEK_UP_TO_DAYS = 70
TREND = "trend"


@dataclass(frozen=True)
class Understood:
    """What a text asks for. `lists`: the overdue ones and not their number; `unused`: words that meant nothing to us."""

    metrics: tuple[str, ...]
    by: tuple[By, ...]
    filters: Filters
    lists: bool
    unused: tuple[str, ...]


@dataclass(frozen=True)
class Asking:
    """The vocabulary: every wording, longest first, with what it means."""

    words: tuple[tuple[str, str, str], ...]
    fillers: tuple[str, ...]
    say: Mapping[str, str]
    periods: Periods

    @classmethod
    def load(cls, folder: Path, labels: Labels, rules: Rules) -> Self:
        try:
            table: dict[str, Any] = tomllib.loads((folder / FILE).read_text("utf-8"))
            words = [
                (word, kind, key) for kind in ("metric", "list", "by", "category") for key, many in table[kind].items() for word in many
            ]
        except (FileNotFoundError, KeyError, tomllib.TOMLDecodeError) as fault:
            raise PolicyUnreadable(f"{FILE}: {fault!r}; compare it with policy/wugang.") from fault
        for key in table["metric"]:
            if key not in BY_KEY:
                raise PolicyUnreadable(f"{FILE}: [metric] {key}: is not known here; correct its name or remove it.")
        words += [(word, "basis", "due") for word in table["basis"]["due"]]
        words += [(word, "department", one.key) for one in rules.departments.by_key.values() for word in (*one.names, one.key)]
        words += [(name, "department", key) for key, name in labels.departments.items()]
        words += [(name, "category", key) for key, name in labels.categories.items()]
        words += [(part, "town", key) for key, name in labels.towns.items() for part in (name, name[:2])]
        ordered = sorted(set(words), key=lambda one: (-len(one[0]), one))
        fillers = tuple(sorted(table["fillers"]["words"], key=len, reverse=True))
        return cls(tuple(ordered), fillers, table["say"], Periods(table, rules.calendar.is_working_day))

    def read(self, text: str, today: date) -> Understood | None:
        """None when nothing in it names a figure, a category, a department or a list."""
        found: dict[str, list[str]] = {}
        rest = text.strip()
        period = self.periods.find(rest, today)
        if period:
            rest = rest.replace(period.words, GAP, 1)
        for word, kind, key in self.words:
            if word in rest:
                rest = rest.replace(word, GAP)
                found.setdefault(kind, []).append(key)
        if not found.keys() & {"metric", "list", "category", "department", "by"}:
            return None
        days = period.days if period else named("this_month" if found.get("list") else "quarter", today)
        filters = Filters(*days, period=CUSTOM, by_due="basis" in found)
        filters = replace(filters, **{kind: found[kind][0] for kind in ("department", "category", "town") if kind in found})  # type: ignore[arg-type]
        by = _groups(found.get("by", ()), (days[1] - days[0]).days)
        metrics = tuple(dict.fromkeys(found.get("metric", ()))) or _usual(filters, by)
        return Understood(metrics, by, filters, "list" in found and "metric" not in found, self._unused(rest))

    def _unused(self, rest: str) -> tuple[str, ...]:
        for filler in self.fillers:
            rest = rest.replace(filler, GAP)
        return tuple(word for word in re.split(r"\s+", rest) if word)


def _groups(keys: "list[str] | tuple[str, ...]", days: int) -> tuple[By, ...]:
    time = By.WEEK if days <= BY_WEEK_UP_TO_DAYS else By.MONTH
    return tuple(dict.fromkeys(time if key == TREND else By(key) for key in keys))


def _usual(filters: Filters, by: tuple[By, ...]) -> tuple[str, ...]:
    """Nothing named: how much came in, or how fast it was, whichever the rest of the question is about."""
    if filters.department and not by:
        return ("t_sign", "t_first", "t_reply")
    return ("assigned",) if filters.department or By.DEPARTMENT in by or By.OFFICER in by else ("received",)
