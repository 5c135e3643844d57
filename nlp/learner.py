"""The learner: a linear model pulled towards the hand's weights, fitted on labelled features. Runs at training time only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from sklearn.feature_selection import chi2

Matrix = npt.NDArray[np.float64]
Values = Mapping[str, float]


@dataclass(frozen=True)
class Fitted:
    """Weights by feature and output, hand's part included, and the priors."""

    weights: Matrix
    prior: Matrix


def select(rows: Sequence[Values], labels: Sequence[str], *, keep: int, at_least: int) -> list[str]:
    """The features that tell the labels apart best, among those seen often enough."""
    seen = Counter(feature for row in rows for feature in row)
    frequent = sorted(feature for feature, count in seen.items() if count >= at_least)
    if len(frequent) <= keep:
        return frequent
    strength = np.nan_to_num(chi2(matrix(rows, frequent), labels)[0])
    best = sorted(np.argsort(-strength, kind="stable")[:keep].tolist())
    return [frequent[place] for place in best]


def matrix(rows: Sequence[Values], features: Sequence[str]) -> sparse.csr_matrix:
    index = {feature: column for column, feature in enumerate(features)}
    at, columns, values = [], [], []
    for place, row in enumerate(rows):
        for feature, value in row.items():
            if feature in index:
                at.append(place)
                columns.append(index[feature])
                values.append(value)
    return sparse.csr_matrix((values, (at, columns)), shape=(len(rows), len(features)))


def targets(labels: Iterable[Mapping[str, float]], outputs: Sequence[str]) -> Matrix:
    """Rows of shares that add up to one: two defensible labels share a row."""
    index = {output: column for column, output in enumerate(outputs)}
    listed = list(labels)
    wanted = np.zeros((len(listed), len(outputs)))
    for place, shares in enumerate(listed):
        for output, share in shares.items():
            wanted[place, index[output]] = share
    return wanted


def balance(wanted: Matrix) -> Matrix:
    """Rare answers count for more than their number, frequent ones for less: the square root of balance."""
    share = wanted.sum(axis=0)
    scale = np.sqrt(share[share > 0].mean() / np.maximum(share, 1.0))
    return np.asarray(wanted @ scale)


def fit(
    seen: sparse.csr_matrix, wanted: Matrix, *, hand: Matrix, freedom: Matrix, importance: Matrix, exclusive: bool = True, rounds: int = 150
) -> Fitted:
    """Logistic regression, of one answer among all or of each by itself.

    `freedom` says how far each weight may go from the hand's: the larger, the less evidence it takes.
    """
    features, outputs = hand.shape
    transposed = seen.T.tocsr()
    total = float(importance.sum())

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        steps = flat[: features * outputs].reshape(features, outputs)
        prior = flat[features * outputs :]
        surprises, chances = link(seen @ (hand + freedom * steps) + prior, wanted)
        surprise = float((importance[:, None] * surprises).sum())
        miss = importance[:, None] * (chances - wanted)
        value = (surprise + 0.5 * float((steps**2).sum()) + 0.005 * float((prior**2).sum())) / total
        slope = np.concatenate([(freedom * (transposed @ miss) + steps).ravel(), miss.sum(axis=0) + 0.01 * prior])
        return value, slope / total

    link = _one_of_all if exclusive else _each_by_itself
    start = np.zeros((features + 1) * outputs)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds})
    steps = found.x[: features * outputs].reshape(features, outputs)
    return Fitted(hand + freedom * steps, found.x[features * outputs :])


def _one_of_all(scores: Matrix, wanted: Matrix) -> tuple[Matrix, Matrix]:
    """How surprising the wanted answers are, and the chances, when exactly one is right."""
    scores = scores - scores.max(axis=1, keepdims=True)
    powers = np.exp(scores)
    norm = powers.sum(axis=1, keepdims=True)
    return wanted * (np.log(norm) - scores), powers / norm


def _each_by_itself(scores: Matrix, wanted: Matrix) -> tuple[Matrix, Matrix]:
    """The same when any number may be right."""
    return np.logaddexp(0, scores) - wanted * scores, 1 / (1 + np.exp(-np.clip(scores, -30, 30)))


def count_ratios(seen: sparse.csr_matrix, labels: Sequence[object], outputs: Sequence[object]) -> Matrix:
    """How much oftener each feature stands in texts of an output than elsewhere, as a logarithm: a hand made of counts."""
    present = (seen > 0).astype(float)
    told = np.array(labels)
    ratios = np.zeros((seen.shape[1], len(outputs)))
    for column, output in enumerate(outputs):
        inside = np.asarray(present[told == output].sum(axis=0)).ravel() + 1
        outside = np.asarray(present[told != output].sum(axis=0)).ravel() + 1
        ratios[:, column] = np.log(inside / inside.sum()) - np.log(outside / outside.sum())
    return ratios
