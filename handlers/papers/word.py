"""Fills a Word template of the office; what only a person can write stands out in yellow."""

import io
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import jinja2
from docx.enum.text import WD_COLOR_INDEX
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from handlers.papers.book import PaperBook

# Signs that no XML may hold; a form lets them through.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# What the library reads as "another paragraph like this one".
PARAGRAPH = "\a"


class TemplateBroken(Exception):
    """The office's template cannot be filled; `template` is its name."""

    def __init__(self, template: str, why: str) -> None:
        super().__init__(f"{template}: {why}")
        self.template = template


def fill(book: PaperBook, template: str, context: Mapping[str, Any]) -> bytes:
    """The finished document. Slow enough for a thread of its own."""
    path = book.folder / "papers" / f"{template}.docx"
    environment = SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    try:
        document = DocxTemplate(str(path))
        document.render(_clean(context), environment)
    except (jinja2.TemplateError, FileNotFoundError) as fault:
        raise TemplateBroken(path.name, str(fault)) from fault
    _mark_blanks(document, book.texts["office"]["blank"].partition("{")[0])
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).replace("\n", PARAGRAPH)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list | tuple) else value


def _mark_blanks(document: Any, opening: str) -> None:
    marked = re.compile(f"({re.escape(opening)}[^】]*】)")
    for paragraph in _paragraphs(document):
        for run in list(paragraph.runs):
            if opening in run.text:
                _split(run, [piece for piece in marked.split(run.text) if piece], opening)


def _split(run: Any, pieces: list[str], opening: str) -> None:
    """One run for each piece, all dressed alike, blanks on yellow."""
    for piece in reversed(pieces):
        twin = deepcopy(run._r)
        run._r.addnext(twin)
        made = type(run)(twin, run._parent)
        made.text = piece
        if piece.startswith(opening):
            made.font.highlight_color = WD_COLOR_INDEX.YELLOW
    run._r.getparent().remove(run._r)


def _paragraphs(document: Any) -> Iterator[Any]:
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs
