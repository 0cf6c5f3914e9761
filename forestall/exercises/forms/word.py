"""A Word document, right to left where the language is."""

from __future__ import annotations

import io
from typing import Any

import docx
from docx.oxml import OxmlElement

from .archive import dated_again
from .sheet import Sheet


def write_word(sheet: Sheet) -> bytes:
    """A DOCX of the sheet: heading, sender and day, paragraphs; marking and line on both edges of the page."""
    document = docx.Document()
    _describe(document, sheet=sheet)
    _edges(document, sheet=sheet)
    _paragraph(document.add_heading(level=1), text=sheet.title, sheet=sheet)
    for part in (f"{sheet.by}, {sheet.date}", *sheet.paragraphs):
        _paragraph(document.add_paragraph(), text=part, sheet=sheet)
    buffer = io.BytesIO()
    document.save(buffer)
    return dated_again(buffer.getvalue(), at=sheet.sent)


def _describe(document: Any, *, sheet: Sheet) -> None:
    properties = document.core_properties
    properties.title = sheet.title
    properties.author = sheet.by
    properties.last_modified_by = ""
    properties.comments = sheet.line
    properties.language = sheet.language
    properties.revision = 1
    properties.created = properties.modified = sheet.sent.replace(tzinfo=None)


def _edges(document: Any, *, sheet: Sheet) -> None:
    words = "  ".join(part for part in (sheet.marking, sheet.line) if part)
    section = document.sections[0]
    for edge in (section.header, section.footer):
        _paragraph(edge.paragraphs[0], text=words, sheet=sheet)


def _paragraph(paragraph: Any, *, text: str, sheet: Sheet) -> None:
    run = paragraph.add_run(text)
    if sheet.direction == "rtl":
        paragraph._p.get_or_add_pPr().append(OxmlElement("w:bidi"))
        run.font.rtl = True
