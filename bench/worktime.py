"""What a question about working time costs, beside a plain difference of two moments. Run `python -m bench.worktime`."""

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.rules import load_calendar

POLICY = Path("policy/wugang")
CALLS = 100_000
REPEATS = 5
GOAL = 2.0
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
HALF_YEAR = 182 * 24 * 60
WORKING_WEEK = 40 * 3600
Pair = tuple[datetime, datetime]


def main() -> int:
    calendar = load_calendar(POLICY / "holidays.toml")
    pairs = _pairs()
    floor = _microseconds(lambda start, end: end - start, pairs)
    costs = {
        "working seconds between two moments": _microseconds(calendar.working_seconds, pairs),
        "the moment so many working seconds later": _microseconds(
            lambda start, end: calendar.add_working_seconds(start, end.minute * 60 + WORKING_WEEK), pairs
        ),
    }
    print(f"a plain difference {floor:.2f} µs")
    for name, cost in costs.items():
        print(f"{cost:.2f} µs  {name}  (goal {GOAL:.0f} µs)")
    return int(max(costs.values()) > GOAL)


def _pairs() -> list[Pair]:
    """Moments of two official years, up to half a year apart."""
    chance = random.Random(1)  # noqa: S311 - moments to measure with, no secrets
    starts = [FIRST + timedelta(minutes=chance.randrange(2 * HALF_YEAR)) for _ in range(CALLS)]
    return [(start, start + timedelta(minutes=chance.randrange(HALF_YEAR))) for start in starts]


def _microseconds(ask: Callable[[datetime, datetime], object], pairs: Sequence[Pair]) -> float:
    """Of one call, the best of several rounds."""
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        for start, end in pairs:
            ask(start, end)
        best = min(best, time.process_time() - began)
    return best / len(pairs) * 1e6


if __name__ == "__main__":
    sys.exit(main())
