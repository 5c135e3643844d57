"""Tells a school's own charging from other matters that are not off-campus tutoring, when a label says only "out of scope"."""

from nlp.features import Features

_SCHOOL_RUN = "SCHOOL_RUN"
_TUTORING = frozenset({"TEACH", "CARE_TEACH", "SUBJECT", "SUBJECT_CUE", "TIME"})
_ELSEWHERE = frozenset({"DRIVING", "ADULT", "CIVIC", "CONSUMER"})


def is_near(features: Features) -> bool:
    """Charges or lessons that a school itself runs: for the education bureau by hand, never a tip-off about an institution."""
    said = {hit.group for hit in features.hits if hit.is_said}
    return _SCHOOL_RUN in said and bool(said & _TUTORING) and not said & _ELSEWHERE
