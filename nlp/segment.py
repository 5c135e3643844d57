"""Cuts Chinese text into words; jieba is the reference, rjieba the same dictionary in Rust when it is installed."""

import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from typing import Protocol

# High enough that the office's own words are never cut: measured on 退费难, 跑路, 学转非 and others.
_FREQUENCY = 20_000

# Both engines agree on every Han token and differ only in how they join ASCII; figures are read elsewhere, so only Han is cut.
_NOT_HAN = re.compile(r"[^一-鿕]")
# Long words come again and again: this many are remembered with what stands inside them.
_REMEMBERED = 8192
Token = tuple[str, int, int]


class Segmenter(Protocol):
    """Cuts without guessing unknown words: a text into words, and a word into the shorter ones inside it (search mode)."""

    def words(self, text: str) -> list[str]:
        """The words one after the other; together they are as long as the text."""
        ...

    def within(self, word: str) -> tuple[str, ...]:
        """The words of two and three characters inside a longer one, the same wherever it stands."""
        ...

    def tokens(self, text: str) -> list[Token]:
        """The same as the engine itself tells it in search mode: every word with its place, those inside it first."""
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """A text cut into words: those of two characters and more, the shorter ones inside them too, and where words end."""

    words: set[str]
    ends: set[int]

    @classmethod
    def of(cls, text: str, segmenter: Segmenter) -> "Cut":
        words = segmenter.words(text)
        long = {word for word in words if len(word) > 1}
        inside = [segmenter.within(word) for word in long if len(word) > 2]
        return cls(long.union(*inside), set(accumulate(map(len, words), initial=0)))

    def tears(self, start: int, end: int) -> bool:
        """Whether this stretch is the tail of one word and the head of another: 家政 in 国家政策 is no word."""
        ends = self.ends
        return start not in ends and end not in ends and not ends.isdisjoint(range(start + 1, end))


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
        self.within = _within(self._engine.FREQ.get)

    def words(self, text: str) -> list[str]:
        return list(self._engine.cut(_NOT_HAN.sub(" ", text), HMM=False))

    def tokens(self, text: str) -> list[Token]:
        return list(self._engine.tokenize(_NOT_HAN.sub(" ", text), mode="search", HMM=False))


class Rjieba:
    """The fast engine; a property test holds its Han tokens equal to the reference."""

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        self._engine = import_module("rjieba").Jieba()
        for word in own_words:
            self._engine.add_word(word, _FREQUENCY, "n")
        self.within = _within(self._engine.has_word)

    def words(self, text: str) -> list[str]:
        words: list[str] = self._engine.cut(_NOT_HAN.sub(" ", text), False)
        return words

    def tokens(self, text: str) -> list[Token]:
        tokens: list[Token] = self._engine.tokenize(_NOT_HAN.sub(" ", text), "search", False)
        return tokens


def best_segmenter(own_words: Iterable[str] = ()) -> Segmenter:
    """The fast engine when it is there, else the reference."""
    return Rjieba(own_words) if find_spec("rjieba") else Jieba(own_words)


def _within(is_word: Callable[[str], object]) -> Callable[[str], tuple[str, ...]]:
    """Search mode's rule for what stands inside a word, by what the dictionary holds."""

    @lru_cache(_REMEMBERED)
    def within(word: str) -> tuple[str, ...]:
        parts = (word[start : start + size] for size in (2, 3) if len(word) > size for start in range(len(word) - size + 1))
        return tuple(part for part in parts if is_word(part))

    return within
