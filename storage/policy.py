"""Reads storage's tables of the city's rule book; every fault names the file, the key and the mend."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


class PolicyUnreadable(Exception):
    """A file of the city's rule book cannot be used; the message names file, key and mend."""


class Section:
    """One section of a file, read field by field; `finish` refuses what nobody asked for."""

    def __init__(self, place: str, values: object) -> None:
        if not isinstance(values, dict):
            raise PolicyUnreadable(f"{place}: must be a section in brackets.")
        self.place = place
        self._values: Mapping[str, Any] = values
        self._read: set[str] = set()

    def keys(self) -> list[str]:
        return list(self._values)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.fault(key, "must be text in quotes")
        return value

    def number(self, key: str) -> int:
        value = self._take(key, None)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.fault(key, "must be a whole number, not below zero")
        return value

    def texts(self, key: str, default: list[str] | None = None) -> tuple[str, ...]:
        value = self._take(key, default)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fault(key, 'must be a list of texts: ["…", "…"]')
        return tuple(value)

    def section(self, key: str) -> "Section":
        return Section(f"{self.place}: [{key}]", self._take(key, None))

    def sections(self, key: str) -> "list[Section]":
        value = self._take(key, [])
        if not isinstance(value, list):
            raise self.fault(key, "must be sections in double brackets")
        return [Section(f"{self.place}: [[{key}]] {place}", one) for place, one in enumerate(value, 1)]

    def finish(self) -> None:
        """Refuse what nobody reads: a misspelt limit would silently do nothing."""
        for key in self._values:
            if key not in self._read:
                raise self.fault(key, "is not known here; correct its name or remove it")

    def fault(self, key: str, mend: str) -> PolicyUnreadable:
        return PolicyUnreadable(f"{self.place}: {key}: {mend}.")

    def _take(self, key: str, default: object) -> Any:
        self._read.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.fault(key, "is missing")
        return value


def load(path: Path) -> Section:
    """The whole file as one section."""
    return Section(path.name, parse(path))


def check(folder: Path) -> None:
    """Whether every file of the rule book can be read at all, whoever reads it; what stands in it, its room checks."""
    for path in sorted(folder.glob("*.toml")):
        parse(path)


def parse(path: Path) -> dict[str, Any]:
    """What the file says, by section and key."""
    try:
        text = path.read_text("utf-8")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise PolicyUnreadable(f"{path.name}: is missing; copy it from policy/wugang.") from None
    except UnicodeDecodeError as fault:
        raise PolicyUnreadable(f"{path.name}: {fault}; save it as UTF-8.") from fault
    except tomllib.TOMLDecodeError as fault:
        raise PolicyUnreadable(f"{path.name}: {_where(text, str(fault))}.") from fault


def _where(text: str, fault: str) -> str:
    """The line and the key at which reading stopped; a key or a section that stands there twice is named as that."""
    found = PLACE.search(fault)
    if not found:
        return fault
    line = int(found[1])
    lines = text.splitlines()
    sections = [one for one in lines[:line] if one.startswith("[")]
    here = lines[line - 1].strip() if line <= len(lines) else ""
    key = here if here.startswith("[") else " ".join([*sections[-1:], here.split("=")[0].strip()])
    what = "stands there twice; keep one of them" if fault.startswith(("Cannot overwrite", "Cannot declare")) else fault[: found.start()]
    return f"line {line}: {key}: {what}"
