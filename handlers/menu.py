"""The words that mean the same at every point of the conversation, as `menu.toml` lists them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from handlers import tables

FILE = "menu.toml"
# Buttons that belong to no draft and no report.
REPORT, ANOTHER, PROGRESS, RESUME, LOOK_UP = "m.report", "m.another", "m.progress", "m.resume", "m.look_up"
# Punctuation and spaces around a word do not change what is meant; "/" and "?" are words of their own.
_NOISE = re.compile(r"[\s。，,.!！~～、；;：:]+")


class Wish(StrEnum):
    START = "start"
    HELP = "help"
    PROGRESS = "progress"
    ANOTHER = "another"
    BACK = "back"
    SKIP = "skip"
    CANCEL = "cancel"
    RESTART = "restart"
    DONE = "done"
    YES = "yes"
    NO = "no"
    THANKS = "thanks"


@dataclass(frozen=True)
class Menu:
    """The words; those around a telephone number; those a child uses; and after how long a draft counts as an earlier one."""

    words: Mapping[str, Wish]
    contact_noise: tuple[str, ...]
    minor_words: tuple[str, ...]
    pause: timedelta

    @classmethod
    def load(cls, folder: Path) -> Self:
        content = tables.load(folder / FILE)
        row, manner = content.row("words"), content.row("manner")
        words: dict[str, Wish] = {}
        for wish in Wish:
            for word in row.texts(wish):
                if words.setdefault(plain(word), wish) is not wish:
                    raise row.fault(wish, f"{word!r} already means {words[plain(word)]!r}")
        row.finish()
        return cls(words, manner.texts("contact_noise"), manner.texts("minor_words"), timedelta(hours=manner.number("pause_hours")))

    def wish(self, text: str) -> Wish | None:
        """What the whole message asks for, if it is one of the words; a word inside a sentence is part of the story."""
        return self.words.get(plain(text))


def plain(text: str) -> str:
    return _NOISE.sub("", text).lower()
