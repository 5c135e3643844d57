"""Reads one text: what it is about, who answers for it, how urgent it is, how sure we are, and why."""

from collections.abc import Mapping
from datetime import date
from heapq import nlargest
from math import fsum
from pathlib import Path

from nlp import decision
from nlp.decision import OUT, UNCLEAR, Ranking
from nlp.duties import Duties
from nlp.facts import Extractor
from nlp.features import Features, Observer
from nlp.lexicon import Lexicon
from nlp.model import Model, Vector, Weighed
from nlp.reading import Candidate, Fact, Reading, Scope, Sureness, Term
from nlp.scopes import is_near
from nlp.segment import Segmenter, best_segmenter
from nlp.urgency import Answers, answered_flags, highest, urgent_flags

SEALED = "sealed"
SPLIT = "refund_and_violation"
_NOT_OURS = frozenset({OUT, UNCLEAR, "policy_consult", "progress_query", "suggestion"})
_SAFETY = "safety_hazard"
_REFUND = "refund_dispute"
_TIPOFF = "T"
_ANSWERED_LEVEL = "P1"
# Missing a danger costs more than a needless look: the learned level speaks up before it is more likely than not.
_LEARNED_LEVEL = {"P0": 0.3, "P1": 0.4}
_BESIDE_CHANCE = 0.01
_BESIDE_SUPPORT = 2.5
_MOST_BESIDE = 2
_LIKELY = 6
_RUNNER_UP_TERMS = 3
Found = Mapping[str, Fact]


class Reader:
    """A policy made ready for reading. Pure and thread-safe: it is built once and never changes."""

    def __init__(self, lexicon: Lexicon, duties: Duties, model: Model, segmenter: Segmenter, extractor: Extractor) -> None:
        self.lexicon, self.duties, self.model = lexicon, duties, model
        self.observer = Observer(lexicon, segmenter)
        self._extractor = extractor

    @classmethod
    def load(cls, policy: Path) -> "Reader":
        lexicon, duties = Lexicon.load(policy), Duties.load(policy)
        segmenter = best_segmenter(lexicon.own_words())
        return cls(lexicon, duties, Model.load(policy, lexicon, duties), segmenter, Extractor.load(policy))

    def read(self, text: str, today: date, *, category: str | None = None, facts: Answers | None = None) -> Reading:
        """The parent's own confirmation and answers overrule what was guessed."""
        answers = facts or {}
        features = self.observer.observe(text)
        weighed = self.model.weigh(features.values)
        scores = weighed.scores
        ranking = decision.rank(self.model, scores, self.duties)
        chosen = category or ranking.best
        regulator = self._regulator(scores, features, answers)
        scope = decision.scope(chosen, ranking.outputs[chosen], school_run=is_near(features))
        secondary = self._beside(ranking, chosen, weighed, features)
        level, flags = self._urgency(features, scores, chosen, secondary, answers)
        lead = decision.lead(self.duties, chosen, regulator, scope, danger=level == "P0")
        candidates, prior, evidence = self._evidence(ranking, chosen, features, weighed)
        confidence = 1.0 if category else candidates[0].probability
        return Reading(
            category=chosen,
            secondary=secondary,
            nature=self._nature(scores, chosen),
            level=level,
            lead=lead,
            assists=self._assists(chosen, secondary, regulator, scope, scores),
            regulator=regulator,
            scope=scope,
            sureness=decision.sureness(self.lexicon.thresholds, confidence, chosen, scope, lead),
            confidence=confidence,
            margin=candidates[0].score - candidates[1].score,
            candidates=candidates,
            prior=prior,
            evidence=evidence,
            facts=self._extractor.facts(text, today),
            flags=flags,
            lexicon_version=self.lexicon.version,
        )

    def _regulator(self, scores: Vector, features: Features, answers: Answers) -> str:
        course = str(answers.get("course", "")).strip().lower()
        department = self.duties.by_course.get(course)
        if department:
            return self.duties.departments[department].fields[0]
        return decision.regulator(self.model, scores, self.observer.fields(features))

    def _beside(self, ranking: Ranking, chosen: str, weighed: Weighed, features: Features) -> tuple[str, ...]:
        """Secondary categories that the office's words support. A sealed report and what is not ours stand alone."""
        if chosen in _NOT_OURS:
            return ()
        groups = {hit.group for hit in features.hits if hit.is_said}
        brought = [other for other, words in self.lexicon.companions.get(chosen, {}).items() if not groups.isdisjoint(words)]
        likely = [
            key for key in ranking.order[:_LIKELY] if key not in _NOT_OURS and key != chosen and ranking.chances[key] >= _BESIDE_CHANCE
        ]
        supported = [key for key in likely if weighed.supports(ranking.outputs[key]) >= _BESIDE_SUPPORT]
        return tuple(dict.fromkeys([*brought, *supported]))[:_MOST_BESIDE]

    def _urgency(
        self, features: Features, scores: Vector, chosen: str, secondary: tuple[str, ...], answers: Answers
    ) -> tuple[str, frozenset[str]]:
        ruled, flags = urgent_flags(features, self.lexicon)
        answered = answered_flags(answers, self.lexicon.crowd_at)
        flags |= answered
        levels = [self.duties.categories[chosen].level, ruled, self._learned_level(scores), _ANSWERED_LEVEL if answered else ""]
        if _SAFETY in secondary:
            levels.append(self.duties.categories[_SAFETY].level)
        if chosen == decision.OUT:
            levels = [level for level in levels if level != "P1"]
        level = highest(levels)
        if level == "P0":
            flags |= {"danger"}
        return level, frozenset(flags | self._case_flags(chosen, secondary))

    def _case_flags(self, chosen: str, secondary: tuple[str, ...]) -> set[str]:
        together = {chosen, *secondary}
        violation = any(self.duties.categories[key].nature == _TIPOFF and key not in _NOT_OURS for key in together)
        flags = {SPLIT} if _REFUND in together and violation else set()
        return flags | ({SEALED} if "official_misconduct" in together else set())

    def _learned_level(self, scores: Vector) -> str:
        chances = self.model.probabilities(scores, "level")
        return next((level for level, enough in _LEARNED_LEVEL.items() if chances[f"level.{level}"] >= enough), "")

    def _nature(self, scores: Vector, chosen: str) -> str:
        """The category's own nature; what is not ours is read from the tone."""
        if chosen not in {OUT, UNCLEAR}:
            return self.duties.categories[chosen].nature
        chances = self.model.probabilities(scores, "nature")
        return max(chances, key=lambda name: chances[name]).removeprefix("nature.")

    def _assists(self, chosen: str, secondary: tuple[str, ...], regulator: str, scope: Scope, scores: Vector) -> tuple[str, ...]:
        if scope is not Scope.IN:
            return ()
        return self.duties.assists(chosen, secondary, regulator, decision.cover(self.model, scores))

    def _evidence(
        self, ranking: Ranking, chosen: str, features: Features, weighed: Weighed
    ) -> tuple[tuple[Candidate, ...], float, tuple[Term, ...]]:
        """Every term for the winner, and the strongest ones for the runner-up. The winner's score is their exact sum."""
        first, *others = decision.shown(ranking, chosen)
        output = ranking.outputs[chosen]
        own = self._terms(features, weighed.contributions(output), chosen)
        prior = self.model.prior_of(output)
        winner = Candidate(first.category, fsum([prior, *(term.weight for term in own)]), first.probability)
        rival = others[0].category
        strongest = nlargest(_RUNNER_UP_TERMS, weighed.contributions(ranking.outputs[rival]), key=lambda each: each[1])
        return (winner, *others), prior, (*own, *self._terms(features, strongest, rival))

    def _terms(self, features: Features, contributions: list[tuple[str, float]], category: str) -> list[Term]:
        text = features.normal.original
        spans = [(features.span(feature), feature, weight) for feature, weight in contributions]
        terms = [Term(text[start:end], start, end, weight, category, feature) for (start, end), feature, weight in spans]
        return sorted(terms, key=lambda term: -term.weight)


__all__ = ["Reader", "Sureness"]
