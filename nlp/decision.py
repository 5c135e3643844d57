"""From scores to a decision: category, runners-up, what stands beside it, regulator, scope, sureness."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.duties import NOBODY, UNKNOWN_FIELD, Duties
from nlp.model import NEAR, Confidence, Model, Vector
from nlp.reading import Candidate, Scope, Sureness

OUT = "out_of_scope"
UNCLEAR = "unclear"
COVERS = ("art", "sport", "sci")
_SHOWN = 4
_REGULATOR = "regulator."


@dataclass(frozen=True)
class Ranking:
    """The categories, best first. `output` names the model's output behind each of them."""

    candidates: tuple[Candidate, ...]
    outputs: Mapping[str, str]
    near: float

    def at(self, category: str) -> Candidate:
        return next(candidate for candidate in self.candidates if candidate.category == category)


def rank(model: Model, scores: Vector, duties: Duties) -> Ranking:
    """The two kinds of out-of-scope are one category to people; the stronger kind lends its score, both their chances."""
    chances = model.probabilities(scores, "category", model.confidence.temperature)
    head = model.heads["category"]
    score_of = dict(zip(head.outputs, scores[head.columns].tolist(), strict=True))
    near = chances.pop(NEAR)
    outputs = {category: category for category in chances} | {OUT: NEAR if near > chances[OUT] else OUT}
    chances[OUT] += near
    ordered = sorted(chances, key=lambda key: (-chances[key], duties.categories[key].rank))
    candidates = tuple(Candidate(key, score_of[outputs[key]], chances[key]) for key in ordered)
    return Ranking(candidates, outputs, near)


def regulator(model: Model, scores: Vector) -> str:
    chances = model.probabilities(scores, "regulator")
    return max(chances, key=lambda name: chances[name]).removeprefix(_REGULATOR)


def cover(model: Model, scores: Vector) -> str:
    """The non-subject that a disguised subject course hides behind; empty when none was named."""
    chances = model.probabilities(scores, "regulator")
    best = max(COVERS, key=lambda name: chances[_REGULATOR + name])
    return best if chances[_REGULATOR + best] > chances[_REGULATOR + UNKNOWN_FIELD] else ""


def scope(category: str, output: str) -> Scope:
    if category != OUT:
        return Scope.IN
    return Scope.NEAR if output == NEAR else Scope.OUT


def lead(duties: Duties, category: str, regulator_: str, scope_: Scope) -> str:
    """A school's own charging is nobody's tip-off but goes to education by hand."""
    if scope_ is Scope.NEAR:
        return duties.industry(UNKNOWN_FIELD)
    return duties.lead(category, regulator_)


@dataclass(frozen=True)
class Guess:
    """The answer without its reasons: enough to measure by."""

    category: str
    regulator: str
    scope: Scope
    lead: str
    confidence: float


def guess(model: Model, scores: Vector, duties: Duties) -> Guess:
    """What the scores alone say, before anybody answered anything."""
    ranking = rank(model, scores, duties)
    best = ranking.candidates[0]
    field = regulator(model, scores)
    where = scope(best.category, ranking.outputs[best.category])
    return Guess(best.category, field, where, lead(duties, best.category, field, where), best.probability)


def sureness(confidence: Confidence, chance: float, category: str, scope_: Scope, lead_: str) -> Sureness:
    if category == UNCLEAR:
        return Sureness.TRIAGE
    if chance < confidence.ask:
        return Sureness.TRIAGE
    if chance < confidence.route:
        return Sureness.ASK
    if scope_ is Scope.NEAR:
        return Sureness.TRIAGE
    return Sureness.NOTHING if lead_ == NOBODY else Sureness.ROUTE


def beside(ranking: Ranking, chosen: str, supported: Iterable[str], share: float) -> tuple[str, ...]:
    """Other categories that the words themselves support, strong enough next to the chosen one."""
    floor = ranking.at(chosen).probability * share
    named = set(supported)
    return tuple(
        other.category
        for other in ranking.candidates
        if other.category != chosen and other.category in named and other.probability >= floor
    )


def shown(ranking: Ranking, chosen: str) -> tuple[Candidate, ...]:
    """The chosen one first, then the strongest others: enough for two buttons and a look at what nearly won."""
    others = [candidate for candidate in ranking.candidates if candidate.category != chosen]
    return (ranking.at(chosen), *others[: _SHOWN - 1])
