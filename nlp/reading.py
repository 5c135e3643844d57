"""What reading a text yields: the category, why, how sure, and the facts; the words every room uses for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

# What evidence supports that tells whether a text is ours at all, and not what it is about.
OURS = "scope.ours"
# Own words that say more than the answer they hold stand behind it: 没有合同（没签合同，转账记录还在）.
OWN_WORDS = "（"


def bare(answer: object) -> str:
    """The answer without the own words behind it."""
    return str(answer).partition(OWN_WORDS)[0]


class Sureness(StrEnum):
    """What the confidence allows: route by itself, ask one question, leave it to a person, or dispatch nothing."""

    ROUTE = "route"
    ASK = "ask"
    TRIAGE = "triage"
    NOTHING = "nothing"


class Scope(StrEnum):
    """Children's off-campus tutoring, a school's own affairs that touch it, or something else."""

    IN = "in"
    NEAR = "near"
    OUT = "out"


class Term(NamedTuple):
    """One piece of evidence. The span indexes the text as the parent wrote it; `supports` is a category key.

    A tuple, because a letter has a hundred of them and each is made in a quarter of the time.
    """

    text: str
    start: int
    end: int
    weight: float
    supports: str
    group: str


@dataclass(frozen=True)
class Fact:
    """One thing literally said, with its place in the parent's own text."""

    key: str
    value: str | float | int
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Candidate:
    category: str
    score: float
    probability: float


@dataclass(frozen=True)
class Ours:
    """How likely a text is about children's off-campus tutoring at all, which is asked before the category.

    `score` is the answer of the text's own words: `prior` plus the weights of the evidence for it. The chance lies halfway, in log
    odds, between this score and what the categories say.
    """

    chance: float
    score: float
    prior: float


@dataclass(frozen=True)
class Reading:
    """One text, read. `prior` plus the weights of the evidence for the winner is exactly the winner's score.

    `sureness` is about the department, `confidence` about the category; `doubtful` says that one question would settle it.
    """

    category: str
    secondary: tuple[str, ...]
    nature: str
    level: str
    lead: str
    assists: tuple[str, ...]
    regulator: str
    scope: str
    ours: Ours
    sureness: Sureness
    confidence: float
    doubtful: bool
    margin: float
    candidates: tuple[Candidate, ...]
    prior: float
    facts: Mapping[str, Fact]
    flags: frozenset[str]
    lexicon_version: str
    reasons: Callable[[], tuple[Term, ...]] = field(repr=False, compare=False)

    @cached_property
    def evidence(self) -> tuple[Term, ...]:
        """Why: worked out when somebody asks, because the dialogue reads every message and shows the reasons of the last only."""
        return self.reasons()
