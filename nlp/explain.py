"""A reading in words a person can follow: what was decided, what spoke for it, what nearly won."""

from collections.abc import Iterator

from nlp.duties import Duties
from nlp.reading import OURS, Reading, Term

_TERM_WIDTH = 24


def explain(reading: Reading, duties: Duties) -> Iterator[str]:
    """Line by line; names and labels come from the policy."""
    label = duties.categories[reading.category].label
    yield f"{reading.category}  {label}"
    yield f"lead {reading.lead}  assists {', '.join(reading.assists) or '-'}  regulator {reading.regulator}"
    yield f"scope {reading.scope}  ours {reading.ours.chance:.3f}"
    yield f"level {reading.level}  nature {reading.nature}  flags {', '.join(sorted(reading.flags)) or '-'}"
    yield f"{reading.sureness}  confidence {reading.confidence:.3f}  margin {reading.margin:.3f}  lexicon {reading.lexicon_version}"
    if reading.secondary:
        yield f"also {', '.join(reading.secondary)}"
    yield "candidates"
    yield from (f"  {one.category:24} score {one.score:8.3f}  p {one.probability:.3f}" for one in reading.candidates)
    runner_up = reading.candidates[1].category
    yield f"why {reading.category}: prior {reading.prior:+.3f}"
    yield from _terms(reading, reading.category)
    yield f"what spoke for {runner_up}"
    yield from _terms(reading, runner_up)
    yield f"is it ours at all: score {reading.ours.score:+.3f}, prior {reading.ours.prior:+.3f}"
    yield from _terms(reading, OURS)
    if reading.facts:
        yield "facts"
        yield from (f"  {fact.key:14} {fact.value}  «{fact.text}»" for fact in reading.facts.values())


def _terms(reading: Reading, supports: str) -> Iterator[str]:
    return (_term(term) for term in reading.evidence if term.supports == supports)


def _term(term: Term) -> str:
    shown = term.text if len(term.text) <= _TERM_WIDTH else term.text[:_TERM_WIDTH] + "…"
    return f"  {term.weight:+8.3f}  {shown}  [{term.group}] {term.start}–{term.end}"
