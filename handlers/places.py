"""Which town of the city somebody means, by whatever name it was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers import tables

FILE = "towns.toml"


@dataclass(frozen=True)
class Places:
    """`names` are the towns as they are written, by key; `called` every name in use, with the key of its town."""

    names: Mapping[str, str]
    called: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path) -> Self:
        rows = tables.load(folder / FILE).rows()
        names = {key: row.text("name") for key, row in rows.items()}
        called = {name: key for key, row in rows.items() for name in (row.text("name"), row.text("stem"), *row.texts("old"))}
        return cls(names, called)

    def town(self, said: object) -> str | None:
        """The key of the one town these words name; None when they name none, or several."""
        text = str(said or "")
        if text in self.names:
            return text
        meant = {key for name, key in self.called.items() if name in text}
        return meant.pop() if len(meant) == 1 else None
