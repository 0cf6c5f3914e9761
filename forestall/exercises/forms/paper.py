"""A printed paper as PDF, tagged, with the marking on both edges. The same bytes each time."""

from __future__ import annotations

import typst

from forestall.base.errors import Malformed
from forestall.base.words import say

from .sheet import Sheet

_LETTERED = frozenset({"en", "fr", "es", "ru"})
_SOURCE = b"""
#let words = sys.inputs
#let edge = align(center, text(size: 8pt, words.edge))
#set document(title: words.title, author: words.by, date: none)
#set page(paper: "a4", margin: 2.4cm, header: edge, footer: edge)
#set text(lang: words.language, size: 11pt)
#set par(justify: false, leading: 0.7em, spacing: 1.2em)
#show heading: set block(above: 1.4em, below: 1.2em)
#text(size: 9pt)[#words.by, #words.date]
#heading(level: 1, words.title)
#for part in words.text.split("\\n\\n") { par(part) }
#text(size: 8pt, words.line)
"""


def write_paper(sheet: Sheet) -> bytes:
    """A PDF of the sheet. Raises `Malformed` for a script that the fonts built in do not have."""
    if sheet.language not in _LETTERED:
        raise Malformed(
            say(
                "%(id)s cannot be a PDF: no font at hand writes %(language)s",
                id=sheet.id,
                language=sheet.language,
            )
        )
    inputs = {
        "edge": "  ".join(part for part in (sheet.marking, sheet.line.split(".")[0]) if part),
        "title": sheet.title,
        "by": sheet.by,
        "date": sheet.date,
        "language": sheet.language,
        "text": sheet.text,
        "line": sheet.line,
    }
    return bytes(typst.compile(_SOURCE, format="pdf", sys_inputs=inputs, ignore_system_fonts=True))
