"""Readings made by hand, for rules that only look at what a reading says."""

from collections.abc import Mapping

from nlp.reading import Candidate, Fact, Ours, Reading, Sureness


def a_reading(category: str = "hidden_venue", *, nature: str = "T", facts: Mapping[str, str | float | int] | None = None) -> Reading:
    """A sure reading of this category in which these facts were said."""
    said = {key: Fact(key, value, str(value), 0, len(str(value))) for key, value in (facts or {}).items()}
    return Reading(
        category=category,
        secondary=(),
        nature=nature,
        level="P2",
        lead="edu",
        assists=(),
        regulator="subject",
        scope="in",
        ours=Ours(0.9, 2.2, 0.0),
        sureness=Sureness.ROUTE,
        confidence=0.9,
        doubtful=False,
        margin=3.0,
        candidates=(Candidate(category, 5.0, 0.9), Candidate("unclear", 1.0, 0.1)),
        prior=0.0,
        reasons=tuple,
        facts=said,
        flags=frozenset(),
        lexicon_version="test",
    )
