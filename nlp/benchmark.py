"""How well the learner learns at all: any labelled letters, words only, beside the usual peer on the same folds."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import log, sqrt
from pathlib import Path
from statistics import fmean

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import RepeatedStratifiedKFold
from sklearn.svm import LinearSVC

from nlp.features import HAN
from nlp.learner import Values, balance, count_ratios, fit, matrix, select, targets
from nlp.normal import normalise
from nlp.segment import Segmenter, best_segmenter

_TERMS = 3000
_FOLDS = 5
# One shuffle of the folds moves the figure by half a point; the mean of five stands still.
_SHUFFLES = 5
_OPENING = 40
# A title says in ten characters what the letter is about.
_OPENING_COUNTS = 4
_FREEDOM = 3.16
_LEAST_RATIO = 0.3
Fold = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Comparison:
    texts: int
    terms: int
    learner_macro_f1: float
    peer_macro_f1: float


def compare(path: Path) -> Comparison:
    """Over JSON lines {text, label}, five folds shuffled five times: this learner with few terms, TF-IDF and a linear SVC with all."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    labels = np.array([row["label"] for row in rows])
    segmenter = best_segmenter()
    words = [_words(segmenter, row["text"]) for row in rows]
    openings = [_words(segmenter, row["text"].partition("\n")[0][:_OPENING]) for row in rows]
    counts = [_counts(body + opening * _OPENING_COUNTS) for body, opening in zip(words, openings, strict=True)]
    folds = list(RepeatedStratifiedKFold(n_splits=_FOLDS, n_repeats=_SHUFFLES, random_state=0).split(words, labels))
    return Comparison(
        len(rows),
        _TERMS,
        _macro_f1(labels, folds, partial(_learner, counts, labels)),
        _macro_f1(labels, folds, partial(_peer, words, labels)),
    )


def _macro_f1(labels: np.ndarray, folds: Sequence[Fold], say: Callable[[np.ndarray, np.ndarray], list[str]]) -> float:
    """Of each shuffle as a whole; then their mean."""
    figures = []
    for shuffle in range(0, len(folds), _FOLDS):
        said = np.empty(len(labels), dtype=object)
        for taught, asked in folds[shuffle : shuffle + _FOLDS]:
            said[asked] = say(taught, asked)
        figures.append(float(f1_score(labels, said, average="macro")))
    return fmean(figures)


def _learner(counts: Sequence[Values], labels: np.ndarray, taught: np.ndarray, asked: np.ndarray) -> list[str]:
    outputs = sorted(set(labels[taught].tolist()))
    known = [labels[place] for place in taught]
    terms = select([counts[place] for place in taught], known, keep=_TERMS, at_least=2)
    kept = frozenset(terms)
    seen = matrix([_of_length_one(counts[place], kept) for place in taught], terms)
    wanted = targets([{label: 1.0} for label in known], outputs)
    ratios = count_ratios(seen, known, outputs)
    fitted = fit(
        seen,
        wanted,
        hand=ratios,
        freedom=_FREEDOM * (np.abs(ratios) + _LEAST_RATIO),
        importance=balance(wanted),
    )
    scores = matrix([_of_length_one(counts[place], kept) for place in asked], terms) @ fitted.weights + fitted.prior
    return [outputs[best] for best in scores.argmax(axis=1)]


def _peer(words: Sequence[Sequence[str]], labels: np.ndarray, taught: np.ndarray, asked: np.ndarray) -> list[str]:
    vectors = TfidfVectorizer(analyzer=_as_given, sublinear_tf=True)
    peer = LinearSVC().fit(vectors.fit_transform([words[place] for place in taught]), labels[taught])
    return list(peer.predict(vectors.transform([words[place] for place in asked])))


def _as_given(words: Sequence[str]) -> Sequence[str]:
    return words


def _words(segmenter: Segmenter, text: str) -> list[str]:
    """Han words of any length: a lone character is a word too, and worth half a point."""
    return [word for word, _, _ in segmenter.tokens(normalise(text).text) if HAN.issuperset(word)]


def _counts(words: Sequence[str]) -> dict[str, float]:
    return {word: 1 + log(count) for word, count in Counter(words).items()}


def _of_length_one(values: Mapping[str, float], kept: frozenset[str]) -> dict[str, float]:
    inside = {word: value for word, value in values.items() if word in kept}
    length = sqrt(sum(value * value for value in inside.values())) or 1.0
    return {word: value / length for word, value in inside.items()}
