"""A sheet as a Word file: real styles and headings, its direction set on every run, its marking on both edges.

The file names nobody: author and last editor are the system, times are the first second of the sheet's UTC day, and
equal sheets give equal bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import docx
from docx.enum.table import WD_TABLE_DIRECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from forestall.base.words import say

from . import wordmarkup as markup
from .sheet import (
    EXERCISE,
    AskBox,
    Block,
    Heading,
    Listing,
    Paragraph,
    Sentence,
    Sheet,
    Table,
    Text,
    Tone,
    Translate,
    strong_parts,
    told,
)
from .wording import MARKING_ROW, SOURCES_HEAD, SOURCES_HEADING, SUBJECT_ROW, marking_line, sign_off_lines

AUTHOR = "Forestall"
_INK, _SECOND, _WHITE = RGBColor(0x15, 0x18, 0x1C), RGBColor(0x45, 0x4C, 0x55), RGBColor(0xFF, 0xFF, 0xFF)
# (ground, ink) of the band by level, as on paper
_BANDS = (("FFFFFF", _SECOND), ("E3E6E9", _INK), ("3D4650", _WHITE), ("0C0E10", _WHITE))
_WIDTH = 170.0  # millimetres between the margins
_SMALL = 8.5


def word(sheet: Sheet, *, translate: Translate | None = None) -> bytes:
    """The sheet as a .docx file."""
    return _Writer(sheet, translate=translate).written()


class _Writer:
    """Holds the open document while the sheet is written into it, block by block."""

    def __init__(self, sheet: Sheet, *, translate: Translate | None) -> None:
        self.sheet = sheet
        self.translate = translate
        self.document = docx.Document()

    def written(self) -> bytes:
        self._page()
        self._styles()
        self._properties()
        self._edges()
        self._memo()
        for block in self.sheet.blocks:
            self._block(block)
        self._sources()
        self._end()
        return markup.with_fixed_times(self.document)

    # -- the file around the text

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(20)
        section.top_margin, section.bottom_margin = Mm(25), Mm(25)
        section.header_distance = section.footer_distance = Mm(10)

    def _styles(self) -> None:
        for name, size, before, after in (
            ("Normal", 10, 0, 5), ("Title", 14, 0, 6), ("Heading 1", 11.5, 9, 3),
            ("List Number", 10, 0, 3), ("List Bullet", 10, 0, 3), ("Header", _SMALL, 0, 0), ("Footer", _SMALL, 0, 0),
        ):  # fmt: skip
            style = self.document.styles[name]
            style.font.size = Pt(size)
            style.font.bold = style.font.cs_bold = name in {"Title", "Heading 1"}
            style.font.color.rgb = _INK
            style.paragraph_format.line_spacing = 1.0
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
            markup.set_faces(style.element.get_or_add_rPr(), language=self.sheet.language)
            markup.set_complex_size(style.element.get_or_add_rPr(), points=size)
        title = self.document.styles["Title"].element.pPr
        for border in title.findall(qn("w:pBdr")):
            title.remove(border)

    def _properties(self) -> None:
        day = self.sheet.day
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
        core = self.document.core_properties
        core.author = core.last_modified_by = AUTHOR
        core.title = self.tell(self.sheet.title)
        core.comments = core.keywords = core.subject = core.category = ""
        core.language = self.sheet.language
        core.created = core.modified = moment
        core.revision = 1

    def _edges(self) -> None:
        section = self.document.sections[0]
        self._band(section.header.paragraphs[0])
        runner = section.footer.paragraphs[0]
        self._run(runner, f"{self.tell(self._title_line())}    ")
        markup.add_field(runner, name="PAGE")
        self._run(runner, " / ")
        markup.add_field(runner, name="NUMPAGES")
        self._set_direction(runner)
        self._band(section.footer.add_paragraph(style="Footer"))

    def _band(self, paragraph: Any) -> None:
        ground, paint = _BANDS[self.sheet.marking.level]
        words = [self.tell(self.sheet.marking.word)]
        if self.sheet.exercise:
            words.append(self.tell(EXERCISE))
        self._run(paragraph, "    ".join(words), strong=True)
        self._run(paragraph, f"    {self.tell(self.sheet.marking.handling)}")
        for run in paragraph.runs:
            run.font.color.rgb = paint
        markup.set_shading(paragraph, fill=ground)
        self._set_direction(paragraph)

    def _title_line(self) -> Text:
        return say("%(kind)s %(number)s", kind=self.sheet.kind, number=self.sheet.number)

    # -- the text

    def _memo(self) -> None:
        self._paragraph("Title", self.tell(self._title_line()))
        rows = [
            *self.sheet.memo,
            (MARKING_ROW, marking_line(self.sheet)),
            (SUBJECT_ROW, self.sheet.subject),
        ]
        table = self._grid(len(rows), columns=2, widths=(24, _WIDTH - 24))
        for cells, (name, text) in zip(table.rows, rows, strict=True):
            self._run(_opening(cells.cells[0]), self.tell(name)).font.color.rgb = _SECOND
            self._run(_opening(cells.cells[1]), self.tell(text), strong=name == SUBJECT_ROW)
        self._close_grid(table)

    def _block(self, block: Block) -> None:
        match block:
            case Heading(text):
                self._paragraph("Heading 1", self.tell(text))
            case Paragraph(sentences, tone):
                self._sentences(self._paragraph("Normal"), sentences)
                if tone is Tone.DISSENT:
                    side = "right" if self.sheet.direction == "rtl" else "left"
                    markup.set_edge_line(self.document.paragraphs[-1], side=side)
            case AskBox(sentences):
                self._ask(sentences)
            case Listing(entries, numbered):
                for entry in entries:
                    self._sentences(self._paragraph("List Number" if numbered else "List Bullet"), entry)
            case Table():
                self._table(block.head, rows=[[self.tell(cell.text) for cell in row] for row in block.rows])

    def _ask(self, sentences: tuple[Sentence, ...]) -> None:
        table = self._grid(1, columns=1, widths=(_WIDTH,))
        table.style = "Table Grid"
        cell = table.rows[0].cells[0]
        for index, one in enumerate(sentences):
            paragraph = _opening(cell) if index == 0 else cell.add_paragraph()
            self._sentences(paragraph, (one,))
        self._close_grid(table)

    def _table(
        self, head: tuple[Text, ...], *, rows: list[list[str]], widths: tuple[float, ...] | None = None
    ) -> None:
        count = len(head)
        table = self._grid(len(rows) + 1, columns=count, widths=widths or (56, *(38,) * (count - 1)))
        table.style = "Table Grid"
        markup.repeat_as_head(table.rows[0])
        for cell, name in zip(table.rows[0].cells, head, strict=True):
            self._run(_opening(cell), self.tell(name), strong=True)
        for line, texts in zip(table.rows[1:], rows, strict=True):
            for cell, text in zip(line.cells, texts, strict=True):
                self._run(_opening(cell), text)
        self._close_grid(table, points=_SMALL)

    def _sources(self) -> None:
        if not self.sheet.sources:
            return
        self._paragraph("Heading 1", self.tell(SOURCES_HEADING))
        rows = [
            [
                str(one.number),
                self.tell(one.description),
                self.tell(one.grade) or "–",
                self.tell(one.origin),
                self.tell(one.day),
            ]
            for one in self.sheet.sources
        ]
        self._table(SOURCES_HEAD, rows=rows, widths=(13, 67, 14, 42, 34))

    def _end(self) -> None:
        signed = [self.tell(line) for line in sign_off_lines(self.sheet)]
        if signed:
            self._paragraph("Normal", "   ".join(signed))
        if self.sheet.closing:
            self._sentences(self._paragraph("Normal"), self.sheet.closing)
            for run in self.document.paragraphs[-1].runs:
                run.font.size, run.font.color.rgb = Pt(8.5), _SECOND

    # -- pieces

    def tell(self, text: Text) -> str:
        return told(text, self.translate)

    def _paragraph(self, style: str, text: str = "") -> Any:
        paragraph = self.document.add_paragraph(style=style)
        if text:
            self._run(paragraph, text)
        self._set_direction(paragraph)
        return paragraph

    def _sentences(self, paragraph: Any, sentences: tuple[Sentence, ...]) -> None:
        for index, one in enumerate(sentences):
            if index and self.sheet.language != "zh":
                self._run(paragraph, " ")
            for part, strong in strong_parts(self.tell(one.text), strong=self.tell(one.strong)):
                self._run(paragraph, part, strong=strong)
            if one.citations:
                cited = self._run(paragraph, ", ".join(str(number) for number in one.citations))
                cited.font.superscript = True
        self._set_direction(paragraph)

    def _run(self, paragraph: Any, text: str, *, strong: bool = False) -> Any:
        run = paragraph.add_run(text)
        run.bold = run.font.cs_bold = True if strong else None
        if self.sheet.direction == "rtl":
            run.font.rtl = True
        markup.set_faces(run._r.get_or_add_rPr(), language=self.sheet.language)
        return run

    def _set_direction(self, paragraph: Any) -> None:
        if self.sheet.direction == "rtl":
            markup.set_right_to_left(paragraph)
            paragraph.alignment = (
                WD_ALIGN_PARAGRAPH.LEFT
            )  # with bidi, "left" is the start edge, which is right

    def _grid(self, rows: int, *, columns: int, widths: tuple[float, ...]) -> Any:
        table = self.document.add_table(rows=rows, cols=columns)
        if self.sheet.direction == "rtl":
            table.table_direction = WD_TABLE_DIRECTION.RTL
        markup.set_widths(table, millimetres=widths)
        return table

    def _close_grid(self, table: Any, *, points: float = 10) -> None:
        for paragraph in (one for row in table.rows for cell in row.cells for one in cell.paragraphs):
            paragraph.paragraph_format.space_after = Pt(2)
            self._set_direction(paragraph)
            for run in paragraph.runs:
                run.font.size = Pt(points)
                markup.set_complex_size(run._r.get_or_add_rPr(), points=points)
        after = self.document.add_paragraph(style="Normal")
        after.paragraph_format.space_after = Pt(0)
        after.paragraph_format.line_spacing = Pt(4)


def _opening(cell: Any) -> Any:
    return cell.paragraphs[0]
