"""A sheet as a tagged PDF (PDF/UA-1), and where its blocks fall on the pages.

The sheet travels to the template as data and never becomes markup. Only the vendored faces are used, so the same
sheet gives the same bytes on every machine.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from forestall.base.errors import Refused
from forestall.base.words import say

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
    Translate,
    strong_parts,
    told,
)
from .wording import MARKING_ROW, SOURCES_HEAD, SOURCES_HEADING, SUBJECT_ROW, marking_line, sign_off_lines

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "sheet.typ"
_FONTS = _HERE / "fonts"

# The lengths of the template, in points: where the text begins and ends on a page, and from line to line.
_TOP, _BOTTOM, _PITCH = 70.9, 759.7, 14.0
LINES_PER_PAGE = math.floor((_BOTTOM - _TOP) / _PITCH)


@dataclass(frozen=True)
class Layout:
    """How a sheet falls on paper: its pages, the page (from 1) of each block, and lines used on the last page."""

    pages: int
    block_pages: tuple[int, ...]
    last_lines: int

    def lines_over(self, pages: int) -> int:
        """Printed lines beyond `pages` pages; 0 when it fits."""
        return (
            max(0, (self.pages - pages - 1) * LINES_PER_PAGE + self.last_lines) if self.pages > pages else 0
        )

    def lines_left(self, pages: int) -> int:
        """Printed lines still free on `pages` pages; 0 when it does not fit."""
        return max(0, (pages - self.pages + 1) * LINES_PER_PAGE - self.last_lines)


def pdf(sheet: Sheet, *, translate: Translate | None = None) -> bytes:
    """The sheet as a PDF/UA-1 file: tagged, in its language, A4, with its title as the only metadata.

    Equal sheets give equal bytes: the file's time is the first second of the sheet's UTC day. Raises `Refused` when
    a character has no shape in the vendored faces, naming it, because a sheet never shows boxes.
    """
    try:
        made = bytes(
            typst.compile(
                _TEMPLATE,
                format="pdf",
                pdf_standards=["ua-1"],
                timestamp=int(
                    datetime(sheet.day.year, sheet.day.month, sheet.day.day, tzinfo=UTC).timestamp()
                ),
                **_inputs(sheet, translate=translate),
            )
        )
    except typst.TypstError as error:
        raise _no_shape(error) from error
    return _TOOL.sub(lambda found: b"Forestall".ljust(len(found[0])), made)


_TOOL = re.compile(rb"Typst \d+\.\d+\.\d+")
"""The tool and its version, as it writes them into a file; what stands there instead is as long, so that no place moves."""


def pictures(
    sheet: Sheet, *, translate: Translate | None = None, dots_per_inch: float = 110
) -> tuple[bytes, ...]:
    """Each page as a PNG."""
    made = typst.compile(_TEMPLATE, format="png", ppi=dots_per_inch, **_inputs(sheet, translate=translate))
    return tuple(made) if isinstance(made, list) else (made,)


def layout(sheet: Sheet, *, translate: Translate | None = None) -> Layout:
    """Where the sheet's blocks fall, without making a file."""
    inputs = _inputs(sheet, translate=translate)
    places = json.loads(typst.query(_TEMPLATE, "<at>", field="value", **inputs))
    (end,) = json.loads(typst.query(_TEMPLATE, "<end>", field="value", **inputs))
    pages = {place["block"]: place["page"] for place in places}
    return Layout(
        pages=end["page"],
        block_pages=tuple(pages[index] for index in range(len(sheet.blocks))),
        last_lines=math.ceil((end["y"] - _TOP) / _PITCH),
    )


def _inputs(sheet: Sheet, *, translate: Translate | None) -> dict[str, Any]:
    return {
        "sys_inputs": {"sheet": json.dumps(_plain(sheet, translate=translate), ensure_ascii=False)},
        "font_paths": [_FONTS],
        "ignore_system_fonts": True,
        "root": _HERE,
    }


def _no_shape(error: Exception) -> Refused:
    found = re.search(r'the text `?"?(.+?)"?`? could not be displayed', str(error))
    if not found:
        raise error
    return Refused(
        say(
            "The printed sheet has no shape for %(characters)s. Write it in another way; Word and the screen show it.",
            characters=found[1],
        )
    )


def _plain(sheet: Sheet, *, translate: Translate | None) -> dict[str, Any]:
    def tell(text: Text) -> str:
        return told(text, translate)

    return {
        "title": tell(sheet.title),
        "title-line": tell(say("%(kind)s %(number)s", kind=sheet.kind, number=sheet.number)),
        "language": sheet.language,
        "direction": sheet.direction,
        "level": sheet.marking.level,
        "marking": tell(sheet.marking.word),
        "handling": tell(sheet.marking.handling),
        "exercise": tell(EXERCISE) if sheet.exercise else "",
        "memo": [
            *({"name": tell(name), "text": tell(text)} for name, text in sheet.memo),
            {"name": tell(MARKING_ROW), "text": tell(marking_line(sheet))},
        ],
        "subject": {"name": tell(SUBJECT_ROW), "text": tell(sheet.subject)},
        "blocks": [_block(block, translate=translate) for block in sheet.blocks],
        "closing": [_sentence(one, translate=translate) for one in sheet.closing],
        **_sources(sheet, translate=translate),
        "sign-offs": [tell(line) for line in sign_off_lines(sheet)],
    }


def _sources(sheet: Sheet, *, translate: Translate | None) -> dict[str, Any]:
    return {
        "sources-heading": told(SOURCES_HEADING, translate),
        "sources-head": [told(name, translate) for name in SOURCES_HEAD],
        "sources": [
            {
                "number": source.number,
                "cells": [
                    told(source.description, translate),
                    told(source.grade, translate) or "–",
                    told(source.origin, translate),
                    told(source.day, translate),
                ],
            }
            for source in sheet.sources
        ],
    }


def _sentence(sentence: Sentence, *, translate: Translate | None) -> dict[str, Any]:
    parts = strong_parts(told(sentence.text, translate), strong=told(sentence.strong, translate))
    return {
        "parts": [{"text": text, "strong": strong} for text, strong in parts],
        "citations": list(sentence.citations),
    }


def _block(block: Block, *, translate: Translate | None) -> dict[str, Any]:
    def all_of(sentences: tuple[Sentence, ...]) -> list[dict[str, Any]]:
        return [_sentence(one, translate=translate) for one in sentences]

    match block:
        case Heading(text):
            return {"kind": "heading", "text": told(text, translate)}
        case Paragraph(sentences, tone):
            return {"kind": "paragraph", "tone": tone.value, "sentences": all_of(sentences)}
        case AskBox(sentences):
            return {"kind": "ask", "sentences": all_of(sentences)}
        case Listing(entries, numbered):
            return {"kind": "listing", "numbered": numbered, "entries": [all_of(entry) for entry in entries]}
        case Table():
            return _table(block, translate=translate)


def _table(table: Table, *, translate: Translate | None) -> dict[str, Any]:
    return {
        "kind": "table",
        "names": True,
        "head": [told(name, translate) for name in table.head],
        "rows": [
            [{"text": told(cell.text, translate), "mark": cell.mark} for cell in row] for row in table.rows
        ],
    }
