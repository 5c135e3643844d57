"""Makes every way of writing a word the same word, and remembers where each character came from."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import add
from pathlib import Path

TABLES = Path(__file__).parent / "tables"

_HAN = "一-鿿㐀-䶿"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\x00-\x08\x0b-\x1f\x7f"
_FULL_WIDTH = (range(0x2460, 0x24FF), range(0xF900, 0xFAFF), range(0xFF00, 0xFFF0))
_TONES = dict(zip("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuvvvvv", strict=True))
_ALIKE = {"“": '"', "”": '"', "‘": "'", "’": "'", "\u3000": " ", "\xa0": " ", "\t": " ", "\r": " "}

# Dropped only between Han characters: "补*课", "退·费". A full stop between digits or letters stays.
_SEPARATOR = re.compile(rf"(?<=[{_HAN}])[*·•.丶_~^|/\\+=#&@\-🉑㊙️]{{1,3}}(?=[{_HAN}])")
# A space is noise only beside a lone character ("补 课 班"); between phrases it is the writer's full stop.
_LONE_SPACE = re.compile(rf"(?<![{_HAN}])([{_HAN}])[ ]+(?=[{_HAN}])|(?<=[{_HAN}])[ ]+(?=[{_HAN}](?![{_HAN}]))")
_GONE = re.compile(f"[{_INVISIBLE}]")
_NOISE = (_GONE, _SEPARATOR, _LONE_SPACE)


@dataclass(frozen=True)
class Normal:
    """A normalised text. `starts` and `ends` lead each of its characters back to the original; empty means unchanged places."""

    text: str
    original: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original that this stretch was read from."""
        if not self.starts or end <= start:
            return start, end
        return self.starts[start], self.ends[end - 1]


@cache
def _characters() -> Mapping[int, str]:
    """One character for one: width, compatibility forms, case, tone marks, traditional forms."""
    table: dict[int, str] = {}
    for block in _FULL_WIDTH:
        for code in block:
            plain = unicodedata.normalize("NFKC", chr(code)).lower()
            if len(plain) == 1 and plain != chr(code):
                table[code] = plain
    lines = [line for line in (TABLES / "traditional.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    table |= {ord(old): new for old, new in zip(lines[0], lines[1], strict=True)}
    table |= {code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)}
    table |= {ord(old): new for old, new in (_TONES | _ALIKE).items()}
    table |= {ord(old): new for old, new in _dodges().items() if len(old) == 1}
    return table


@cache
def _dodges() -> Mapping[str, str]:
    """Slips and disguises, and the words they mean."""
    rows = (line.split("\t", 1) for line in (TABLES / "dodges.tsv").read_text("utf-8").splitlines() if not line.startswith("#"))
    return dict(rows)


@cache
def _dodges_by_head() -> Mapping[str, tuple[str, ...]]:
    """The disguises under their first two characters, longest first, so that one look at each place is enough."""
    heads: dict[str, list[str]] = {}
    for written in sorted((written for written in _dodges() if len(written) > 1), key=len, reverse=True):
        heads.setdefault(written[:2], []).append(written)
    return {head: tuple(words) for head, words in heads.items()}


def _dodges_in(text: str) -> list[tuple[int, str]]:
    """Where a disguise stands, leftmost and longest, none overlapping."""
    heads = _dodges_by_head()
    found: list[tuple[int, str]] = []
    done = 0
    for place in [place for place, head in enumerate(map(add, text, text[1:])) if head in heads]:
        if place < done:
            continue
        for written in heads[text[place : place + 2]]:
            if text.startswith(written, place) and _whole(text, place, written):
                found.append((place, written))
                done = place + len(written)
                break
    return found


def _whole(text: str, place: int, written: str) -> bool:
    """Latin letters must stand alone: 'buke' is 补课, 'rebukes' is not."""
    before, after = text[place - 1 : place], text[place + len(written) : place + len(written) + 1]
    cut_left = _is_latin(written[0]) and _is_latin(before)
    cut_right = _is_latin(written[-1]) and _is_latin(after)
    return not cut_left and not cut_right


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def normalise(text: str) -> Normal:
    """Width, case, script, noise between characters, disguises. Idempotent; every character can be traced back."""
    same_length = text.translate(_characters())
    if not any(noise.search(same_length) for noise in _NOISE) and not _dodges_in(same_length):
        return Normal(same_length, text)
    pieces = [(character, place, place + 1) for place, character in enumerate(same_length)]
    for pattern in _NOISE:
        pieces = _without(pieces, pattern)
    pieces = _rewritten(pieces)
    if len(pieces) == len(text) and all(start == place for place, (_, start, _) in enumerate(pieces)):
        return Normal("".join(character for character, _, _ in pieces), text)
    characters, starts, ends = zip(*pieces, strict=True) if pieces else ((), (), ())
    return Normal("".join(characters), text, starts, ends)


_Piece = tuple[str, int, int]


def _without(pieces: list[_Piece], pattern: re.Pattern[str]) -> list[_Piece]:
    text = "".join(piece[0] for piece in pieces)
    dropped: set[int] = set()
    for found in pattern.finditer(text):
        kept = found.end(1) if pattern.groups and found.group(1) else found.start()
        dropped.update(range(kept, found.end()))
    return [piece for place, piece in enumerate(pieces) if place not in dropped] if dropped else pieces


def _rewritten(pieces: list[_Piece]) -> list[_Piece]:
    out: list[_Piece] = []
    done = 0
    for place, written in _dodges_in("".join(piece[0] for piece in pieces)):
        out += pieces[done:place]
        done = place + len(written)
        out += _spread(_dodges()[written], pieces[place:done])
    return [*out, *pieces[done:]] if done else pieces


def _spread(word: str, source: list[_Piece]) -> Iterator[_Piece]:
    """The meant word over the place of the written one; characters written as meant keep their own place."""
    if len(word) == len(source):
        return ((character, start, end) for character, (_, start, end) in zip(word, source, strict=True))
    return ((character, source[0][1], source[-1][2]) for character in word)
