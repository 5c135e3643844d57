"""One linear model in log space: what the office's hand gave each word, plus what was learned from labelled sentences."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.duties import Duties
from nlp.features import LENGTH, NO_TRADE, SILENT, WORD, combination_feature
from nlp.lexicon import FILE as WORDS_FILE
from nlp.lexicon import Lexicon, PolicyFault
from nlp.matching import DENIED

FILE = "weights.json"
NEAR = "out_of_scope.near"
REGULATORS = ("subject", "preschool", "art", "sport", "sci", "unknown")
LEVELS = ("P0", "P1", "calm")
NATURES = ("T", "C", "Q", "G")
_FIELD_WEIGHT = 2.5

Vector = npt.NDArray[np.float64]
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
            feature: {outputs[number]: value / 100 for number, value in zip(row[::2], row[1::2], strict=True)}
            for feature, row in table["weights"].items()
        }
        return cls(dict(zip(outputs, table["prior"], strict=True)), weights, table["temperature"])


@dataclass(frozen=True)
class Head:
    """One question the model answers, and which of its outputs are the answers."""

    name: str
    outputs: tuple[str, ...]
    first: int

    @property
    def columns(self) -> slice:
        return slice(self.first, self.first + len(self.outputs))


@dataclass(frozen=True)
class Weighed:
    """One text on the scales: what each feature gave each output, the scores, and the part that the lexicon's words carry."""

    model: "Model"
    features: tuple[str, ...]
    given: Vector
    scores: Vector
    support: Vector

    def contributions(self, output: str) -> list[tuple[str, float]]:
        """What each feature gave this output; with the prior they add up to its score."""
        gave = self.given[:, self.model.column(output)].tolist()
        return [(feature, weight) for feature, weight in zip(self.features, gave, strict=True) if weight]

    def supports(self, output: str) -> float:
        return float(self.support[self.model.column(output)])


class Model:
    """Scores are prior plus the sum of weight times value, for every output at once."""

    def __init__(self, heads: tuple[Head, ...], prior: Vector, index: Mapping[str, int], matrix: Vector, temperature: float) -> None:
        self.heads = {head.name: head for head in heads}
        self.prior, self.index, self.matrix, self.temperature = prior, index, matrix, temperature
        self._columns = {output: head.first + place for head in heads for place, output in enumerate(head.outputs)}

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
        index = {feature: row for row, feature in enumerate(dict.fromkeys([*hand, *deltas]))}
        matrix = np.zeros((len(index), len(columns)))
        prior = np.zeros(len(columns))
        for source in (hand, deltas):
            for feature, weights in source.items():
                for output, weight in weights.items():
                    matrix[index[feature], columns[output]] += weight
        for output, weight in learned.prior.items():
            prior[columns[output]] += weight
        return cls(heads, prior, index, matrix, learned.temperature)

    def weigh(self, values: Mapping[str, float]) -> "Weighed":
        """Every output's score at once, and how much of it came from the office's own words."""
        index = self.index
        features = [feature for feature in values if feature in index]
        rows = [index[feature] for feature in features]
        shares = np.array([values[feature] for feature in features])
        given = self.matrix[rows] * shares[:, None]
        own_words = np.array([not feature.startswith((WORD, LENGTH)) for feature in features], dtype=bool)
        return Weighed(self, tuple(features), given, self.prior + given.sum(axis=0), given[own_words].sum(axis=0))

    def column(self, output: str) -> int:
        return self._columns[output]

    def grown(self, index: Mapping[str, int]) -> "Model":
        """A copy with room for more features; nothing of this one changes."""
        matrix = np.zeros((len(index), self.matrix.shape[1]))
        matrix[: len(self.matrix)] = self.matrix
        return Model(tuple(self.heads.values()), self.prior, index, matrix, self.temperature)

    def prior_of(self, output: str) -> float:
        return float(self.prior[self._columns[output]])

    def probabilities(self, scores: Vector, head: str, temperature: float = 1.0) -> dict[str, float]:
        asked = self.heads[head]
        values = scores[asked.columns] / temperature
        return dict(zip(asked.outputs, softmax(values.tolist()), strict=True))


def softmax(values: Iterable[float]) -> list[float]:
    listed = list(values)
    top = max(listed)
    powers = [exp(value - top) for value in listed]
    total = sum(powers)
    return [power / total for power in powers]


def heads_of(duties: Duties) -> tuple[Head, ...]:
    """Category (with the school's own charging kept apart), who regulates it, how urgent, what kind of message."""
    named = (
        ("category", (*duties.categories, NEAR)),
        ("regulator", tuple(f"regulator.{name}" for name in REGULATORS)),
        ("level", tuple(f"level.{name}" for name in LEVELS)),
        ("nature", tuple(f"nature.{name}" for name in NATURES)),
    )
    heads: list[Head] = []
    first = 0
    for name, outputs in named:
        heads.append(Head(name, outputs, first))
        first += len(outputs)
    return tuple(heads)


def hand_weights(lexicon: Lexicon) -> Weights:
    """The weights written in the lexicon, under the names of the features they speak about."""
    weights: dict[str, dict[str, float]] = {NO_TRADE: dict(lexicon.no_trade), SILENT: dict(lexicon.silent)}
    for group in lexicon.groups.values():
        fields = {f"regulator.{group.field}": _FIELD_WEIGHT} if group.field else {}
        weights.setdefault(group.name, {}).update(dict(group.supports) | fields)
        weights.setdefault(DENIED + group.name, {}).update(group.denied)
    for key, row in lexicon.combinations.items():
        weights.setdefault(combination_feature(lexicon, key), {}).update(row)
    return {feature: row for feature, row in weights.items() if row}
