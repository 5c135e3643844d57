"""Tells a school's own lessons and charges from other matters that are not off-campus tutoring, when a label says only "out of scope"."""

from nlp.features import Features

_SCHOOL_RUN = frozenset({"SCHOOL_RUN", "SCHOOL_RUN_CUE"})
_LESSONS_OR_CHARGES = frozenset({"TEACH", "CARE_TEACH", "SUBJECT", "SUBJECT_CUE", "TIME", "MONEY", "FEE"})
_ELSEWHERE = frozenset({"DRIVING", "ADULT", "CIVIC", "CONSUMER"})


def is_near(features: Features) -> bool:
    """What a school itself runs: for the education bureau by hand, never a tip-off about an institution."""
    said = features.groups
    return bool(said & _SCHOOL_RUN) and bool(said & _LESSONS_OR_CHARGES) and not said & _ELSEWHERE
