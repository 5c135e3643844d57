"""Makes every way of writing a word the same word, and remembers where each character came from."""

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.scanning import PhraseIndex

TABLES = Path(__file__).parent / "tables"

# Four bytes for each character, as numpy counts them.
_CODES = "utf-32-le"

_HAN = "一-鿿㐀-䶿"
# Marks of direction and joining, and controls; all become one, which is dropped.
_INVISIBLE = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0xFE00, 0xFE10), 0xFEFF)
_CONTROLS = (*range(0x09), *range(0x0B, 0x20), 0x7F)
_NOTHING = "\u200b"
_FULL_WIDTH = (range(0x2460, 0x24FF), range(0xF900, 0xFAFF), range(0xFF00, 0xFFF0))
# Every script's decimal digits lie below; a number is the same number on an Arabic, Thai or Tibetan keyboard.
_DIGITS_END = 0x20000
# Halves of characters that a broken client may send; no other library takes them.
_BROKEN = range(0xD800, 0xE000)
_TONES = dict(zip("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuvvvvv", strict=True))
_ALIKE = {"“": '"', "”": '"', "‘": "'", "’": "'", "\u3000": " ", "\xa0": " ", "\t": " ", "\r": " "}

# Each begins with the character it is about and looks further only then: a text without one is passed over at once.
_GONE = re.compile(f"{_NOTHING}{_NOTHING}*")
# Dropped only between Han characters: "补*课", "退·费". A full stop between digits or letters stays.
_MARK = r"[*·•.丶_~^|/\\+=#&@\-🉑]"
_SEPARATOR = re.compile(rf"{_MARK}(?<=[{_HAN}]{_MARK}){_MARK}{{0,2}}(?=[{_HAN}])")
# A space is noise only beside a lone character ("补 课 班"); between phrases it is the writer's full stop.
_LONE_SPACE = re.compile(rf" (?:(?:(?<=^[{_HAN}] )|(?<=[^{_HAN}][{_HAN}] )) *(?=[{_HAN}])|(?<=[{_HAN}] ) *(?=[{_HAN}](?:[^{_HAN}]|$)))")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch that was written differently: its place in the new text and in the old."""

    start: int
    end: int
    old_start: int
    old_end: int


@dataclass(frozen=True)
class Layer:
    """One rewriting: between the edits, characters only moved."""

    edits: tuple[Edit, ...]
    starts: tuple[int, ...]

    def back(self, place: int, *, end: bool) -> int:
        """Where this place was in the older text; an edit is read back as a whole."""
        before = bisect_right(self.starts, place - end) - 1
        if before < 0:
            return place
        edit = self.edits[before]
        if place - end < edit.end:
            return edit.old_end if end else edit.old_start
        return place - edit.end + edit.old_end


@dataclass(frozen=True)
class Normal:
    """A normalised text and the way back to the original. No layers: every character stands where it stood."""

    text: str
    original: str
    layers: tuple[Layer, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original that this stretch was read from."""
        if not self.layers:
            return start, end
        for layer in reversed(self.layers):
            start, end = layer.back(start, end=False), layer.back(end, end=True)
        return start, max(start, end)


def normalise(text: str) -> Normal:
    """Width, case, script, noise between characters, disguises. Every character can be traced back."""
    codes = np.frombuffer(text.encode(_CODES, "surrogatepass"), "<u4")
    plain = _characters()[codes].tobytes().decode(_CODES)
    layers = []
    for step in (_noise, _disguises):
        changed = list(step(plain))
        if changed:
            plain, layer = _apply(plain, changed)
            layers.append(layer)
    return Normal(plain, text, tuple(layers))


@cache
def _characters() -> npt.NDArray[np.uint32]:
    """One character for one, by its number: width, compatibility forms, case, tone marks, traditional forms."""
    table: dict[int, str] = dict.fromkeys((*_INVISIBLE, *_CONTROLS), _NOTHING)
    for block in _FULL_WIDTH:
        for code in block:
            plain = unicodedata.normalize("NFKC", chr(code)).lower()
            if len(plain) == 1:
                table[code] = plain
    digits = ((code, unicodedata.decimal(chr(code), None)) for code in range(0x80, _DIGITS_END))
    table |= {code: str(value) for code, value in digits if value is not None}
    lines = [line for line in (TABLES / "traditional.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    table |= {ord(old): new for old, new in zip(lines[0], lines[1], strict=True)}
    table |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    table |= {ord(old): new for old, new in (_TONES | _ALIKE).items()}
    table |= {ord(old): new for old, new in _dodges().items() if len(old) == 1}
    table |= dict.fromkeys(_BROKEN, "\ufffd")
    # An array of all characters: looking up a whole text in it at once takes a sixth of the time of str.translate.
    characters = np.arange(sys.maxunicode + 1, dtype="<u4")
    characters[list(table)] = [ord(plain) for plain in table.values()]
    return characters


@cache
def _dodges() -> Mapping[str, str]:
    """Slips and disguises, and the words they mean."""
    rows = (line.split("\t", 1) for line in (TABLES / "dodges.tsv").read_text("utf-8").splitlines() if not line.startswith("#"))
    return dict(rows)


@cache
def _index() -> PhraseIndex:
    return PhraseIndex(written for written in _dodges() if len(written) > 1)


_LATIN = re.compile("[a-z]")
_Change = tuple[int, int, str]
_Step = Callable[[str], Iterator[_Change]]


def _noise(text: str) -> Iterator[_Change]:
    found = [(mark.start(), mark.end(), "") for pattern in (_GONE, _SEPARATOR, _LONE_SPACE) for mark in pattern.finditer(text)]
    return iter(sorted(found))


def _disguises(text: str) -> Iterator[_Change]:
    """Leftmost and longest, none overlapping."""
    written, meant = _index().phrases, _dodges()
    done = 0
    for which, place, end in _index().find(text):
        if place >= done and _stands_alone(text, place, written[which]):
            done = end
            yield place, end, meant[written[which]]


def _stands_alone(text: str, place: int, written: str) -> bool:
    """Latin letters must not be part of a longer word: 'buke' is 补课, 'rebukes' is not."""
    before, after = text[place - 1 : place], text[place + len(written) : place + len(written) + 1]
    cut_left = bool(_LATIN.match(written[0])) and bool(_LATIN.match(before))
    cut_right = bool(_LATIN.match(written[-1])) and bool(_LATIN.match(after))
    return not cut_left and not cut_right


def _apply(text: str, changes: list[_Change]) -> tuple[str, Layer]:
    parts: list[str] = []
    edits: list[Edit] = []
    done = length = 0
    for start, end, meant in changes:
        kept = text[done:start]
        length += len(kept)
        edits.append(Edit(length, length + len(meant), start, end))
        parts += (kept, meant)
        length += len(meant)
        done = end
    return "".join((*parts, text[done:])), Layer(tuple(edits), tuple(edit.start for edit in edits))
