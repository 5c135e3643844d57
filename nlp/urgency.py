"""How urgent a text is: danger to a person first, then what is happening now or to many."""

from collections.abc import Collection, Iterable, Mapping

from nlp.duties import LEVELS
from nlp.features import Features
from nlp.lexicon import Lexicon, UrgentRule
from nlp.matching import Hit

_BESIDE = 40
# Of the true dangers told by authors kept aside, none that the rules had heard was thought less likely than twice this.
_CLEARLY_CALM = 0.04
_YES = frozenset({"yes", "true", "1", "是", "正在"})
Answers = Mapping[str, str | float | int]


def urgent_flags(features: Features, lexicon: Lexicon, *, danger: float = 1.0) -> tuple[str, frozenset[str]]:
    """What the rules of the lexicon see, and the highest level they give ("" when none).

    A word of danger in a text that as a whole speaks clearly of something else is no alarm; `danger` is how likely one is.
    """
    groups, said = features.groups, features.said
    rules = lexicon.urgent if danger >= _CLEARLY_CALM else [rule for rule in lexicon.urgent if rule.level != "P0"]
    fired = [rule for rule in rules if groups.issuperset(rule.together) and _fires(rule, said)]
    return min((rule.level for rule in fired), default=""), frozenset(rule.flag for rule in fired)


def answered_flags(answers: Answers, crowd_at: int) -> frozenset[str]:
    """What was said or answered adds: a lesson going on now, many families, many who are not paid."""
    flags = set()
    if str(answers.get("happening_now", "")).lower() in _YES:
        flags.add("happening_now")
    counts = [answers.get(key, 0) for key in ("affected_families", "affected_staff")]
    if any(isinstance(count, int | float) and count >= crowd_at for count in counts):
        flags.add("crowd")
    return frozenset(flags)


def highest(levels: Iterable[str]) -> str:
    """The most urgent of these; P0 stands before P3."""
    return min((level for level in levels if level), key=LEVELS.index)


def _fires(rule: UrgentRule, said: Collection[Hit]) -> bool:
    first, *rest = rule.together
    for anchor in (hit for hit in said if hit.group == first):
        beside = {hit.group for hit in said if abs(hit.start - anchor.start) <= _BESIDE}
        if beside.issuperset(rest) and beside.isdisjoint(rule.unless):
            return True
    return False
