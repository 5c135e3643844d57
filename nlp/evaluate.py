"""Measures reading on labelled texts: per category and department, accuracy against coverage, confusion, and the worst errors."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nlp.calibration import calibration_error
from nlp.duties import Duties
from nlp.examples import Example, leads_for, read_jsonl, read_tsv
from nlp.reader import Reader
from nlp.reading import Reading, Scope, Sureness

_OUT = "out_of_scope"
_URGENT = frozenset({"P0", "P1"})
_AUTOMATIC = frozenset({Sureness.ROUTE, Sureness.NOTHING})
_COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6)
_WORST = 10
_REASONS = 4
# Readings do not depend on the day, except for relative dates among the facts.
_ANY_DAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Judged:
    """One labelled text and how it was read."""

    example: Example
    reading: Reading
    leads: tuple[str, ...]

    @property
    def category_right(self) -> bool:
        return self.reading.category in self.example.categories

    @property
    def lead_right(self) -> bool:
        """Any acceptable lead; a school's own charging may be answered by nobody or go to education by hand."""
        by_hand = self.reading.category == _OUT and _OUT in self.example.categories and self.reading.scope == Scope.NEAR
        return self.reading.lead in self.leads or by_hand

    @property
    def confirmed(self) -> bool:
        """Right after at most one question with two buttons."""
        offered = {candidate.category for candidate in self.reading.candidates[:2]}
        asked = self.reading.doubtful or self.reading.sureness is Sureness.TRIAGE
        return self.category_right or (asked and bool(offered & set(self.example.categories)))


@dataclass(frozen=True)
class Scores:
    precision: float
    recall: float
    f1: float
    count: int


def read_examples(path: Path, duties: Duties) -> list[Example]:
    """Our own TSV or JSON lines in the exchange format."""
    return read_tsv([path], duties) if path.suffix == ".tsv" else read_jsonl(path)


def judge(reader: Reader, examples: Iterable[Example]) -> list[Judged]:
    return [Judged(example, reader.read(example.text, _ANY_DAY), leads_for(example, reader.duties)) for example in examples]


def per_label(pairs: Sequence[tuple[Sequence[str], str]]) -> dict[str, Scores]:
    """(acceptable labels, the best first; said). Saying any acceptable one counts as saying the best."""
    settled = [(accepted[0], accepted[0] if said in accepted else said) for accepted, said in pairs]
    right = Counter(gold for gold, said in settled if gold == said)
    there, said_so = Counter(gold for gold, _ in settled), Counter(said for _, said in settled)
    return {
        label: Scores(
            right[label] / max(1, said_so[label]),
            right[label] / there[label],
            2 * right[label] / (there[label] + said_so[label]),
            there[label],
        )
        for label in sorted(there)
    }


def macro_f1(pairs: Sequence[tuple[Sequence[str], str]]) -> float:
    scores = per_label(pairs)
    return sum(score.f1 for score in scores.values()) / max(1, len(scores))


def share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else float("nan")


def figures(judged: Sequence[Judged]) -> dict[str, float]:
    """The figures that the project is held to."""
    ours = [each for each in judged if each.example.scope in {"", Scope.IN}]
    routed = [each for each in ours if each.reading.sureness in _AUTOMATIC]
    found = {
        "texts": float(len(judged)),
        "category_accuracy": share([each.category_right for each in ours]),
        "category_macro_f1": macro_f1([(each.example.categories, each.reading.category) for each in ours]),
        "lead_accuracy": share([each.lead_right for each in ours]),
        "coverage": len(routed) / max(1, len(ours)),
        "routed_lead_accuracy": share([each.lead_right for each in routed]),
        "confirmed_category_accuracy": share([each.confirmed for each in ours]),
        "calibration_error": calibration_error([each.reading.confidence for each in ours], [each.category_right for each in ours]),
    }
    return found | _urgency(judged) | _scope(judged) | _secondary(judged)


def _urgency(judged: Sequence[Judged]) -> dict[str, float]:
    labelled = [(each.example.level, each.reading.level) for each in judged if each.example.level]
    if not labelled:
        return {}
    return {
        "urgent_recall": share([said in _URGENT for gold, said in labelled if gold in _URGENT]),
        "urgent_precision": share([gold in _URGENT for gold, said in labelled if said in _URGENT]),
        "p0_recall": share([said == "P0" for gold, said in labelled if gold == "P0"]),
        "p0_precision": share([gold == "P0" for gold, said in labelled if said == "P0"]),
    }


def _scope(judged: Sequence[Judged]) -> dict[str, float]:
    clear = [
        (each.example.scope == Scope.IN, each.reading.category != _OUT) for each in judged if each.example.scope in {Scope.IN, Scope.OUT}
    ]
    if not clear:
        return {}
    hit = sum(gold and said for gold, said in clear)
    return {"scope_f1": 2 * hit / max(1, sum(gold for gold, _ in clear) + sum(said for _, said in clear))}


def _secondary(judged: Sequence[Judged]) -> dict[str, float]:
    pairs = [(set(each.example.secondary), set(each.reading.secondary)) for each in judged if each.example.scope == ""]
    if not pairs:
        return {}
    hit = sum(len(gold & said) for gold, said in pairs)
    return {"secondary_f1": 2 * hit / max(1, sum(len(gold) + len(said) for gold, said in pairs))}


def against_coverage(judged: Sequence[Judged]) -> list[tuple[float, float, float]]:
    """(coverage, category accuracy, lead accuracy) when only the surest texts are counted."""
    surest = sorted(judged, key=lambda each: -each.reading.confidence)
    rows = []
    for coverage in _COVERAGES:
        kept = surest[: max(1, round(len(surest) * coverage))]
        rows.append((coverage, share([each.category_right for each in kept]), share([each.lead_right for each in kept])))
    return rows


def describe(judged: Sequence[Judged]) -> Iterator[str]:
    """The whole report, line by line."""
    for name, value in figures(judged).items():
        yield f"{name:30} {value:.4f}"
    for title, pairs in (
        ("category", [(each.example.categories, each.reading.category) for each in judged]),
        ("department", [(each.leads, each.reading.lead) for each in judged]),
    ):
        yield f"\n{title:26} precision recall     f1  texts"
        yield from (
            f"{label:26} {row.precision:9.3f} {row.recall:6.3f} {row.f1:6.3f} {row.count:6}" for label, row in per_label(pairs).items()
        )
    yield "\ncoverage  category  lead"
    yield from (f"{coverage:8.2f} {category:9.3f} {lead:6.3f}" for coverage, category, lead in against_coverage(judged))
    yield "\nmost confused"
    mixed = Counter((each.example.category, each.reading.category) for each in judged if not each.category_right)
    yield from (f"{count:4} {gold} read as {said}" for (gold, said), count in mixed.most_common(_WORST))
    yield "\nworst errors"
    wrong = sorted((each for each in judged if not each.category_right), key=lambda each: -each.reading.confidence)
    yield from (_error(each) for each in wrong[:_WORST])


def _error(each: Judged) -> str:
    reasons = " ".join(f"{term.text[:12]}{term.weight:+.1f}" for term in each.reading.evidence[:_REASONS])
    decided = f"{'|'.join(each.example.categories)} → {each.reading.category} ({each.reading.confidence:.2f})"
    return f"{each.example.key} {decided}: {each.example.text[:60]}  [{reasons}]"
