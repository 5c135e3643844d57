"""Reads a question in words into a question to the figures. Pure; what it could not use, it says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Self

from handlers.desk.labels import Labels
from handlers.figures.filters import CUSTOM, Filters, named
from handlers.figures.periods import Periods
from storage.metrics.definitions import BY_KEY
from storage.metrics.questions import By
from storage.policy import PolicyUnreadable, parse
from storage.rules import Rules

FILE = "asking.toml"
GAP = "\n"
BY_WEEK_UP_TO_DAYS = 70
TREND = "trend"
KINDS = ("metric", "list", "by", "category", "order", "standing")
# How fast it was, when no step is named: the three are not mixed into one (domain §10).
SPEEDS = ("t_sign", "t_first", "t_reply")
# A report belongs to no one department; asked of one, the figure of its assignments is meant.
OF_DEPARTMENTS = {"received": "assigned", "closed": "close_rate", "t_whole": "t_close"}


@dataclass(frozen=True)
class Understood:
    """What a text asks for. `lists`: the overdue ones and not their number; `unused`: words that meant nothing to us.

    `among` are the departments to be compared, `order` which end comes first, `standing` what waits at this moment;
    `is_of_both`: complaints or tip-offs were named, which are not told apart. `with_last_year`: beside the same days of
    last year; `money`: how much was refunded.
    """

    metrics: tuple[str, ...]
    by: tuple[By, ...]
    filters: Filters
    lists: bool
    unused: tuple[str, ...]
    among: tuple[str, ...] = ()
    order: str = ""
    standing: tuple[str, ...] = ()
    is_of_both: bool = False
    with_last_year: bool = False
    money: bool = False

    def at(self, department: str) -> Self:
        """The same, asked within one department: it is compared with none, and its assignments are what is counted."""
        apart = tuple(one for one in self.by if one is not By.DEPARTMENT)
        metrics = tuple(dict.fromkeys(OF_DEPARTMENTS.get(key, key) for key in self.metrics))
        filters = replace(self.filters, department=department)
        return replace(self, metrics=metrics, by=apart, filters=filters, among=(), order=self.order if apart else "")

    def is_about_others(self, department: str) -> bool:
        """Whether departments are compared, or another one than this is meant."""
        return By.DEPARTMENT in self.by or self.filters.department not in ("", department)


@dataclass(frozen=True)
class Asking:
    """The vocabulary: every wording, longest first, with what it means."""

    words: tuple[tuple[str, str, str], ...]
    fillers: tuple[str, ...]
    natures: tuple[str, ...]
    last_year: tuple[str, ...]
    say: Mapping[str, str]
    periods: Periods

    @classmethod
    def load(cls, folder: Path, labels: Labels, rules: Rules) -> Self:
        try:
            table: dict[str, Any] = parse(folder / FILE)
            words = [(word, kind, key) for kind in KINDS for key, many in table[kind].items() for word in many]
            words += [(word, kind, "") for kind in ("speed", "money") for word in table[kind]["words"]]
            last_year = tuple(sorted(table["last_year"]["words"], key=len, reverse=True))
        except KeyError as fault:
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
        periods = Periods(table, rules.calendar.is_working_day)
        return cls(tuple(ordered), fillers, tuple(table["natures"]["words"]), last_year, table["say"], periods)

    def read(self, text: str, today: date) -> Understood | None:
        """None when nothing in it names a figure, a category, a department or a list."""
        found: dict[str, list[str]] = {}
        rest = text.strip()
        # Before the periods: 比去年 asks for two years, 去年 for one.
        compared = next((word for word in self.last_year if word in rest), "")
        rest = rest.replace(compared, GAP, 1) if compared else rest
        period = self.periods.find(rest, today)
        if period:
            rest = rest.replace(period.words, GAP, 1)
        for word, meanings in groupby(self.words, key=itemgetter(0)):
            if word in rest:
                rest = rest.replace(word, GAP)
                for _, kind, key in meanings:
                    found.setdefault(kind, []).append(key)
        if not found.keys() & {"metric", "list", "category", "department", "by", "speed", "standing", "money"} and not compared:
            return None
        days = period.days if period else named("this_month" if found.get("list") else "quarter", today)
        among = tuple(dict.fromkeys(found.get("department", ())))
        if len(among) == 1:
            among = ()
        kinds = ("category", "town") if among else ("department", "category", "town")
        filters = Filters(*days, period=CUSTOM, by_due="basis" in found)
        filters = replace(filters, **{kind: found[kind][0] for kind in kinds if kind in found})  # type: ignore[arg-type]
        order = next(iter(found.get("order", ())), "")
        by = _groups(found.get("by", ()), (days[1] - days[0]).days)
        if not filters.department and By.DEPARTMENT not in by and (among or (order and not by)):
            by = (By.DEPARTMENT, *by)
        money = "money" in found
        metrics = tuple(dict.fromkeys(found.get("metric", ())))
        metrics = metrics or (() if money else SPEEDS if "speed" in found else _usual(filters, by))
        if filters.department or {By.DEPARTMENT, By.OFFICER} & set(by):
            metrics = tuple(dict.fromkeys(OF_DEPARTMENTS.get(key, key) for key in metrics))
        # "几件" beside what waits asks how many wait, not how many came in.
        standing = () if set(found.get("metric", ())) - {"received"} else tuple(dict.fromkeys(found.get("standing", ())))
        lists = "list" in found and "metric" not in found
        both = any(word in text for word in self.natures)
        return Understood(metrics, by, filters, lists, self._unused(rest), among, order, standing, both, bool(compared), money)

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
        return SPEEDS
    return ("assigned",) if filters.department or By.DEPARTMENT in by or By.OFFICER in by else ("received",)
