"""Cuts Chinese text into words; jieba is the reference, rjieba the same dictionary in Rust when it is installed."""

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from math import inf, log
from typing import Protocol

# High enough that the office's own words are never cut: measured on 退费难, 跑路, 学转非 and others.
_FREQUENCY = 20_000

# Both engines agree on every Han token and differ only in how they join ASCII; figures are read elsewhere, so only Han is cut.
_HAN = re.compile(r"[一-鿕]+")
_NOT_HAN = re.compile("[^一-鿕]")
# Long words come again and again: this many are remembered with what stands inside them.
_REMEMBERED = 8192
Token = tuple[str, int, int]


class Segmenter(Protocol):
    """Cuts without guessing unknown words: a text into words, and a word into the shorter ones inside it (search mode)."""

    # The words of two and three characters inside a longer one, the same wherever it stands.
    within: Callable[[str], tuple[str, ...]]

    def words(self, text: str) -> list[str]:
        """The words one after the other; together they are as long as the text."""
        ...

    def tokens(self, text: str) -> Iterable[Token]:
        """Every word with its place, those inside it first."""
        end = 0
        for word in self.words(text):
            start, end = end, end + len(word)
            inside = self.within(word) if len(word) > 2 else ()
            yield from ((part, start + place, start + place + len(part)) for place, part in _parts(word) if part in inside)
            yield word, start, end


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


class Engine(Protocol):
    """As much of jieba's Tokenizer as is needed here: how often each word was seen, and all words together."""

    FREQ: dict[str, float]
    total: float

    def initialize(self) -> None: ...

    def add_word(self, word: str, freq: int) -> None: ...


class Jieba(Segmenter):
    """The reference engine's dictionary and its choice, in one loop: a property test holds them equal to the engine's own.

    The engine itself first lists the words that begin at each character and then takes a logarithm for each of them; it takes
    more than twice as long.
    """

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        engine = jieba_with(own_words)
        self.within = _within(engine.FREQ.get)
        total = log(engine.total)
        # The chance of each word; nought for what only begins words. A character nobody knows counts as seen once.
        self._chances: dict[str, float] = engine.FREQ
        self._unknown = -total
        for word, count in engine.FREQ.items():
            self._chances[word] = log(count) - total if count else 0.0

    def words(self, text: str) -> list[str]:
        words: list[str] = []
        done = 0
        for stretch in _HAN.finditer(text):
            words.extend(" " * (stretch.start() - done))
            words.extend(self._cut(stretch.group()))
            done = stretch.end()
        words.extend(" " * (len(text) - done))
        return words

    def _cut(self, text: str) -> Iterator[str]:
        """The likeliest way through the text, found from its end; of two equally likely words the longer one."""
        chance_of = self._chances.get
        length = len(text)
        best, ends = [0.0] * (length + 1), [0] * length
        for start in range(length - 1, -1, -1):
            best[start], ends[start] = -inf, start + 1
            end = start + 1
            while end <= length and (chance := chance_of(text[start:end])) is not None:
                if chance and chance + best[end] >= best[start]:
                    best[start], ends[start] = chance + best[end], end
                end += 1
            if best[start] == -inf:
                best[start] = self._unknown + best[start + 1]
        start = 0
        while start < length:
            yield text[start : ends[start]]
            start = ends[start]


class Rjieba(Segmenter):
    """The fast engine; a property test holds its Han tokens equal to the reference."""

    def __init__(self, own_words: Iterable[str] = ()) -> None:
        self._engine = import_module("rjieba").Jieba()
        for word in own_words:
            self._engine.add_word(word, _FREQUENCY, "n")
        self.within = _within(self._engine.has_word)

    def words(self, text: str) -> list[str]:
        words: list[str] = self._engine.cut(_NOT_HAN.sub(" ", text), False)
        return words

    def tokens(self, text: str) -> Iterable[Token]:
        tokens: list[Token] = self._engine.tokenize(_NOT_HAN.sub(" ", text), "search", False)
        return tokens


def best_segmenter(own_words: Iterable[str] = ()) -> Segmenter:
    """The fast engine when it is there, else the reference."""
    return Rjieba(own_words) if find_spec("rjieba") else Jieba(own_words)


def jieba_with(own_words: Iterable[str]) -> Engine:
    """The reference engine itself, with these words in a dictionary of its own: jieba's global one stays as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba 0.42.1 has escapes that newer Pythons warn about when they first compile it
        module = import_module("jieba")
    module.setLogLevel("ERROR")
    engine: Engine = module.Tokenizer()
    engine.initialize()
    for word in own_words:
        # jieba forgets to take a known word's old count off its total; with thousands of words that moves its cuts.
        engine.total -= engine.FREQ.get(word, 0)
        engine.add_word(word, _FREQUENCY)
    return engine


def _within(is_word: Callable[[str], object]) -> Callable[[str], tuple[str, ...]]:
    """Search mode's rule for what stands inside a word, by what the dictionary holds."""

    @lru_cache(_REMEMBERED)
    def within(word: str) -> tuple[str, ...]:
        return tuple(part for _, part in _parts(word) if is_word(part))

    return within


def _parts(word: str) -> Iterator[tuple[int, str]]:
    """Every two characters side by side inside a longer word, then every three."""
    return ((start, word[start : start + size]) for size in (2, 3) if len(word) > size for start in range(len(word) - size + 1))
