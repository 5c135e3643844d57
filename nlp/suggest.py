"""Learns from the office's re-routes: proposes weights and new words with the scores before and after. Changes nothing itself."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp import decision
from nlp.examples import Example
from nlp.features import WORD, Features, Observer
from nlp.model import NEAR, Model
from nlp.reader import Reader
from nlp.reading import OURS
from nlp.segment import best_segmenter

_STEP = 0.5
_ROUNDS = 6
_LARGEST = 1.5
_NEW_WORD_SEEN = 2
_SHOWN = 20
_OUT = "out_of_scope"


@dataclass(frozen=True)
class Rerouted:
    """A text the office sent elsewhere: what we had said, what it is."""

    text: str
    was: str
    now: str


@dataclass(frozen=True)
class Proposal:
    """Weight changes for a person to accept, and what they would do to the re-routed and to the checked texts."""

    changes: Mapping[str, Mapping[str, float]]
    new_words: Sequence[tuple[str, str, int]]
    right_before: int
    right_after: int
    checked_before: int
    checked_after: int
    rerouted: int
    checked: int


def read_rerouted(path: Path) -> list[Rerouted]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Rerouted(row["text"], row["was"], row["is"]) for row in rows]


def propose(reader: Reader, rerouted: Sequence[Rerouted], check: Sequence[Example]) -> Proposal:
    """Small steps on the features of the misread texts only, kept if the checked texts do not suffer."""
    observer = Observer(reader.lexicon, best_segmenter(reader.lexicon.own_words()))
    seen = [(each, observer.observe(each.text)) for each in rerouted]
    known = [(example, observer.observe(example.text)) for example in check]
    model = reader.model
    changes: dict[str, dict[str, float]] = {}
    for _ in range(_ROUNDS):
        wrong = [(each, features) for each, features in seen if _said(model, features, reader) != each.now]
        if not wrong:
            break
        for each, features in wrong:
            _step(changes, features, each.now, _said(model, features, reader))
        model = _changed(reader.model, changes)
    return Proposal(
        changes={feature: row for feature, row in changes.items() if any(row.values())},
        new_words=_new_words(reader.model, seen),
        right_before=sum(_said(reader.model, features, reader) == each.now for each, features in seen),
        right_after=sum(_said(model, features, reader) == each.now for each, features in seen),
        checked_before=sum(_said(reader.model, features, reader) in example.categories for example, features in known),
        checked_after=sum(_said(model, features, reader) in example.categories for example, features in known),
        rerouted=len(seen),
        checked=len(known),
    )


def describe(proposal: Proposal) -> Iterator[str]:
    """The proposal for a person; accepting it means editing the policy by hand."""
    yield f"re-routed texts read right: {proposal.right_before} → {proposal.right_after} of {proposal.rerouted}"
    yield f"checked texts read right:   {proposal.checked_before} → {proposal.checked_after} of {proposal.checked}"
    yield "weights to change (feature, category, by how much)"
    flat = [(abs(delta), feature, category, delta) for feature, row in proposal.changes.items() for category, delta in row.items() if delta]
    yield from (f"  {feature:24} {category:24} {delta:+.2f}" for _, feature, category, delta in sorted(flat, reverse=True)[:_SHOWN])
    yield "words the lexicon does not know (word, category, texts)"
    yield from (f"  {word:12} {category:24} {count}" for word, category, count in proposal.new_words[:_SHOWN])


def _said(model: Model, features: Features, reader: Reader) -> str:
    return decision.guess(model, model.weigh(features.values).scores, reader.duties).category


def _step(changes: dict[str, dict[str, float]], features: Features, right: str, said: str) -> None:
    """Up for what it is, down for what we said, spread over the text's words and groups so that no single one carries the blame.

    Single characters stand in every other text: they are left alone.
    """
    spoke = [feature for feature in (*features.told, *map(WORD.__add__, features.words)) if not feature.startswith("#")]
    size = _STEP / max(1.0, len(spoke) ** 0.5)
    for feature in spoke:
        row = changes.setdefault(feature, {})
        row[right] = min(_LARGEST, row.get(right, 0.0) + size)
        row[said] = max(-_LARGEST, row.get(said, 0.0) - size)


def _changed(model: Model, changes: Mapping[str, dict[str, float]]) -> Model:
    """The same model with these changes added; out of scope changes both of its kinds, and whether a text is ours at all."""
    return model.changed({feature: row | (_both_kinds(row[_OUT]) if _OUT in row else {}) for feature, row in changes.items()})


def _both_kinds(delta: float) -> dict[str, float]:
    return {NEAR: delta, OURS: -delta}


def _new_words(model: Model, seen: Sequence[tuple[Rerouted, Features]]) -> list[tuple[str, str, int]]:
    """Words of the misread texts that carry no weight yet, by how many texts of one category they stand in."""
    counts = Counter(
        (feature.removeprefix(WORD), each.now)
        for each, features in seen
        for feature in features.values
        if feature.startswith(WORD) and len(feature) > len(WORD) + 1 and feature not in model.index
    )
    return [(word, category, count) for (word, category), count in counts.most_common() if count >= _NEW_WORD_SEEN]
