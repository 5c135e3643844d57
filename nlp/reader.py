"""Reads one text: what it is about, who answers for it, how urgent it is, how sure we are, and why."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from nlp import decision
from nlp.decision import OUT, UNCLEAR, Ranking
from nlp.duties import Duties
from nlp.facts import Extractor
from nlp.features import Features, Observer, Places
from nlp.lexicon import Lexicon
from nlp.model import BESIDE, NOT_OURS, Model, Weighed
from nlp.reading import OURS, Candidate, Fact, Ours, Reading, Scope, Sureness, Term
from nlp.scopes import is_near
from nlp.segment import Segmenter, best_segmenter
from nlp.urgency import CLEARLY_CALM, Answers, answered_flags, highest, urgent_flags

SEALED = "sealed"
SPLIT = "refund_and_violation"
_SAFETY = "safety_hazard"
_REFUND = "refund_dispute"
_TIPOFF = "T"
# Where nothing is dispatched nothing presses, short of danger to a person.
_NEVER_PRESSING = frozenset({OUT, "policy_consult", "progress_query", "suggestion"})
_ANSWERED_LEVEL = "P1"
# The rules of the lexicon come first; what was learned adds to them. Missing a danger costs more than a needless look.
_LEARNED_LEVEL = {"P0": 0.4, "P1": 0.85}
# So many characters before and behind a word of danger tell what it means.
_AROUND = 12
_MOST_BESIDE = 2
# Whoever names an institution or a place, or writes a letter, wants a person to look at it.
_PARTICULARS = frozenset({"org_name", "address"})
_AT_LENGTH = 100
_RUNNER_UP_TERMS = 3
Found = Mapping[str, Fact]
Scores = Sequence[float]


class Reader:
    """A policy made ready for reading. Pure and thread-safe: it is built once and never changes."""

    def __init__(self, lexicon: Lexicon, duties: Duties, model: Model, segmenter: Segmenter, extractor: Extractor) -> None:
        self.lexicon, self.duties, self.model = lexicon, duties, model
        self.observer = Observer(lexicon, segmenter, known=model.index.keys())
        self._extractor = extractor
        self._leads = cache(self._every_lead)

    @classmethod
    def load(cls, policy: Path) -> "Reader":
        lexicon, duties = Lexicon.load(policy), Duties.load(policy)
        segmenter = best_segmenter(lexicon.own_words())
        return cls(lexicon, duties, Model.load(policy, lexicon, duties), segmenter, Extractor.load(policy))

    def read(self, text: str, today: date, *, category: str | None = None, facts: Answers | None = None) -> Reading:
        """The parent's own confirmation and answers overrule what was guessed."""
        features = self.observer.observe(text)
        told = self._extractor.facts(text, today, normal=features.places.normal)
        answers = facts or {}
        weighed = self.model.weigh_text(features)
        scores: Scores = weighed.scores.tolist()
        ranking = decision.rank(self.model, scores, self.duties)
        chosen = category or ranking.best
        regulator = self._regulator(scores, features, answers)
        school_run = is_near(features)
        secondary = self._beside(chosen, scores, features)
        level, flags = self._urgency(features, scores, chosen, secondary, self._counted(chosen, told) | dict(answers))
        particular = len(text) > _AT_LENGTH or not _PARTICULARS.isdisjoint(told)
        danger = level == "P0"
        scope = decision.scope(chosen, ranking.output(chosen), school_run=school_run)
        leads = self._leads(regulator, ranking.out, school_run=school_run, danger=danger, particular=particular)
        lead = leads[chosen]
        candidates = self._candidates(ranking, chosen, weighed)
        confidence = 1.0 if category else candidates[0].probability
        lead_chance = 1.0 if category else decision.lead_chance(ranking, leads, lead)
        return Reading(
            category=chosen,
            secondary=secondary,
            nature=self._nature(scores, chosen),
            level=level,
            lead=lead,
            assists=self._assists(chosen, secondary, regulator, scope, scores),
            regulator=regulator,
            scope=scope,
            ours=Ours(ranking.ours, scores[self.model.column(OURS)], self.model.prior_of(OURS)),
            sureness=decision.sureness(self.lexicon.thresholds, lead_chance, chosen, scope, lead),
            confidence=confidence,
            doubtful=self.lexicon.thresholds.ask <= confidence < self.lexicon.thresholds.sure,
            margin=candidates[0].score - candidates[1].score,
            candidates=candidates,
            prior=self.model.prior_of(ranking.output(chosen)),
            facts=told,
            flags=flags,
            lexicon_version=self.lexicon.version,
            reasons=partial(_reasons, ranking, candidates, features.places, weighed),
        )

    def _every_lead(self, regulator: str, out: str, *, school_run: bool, danger: bool, particular: bool) -> Mapping[str, str]:
        """Where each category would go. It hangs on these few answers alone, so that a hundred results are all there are."""
        lead_of = partial(decision.lead, self.duties, danger=danger, particular=particular)
        scopes = {key: decision.scope(key, out, school_run=school_run) for key in self.duties.categories}
        return {key: lead_of(key, regulator, scope) for key, scope in scopes.items()}

    def _regulator(self, scores: Scores, features: Features, answers: Answers) -> str:
        course = str(answers.get("course", "")).strip().lower()
        department = self.duties.by_course.get(course)
        if department:
            return self.duties.departments[department].fields[0]
        return decision.regulator(self.model, scores, self.observer.fields(features))

    def _beside(self, chosen: str, scores: Scores, features: Features) -> tuple[str, ...]:
        """What else the text touches, the likeliest first. Beside what is not ours stands nothing."""
        if chosen in NOT_OURS:
            return ()
        brought = [other for other, words in self.lexicon.companions.get(chosen, {}).items() if not features.groups.isdisjoint(words)]
        chances = {output.removeprefix(BESIDE): chance for output, chance in self.model.probabilities(scores, "beside").items()}
        enough = self.lexicon.thresholds.beside_letter if len(features.places.normal.text) > _AT_LENGTH else self.lexicon.thresholds.beside
        likely = [key for key, chance in chances.items() if key != chosen and chance >= enough]
        likely.sort(key=lambda key: -chances[key])
        return tuple(dict.fromkeys([*brought, *likely]))[:_MOST_BESIDE]

    def _counted(self, chosen: str, told: Found) -> dict[str, str | float | int]:
        """How many are hit, where this kind of matter is weighed by number: families out of money, staff out of pay."""
        return {key: told[key].value for key in self.lexicon.counted.get(chosen, ()) if key in told}

    def _urgency(
        self, features: Features, scores: Scores, chosen: str, secondary: tuple[str, ...], answers: Answers
    ) -> tuple[str, frozenset[str]]:
        chances = self.model.probabilities(scores, "level")
        danger = partial(self._danger, features, chances["level.P0"])
        ruled, flags = urgent_flags(features, self.lexicon, danger, pressing=1 - chances["level.calm"])
        answered = answered_flags(answers, self.lexicon.crowd_at)
        flags |= answered
        levels = [self.duties.categories[chosen].level, ruled, _learned_level(chances), _ANSWERED_LEVEL if answered else ""]
        if _SAFETY in secondary:
            levels.append(self.duties.categories[_SAFETY].level)
        if chosen in _NEVER_PRESSING:
            levels = [level for level in levels if level != "P1"]
        level = highest(levels)
        if level == "P0":
            flags |= {"danger"}
        return level, frozenset(flags | self._case_flags(chosen, secondary))

    def _case_flags(self, chosen: str, secondary: tuple[str, ...]) -> set[str]:
        together = {chosen, *secondary}
        violation = any(self.duties.categories[key].nature == _TIPOFF and key not in NOT_OURS for key in together)
        flags = {SPLIT} if _REFUND in together and violation else set()
        return flags | ({SEALED} if "official_misconduct" in together else set())

    def _danger(self, features: Features, whole: float, place: int) -> float:
        """How likely a danger is, by the whole text, or else by the words around: in a long complaint one sentence weighs little."""
        if whole >= CLEARLY_CALM:
            return whole
        around = features.places.normal.text[max(0, place - _AROUND) : place + _AROUND]
        scores: Scores = self.model.weigh_text(self.observer.observe(around)).scores.tolist()
        return self.model.probabilities(scores, "level")["level.P0"]

    def _nature(self, scores: Scores, chosen: str) -> str:
        """The category's own nature; what is not ours is read from the tone."""
        if chosen not in {OUT, UNCLEAR}:
            return self.duties.categories[chosen].nature
        chances = self.model.probabilities(scores, "nature")
        return max(chances, key=lambda name: chances[name]).removeprefix("nature.")

    def _assists(self, chosen: str, secondary: tuple[str, ...], regulator: str, scope: Scope, scores: Scores) -> tuple[str, ...]:
        if scope is not Scope.IN:
            return ()
        return self.duties.assists(chosen, secondary, regulator, decision.cover(self.model, scores))

    def _candidates(self, ranking: Ranking, chosen: str, weighed: Weighed) -> tuple[Candidate, ...]:
        """The chosen one and its strongest rivals. The chosen one's score is the exact sum of its evidence."""
        first, *others = decision.shown(ranking, chosen)
        return Candidate(first.category, weighed.exactly(ranking.output(chosen)), first.probability), *others


def _learned_level(chances: Mapping[str, float]) -> str:
    return next((level for level, enough in _LEARNED_LEVEL.items() if chances[f"level.{level}"] >= enough), "")


def _reasons(ranking: Ranking, candidates: tuple[Candidate, ...], places: Places, weighed: Weighed) -> tuple[Term, ...]:
    """Every term for the chosen category and for whether the text is ours, and the strongest ones for the runner-up."""
    chosen, rival = candidates[0].category, candidates[1].category
    own = weighed.contributions(ranking.output(chosen))
    strongest = sorted(weighed.contributions(ranking.output(rival)), key=_strongest_first)[:_RUNNER_UP_TERMS]
    ours = weighed.contributions(OURS)
    return (*_terms(places, own, chosen), *_terms(places, strongest, rival), *_terms(places, ours, OURS))


def _terms(places: Places, contributions: list[tuple[str, float]], category: str) -> list[Term]:
    text = places.normal.original
    terms = []
    for feature, weight in sorted(contributions, key=_strongest_first):
        start, end = places.span(feature)
        terms.append(Term(text[start:end], start, end, weight, category, feature))
    return terms


def _strongest_first(contribution: tuple[str, float]) -> tuple[float, str]:
    """Of equal weight by name, so that every process shows the same."""
    feature, weight = contribution
    return -weight, feature


__all__ = ["Reader", "Sureness"]
