"""The city's list of institutions from Excel: read, shown with every fault by row, and only then entered in the register."""

import asyncio
import io
import re
import secrets
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import openpyxl
from sqlalchemy import Connection

from handlers.desk.accounts import Clock, Person
from handlers.desk.refusals import Forbidden, NotFound
from handlers.papers.book import PaperBook
from storage import institutions
from storage.database import Database
from storage.errors import NameTaken
from storage.institutions import Entry
from storage.people import Actor
from storage.vocabulary import FundMode, InstitutionKind, InstitutionState, Role

MOST_ROWS = 5_000
HEADER_WITHIN = 6
# A small file can unpack to any size; a list of institutions never needs more than this.
MOST_UNPACKED = 50_000_000
NUMBERS = ("students", "unused_yuan", "account_yuan")
WORDS: Mapping[str, tuple[str, type[StrEnum]]] = {
    "kind": ("institution_kind", InstitutionKind),
    "state": ("institution_state", InstitutionState),
    "fund_mode": ("fund_mode", FundMode),
}
CODE = re.compile(r"[0-9A-Z]{18}")
TOKEN = re.compile(r"[0-9a-f]{32}")
SEPARATORS = re.compile(r"[、,，;；/\n]+")


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    FAULTY = "faulty"


class Unreadable(Exception):
    """The whole file cannot be used; `key` names the sentence."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Line:
    """One row of the file. `row` is its number in Excel; `known` the institution it is about, if that is registered."""

    row: int
    entry: Entry
    aliases: tuple[str, ...]
    faults: tuple[str, ...]
    fate: Fate = Fate.NEW
    known: int | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """What would happen, row by row. `token` finds the file again when it is confirmed."""

    lines: tuple[Line, ...]
    token: str = ""

    @property
    def in_order(self) -> list[Line]:
        """By row, and before all others those that somebody has to look at."""
        return sorted(self.lines, key=lambda line: (line.fate is not Fate.FAULTY, line.row))

    def number(self, fate: str) -> int:
        return sum(line.fate == fate for line in self.lines)


class Imports:
    """For the office. What is shown is what is entered: the file is read again, and judged again, when it is confirmed."""

    def __init__(self, database: Database, book: PaperBook, clock: Clock, folder: Path) -> None:
        self._database, self._book, self._clock, self._folder = database, book, clock, folder

    async def preview(self, person: Person, content: bytes) -> Preview:
        """Read the file and say for each row what would become of it. Unreadable when it is no list at all."""
        self._office(person)
        lines = await asyncio.to_thread(lambda: list(read(content, self._book)))
        judged = await self._database.read(_judged, lines, self._book)
        return Preview(judged, await asyncio.to_thread(self._keep, person, content))

    async def apply(self, person: Person, token: str) -> Preview:
        """Enter every row without fault, in one transaction; faulty ones are shown again. NotFound when it was entered before."""
        self._office(person)
        path = self._path(person, token)
        if not TOKEN.fullmatch(token) or not path.is_file():
            raise NotFound
        lines = await asyncio.to_thread(lambda: list(read(path.read_bytes(), self._book)))
        done = await self._database.write(_applied, lines, self._book, person.actor, at=self._clock())
        path.unlink()
        return Preview(done)

    def _keep(self, person: Person, content: bytes) -> str:
        """Keep the file until it is confirmed; an earlier one of the same person goes."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in self._folder.glob(f"import-{person.officer.id}-*.xlsx"):
            old.unlink()
        token = secrets.token_hex(16)
        path = self._path(person, token)
        path.touch(mode=0o600)
        path.write_bytes(content)
        return token

    def _path(self, person: Person, token: str) -> Path:
        return self._folder / f"import-{person.officer.id}-{token}.xlsx"

    def _office(self, person: Person) -> None:
        if person.role is not Role.OFFICE:
            raise Forbidden


def read(content: bytes, book: PaperBook) -> Iterator[Line]:
    """The rows of the first sheet under its header; empty rows are passed over."""
    rows = _rows(content)
    columns, first = _header(rows, book)
    found = 0
    for number, row in enumerate(rows[first:], first + 1):
        values = {key: _text(row[place]) for key, place in columns.items() if place < len(row)}
        if any(values.values()):
            found += 1
            yield _line(number, values, book)
    if not found:
        raise Unreadable("nothing")


def _rows(content: bytes) -> list[tuple[Any, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable("too_large")
        opened = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as fault:
        raise Unreadable("not_excel") from fault
    try:
        rows = []
        for row in opened.worksheets[0].iter_rows(values_only=True):
            rows.append(row)
            if len(rows) > MOST_ROWS:
                raise Unreadable("too_large")
        return rows
    finally:
        opened.close()


def _header(rows: Sequence[tuple[Any, ...]], book: PaperBook) -> tuple[Mapping[str, int], int]:
    """Which column is which, and the row after the header: a title may stand above it."""
    wanted: Mapping[str, Sequence[str]] = book.texts["import"]["headers"]
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        heads = [_text(cell).replace("\n", "").replace(" ", "") for cell in row]
        found = {key: heads.index(name) for key, names in wanted.items() if (name := next((one for one in names if one in heads), None))}
        if "name" in found:
            return found, number + 1
    raise Unreadable("no_header")


def _line(row: int, values: Mapping[str, str], book: PaperBook) -> Line:
    faults: list[str] = []
    known: dict[str, Any] = {}
    for key, text in values.items():
        if not text or key == "aliases":
            continue
        try:
            known[key] = _value(key, text, book)
        except ValueError:
            column = book.texts["import"]["headers"][key][0]
            kind = "bad_code" if key == "credit_code" else "not_a_number" if key in NUMBERS else "unknown_word"
            faults.append(_say(book, kind, column=column, value=text) + _meanings(key, book))
    if not known.get("name"):
        faults.append(_say(book, "name_missing"))
    aliases = tuple(one.strip() for one in SEPARATORS.split(values.get("aliases", "")) if one.strip())
    return Line(row, Entry(**{"name": "", **known}), aliases, tuple(faults))


def _value(key: str, text: str, book: PaperBook) -> Any:
    """The cell as the register keeps it; ValueError when it cannot be read."""
    if key in NUMBERS:
        number = float(text.replace(",", "").replace("，", ""))
        if not 0 <= number < 1_000_000_000 or number != int(number):
            raise ValueError(text)
        return int(number)
    if key in WORDS:
        labels, words = WORDS[key]
        return words(_meant(text, book.words[labels]))
    if key == "town":
        town = book.policy.places.town(text)
        if town is None:
            raise ValueError(text)
        return town
    if key == "credit_code" and not CODE.fullmatch(text.upper()):
        raise ValueError(text)
    return text.upper() if key == "credit_code" else text


def _meant(text: str, labels: Mapping[str, str]) -> str:
    """The key of a word: by its label, or by a label that the text contains or shortens, if there is only one."""
    exact = [key for key, label in labels.items() if text in (key, label)]
    near = [key for key, label in labels.items() if label in text or text in label]
    found = exact or near
    if len(found) != 1:
        raise ValueError(text)
    return found[0]


def _meanings(key: str, book: PaperBook) -> str:
    """What may stand in a column that knows a few words only."""
    if key not in WORDS and key != "town":
        return ""
    labels = book.towns if key == "town" else book.words[WORDS[key][0]]
    return _say(book, "known_words", words=book.texts["import"]["said"]["joined"].join(labels.values()))


def _judged(tx: Connection, lines: Sequence[Line], book: PaperBook) -> tuple[Line, ...]:
    seen: dict[str, int] = {}
    return tuple(_judge(tx, line, seen, book) for line in lines)


def _judge(tx: Connection, line: Line, seen: dict[str, int], book: PaperBook) -> Line:
    """New, changed, the same, or faulty; a name or code that came before in the file is a fault of the later row."""
    faults = list(line.faults)
    for mark in {institutions.fold(line.entry.name), line.entry.credit_code} - {"", None}:
        if mark in seen:
            faults.append(_say(book, "twice", row=seen[mark]))
        seen.setdefault(str(mark), line.row)
    known = institutions.find(tx, line.entry.name)
    if _is_anothers(tx, line.entry.credit_code, known):
        faults.append(_say(book, "taken"))
    if faults:
        return replace(line, faults=tuple(dict.fromkeys(faults)), fate=Fate.FAULTY)
    if known is None:
        return line
    before = institutions.get(tx, known).entry
    merged = _merged(before, line.entry)
    changes = tuple(name for name in institutions.COLUMNS if getattr(merged, name) != getattr(before, name))
    return replace(line, entry=merged, known=known, changes=changes, fate=Fate.CHANGED if changes else Fate.SAME)


def _is_anothers(tx: Connection, code: str | None, known: int | None) -> bool:
    """The code is registered under another name: whether that is the same institution is for a person to say."""
    if code is None:
        return False
    return any(one.entry.credit_code == code and one.id != known for one in institutions.search(tx, code))


def _merged(before: Entry, new: Entry) -> Entry:
    """What the file says, over what is known: an empty cell wipes nothing, and the registered name stays."""
    blank = Entry(name="")
    told = {name: getattr(new, name) for name in institutions.COLUMNS if name != "name" and getattr(new, name) != getattr(blank, name)}
    return replace(before, **told)


def _applied(tx: Connection, lines: Sequence[Line], book: PaperBook, by: Actor, *, at: Any) -> tuple[Line, ...]:
    seen: dict[str, int] = {}
    done = []
    for line in lines:
        # Judged one by one: what an earlier row has just entered counts for the later one.
        judged = _judge(tx, line, seen, book)
        try:
            with tx.begin_nested():
                _enter(tx, judged, by, at)
        except NameTaken:
            judged = replace(judged, faults=(_say(book, "taken"),), fate=Fate.FAULTY)
        done.append(judged)
    return tuple(done)


def _enter(tx: Connection, line: Line, by: Actor, at: Any) -> None:
    if line.fate is Fate.NEW:
        institutions.register(tx, line.entry, by, at, aliases=line.aliases)
    elif line.fate is Fate.CHANGED and line.known is not None:
        institutions.change(tx, line.known, line.entry, by, at, version=institutions.get(tx, line.known).version)


def _say(book: PaperBook, key: str, **fields: object) -> str:
    return str(book.texts["import"]["said"][key]).format(**fields)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()
