"""What the summary counts of what was done (domain §13 工作总结): each figure one rule over the approved answers and inspections."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from storage.metrics.fold import TRUE
from storage.vocabulary import Disposition, Measure
from storage.works import Visit, Work

PENALTIES = frozenset({Measure.WARNED, Measure.CRITICISED, Measure.FINED, Measure.CONFISCATED, Measure.LICENCE_REVOKED})


@dataclass(frozen=True)
class Done:
    """Everything approved and every joint inspection of a period; the categories that some figures count by."""

    works: Sequence[Work]
    visits: Sequence[Visit]
    unlicensed: Collection[str]
    persons: Collection[str]

    @property
    def true(self) -> list[Work]:
        """查实: found true, wholly or partly."""
        return [one for one in self.works if one.disposition in TRUE]


def _measured(done: Done, *wanted: Measure) -> int:
    return sum(1 for one in done.works if set(wanted) & set(one.measures))


def _ended(done: Done, how: Disposition) -> int:
    return sum(1 for one in done.works if one.disposition is how)


def _institutions(places: Sequence[Work | Visit]) -> int:
    return len({one.institution_id for one in places} - {None})


TOTALS: Mapping[str, Callable[[Done], int]] = {
    "inspections": lambda done: len(done.visits) + sum(one.inspected for one in done.works),
    "inspectors": lambda done: sum(one.people for one in done.visits) + sum(one.people for one in done.works if one.inspected),
    "institutions": lambda done: _institutions([*done.visits, *(one for one in done.works if one.inspected)]),
    "faulty": lambda done: _institutions([one for one in done.true if one.inspected]),
    "violations": lambda done: len(done.true),
    "unlicensed": lambda done: sum(1 for one in done.true if one.category in done.unlicensed),
    "closed_down": lambda done: _ended(done, Disposition.CLOSED_DOWN),
    "stopped": lambda done: _measured(done, Measure.ORDERED_TO_STOP),
    "rectified": lambda done: _ended(done, Disposition.SUBSTANTIATED_RECTIFIED),
    "notices": lambda done: _measured(done, Measure.RECTIFICATION_NOTICE),
    "penalties": lambda done: _measured(done, *PENALTIES),
    "fines": lambda done: sum(one.fine_yuan for one in done.works),
    "dispersed": lambda done: sum(one.evacuated for one in done.works),
    "refunds": lambda done: sum(one.refund_yuan for one in done.works),
    "persons": lambda done: sum(1 for one in done.true if one.category in done.persons),
    "talks": lambda done: _measured(done, Measure.TALKED_TO),
    "exposed": lambda done: _measured(done, Measure.EXPOSED),
}


def totals(done: Done) -> dict[str, int]:
    return {key: count(done) for key, count in TOTALS.items()}
