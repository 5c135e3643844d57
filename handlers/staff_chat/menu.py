"""The words an officer can say at any time, as `staff_chat.toml` lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

from handlers import tables
from handlers.menu import plain

FILE = "staff_chat.toml"


class Wish(StrEnum):
    TODO = "todo"
    OVERDUE = "overdue"
    FIGURES = "figures"
    HELP = "help"
    CANCEL = "cancel"
    UNBIND = "unbind"


@dataclass(frozen=True)
class Menu:
    words: Mapping[str, Wish]

    @classmethod
    def load(cls, folder: Path) -> Self:
        row = tables.load(folder / FILE).row("words")
        words = {plain(word): wish for wish in Wish for word in row.texts(wish)}
        row.finish()
        return cls(words)

    def wish(self, text: str) -> Wish | None:
        """What the whole message asks for; only figures may be followed by what they are wanted of."""
        found = self.words.get(plain(text))
        if found is None and self.words.get(plain(text.split(maxsplit=1)[0] if text.split() else "")) is Wish.FIGURES:
            return Wish.FIGURES
        return found
