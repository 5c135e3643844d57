"""Writes a whole ledger into a file: pages of rows by key, each written and forgotten, with the count told as it grows."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from handlers.papers.book import Cell, Layout, PaperBook, Period
from handlers.papers.registers import PROBLEMS, RISKS
from handlers.papers.sheet import Head, Sheet, sheet
from handlers.papers.tips import CELLS as TIPS
from storage import papers, registers
from storage.database import Database
from storage.papers import Scope

Page = tuple[Sequence[Any], int | None]
Progress = Callable[[int], Awaitable[None]]


@dataclass(frozen=True)
class Source:
    """Where a ledger's lines come from: how many, the page after an id, and what each cell says of a row."""

    count: Callable[[Connection, Scope], int]
    page: Callable[..., Page]
    cells: Mapping[str, Callable[[Any, PaperBook], Cell]]


def _tips(tx: Connection, scope: Scope, *, after: int, at: datetime) -> Page:
    return papers.tips(tx, scope, after=after, at=at)


def _problems(tx: Connection, scope: Scope, *, after: int, at: datetime) -> Page:  # noqa: ARG001 - every page is asked with the moment
    return registers.problems(tx, scope, after=after)


def _risks(tx: Connection, scope: Scope, *, after: int, at: datetime) -> Page:  # noqa: ARG001
    return registers.risks(tx, scope, after=after)


SOURCES: Mapping[str, Source] = {
    "tips": Source(papers.count_tips, _tips, TIPS),
    "problems": Source(registers.count_problems, _problems, PROBLEMS),
    "risks": Source(registers.count_risks, _risks, RISKS),
}


@dataclass(frozen=True)
class Order:
    """Which ledger, of which period, filled in by which department, for whose reports."""

    ledger: str
    period: Period
    reader: str
    department: str | None = None

    def scope(self, book: PaperBook) -> Scope:
        return Scope(*self.period.bounds(book.zone), self.reader, self.department)


async def count(database: Database, book: PaperBook, order: Order) -> int:
    return await database.read(SOURCES[order.ledger].count, order.scope(book))


async def write(database: Database, book: PaperBook, order: Order, path: Path, *, at: datetime, progress: Progress) -> int:
    """Write the ledger; how many lines it has. Only one page of it is ever in memory."""
    layout, source, scope = book.ledgers[order.ledger], SOURCES[order.ledger], order.scope(book)
    written, after = 0, 0
    made = sheet(path, layout, head(book, layout, order, at), book)
    while True:
        rows, following = await database.read(source.page, scope, after=after, at=at)
        await asyncio.to_thread(_put, made, layout, source, rows, book)
        written += len(rows)
        await progress(written)
        if following is None:
            break
        after = following
    await asyncio.to_thread(made.close)
    return written


def head(book: PaperBook, layout: Layout, order: Order, at: datetime) -> Head:
    fields = {
        "unit": book.unit(order.reader),
        "day": f"{book.today(at):%Y-%m-%d}",
        "period": f"{order.period.start:%Y-%m-%d} 至 {order.period.end:%Y-%m-%d}",
        "basis": layout.basis,
    }
    return Head(layout.title, book.word("sheet", "head", **fields))


def _put(made: Sheet, layout: Layout, source: Source, rows: Sequence[Any], book: PaperBook) -> None:
    cells = [(column.key, source.cells[column.key]) for column in layout.columns if column.key in source.cells]
    made.write([{key: say(row, book) for key, say in cells} for row in rows])
