"""Writes a ledger to a file line by line, as Excel or CSV; no cell is ever a formula.

A line is forgotten once written, so that a ledger of any length takes the same memory.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter

from handlers.papers.book import Cell, Column, Kind, Layout, PaperBook

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
HEAD_ROWS = 3
NUMBERS = (Kind.ROW, Kind.YUAN, Kind.COUNT)
LONGEST_CELL = 32_000
LINE_HEIGHT, HIGHEST_ROW = 13.5, 400.0


@dataclass(frozen=True)
class Head:
    """What stands above the columns."""

    title: str
    line: str


class Sheet(Protocol):
    """A ledger being written. `close` adds the totals and finishes the file."""

    def write(self, lines: Sequence[Mapping[str, Cell]]) -> None: ...

    def close(self) -> None: ...


def sheet(path: Path, layout: Layout, head: Head, book: PaperBook) -> Sheet:
    """A sheet of the kind the path's ending says."""
    return CsvSheet(path, layout, head, book) if path.suffix == ".csv" else ExcelSheet(path, layout, head, book)


class _Sums:
    """The last line: how many lines, and the sum of every column that is added up."""

    def __init__(self, layout: Layout, book: PaperBook) -> None:
        self._layout, self._book = layout, book
        self.count = 0
        self._sums = dict.fromkeys((column.key for column in layout.columns if column.total), 0)

    def add(self, line: Mapping[str, Cell]) -> None:
        self.count += 1
        for key in self._sums:
            value = line.get(key)
            self._sums[key] += value if isinstance(value, int) else 0

    def cells(self) -> list[Cell]:
        words: list[Cell] = [self._book.word("sheet", "total"), self._layout.words["total_rows"].format(count=self.count)]
        return [*words, *(self._sums.get(column.key) for column in self._layout.columns[len(words) :])]


class ExcelSheet:
    """A4 across, the head frozen and repeated on every page, wide enough for one page (domain §13)."""

    def __init__(self, path: Path, layout: Layout, head: Head, book: PaperBook) -> None:
        options = {
            "constant_memory": True,
            # Rows wait in a file beside the ledger, not where every program of the machine may look.
            "tmpdir": str(path.parent),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        }
        self._layout, self._book = layout, book
        self._file = xlsxwriter.Workbook(str(path), options)
        self._sheet = self._file.add_worksheet(layout.file)
        self._formats = _formats(self._file, book.fonts)
        self._sums = _Sums(layout, book)
        self._row = HEAD_ROWS
        self._dress(head)

    def write(self, lines: Sequence[Mapping[str, Cell]]) -> None:
        for line in lines:
            self._sums.add(line)
            cells = [
                (one, self._sums.count if one.kind is Kind.ROW else _plain(one, line[one.key], self._book)) for one in self._layout.columns
            ]
            self._sheet.set_row(self._row, _height([(value, one.width) for one, value in cells]))
            for place, (column, value) in enumerate(cells):
                self._put(place, column, value)
            self._forget(self._row - 1)
            self._row += 1

    def watermark(self, picture: io.BytesIO, text: str) -> None:
        """On the screen behind the cells, on paper behind every page, and in words at its foot."""
        self._sheet.set_background(picture)
        self._sheet.set_header("&C&G", {"image_center": text, "image_data_center": picture})
        self._sheet.set_footer(f"&L{text.replace('&', '&&')}&R{self._book.word('sheet', 'page')}")

    def close(self) -> None:
        for place, value in enumerate(self._sums.cells()):
            self._sheet.write(self._row, place, "" if value is None else value, self._formats["sum"])
        last = len(self._layout.columns) - 1
        self._sheet.autofilter(HEAD_ROWS - 1, 0, max(self._row - 1, HEAD_ROWS - 1), last)
        self._sheet.print_area(0, 0, self._row, last)
        self._file.close()

    def _dress(self, head: Head) -> None:
        sheet, columns = self._sheet, self._layout.columns
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.freeze_panes(HEAD_ROWS, 0)
        sheet.repeat_rows(0, HEAD_ROWS - 1)
        sheet.set_footer(f"&C{self._book.word('sheet', 'page')}")
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
        breadth = sum(column.width for column in columns)
        sheet.set_row(0, 36)
        sheet.set_row(1, _height([(head.line, breadth)]) + 4)
        sheet.merge_range(0, 0, 0, len(columns) - 1, head.title, self._formats["title"])
        sheet.merge_range(1, 0, 1, len(columns) - 1, head.line, self._formats["line"])
        sheet.set_row(HEAD_ROWS - 1, _height([(column.head, column.width) for column in columns]))
        for place, column in enumerate(columns):
            sheet.write_string(HEAD_ROWS - 1, place, column.head, self._formats["head"])

    def _forget(self, row: int) -> None:
        # The library drops the cells of a row it has written, but keeps its height for pictures set between rows; here are none.
        self._sheet.row_info.pop(row, None)
        self._sheet.row_sizes.pop(row, None)

    def _put(self, place: int, column: Column, value: Cell) -> None:
        if value is None or value == "":
            self._sheet.write_blank(self._row, place, None, self._formats["text"])
        elif isinstance(value, int):
            self._sheet.write_number(self._row, place, value, self._formats[column.kind])
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, place, value, self._formats[column.kind])
        else:
            form = Kind.FLAG if column.kind is Kind.FLAG else "quoted" if value.startswith(FORMULA_SIGNS) else "text"
            self._sheet.write_string(self._row, place, value[:LONGEST_CELL], self._formats[form])


class CsvSheet:
    """For other programs: UTF-8 with a mark that Excel knows; a cell that looks like a formula gets a quote before it."""

    def __init__(self, path: Path, layout: Layout, head: Head, book: PaperBook) -> None:
        self._layout, self._book = layout, book
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._sums = _Sums(layout, book)
        self._rows.writerows([[head.title], [head.line], [column.head for column in layout.columns]])

    def write(self, lines: Sequence[Mapping[str, Cell]]) -> None:
        for line in lines:
            self._sums.add(line)
            self._rows.writerow(
                [self._cell(one, self._sums.count if one.kind is Kind.ROW else line[one.key]) for one in self._layout.columns]
            )

    def close(self) -> None:
        self._rows.writerow(["" if value is None else value for value in self._sums.cells()])
        self._file.close()

    def _cell(self, column: Column, value: Cell) -> str | int:
        plain = _plain(column, value, self._book)
        if isinstance(plain, str):
            return f"'{plain}" if plain.startswith(FORMULA_SIGNS) else plain
        return "" if plain is None else plain if isinstance(plain, int) else f"{plain:%Y-%m-%d}"


def _plain(column: Column, value: Cell, book: PaperBook) -> str | int | date | None:
    """The value as its column shows it. Moments are text, which wraps in a narrow column and still sorts."""
    if value is None or value == "":
        return None
    if column.kind is Kind.FLAG:
        return book.word("sheet", "yes" if value else "no")
    if isinstance(value, datetime):
        # A sheet knows no zones: what is written is what the office's clock showed.
        local = value.astimezone(book.zone)
        return f"{local:%Y-%m-%d %H:%M}" if column.kind is Kind.MOMENT else local.date()
    if column.kind in NUMBERS and isinstance(value, int):
        return value
    return value if column.kind is Kind.DAY and isinstance(value, date) else str(value)


def _height(cells: Sequence[tuple[object, int]]) -> float:
    """How high a line must be for the fullest of its cells: no program is trusted to find that out when it opens the file."""
    lines = max(
        sum(max(-(-_breadth(line) // (width - 1)), 1) for line in str(value).split("\n")) for value, width in cells if value is not None
    )
    return min(HIGHEST_ROW, LINE_HEIGHT * max(lines, 1) + 2)


def _breadth(text: str) -> int:
    """Columns it takes: one for a letter, two for a Chinese character, which is just what this encoding needs of bytes."""
    return len(text.encode("gbk", "replace"))


def _formats(file: Any, fonts: Mapping[str, str]) -> dict[str, Any]:
    cell = {"font_name": fonts["body"], "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
    middle = {**cell, "align": "center"}
    made = {
        "title": {"font_name": fonts["title"], "font_size": 22, "align": "center", "valign": "vcenter"},
        "line": {"font_name": fonts["body"], "font_size": 11, "align": "left", "valign": "vcenter", "text_wrap": True},
        "head": {**middle, "font_name": fonts["heading"]},
        "text": {**cell, "num_format": "@"},
        "quoted": {**cell, "num_format": "@", "quote_prefix": True},
        Kind.ROW: middle,
        Kind.FLAG: middle,
        Kind.COUNT: middle,
        Kind.YUAN: {**cell, "align": "right", "num_format": "#,##0"},
        Kind.DAY: {**middle, "num_format": "yyyy-mm-dd"},
        "sum": {**middle, "font_name": fonts["heading"], "num_format": "#,##0"},
    }
    return {name: file.add_format(form) for name, form in made.items()}
