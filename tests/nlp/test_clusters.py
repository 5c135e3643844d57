"""Several people about one place within days are a warning; one person many times is not."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nlp.clusters import Filed, find

_NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
_THREE_DAYS = timedelta(hours=72)


def _filed(number: int, reporter: str, hours: float, about: str = "金铃铛") -> Filed:
    return Filed(str(number), about, reporter, _NOON + timedelta(hours=hours))


def test_three_families_within_three_days_raise_a_warning():
    rows = [_filed(1, "a", 0), _filed(2, "b", 30), _filed(3, "c", 72)]
    (cluster,) = find(rows, reporters=3, within=_THREE_DAYS)
    assert cluster.reporters == 3
    assert cluster.reports == ("1", "2", "3")


def test_one_person_who_writes_five_times_raises_none():
    assert find([_filed(number, "a", number) for number in range(5)], reporters=3, within=_THREE_DAYS) == ()


def test_reports_spread_over_months_raise_none():
    assert find([_filed(number, str(number), 100.0 * number) for number in range(9)], reporters=3, within=_THREE_DAYS) == ()


def test_reports_about_nothing_known_are_not_thrown_together():
    assert find([_filed(number, str(number), 0, about="") for number in range(9)], reporters=3, within=_THREE_DAYS) == ()


def test_the_busiest_comes_first_and_shows_its_latest_stretch():
    quiet = [_filed(number, str(number), number, "月牙湾") for number in range(3)]
    busy = [_filed(10 + number, str(number), 200 + number) for number in range(4)]
    first, second = find([*quiet, *busy], reporters=3, within=_THREE_DAYS)
    assert (first.about, first.reporters) == ("金铃铛", 4)
    assert second.about == "月牙湾"


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 300)), max_size=25))
def test_the_window_finds_what_looking_at_every_window_finds(told):
    rows = [_filed(number, reporter, hours) for number, (reporter, hours) in enumerate(told)]
    best = max(
        (len({other.reporter for other in rows if timedelta(0) <= other.filed_at - row.filed_at <= _THREE_DAYS}) for row in rows), default=0
    )
    found = find(rows, reporters=1, within=_THREE_DAYS)
    assert (found[0].reporters if found else 0) == best
