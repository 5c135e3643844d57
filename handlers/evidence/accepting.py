"""Judges one file: what it is, whether we take it, and the copy of it that may be shown."""

from dataclasses import dataclass, field
from enum import StrEnum

from handlers.evidence import pages, pictures
from handlers.evidence.signatures import PDF, Kind, Type, recognise


class Why(StrEnum):
    """Why a file is not taken; each has its sentence in texts_evidence.toml."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TYPE = "type"
    DAMAGED = "damaged"
    TOO_MANY_PIXELS = "too_many_pixels"
    INFECTED = "infected"
    TOO_MANY = "too_many"
    NO_ROOM = "no_room"
    SCANNER_AWAY = "scanner_away"


class FileRefused(Exception):
    """This file is not kept; everything sent before it is."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Accepted:
    """A file we take. `clean` and `thumbnail` exist for pictures and, page by page, for PDF; anything else is kept sealed."""

    kind: Kind
    media_type: str
    clean: bytes | None = field(default=None, repr=False)
    thumbnail: bytes | None = field(default=None, repr=False)


def accept(content: bytes, limit: int) -> Accepted:
    """Judge by content alone. Slow for large pictures: call it from a worker thread."""
    if not content:
        raise FileRefused(Why.EMPTY)
    if len(content) > limit:
        raise FileRefused(Why.TOO_LARGE)
    found = recognise(content)
    if found is None:
        raise FileRefused(Why.TYPE)
    if found == PDF:
        return _paper(content, found)
    if not found.decoder:
        return Accepted(found.kind, found.media_type)
    try:
        clean = pictures.cleaned(content, found.decoder)
    except pictures.TooManyPixels as bomb:
        raise FileRefused(Why.TOO_MANY_PIXELS) from bomb
    except pictures.NotDecodable as damage:
        raise FileRefused(Why.DAMAGED) from damage
    return Accepted(found.kind, found.media_type, clean, pictures.thumbnail(clean))


def _paper(content: bytes, found: Type) -> Accepted:
    """A damaged or locked document is evidence all the same: it is kept, and opens as an original only."""
    try:
        # The process that drew them read a stranger's file: its pictures are a stranger's too, until they are written anew.
        drawn = [pictures.cleaned(page, "JPEG") for page in pages.pages(content)]
    except (pictures.NotDecodable, pictures.TooManyPixels):
        drawn = []
    if not drawn:
        return Accepted(found.kind, found.media_type)
    return Accepted(found.kind, found.media_type, pages.packed(drawn), pictures.thumbnail(drawn[0]))
