"""From scores to a decision: category, runners-up, what stands beside it, regulator, scope, sureness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, log

from nlp.duties import NOBODY, UNKNOWN_FIELD, Duties
from nlp.lexicon import Thresholds
from nlp.model import NEAR, Model, Vector
from nlp.reading import OURS, Candidate, Scope, Sureness

OUT = "out_of_scope"
UNCLEAR = "unclear"
COVERS = ("art", "sport", "sci")
_SHOWN = 4
# Scope is decided before the category (domain §4): so likely a text must be ours to be one of the thirty things that are.
_OURS = 0.6
_TINY = 1e-9
# As likely as this beside the likeliest is a tie, in which the riskier stands first.
_TIE = 0.9
_GOOD_GUESS = 0.7
_REGULATOR = "regulator."


@dataclass(frozen=True)
class Ranking:
    """The categories, best first. `out` names the model's output behind out-of-scope: one of its two kinds."""

    order: Sequence[str]
    chances: Mapping[str, float]
    scores: Mapping[str, float]
    out: str

    @property
    def best(self) -> str:
        return self.order[0]

    @property
    def ours(self) -> float:
        return 1 - self.chances[OUT]

    def output(self, category: str) -> str:
        """The model's output behind a category."""
        return self.out if category == OUT else category

    def candidate(self, category: str) -> Candidate:
        return Candidate(category, self.scores[self.output(category)], self.chances[category])


def rank(model: Model, scores: Sequence[float], duties: Duties) -> Ranking:
    """The two kinds of out-of-scope are one category to people; the stronger kind lends its score, both their chances.

    Whether a text is ours is asked twice, by what it is about and by itself, and both answers count the same: they err in
    different texts. Out-of-scope stands first when ours is not likely enough, whatever the best category.
    """
    chances = model.probabilities(scores, "category", model.temperature)
    head = model.heads["category"]
    score_of = dict(zip(head.outputs, scores[head.columns], strict=True))
    near = chances.pop(NEAR)
    out = NEAR if near > chances[OUT] else OUT
    about_ours = 1 - chances[OUT] - near
    ours = _agreed(about_ours, scores[model.column(OURS)])
    share = ours / max(about_ours, _TINY)
    chances = {category: chance * share for category, chance in chances.items()} | {OUT: 1 - ours}
    return Ranking(_ordered(chances, ours, duties.by_rank), chances, score_of, out)


def _ordered(chances: Mapping[str, float], ours: float, by_rank: Sequence[str]) -> list[str]:
    """The likeliest first, of those that tie the riskier; out-of-scope is first exactly when ours is not likely enough."""
    # Sorting keeps what is equally likely in the order of rank, turned round or not.
    order = sorted(by_rank, key=chances.__getitem__, reverse=True)
    _put(next(category for category in by_rank if chances[category] >= _TIE * chances[order[0]]), 0, order)
    if (ours < _OURS) != (order[0] == OUT):
        _put(OUT, 0 if ours < _OURS else 1, order)
    return order


def _put(category: str, place: int, order: list[str]) -> None:
    order.remove(category)
    order.insert(place, category)


def _agreed(chance: float, score: float) -> float:
    """The chance halfway, in log odds, between a chance and a score of the same question."""
    chance = min(max(chance, _TINY), 1 - _TINY)
    return 1 / (1 + exp(-(log(chance / (1 - chance)) + score) / 2))


def regulator(model: Model, scores: Sequence[float], named: frozenset[str]) -> str:
    """Among the kinds of course that were named, the likeliest; when none was named, a guess only if it is a good one."""
    chances = model.probabilities(scores, "regulator")
    best = max([_REGULATOR + name for name in named] or chances, key=chances.__getitem__)
    return best.removeprefix(_REGULATOR) if named or chances[best] >= _GOOD_GUESS else UNKNOWN_FIELD


def cover(model: Model, scores: Sequence[float]) -> str:
    """The non-subject that a disguised subject course hides behind; empty when none was named."""
    chances = model.probabilities(scores, "regulator")
    best = max(COVERS, key=lambda name: chances[_REGULATOR + name])
    return best if chances[_REGULATOR + best] > chances[_REGULATOR + UNKNOWN_FIELD] else ""


def scope(category: str, output: str, *, school_run: bool) -> Scope:
    if category != OUT:
        return Scope.IN
    return Scope.NEAR if school_run or output == NEAR else Scope.OUT


def lead(duties: Duties, category: str, regulator_: str, scope_: Scope, *, danger: bool = False, particular: bool = False) -> str:
    """A school's own charging is nobody's tip-off but goes to education by hand; danger to a person always reaches the office.

    So does what would be answered by rules alone but speaks of a particular institution or place, or at length (domain §4.5).
    """
    if danger and scope_ is not Scope.IN:
        return duties.office
    if scope_ is Scope.NEAR:
        return duties.industry(UNKNOWN_FIELD)
    chosen = duties.lead(category, regulator_)
    return duties.office if particular and chosen == NOBODY and scope_ is Scope.IN else chosen


def lead_chance(ranking: Ranking, leads: Mapping[str, str], lead_: str) -> float:
    """How likely this lead is the right one: everything a text may be about that goes there, taken together."""
    return fsum([chance for category, chance in ranking.chances.items() if leads[category] == lead_])


@dataclass(frozen=True)
class Guess:
    """The answer without its reasons: enough to measure by."""

    category: str
    regulator: str
    scope: Scope
    lead: str
    confidence: float


def guess(model: Model, weighed: Vector, duties: Duties, named: frozenset[str] = frozenset()) -> Guess:
    """What the scores alone say, before anybody answered anything."""
    scores = weighed.tolist()
    ranking = rank(model, scores, duties)
    best = ranking.best
    field = regulator(model, scores, named)
    where = scope(best, ranking.output(best), school_run=False)
    return Guess(best, field, where, lead(duties, best, field, where), ranking.chances[best])


def sureness(thresholds: Thresholds, chance: float, category: str, scope_: Scope, lead_: str) -> Sureness:
    """What the chance of the lead allows: two categories of one department need not be told apart to send a text there."""
    if category == UNCLEAR or (scope_ is Scope.OUT and lead_ != NOBODY):
        return Sureness.TRIAGE
    if chance < thresholds.ask:
        return Sureness.TRIAGE
    if chance < (thresholds.dismiss if lead_ == NOBODY else thresholds.route):
        return Sureness.ASK
    if scope_ is Scope.NEAR:
        return Sureness.TRIAGE
    return Sureness.NOTHING if lead_ == NOBODY else Sureness.ROUTE


def shown(ranking: Ranking, chosen: str) -> tuple[Candidate, ...]:
    """The chosen one first, then the strongest others: enough for two buttons and a look at what nearly won."""
    others = [category for category in ranking.order[:_SHOWN] if category != chosen]
    return tuple([ranking.candidate(category) for category in (chosen, *others[: _SHOWN - 1])])
