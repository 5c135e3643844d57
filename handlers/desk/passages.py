"""The reporter's words as an officer sees them: masked, with the terms marked that spoke for the category."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import fsum
from typing import Any

from handlers.routing import Settled
from nlp.mask import mask
from nlp.reading import OURS

# A mark shows a word and not a sentence, and only what decided: where everything is marked, nothing is.
SHORTEST, LONGEST, MOST = 2, 12, 10
# Stand for a word in the table where no word does.
_LETTERS, _WHOLE = "", "#"
# A category less likely than this is no second thought.
LEAST_LIKELY = 0.05


@dataclass(frozen=True)
class Mark:
    """A term in the text: what it spoke for, and how strongly."""

    supports: str
    weight: float


# Where a term stands in the text, and what it spoke for.
Span = tuple[int, int, Mark]


@dataclass(frozen=True)
class Piece:
    text: str
    mark: Mark | None = None


@dataclass(frozen=True)
class Term:
    """What one word weighed, as the table under the text lists it: `count` times in all.

    Single characters, each of which says nothing to a person, are one line without a text; so is what the text as a whole tells,
    how long it is and what it never mentions.
    """

    text: str
    weight: float
    count: int

    @property
    def is_letters(self) -> bool:
        return self.text == _LETTERS

    @property
    def is_whole(self) -> bool:
        return self.text == _WHOLE


@dataclass(frozen=True)
class Support:
    """Everything that spoke for or against one category, or for its being our matter at all, and its sum."""

    category: str
    weight: float
    terms: tuple[Term, ...]

    @property
    def is_scope(self) -> bool:
        return self.category == OURS


@dataclass(frozen=True)
class Why:
    """Why the report came here: how sure the department was, and what else it could be about when nobody has settled that.

    `is_read` is False where nothing was read by the system.
    """

    is_read: bool
    sureness: str
    settled: Settled
    runner_up: str
    runner_up_probability: float
    support: tuple[Support, ...]
    lexicon_version: str


def passage(story: str, reading: Mapping[str, Any]) -> tuple[Piece, ...]:
    """The masked story in pieces; a term is marked where it stands, unless masking hid it."""
    masked = mask(story).text
    # The spans index the story; once masking has moved the words, a term is looked up by its own words instead.
    spans = _spans(story, reading) if masked == story else _found(masked, reading)
    pieces, done = [], 0
    for start, end, mark in _deciding(spans):
        if start > done:
            pieces.append(Piece(masked[done:start]))
        pieces.append(Piece(masked[start:end], mark))
        done = end
    return (*pieces, Piece(masked[done:])) if done < len(masked) else tuple(pieces)


def why(reading: Mapping[str, Any], category: str) -> Why:
    """The reading kept with a report of this category, in a fixed shape; whatever an entry by hand lacks stays empty."""
    settled = _settled(reading)
    candidates: Sequence[Mapping[str, Any]] = reading.get("candidates") or ()
    others = [one for one in candidates if one["category"] != category and one["probability"] >= LEAST_LIKELY]
    # Whoever set the category right, or confirmed it, has no second thought.
    is_open = settled is Settled.NOBODY and reading.get("category") == category
    best = max(others, key=lambda one: one["probability"], default=None) if is_open else None
    support = _support(reading)
    return Why(
        is_read=bool(support) or reading.get("confidence") is not None,
        sureness=str(reading.get("sureness", "")),
        settled=settled if reading.get("category") == category else Settled.NOBODY,
        runner_up=best["category"] if best else "",
        runner_up_probability=best["probability"] if best else 0.0,
        support=support,
        lexicon_version=str(reading.get("lexicon_version", "")),
    )


def _support(reading: Mapping[str, Any]) -> tuple[Support, ...]:
    """By category, the one with the largest sum first; last, whether it is our matter."""
    weights: dict[str, dict[str, list[float]]] = {}
    for one in reading.get("evidence") or ():
        if one["weight"]:
            weights.setdefault(one["supports"], {}).setdefault(_shown(one), []).append(one["weight"])
    found = [Support(category, fsum(chain(*words.values())), _terms(words)) for category, words in weights.items()]
    return tuple(sorted(found, key=lambda one: (one.is_scope, -one.weight)))


def _shown(one: Mapping[str, Any]) -> str:
    if one["group"].startswith(_WHOLE):
        return _WHOLE
    text = mask(one["text"]).text
    return text if len(text) >= SHORTEST else _LETTERS


def _terms(words: Mapping[str, Sequence[float]]) -> tuple[Term, ...]:
    """The heaviest word first, the whole and single characters last.

    A word that weighs by itself and in its group stands once; no weight is lost.
    """
    terms = [Term(text, fsum(each), len(each)) for text, each in words.items()]
    return tuple(sorted(terms, key=lambda term: (term.is_letters, term.is_whole, -abs(term.weight))))


def _settled(reading: Mapping[str, Any]) -> Settled:
    """Readings kept before this was noted are certain only where a reporter had confirmed the category."""
    noted = reading.get("settled")
    if noted is not None:
        return Settled(noted)
    return Settled.REPORTER if reading.get("confidence") == 1.0 else Settled.NOBODY


def _deciding(found: Iterable[Span]) -> list[Span]:
    """The strongest that do not overlap, in the order of the text."""
    chosen: list[Span] = []
    for start, end, mark in sorted(found, key=lambda span: (-abs(span[2].weight), span[0])):
        if SHORTEST <= end - start <= LONGEST and all(end <= other[0] or other[1] <= start for other in chosen):
            chosen.append((start, end, mark))
    return sorted(chosen[:MOST], key=lambda span: span[0])


def _spans(story: str, reading: Mapping[str, Any]) -> list[Span]:
    return [
        (one["start"], one["end"], Mark(one["supports"], one["weight"]))
        for one in _about(reading)
        if 0 <= one["start"] < one["end"] <= len(story)
    ]


def _about(reading: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The evidence for what the text is about; whether it is our matter is told in the table alone."""
    return (one for one in reading.get("evidence") or () if one["weight"] and one["supports"] != OURS)


def _found(masked: str, reading: Mapping[str, Any]) -> list[Span]:
    found = []
    for one in _about(reading):
        start = masked.find(one["text"])
        if one["text"] and start >= 0:
            found.append((start, start + len(one["text"]), Mark(one["supports"], one["weight"])))
    return found
