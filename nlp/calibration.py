"""Fits the confidence: how scores become probabilities, and above which the text goes on by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.learner import Matrix

_TEMPERATURES = tuple(round(0.5 + 0.05 * step, 2) for step in range(50))
_WANTED_LEAD = 0.975
_STEPS = tuple(round(0.30 + 0.01 * step, 2) for step in range(66))


@dataclass(frozen=True)
class Judged:
    """The category scores one text got from a model that had not seen it, and which of the categories are acceptable."""

    scores: tuple[float, ...]
    acceptable: tuple[int, ...]


def temperature(judged: Sequence[Judged]) -> float:
    """The one under which the acceptable labels are least surprising."""
    scores = np.array([each.scores for each in judged])
    good = np.zeros_like(scores)
    for place, each in enumerate(judged):
        good[place, list(each.acceptable)] = 1.0
    return min(_TEMPERATURES, key=lambda heat: _surprise(scores / heat, good))


def _surprise(scores: Matrix, good: Matrix) -> float:
    scores = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    return -float(np.log((powers * good).sum(axis=1) / powers.sum(axis=1)).mean())


def route_threshold(confidences: Sequence[float], lead_right: Sequence[bool]) -> float:
    """The lowest confidence from which on the lead is right often enough; the widest coverage that is still safe."""
    for step in _STEPS:
        kept = [right for sure, right in zip(confidences, lead_right, strict=True) if sure >= step]
        if kept and sum(kept) / len(kept) >= _WANTED_LEAD:
            return step
    return _STEPS[-1]


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over equal bins."""
    total = 0.0
    for place in range(bins):
        inside = [(sure, hit) for sure, hit in zip(confidences, right, strict=True) if place / bins < sure <= (place + 1) / bins]
        if inside:
            total += abs(sum(sure for sure, _ in inside) - sum(hit for _, hit in inside))
    return total / max(1, len(confidences))
