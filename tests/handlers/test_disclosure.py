"""Nobody can be recognised in what is published, and nothing hidden can be worked out from what is not."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.figures import disclosure

LEAST = 5
COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=14)


@given(COUNTS)
def test_no_small_number_is_told(values: list[int]) -> None:
    hidden = disclosure.hide(values, LEAST)
    assert all(value == 0 or value >= LEAST for place, value in enumerate(values) if place not in hidden)


@given(COUNTS)
def test_the_total_minus_the_rest_tells_no_single_cell_and_no_handful_of_people(values: list[int]) -> None:
    hidden = disclosure.hide(values, LEAST)
    if hidden and len(hidden) < len(values):
        assert len(hidden) > 1
        assert sum(values[place] for place in hidden) >= LEAST


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12))
def test_what_is_still_open_cannot_be_worked_out_where_it_is_a_handful(pairs: list[tuple[int, int]]) -> None:
    received = [max(pair) for pair in pairs]
    closed = [min(pair) for pair in pairs]
    for cell, all_of, done in zip(disclosure.cells(range(len(pairs)), received, closed, LEAST), received, closed, strict=True):
        if cell.received is not None and cell.closed is not None:
            assert all_of - done == 0 or all_of - done >= LEAST


@given(st.lists(st.integers(0, 30), min_size=1, max_size=10))
def test_merged_categories_add_up_and_hide_a_single_small_one(values: list[int]) -> None:
    told, other = disclosure.merged([f"c{place}" for place in range(len(values))], values, LEAST)
    assert sum(number for _, number in told) + other == sum(values)
    assert all(number >= LEAST for _, number in told)
    assert not told or other == 0 or other >= LEAST
