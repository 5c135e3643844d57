"""The figures of domain §10 as a table: what is counted, among what. Their names and definitions for people are in figures.toml."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from storage.metrics.fold import Flag
from storage.metrics.frame import Frame
from storage.metrics.packs import Column
from storage.vocabulary import Part

Condition = Callable[[Frame], Column]
SATISFIED_FROM = 4


class Unit(StrEnum):
    """What a figure counts: reports, or assignments of either part."""

    REPORTS = "reports"
    TASKS = "tasks"
    LEADS = "leads"
    ASSISTS = "assists"


@dataclass(frozen=True)
class Count:
    """How many."""

    key: str
    unit: Unit
    of: Condition


@dataclass(frozen=True)
class Rate:
    """How many of how many; nothing when there are none."""

    key: str
    unit: Unit
    of: Condition
    among: Condition


@dataclass(frozen=True)
class Span:
    """How long from the start to what ends it: finished ones, and open ones as "at least so long"."""

    key: str
    unit: Unit
    span: str
    of: Condition


Metric = Count | Rate | Span


def flagged(flag: Flag) -> Condition:
    return lambda facts: facts.has(flag)


def counted(facts: Frame) -> Column:
    """In the denominators of handling: not rejected, merged, withdrawn, and not given to another department."""
    return ~facts.has(Flag.OUT | Flag.GONE)


def assigned(facts: Frame) -> Column:
    return ~facts.has(Flag.OUT)


def anything(facts: Frame) -> Column:
    return facts["flags"] >= 0


def both(*conditions: Condition) -> Condition:
    def all_of(facts: Frame) -> Column:
        result = conditions[0](facts)
        for condition in conditions[1:]:
            result = result & condition(facts)
        return result

    return all_of


def reached(span: str) -> Condition:
    """What ends this span has happened."""
    return lambda facts: facts[f"{span}_clock"] >= 0


def waits_past(span: str, due: str) -> Condition:
    """Still open, the span not ended, and it should have been."""
    return lambda facts: ~facts.has(Flag.ENDED) & (facts[f"{span}_clock"] < 0) & facts.is_past(due)


def settled(span: str, due: str) -> Condition:
    """It can be said whether this was in time: it happened, or should have happened."""
    return lambda facts: counted(facts) & (reached(span)(facts) | waits_past(span, due)(facts) | facts.has(Flag.ENDED_LATE))


def signed_or_late(facts: Frame) -> Column:
    return counted(facts) & (reached("sign")(facts) | waits_past("sign", "sign_due")(facts))


def met_or_late(facts: Frame) -> Column:
    return counted(facts) & (reached("first")(facts) | waits_past("first", "contact_due")(facts))


def ever_overdue(facts: Frame) -> Column:
    late = reached("reply")(facts) & (facts["due"] > 0) & ~facts.has(Flag.REPLIED_IN_TIME)
    return counted(facts) & (late | waits_past("reply", "due")(facts) | facts.has(Flag.ENDED_LATE))


def satisfied(facts: Frame) -> Column:
    return facts["satisfaction"] >= SATISFIED_FROM


def scored(facts: Frame) -> Column:
    return facts["satisfaction"] > 0


_ANSWER = both(counted, flagged(Flag.ANSWERED))
_RATED = both(counted, flagged(Flag.RATED))

METRICS: tuple[Metric, ...] = (
    Count("received", Unit.REPORTS, anything),
    Count("closed", Unit.REPORTS, flagged(Flag.DONE)),
    Span("t_whole", Unit.REPORTS, "close", assigned),
    Rate("route_acc", Unit.REPORTS, both(flagged(Flag.AUTO), lambda facts: ~facts.has(Flag.REROUTED)), flagged(Flag.AUTO)),
    Count("assigned", Unit.TASKS, counted),
    Rate("sign_timely_rate", Unit.TASKS, flagged(Flag.SIGNED_IN_TIME), signed_or_late),
    Rate("response_rate", Unit.TASKS, flagged(Flag.MET_IN_TIME), met_or_late),
    Rate("close_rate", Unit.TASKS, flagged(Flag.DONE), counted),
    Rate("on_time_rate", Unit.LEADS, flagged(Flag.REPLIED_IN_TIME), settled("reply", "due")),
    Rate("on_time_rate_orig", Unit.LEADS, flagged(Flag.REPLIED_IN_ORIGINAL_TIME), settled("reply", "due_original")),
    Rate("assist_timely_rate", Unit.ASSISTS, flagged(Flag.REPLIED_IN_TIME), settled("reply", "due")),
    Rate("solve_rate", Unit.LEADS, flagged(Flag.SOLVED), _RATED),
    Rate("satisfy_rate", Unit.LEADS, satisfied, both(_RATED, scored)),
    Rate("callback_valid_rate", Unit.LEADS, flagged(Flag.RATED), both(counted, flagged(Flag.ASKED))),
    Rate("return_rate", Unit.TASKS, flagged(Flag.RETURN_ASKED), assigned),
    Rate("return_wrong_rate", Unit.TASKS, flagged(Flag.RETURN_DENIED), both(assigned, flagged(Flag.RETURN_ASKED))),
    Rate("redo_rate", Unit.LEADS, flagged(Flag.REDONE), _ANSWER),
    Rate("extend_rate", Unit.TASKS, flagged(Flag.EXTENDED), counted),
    Count("overdue_cnt", Unit.TASKS, ever_overdue),
    Count("overdue_now", Unit.TASKS, both(counted, waits_past("reply", "due"))),
    Rate("substantiated_rate", Unit.LEADS, flagged(Flag.SUBSTANTIATED), both(counted, flagged(Flag.DONE), flagged(Flag.TIPOFF))),
    Span("t_sign", Unit.TASKS, "sign", counted),
    Span("t_first", Unit.TASKS, "first", counted),
    Span("t_reply", Unit.LEADS, "reply", counted),
    Span("t_close", Unit.LEADS, "close", counted),
    Span("t_held", Unit.TASKS, "held", flagged(Flag.GONE)),
)
BY_KEY = {metric.key: metric for metric in METRICS}


def in_unit(unit: Unit) -> Condition:
    """Whether a fact is of this unit."""
    match unit:
        case Unit.REPORTS | Unit.TASKS:
            return anything
        case Unit.LEADS:
            return lambda facts: facts.is_part(Part.LEAD)
        case Unit.ASSISTS:
            return lambda facts: facts.is_part(Part.ASSIST)


def parts(metric: Count | Rate) -> tuple[str, ...]:
    """The names of the numbers this figure is made of."""
    return (metric.key,) if isinstance(metric, Count) else (f"{metric.key}.of", f"{metric.key}.among")


def tests(metric: Count | Rate, facts: Frame) -> tuple[Column, ...]:
    """Which facts count for each of those numbers."""
    unit = in_unit(metric.unit)(facts)
    if isinstance(metric, Count):
        return (unit & metric.of(facts),)
    among = unit & metric.among(facts)
    return among & metric.of(facts), among


@cache
def touched(metric: Metric) -> frozenset[str]:
    """The columns of settled facts that this figure looks at: found by counting none with it."""
    seen: set[str] = set()

    def read(name: str) -> Column:
        seen.add(name)
        return np.zeros(0, dtype=np.int64)

    nothing = Frame(0, read)
    if not isinstance(metric, Span):
        tests(metric, nothing)
        return frozenset(seen)
    measured(metric, nothing)
    return frozenset(seen | {f"{metric.span}_clock", f"{metric.span}_work"})


def measured(metric: Span, facts: Frame) -> tuple[Column, Column]:
    """Which facts have such a span, and which facts have ended it; one that is over without it has none."""
    ended = facts[f"{metric.span}_clock"] >= 0
    base = in_unit(metric.unit)(facts) & metric.of(facts)
    return base & (ended if facts.settled else ended | ~facts.has(Flag.ENDED)), ended
