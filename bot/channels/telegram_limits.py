"""Cuts a long text where Telegram would refuse it: at most 4096 UTF-16 units a message, at the end of a line or sentence."""

TEXT_LIMIT = 4096
# Where a reader would pause, the best first.
PAUSES = ("\n\n", "\n", "。", "！", "？", "；", "，", " ")


def units(text: str) -> int:
    """Length as Telegram counts it: a character outside the basic plane counts twice."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int = TEXT_LIMIT) -> tuple[str, ...]:
    """The text in pieces that fit; together they say the same."""
    pieces = []
    rest = text.strip()
    while units(rest) > limit:
        end = _pause(rest, _fitting(rest, limit))
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return (*pieces, rest) if rest else tuple(pieces)


def _fitting(text: str, limit: int) -> int:
    """How many characters fit."""
    used = 0
    for place, character in enumerate(text):
        used += 2 if ord(character) > 0xFFFF else 1
        if used > limit:
            return place
    return len(text)


def _pause(text: str, most: int) -> int:
    """The last good place to stop in what fits; never so early that the piece is mostly empty."""
    for pause in PAUSES:
        found = text.rfind(pause, most // 2, most)
        if found >= 0:
            return found + len(pause)
    return most
