"""Makes the Word templates from layout.toml, once; from then on the office edits them in Word. `python -m handlers.papers.templates`."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from storage.policy import parse

# GB/T 9704—2012: A4, 22 lines of 28 characters, three-size characters on 28 points.
TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
LINE, BODY, TITLE = Pt(28), Pt(16), Pt(22)
# A quarter of a point less between characters (in twentieths) makes 28 of them fit. A grid would do the same in Word only.
TIGHTER = -5
CELL, DENSE_CELL, DENSE_FROM = Pt(12), Pt(10.5), 8
CELL_LINE = 18
DENSE_MARGIN = 28
TWO_CHARACTERS, FOUR_CHARACTERS = Pt(32), Pt(64)
Block = Mapping[str, Any]
CENTER, RIGHT_SIDE, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.JUSTIFY


class Template:
    """One Word file being laid out."""

    def __init__(self, fonts: Mapping[str, str]) -> None:
        self._fonts = fonts
        self._file = Document()
        self._lay_page()
        _font(self._file.styles["Normal"], fonts["body"], BODY)
        self._number_pages()

    def add(self, block: Block) -> None:
        laid: Mapping[str, Callable[[Block], None]] = {"form": self._form, "table": self._table, "break": self._break, "cut": self._cut}
        laid.get(block["style"], self._paragraphs)(block)

    def save(self, path: Path) -> None:
        self._file.save(str(path))

    def _paragraphs(self, block: Block) -> None:
        each = block.get("each")
        if block["style"] == "sign" and self._file.paragraphs:
            self._file.paragraphs[-1].paragraph_format.keep_with_next = True
        if each:
            self._tag(f"{{%p for {each} %}}")
        lines = [self._file.add_paragraph() for _ in block["text"].split("\n")]
        for paragraph, text in zip(lines, block["text"].split("\n"), strict=True):
            self._dress(paragraph, text, block["style"])
        if block["style"] == "title":
            lines[-1].paragraph_format.space_after = Pt(14)
        if block["style"] == "sign":
            # Room for the seal, and never a page that holds nothing but a date.
            lines[0].paragraph_format.space_before = 2 * LINE
            for paragraph in lines[:-1]:
                paragraph.paragraph_format.keep_with_next = True
        if "then" in block:
            self._dress(self._file.add_paragraph(), block["then"], "body")
        if each:
            self._tag("{%p endfor %}")

    def _dress(self, paragraph: Any, text: str, style: str) -> None:
        form = paragraph.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        form.space_before = form.space_after = Pt(0)
        font, size = {"title": ("title", TITLE), "heading": ("heading", BODY), "subheading": ("subheading", BODY)}.get(
            style, ("body", BODY)
        )
        match style:
            case "title":
                form.alignment, form.line_spacing = CENTER, Pt(34)
            case "number":
                form.alignment, form.space_after = CENTER, LINE
            case "sign":
                form.alignment, form.right_indent, form.keep_together = RIGHT_SIDE, FOUR_CHARACTERS, True
            case "to":
                form.alignment = WD_ALIGN_PARAGRAPH.LEFT
            case _:
                form.first_line_indent, form.alignment = TWO_CHARACTERS, BOTH
        form.keep_with_next = style in ("heading", "subheading", "title")
        run = paragraph.add_run(text)
        _font(run, self._fonts[font], size)
        if size == BODY:
            _tighten(run)

    def _cut(self, block: Block) -> None:
        line = self._file.add_paragraph()
        line.paragraph_format.space_before = Pt(14)
        border = OxmlElement("w:pBdr")
        top = OxmlElement("w:top")
        for key, value in (("val", "dashed"), ("sz", "6"), ("space", "6"), ("color", "auto")):
            top.set(qn(f"w:{key}"), value)
        border.append(top)
        line._p.get_or_add_pPr().append(border)
        line.alignment, line.paragraph_format.keep_with_next = CENTER, True
        _font(line.add_run(block["text"]), self._fonts["heading"], BODY)

    def _form(self, block: Block) -> None:
        rows: Sequence[Sequence[str]] = block["cells"]
        table = self._grid(block["widths"], len(rows))
        for row, texts in zip(table.rows, rows, strict=True):
            for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                self._fill(cell, text, "body", CELL, center=place % 2 == 0)
                for paragraph in cell.paragraphs:
                    paragraph.paragraph_format.keep_with_next = row is not table.rows[-1]

    def _table(self, block: Block) -> None:
        lines: list[Sequence[str]] = [block["head"], [f"{{%tr for {block['rows']} %}}"], block["cells"], ["{%tr endfor %}"]]
        lines += [block["total"]] if "total" in block else []
        table = self._grid(block["widths"], len(lines))
        size = DENSE_CELL if len(block["widths"]) >= DENSE_FROM else CELL
        repeat = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(repeat)
        for place, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
            whole = OxmlElement("w:cantSplit")
            row._tr.get_or_add_trPr().append(whole)
            for number, (cell, text) in enumerate(zip(row.cells, texts, strict=False)):
                font, center = "body" if place else "heading", not place or number not in block.get("left", ())
                self._fill(cell, text, font, size, center=center, line=block.get("line", CELL_LINE))

    def _grid(self, widths: Sequence[int], rows: int) -> Any:
        table = self._file.add_table(rows, len(widths), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        if len(widths) >= DENSE_FROM:
            _narrow_margins(table)
        for place, width in enumerate(widths):
            table.columns[place].width = Mm(width)
            for cell in table.columns[place].cells:
                cell.width = Mm(width)
        return table

    def _fill(self, cell: Any, text: str, font: str, size: Any, *, center: bool, line: int = CELL_LINE) -> None:
        cell.vertical_alignment = 1
        for number, piece in enumerate(text.split("\n")):
            paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
            form = paragraph.paragraph_format
            form.line_spacing_rule, form.line_spacing, form.space_after = WD_LINE_SPACING.EXACTLY, Pt(line), Pt(0)
            paragraph.alignment = CENTER if center else WD_ALIGN_PARAGRAPH.LEFT
            _font(paragraph.add_run(piece), self._fonts[font], size)

    def _break(self, _block: Block) -> None:
        self._file.add_page_break()  # type: ignore[no-untyped-call]

    def _tag(self, text: str) -> None:
        self._file.add_paragraph(text)

    def _lay_page(self) -> None:
        page = self._file.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(TOP), Mm(BOTTOM), Mm(LEFT), Mm(RIGHT)

    def _number_pages(self) -> None:
        """— 1 — outside, as the standard wants: right on odd pages, left on even ones."""
        self._file.settings.odd_and_even_pages_header_footer = True
        page = self._file.sections[0]
        for footer, side in ((page.footer, RIGHT_SIDE), (page.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
            line = footer.paragraphs[0]
            line.alignment = side
            for piece in ("— ", None, " —"):
                run = line.add_run(piece or "")
                _font(run, "宋体", Pt(14))
                if piece is None:
                    _page_field(run)


def _page_field(run: Any) -> None:
    for kind, text in (("begin", ""), (None, "PAGE"), ("end", "")):
        part = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            part.text = text
        else:
            part.set(qn("w:fldCharType"), kind)
        run._r.append(part)


def _font(owner: Any, name: str, size: Any) -> None:
    """Name the font for every script: without w:eastAsia Word falls back for the Chinese."""
    owner.font.name, owner.font.size = name, size
    fonts = owner._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def _tighten(run: Any) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(TIGHTER))
    # The schema wants it before the size.
    run._r.rPr.find(qn("w:sz")).addprevious(spacing)


def _narrow_margins(table: Any) -> None:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        one = OxmlElement(f"w:{side}")
        one.set(qn("w:w"), str(DENSE_MARGIN))
        one.set(qn("w:type"), "dxa")
        margins.append(one)
    table._tbl.tblPr.append(margins)


def make(policy: Path) -> list[Path]:
    """Write every template anew; the files."""
    fonts = parse(policy / "papers.toml")["fonts"]
    folder = policy / "papers"
    made = []
    for name, blocks in parse(folder / "layout.toml").items():
        template = Template(fonts)
        for block in blocks:
            template.add(block)
        made.append(folder / f"{name}.docx")
        template.save(made[-1])
    return made


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "policy/wugang"))
