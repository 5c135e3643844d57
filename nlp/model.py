"""One linear model in log space: what the office's hand gave each word, plus what was learned from labelled sentences."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from math import exp, fsum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.duties import Duties
from nlp.features import ABSENCE, HANS, WORD, Features, combination_feature
from nlp.lexicon import FILE as WORDS_FILE
from nlp.lexicon import Lexicon, PolicyFault
from nlp.matching import DENIED
from nlp.reading import OURS

FILE = "weights.json"
NEAR = "out_of_scope.near"
REGULATORS = ("subject", "preschool", "art", "sport", "sci", "unknown")
LEVELS = ("P0", "P1", "calm")
NATURES = ("T", "C", "Q", "G")
BESIDE = "beside."
# Questions, proposals and what is not our matter: nothing else is dispatched beside them, and they beside nothing.
NOT_OURS = frozenset({"out_of_scope", "unclear", "policy_consult", "progress_query", "suggestion"})
_FIELD_WEIGHT = 2.5
# The last row of the matrix is nothing but noughts, for features nobody gave a weight.
_NO_ROW = -1
# A weight is stored and kept as so many hundredths.
_PARTS = 100

Vector = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Hundredths = npt.NDArray[np.int16]
Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Learned:
    """What learning adds to the hand: a prior for each output, and for each feature a delta for some outputs."""

    prior: Mapping[str, float]
    weights: Weights
    temperature: float = 1.0

    @classmethod
    def read(cls, path: Path) -> "Learned":
        """Nothing learned yet is a model too. Weights are stored as output numbers and hundredths, in turn."""
        if not path.exists():
            return cls({}, {})
        table = json.loads(path.read_text("utf-8"))
        outputs = table["outputs"]
        weights = {
            feature: {outputs[number]: value / _PARTS for number, value in zip(row[::2], row[1::2], strict=True)}
            for feature, row in table["weights"].items()
        }
        return cls(dict(zip(outputs, table["prior"], strict=True)), weights, table["temperature"])


@dataclass(frozen=True)
class Head:
    """One question the model answers, and which of its outputs are the answers."""

    name: str
    outputs: tuple[str, ...]
    first: int
    # One answer only; otherwise each output is a question of its own, answered by yes or no.
    exclusive: bool = True

    @property
    def columns(self) -> slice:
        return slice(self.first, self.first + len(self.outputs))


@dataclass(frozen=True)
class Weighed:
    """One text on the scales: the rows of its features with their values, and every output's score."""

    model: "Model"
    rows: Rows
    shares: Vector
    scores: Vector

    def contributions(self, output: str) -> list[tuple[str, float]]:
        """What each feature gave this output; with the prior they add up to its score."""
        names = self.model.names
        return [(names[row], weight) for row, weight in zip(self.rows.tolist(), self._gave(output), strict=True) if weight]

    def exactly(self, output: str) -> float:
        """The output's score as whoever adds up the prior and the contributions finds it, to the last digit."""
        return fsum([self.model.prior_of(output), *self._gave(output)])

    def _gave(self, output: str) -> list[float]:
        gave: list[float] = (self.model.matrix[:, self.model.column(output)][self.rows] * self.shares / _PARTS).tolist()
        return gave


class Model:
    """Scores are prior plus the sum of weight times value, for every output at once.

    Weights are whole hundredths, as they are stored: a matrix of small numbers stays near the processor, where one of long
    fractions is fetched from afar for every text.
    """

    def __init__(self, heads: tuple[Head, ...], prior: Vector, index: Mapping[str, int], matrix: Hundredths, temperature: float) -> None:
        self.heads = {head.name: head for head in heads}
        self.prior, self.index, self.matrix, self.temperature = prior, index, matrix, temperature
        self._columns = {output: head.first + place for head in heads for place, output in enumerate(head.outputs)}
        words = {feature.removeprefix(WORD): row for feature, row in index.items() if feature.startswith(WORD)}
        self._words = {word: row for word, row in words.items() if len(word) > 1}
        self._characters = np.array([words.get(character, _NO_ROW) for character in HANS], dtype=np.int32)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The features in the order of their rows."""
        return (*self.index, "")

    @classmethod
    def load(cls, policy: Path, lexicon: Lexicon, duties: Duties) -> "Model":
        """The hand's weights alone when nothing was learned yet."""
        heads, hand = heads_of(duties), hand_weights(lexicon)
        known = {output for head in heads for output in head.outputs}
        for feature, row in hand.items():
            if not known.issuperset(row):
                raise PolicyFault(WORDS_FILE, feature, f"supports what does not exist: {', '.join(sorted(set(row) - known))}")
        return cls.assemble(heads, hand, Learned.read(policy / FILE))

    @classmethod
    def assemble(cls, heads: tuple[Head, ...], hand: Weights, learned: Learned) -> "Model":
        columns = {output: head.first + place for head in heads for place, output in enumerate(head.outputs)}
        deltas = learned.weights
        # Shortest first: the characters, of which every text has many, lie side by side.
        index = {feature: row for row, feature in enumerate(sorted({*hand, *deltas}, key=lambda feature: (len(feature), feature)))}
        matrix = np.zeros((len(index) + 1, len(columns)), dtype=np.int16)
        prior = np.zeros(len(columns))
        for source in filter(None, (hand, deltas)):
            given = [(index[feature], columns[output], weight) for feature, row in source.items() for output, weight in row.items()]
            rows, outputs, weights = zip(*given, strict=True)
            matrix[rows, outputs] += np.rint(np.multiply(weights, _PARTS)).astype(np.int16)
        for output, weight in learned.prior.items():
            prior[columns[output]] += weight
        return cls(heads, prior, index, matrix, learned.temperature)

    def weigh(self, values: Mapping[str, float]) -> Weighed:
        """Every output's score at once; features nobody gave a weight add nothing."""
        return self._weighed(*self._by_name(values))

    def weigh_text(self, features: Features) -> Weighed:
        """The same as weighing its values by name. Words and characters have rows of their own: naming each first takes twice as long."""
        told, words = features.told, [row for row in map(self._words.get, features.words) if row is not None]
        first_word, first_character = len(told), len(told) + len(words)
        rows = np.empty(first_character + len(features.characters), np.intp)
        shares = np.empty(len(rows))
        rows[:first_word], shares[:first_word] = self._by_name(told)
        rows[first_word:first_character], shares[first_word:first_character] = words, features.word_share
        rows[first_character:], shares[first_character:] = self._characters[features.characters], features.character_share
        return self._weighed(rows, shares)

    def _by_name(self, values: Mapping[str, float]) -> tuple[Rows, Vector]:
        rows = np.fromiter(map(self.index.get, values, repeat(_NO_ROW)), np.intp, len(values))
        return rows, np.fromiter(values.values(), float, len(values))

    def _weighed(self, rows: Rows, shares: Vector) -> Weighed:
        return Weighed(self, rows, shares, self.prior + shares @ self.matrix.take(rows, axis=0) / _PARTS)

    def column(self, output: str) -> int:
        return self._columns[output]

    def changed(self, changes: Weights) -> "Model":
        """A copy with these weights added; nothing of this one changes."""
        index = {feature: row for row, feature in enumerate(dict.fromkeys([*self.index, *changes]))}
        matrix = np.zeros((len(index) + 1, self.matrix.shape[1]), dtype=np.int16)
        matrix[: len(self.index)] = self.matrix[:_NO_ROW]
        for feature, weights in changes.items():
            for output, weight in weights.items():
                matrix[index[feature], self._columns[output]] += round(weight * _PARTS)
        return Model(tuple(self.heads.values()), self.prior, index, matrix, self.temperature)

    def prior_of(self, output: str) -> float:
        return float(self.prior[self._columns[output]])

    def probabilities(self, scores: Sequence[float], head: str, temperature: float = 1.0) -> dict[str, float]:
        asked = self.heads[head]
        values = [score / temperature for score in scores[asked.columns]]
        chances = softmax(values) if asked.exclusive else [1 / (1 + exp(-value)) for value in values]
        return dict(zip(asked.outputs, chances, strict=True))


def softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    powers = [exp(value - top) for value in values]
    total = sum(powers)
    return [power / total for power in powers]


def heads_of(duties: Duties) -> tuple[Head, ...]:
    """Category (with the school's own charging kept apart), who regulates it, how urgent, what kind, what else is touched, is it ours."""
    named = (
        ("category", (*duties.categories, NEAR)),
        ("regulator", tuple(f"regulator.{name}" for name in REGULATORS)),
        ("level", tuple(f"level.{name}" for name in LEVELS)),
        ("nature", tuple(f"nature.{name}" for name in NATURES)),
        ("beside", tuple(BESIDE + name for name in duties.categories if name not in NOT_OURS)),
        ("scope", (OURS,)),
    )
    heads: list[Head] = []
    first = 0
    for name, outputs in named:
        heads.append(Head(name, outputs, first, exclusive=name not in {"beside", "scope"}))
        first += len(outputs)
    return tuple(heads)


def hand_weights(lexicon: Lexicon) -> Weights:
    """The weights written in the lexicon, under the names of the features they speak about."""
    weights: dict[str, dict[str, float]] = {ABSENCE[name]: dict(row) for name, row in lexicon.absence.items()}
    for group in lexicon.groups.values():
        fields = {f"regulator.{group.field}": _FIELD_WEIGHT} if group.field else {}
        weights.setdefault(group.name, {}).update(dict(group.supports) | fields)
        weights.setdefault(DENIED + group.name, {}).update(group.denied)
    for key, row in lexicon.combinations.items():
        weights.setdefault(combination_feature(lexicon, key), {}).update(row)
    return {feature: row | _beside(row) for feature, row in weights.items() if row}


def _beside(row: Mapping[str, float]) -> dict[str, float]:
    """A word that speaks for a category speaks for its being touched at all."""
    return {BESIDE + output: weight for output, weight in row.items() if "." not in output and output not in NOT_OURS}
