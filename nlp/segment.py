"""Cuts Chinese text into words; jieba is the reference, rjieba the same dictionary in Rust when it is installed."""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

# High enough that the office's own words are never cut: measured on 退费难, 跑路, 学转非 and others.
_FREQUENCY = 20_000

# Both engines agree on every Han token and differ only in how they join ASCII; figures are read elsewhere, so only Han is cut.
_NOT_HAN = re.compile(r"[^一-鿕]")
Token = tuple[str, int, int]


class Segmenter(Protocol):
    """Whole words and the shorter words inside them with their places, in search mode, without guessing unknown words."""

    def tokens(self, text: str) -> list[Token]: ...


@dataclass(frozen=True)
class Cut:
    """A text cut into words, and the places that lie inside a word."""

    words: frozenset[str]
    inside: frozenset[int]

    @classmethod
    def of(cls, tokens: Iterable[Token]) -> "Cut":
        long = [token for token in tokens if token[2] - token[1] > 1]
        inside = {place for _, start, end in long for place in range(start + 1, end)}
        return cls(frozenset(word for word, _, _ in long), frozenset(inside))

    def tears(self, start: int, end: int) -> bool:
        """Whether this stretch is the tail of one word and the head of another: 家政 in 国家政策 is no word."""
        inside = self.inside
        return start in inside and end in inside and not inside.issuperset(range(start + 1, end))


class Jieba:
    """The reference engine. It owns its dictionary: jieba's global one stays as it is."""

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba 0.42.1 has escapes that newer Pythons warn about when they first compile it
            module = import_module("jieba")
        module.setLogLevel("ERROR")
        self._engine = module.Tokenizer()
        self._engine.initialize()
        for word in own_words:
            # jieba forgets to take a known word's old count off its total; with thousands of words that moves its cuts.
            self._engine.total -= self._engine.FREQ.get(word, 0)
            self._engine.add_word(word, _FREQUENCY)

    def tokens(self, text: str) -> list[Token]:
        return list(self._engine.tokenize(_NOT_HAN.sub(" ", text), mode="search", HMM=False))


class Rjieba:
    """The fast engine; a property test holds its Han tokens equal to the reference."""

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        self._engine = import_module("rjieba").Jieba()
        for word in own_words:
            self._engine.add_word(word, _FREQUENCY, "n")

    def tokens(self, text: str) -> list[Token]:
        tokens: list[Token] = self._engine.tokenize(_NOT_HAN.sub(" ", text), "search", False)
        return tokens


def best_segmenter(own_words: Iterable[str] = ()) -> Segmenter:
    """The fast engine when it is there, else the reference."""
    return Rjieba(own_words) if find_spec("rjieba") else Jieba(own_words)
