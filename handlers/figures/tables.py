"""The same numbers as a table: for reading aloud, for copying, and for whoever does not trust a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.figures.saying import Saying
from storage.metrics.questions import By, Group, Share, Timing, Value
from storage.rules import Span


@dataclass(frozen=True)
class Line:
    """One line: its name, its cells, and whether it is too few to be compared."""

    name: str
    cells: tuple[str, ...]
    few: bool = False


@dataclass(frozen=True)
class Table:
    """`heads` begins with what the lines are; `metrics` says which definitions belong to it."""

    caption: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    metrics: tuple[str, ...]


def rates_table(saying: Saying, groups: Sequence[Group], metrics: Sequence[str], *, by: By = By.DEPARTMENT) -> Table:
    """One column a figure; a rate always with the two numbers it is made of."""
    known = [key for key in metrics if not groups or key in groups[0].values]
    heads = (saying.book.words["by"][by], *(saying.book.label(key) for key in known))
    lines = tuple(
        Line(saying.key(by, group.key[0]), tuple(saying.value(key, group.values.get(key)) for key in known), _is_few(saying, group))
        for group in groups
    )
    return Table("", heads, lines, tuple(known))


def spans_table(saying: Saying, key: str, groups: Sequence[Group], *, by: By = By.DEPARTMENT) -> tuple[Table, Table]:
    """Working time first, clock time second; each with the median, the ninth tenth, the mean, and how many."""
    words = saying.book.words["page"]
    heads = (saying.book.words["by"][by], words["median"], words["most"], words["mean"], words["number"], words["open"])
    tables = []
    for clock in (False, True):
        lines = tuple(_span_line(saying, key, group, by, clock=clock) for group in groups)
        tables.append(Table(words["clock_time" if clock else "work_time"], heads, lines, (key,)))
    return tables[0], tables[1]


def limits_table(saying: Saying, limits: Mapping[str, Span]) -> Table:
    """The limit of an ordinary report of each nature."""
    words, names, units = (saying.book.words[name] for name in ("page", "nature", "limit"))
    lines = tuple(Line(names[nature], (units[span.unit].format(amount=span.amount),)) for nature, span in limits.items())
    return Table(words["limits"], (words["nature"], words["limit_amount"]), lines, ())


def _span_line(saying: Saying, key: str, group: Group, by: By, *, clock: bool) -> Line:
    timing = group.values[key]
    if not isinstance(timing, Timing):
        raise TypeError(key)
    spread = timing.clock if clock else timing.work
    cells = (*saying.spread(key, spread, clock=clock), str(timing.number), str(timing.open))
    return Line(saying.key(by, group.key[0]), cells, timing.number < saying.book.rules["few"])


def _is_few(saying: Saying, group: Group) -> bool:
    return _number(next(iter(group.values.values()), 0)) < saying.book.rules["few"]


def _number(value: Value) -> int:
    match value:
        case Share():
            return value.among
        case Timing():
            return value.number
    return value
