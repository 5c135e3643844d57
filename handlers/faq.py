"""Answers questions about the rules from `faq.toml`, each with its basis, and nothing that stands without one."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers import tables
from handlers.tables import Row

FILE = "faq.toml"
HEAD = ("markers", "endings", "closing")
# A question put in the middle of an intake is short; a story that happens to hold a question mark is not.
SHORT = 60


@dataclass(frozen=True)
class Entry:
    """One thing people ask. Each group of `asks` must be touched by at least one of its words."""

    key: str
    title: str
    asks: tuple[tuple[str, ...], ...]
    answer: str
    basis: str
    prefer: int

    def touches(self, text: str) -> int:
        """How many of its words the text holds; 0 when a whole group is missing."""
        found = [sum(word in text for word in group) for group in self.asks]
        return sum(found) if all(found) else 0


@dataclass(frozen=True)
class Faq:
    entries: tuple[Entry, ...]
    markers: tuple[str, ...]
    endings: tuple[str, ...]
    closing: str

    @classmethod
    def load(cls, folder: Path) -> Self:
        content = tables.load(folder / FILE)
        entries = tuple(_entry(key, row) for key, row in content.rows(besides=HEAD).items())
        return cls(entries, content.texts("markers"), content.texts("endings"), content.text("closing"))

    def find(self, text: str) -> Entry | None:
        """The best answer to what was asked, or None when nothing here answers it."""
        touched = [(entry.touches(text), entry.prefer, entry) for entry in self.entries]
        best = max(touched, key=lambda one: (one[0] > 0, one[1], one[0]))
        return best[2] if best[0] else None

    def is_question(self, text: str) -> bool:
        """Short and worded as a question: what somebody puts in between, not a story."""
        return len(text) <= SHORT and any(marker in text for marker in self.markers)

    def ends_as_question(self, text: str) -> bool:
        """Put to us directly; an answer hardly ever ends like this."""
        return self.is_question(text) and text.rstrip("。！! ").endswith(self.endings)


def _entry(key: str, row: Row) -> Entry:
    entry = Entry(key, row.text("title"), row.groups("asks"), row.text("answer"), row.text("basis"), row.number("prefer"))
    if not entry.basis.strip():
        raise row.fault("basis", "say where this stands; nothing is answered without a basis")
    row.finish()
    return entry
