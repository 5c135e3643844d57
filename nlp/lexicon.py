"""The office's words as data: groups of terms, combinations, and the contexts that turn a word around."""

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any

GAP = "~"
_CHOICE = re.compile(r"\(([^()]*)\)")
# Alternatives, one a line: nothing at all, a gap with nothing before or behind it, more than one gap.
_BROKEN = re.compile(rf"^$|^{GAP}|{GAP}$|{GAP}.*{GAP}", re.MULTILINE)


class PolicyFault(ValueError):
    """A policy file cannot be used as it is. Names the file, the key and the mend."""

    def __init__(self, file: str, key: str, mend: str) -> None:
        super().__init__(f"{file}: [{key}] {mend}")
        self.file, self.key, self.mend = file, key, mend


class Axis(StrEnum):
    REGULATOR = "regulator"
    ISSUE = "issue"
    SCOPE = "scope"
    WHO = "who"
    CIRCUMSTANCE = "circumstance"
    DANGER = "danger"
    INTENT = "intent"


@dataclass(frozen=True)
class Group:
    """Words that say the same thing. `firm`: with their own negation; `event`: can be only feared; `trade`: about tutoring."""

    name: str
    axis: Axis
    terms: tuple[str, ...]
    supports: Mapping[str, float]
    denied: Mapping[str, float]
    field: str = ""
    event: bool = False
    firm: bool = False
    trade: bool = False
    schooling: bool = False


@dataclass(frozen=True)
class Context:
    """What stands before a word and changes it, and where sentences and clauses end."""

    negators: tuple[str, ...]
    not_negators: tuple[str, ...]
    worries: tuple[str, ...]
    sentence_end: str
    clause_end: str
    reach: int


@dataclass(frozen=True)
class Thresholds:
    """How sure one must be. Of the department: from `route` on a text goes there by itself; from `dismiss` on it goes to nobody,
    which takes more, for what nobody gets is lost; below `ask` a person decides.

    Of the category: below `sure` the parent is asked which of two; from `beside` on another one is noted as touched too, in a
    letter, which touches more, from `beside_letter` on.
    """

    route: float
    dismiss: float
    sure: float
    ask: float
    beside: float
    beside_letter: float


@dataclass(frozen=True)
class UrgentRule:
    """These groups together, within reach of each other and with none of `unless` beside them, set a flag and a level."""

    flag: str
    level: str
    together: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    groups: Mapping[str, Group]
    combinations: Mapping[str, Mapping[str, float]]
    absence: Mapping[str, Mapping[str, float]]
    companions: Mapping[str, Mapping[str, tuple[str, ...]]]
    urgent: tuple[UrgentRule, ...]
    crowd_at: int
    counted: Mapping[str, tuple[str, ...]]
    thresholds: Thresholds
    context: Context
    version: str

    @classmethod
    def load(cls, policy: Path) -> "Lexicon":
        """Read and check `lexicon.toml`; the version ends with a fingerprint so that a decision can name its words."""
        raw = (policy / FILE).read_bytes()
        table = tomllib.loads(raw.decode("utf-8"))
        groups = {name: _group(name, row) for name, row in table["groups"].items()}
        combinations = {key: dict(row) for key, row in table.get("combinations", {}).items()}
        for key in combinations:
            unknown = [part for part in parts(key) if part not in groups]
            if unknown:
                raise PolicyFault(FILE, f"combinations.{key}", f"names no group: {', '.join(unknown)}")
        urgent = tuple(_urgent(row, groups) for row in table["urgency"]["rules"])
        fingerprint = hashlib.sha256(raw).hexdigest()[:8]
        return cls(
            groups=groups,
            combinations=combinations,
            absence={name: dict(row) for name, row in table["absence"].items()},
            companions=_companions(table.get("companions", {}), groups),
            urgent=urgent,
            crowd_at=int(table["urgency"]["crowd_at"]),
            counted={category: tuple(keys) for category, keys in table["urgency"].get("counted", {}).items()},
            thresholds=_thresholds(table["confidence"]),
            context=_context(table["context"]),
            version=f"{table['version']}+{fingerprint}",
        )

    def own_words(self) -> list[str]:
        """Terms of two Han characters and more, which no segmenter may cut.

        Danger is told in phrases, not in words: thousands of them would move the cuts of texts that tell of none.
        """
        terms = {term for group in self.groups.values() if group.axis != Axis.DANGER for term in group.terms if GAP not in term}
        return sorted(term for term in terms if 2 <= len(term) <= 6 and all("一" <= character <= "鿿" for character in term))


FILE = "lexicon.toml"


def parts(combination: str) -> tuple[str, str]:
    """The two groups of a combination such as "SHAM+TEACH"."""
    left, plus, right = combination.partition("+")
    if not (left and plus and right):
        raise PolicyFault(FILE, f"combinations.{combination}", "must name two groups joined by +")
    return left, right


def expand(terms: Iterable[str], key: str) -> tuple[str, ...]:
    """The terms with their alternatives written out, each once: (拎|提)(一|)桶汽油 is four. `key` is where a fault is looked for."""
    return tuple(dict.fromkeys(written for term in terms for written in _written_out(term, key)))


def _written_out(term: str, key: str) -> list[str]:
    pieces = _CHOICE.split(term)  # every second one stood in parentheses
    if any(mark in piece for piece in pieces[::2] for mark in "()|"):
        raise PolicyFault(FILE, key, f"{term}: close every ( with a ), put none inside another, and write | only between them")
    written = ["".join(choice) for choice in product(*(piece.split("|") if place % 2 else [piece] for place, piece in enumerate(pieces)))]
    if _BROKEN.search("\n".join(written)):
        raise PolicyFault(FILE, key, f"{term or 'a term'}: one of its alternatives is empty, begins or ends with ~ or has two of them")
    return written


def _group(name: str, row: Mapping[str, Any]) -> Group:
    key = f"groups.{name}"
    if row.get("axis") not in set(Axis):
        raise PolicyFault(FILE, key, f"axis must be one of {', '.join(Axis)}")
    terms = expand((term.lower() for term in row.get("terms", ())), key)
    if not terms:
        raise PolicyFault(FILE, key, "needs at least one term")
    return Group(
        name=name,
        axis=Axis(row["axis"]),
        terms=terms,
        supports={category: float(weight) for category, weight in row.get("supports", {}).items()},
        denied=dict(row.get("denied", {})),
        field=row.get("field", ""),
        event=row.get("event", False),
        firm=row.get("firm", False),
        trade=row.get("trade", False),
        schooling=row.get("schooling", False),
    )


def _urgent(row: Mapping[str, Any], groups: Mapping[str, Group]) -> UrgentRule:
    rule = UrgentRule(row["flag"], row["level"], tuple(row["together"]), tuple(row.get("unless", ())))
    unknown = [name for name in (*rule.together, *rule.unless) if name not in groups]
    if unknown or rule.level not in {"P0", "P1"}:
        raise PolicyFault(FILE, f"urgency.rules ({rule.flag})", f"level must be P0 or P1, and these groups exist: {', '.join(unknown)}")
    return rule


def _companions(table: Mapping[str, Mapping[str, list[str]]], groups: Mapping[str, Group]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    unknown = [name for rows in table.values() for names in rows.values() for name in names if name not in groups]
    if unknown:
        raise PolicyFault(FILE, "companions", f"names no group: {', '.join(unknown)}")
    return {category: {other: tuple(names) for other, names in rows.items()} for category, rows in table.items()}


def _thresholds(row: Mapping[str, Any]) -> Thresholds:
    each = Thresholds(**{name: float(row[name]) for name in ("route", "dismiss", "sure", "ask", "beside", "beside_letter")})
    rising = (0, each.ask, each.route, each.dismiss, 1), (each.ask, each.sure, 1), (0, each.beside_letter, each.beside, 1)
    if any(list(row) != sorted(row) for row in rising):
        raise PolicyFault(FILE, "confidence", "needs 0 ≤ ask ≤ route ≤ dismiss ≤ 1, ask ≤ sure ≤ 1 and 0 ≤ beside_letter ≤ beside ≤ 1")
    return each


def _context(row: Mapping[str, Any]) -> Context:
    return Context(
        negators=tuple(row["negators"]),
        not_negators=tuple(row["not_negators"]),
        worries=expand(row["worries"], "context.worries"),
        sentence_end=row["sentence_end"],
        clause_end=row["clause_end"],
        reach=int(row["reach"]),
    )
