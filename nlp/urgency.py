"""How urgent a text is: danger to a person first, then what is happening now or to many."""

from collections.abc import Callable, Collection, Iterable, Mapping

from nlp.duties import LEVELS
from nlp.features import Features
from nlp.lexicon import Lexicon, UrgentRule
from nlp.matching import Hit
from nlp.reading import bare

_BESIDE = 40
# Of 65 true dangers in texts kept aside that the rules had heard, the least likely by its whole text was at .37.
CLEARLY_CALM = 0.04
# The same for what only presses: the least of 73 true ones was at .015.
_NOTHING_PRESSES = 0.01
_YES = frozenset({"yes", "true", "1", "是", "正在"})
Answers = Mapping[str, str | float | int]
# How likely a danger is told at this place of the text.
Danger = Callable[[int], float]


def urgent_flags(features: Features, lexicon: Lexicon, danger: Danger = lambda _: 1.0, pressing: float = 1.0) -> tuple[str, frozenset[str]]:
    """What the rules of the lexicon see, and the highest level they give ("" when none).

    A word of danger where the text speaks clearly of something else is no alarm; nor does anything press where the whole text,
    `pressing` likely, clearly does not.
    """
    groups, said = features.groups, features.said
    heard = [rule for rule in lexicon.urgent if rule.level == "P0" or pressing >= _NOTHING_PRESSES]
    fired = [rule for rule in heard if groups.issuperset(rule.together) and _fires(rule, said, danger)]
    return min((rule.level for rule in fired), default=""), frozenset(rule.flag for rule in fired)


def answered_flags(answers: Answers, crowd_at: int) -> frozenset[str]:
    """What was said or answered adds: a lesson going on now, many families, many who are not paid."""
    flags = set()
    if bare(answers.get("happening_now", "")).lower() in _YES:
        flags.add("happening_now")
    counts = [answers.get(key, 0) for key in ("affected_families", "affected_staff")]
    if any(isinstance(count, int | float) and count >= crowd_at for count in counts):
        flags.add("crowd")
    return frozenset(flags)


def highest(levels: Iterable[str]) -> str:
    """The most urgent of these; P0 stands before P3."""
    return min((level for level in levels if level), key=LEVELS.index)


def _fires(rule: UrgentRule, said: Collection[Hit], danger: Danger) -> bool:
    first, *rest = rule.together
    for anchor in (hit for hit in said if hit.group == first):
        beside = {hit.group for hit in said if abs(hit.start - anchor.start) <= _BESIDE}
        is_said = beside.issuperset(rest) and beside.isdisjoint(rule.unless)
        if is_said and (rule.level != "P0" or danger(anchor.start) >= CLEARLY_CALM):
            return True
    return False
