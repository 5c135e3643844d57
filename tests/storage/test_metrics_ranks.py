"""The ranks of many groups at once are those of each group sorted by hand, however its spans lie."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from storage.metrics.ranks import ranks_of_groups

SPANS = st.lists(st.integers(0, 40), max_size=40)
GROUP = st.tuples(SPANS, st.lists(SPANS.filter(bool), max_size=3)).filter(lambda group: bool(group[0] or group[1]))


@given(st.lists(GROUP, max_size=8))
@example([([5] * 40, [[0], [40]]), ([*range(40)], [[3, 3]]), ([], [[7, 1]])])
def test_a_sorted_column_with_a_few_others_has_the_ranks_of_all_of_them(groups: list[tuple[list[int], list[list[int]]]]) -> None:
    columns = [[np.array(part, dtype="<i4") for part in (sorted(first), *others) if part] for first, others in groups]
    ordered = np.array([len(first) for first, _ in groups], dtype=np.int64)
    by_hand = [_by_hand([*first, *(one for part in others for one in part)]) for first, others in groups]
    assert list(zip(*ranks_of_groups(columns, ordered).tolist(), strict=True)) == by_hand


def _by_hand(values: list[int]) -> tuple[int, int]:
    """The smallest value that so many tenths of all do not exceed."""
    half, most = (next(one for one in sorted(values) if sum(x <= one for x in values) * 10 >= tenths * len(values)) for tenths in (5, 9))
    return half, most
