"""Fits and measures the confidence: how scores become probabilities, and what each threshold would give."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.model import Vector

_TEMPERATURES = tuple(round(0.5 + 0.05 * step, 2) for step in range(50))
_THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


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


def _surprise(scores: Vector, good: Vector) -> float:
    scores = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    return -float(np.log((powers * good).sum(axis=1) / powers.sum(axis=1)).mean())


def coverage(confidences: Sequence[float], lead_right: Sequence[bool]) -> list[tuple[float, float, float]]:
    """(threshold, share that would be routed, how often the lead is right among them): what the office needs to choose by."""
    rows = []
    for threshold in _THRESHOLDS:
        kept = [right for sure, right in zip(confidences, lead_right, strict=True) if sure >= threshold]
        rows.append((threshold, round(len(kept) / len(confidences), 3), round(sum(kept) / max(1, len(kept)), 3)))
    return rows


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error over equal bins."""
    total = 0.0
    for place in range(bins):
        inside = [(sure, hit) for sure, hit in zip(confidences, right, strict=True) if place / bins < sure <= (place + 1) / bins]
        if inside:
            total += abs(sum(sure for sure, _ in inside) - sum(hit for _, hit in inside))
    return total / max(1, len(confidences))
