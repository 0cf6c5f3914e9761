"""Words in a PDF that nobody sees and everybody can copy: under a black box, white on white.

Each page is drawn, and where a letter should be the drawing is looked at: when nothing stands out there, the letter is
covered. How it was covered does not matter: by a box, a picture, a note in the margin, or its own colour.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

SEARCHED = 60
"""Pages that are drawn; more would take longer than one file may."""
_SCALE = 1.5
_EVEN = 12  # of 255: how much the points around a letter may differ when none shows
_ENOUGH = 3  # letters: a stray one is no covered word


@dataclass(frozen=True)
class Covered:
    """Numbers of the pages with covered words, from 1; how many pages were searched; how many were not."""

    pages: tuple[int, ...]
    searched: int
    unseen: int


def covered_pages(content: bytes) -> Covered:
    """Where the PDF in `content` holds words that do not show."""
    import pypdfium2

    pdf = pypdfium2.PdfDocument(content)
    try:
        count = len(pdf)
        searched = min(count, SEARCHED)
        pages = tuple(number + 1 for number in range(searched) if _covered(pdf[number]) >= _ENOUGH)
        return Covered(pages, searched, count - searched)
    finally:
        pdf.close()


def _covered(page: Any) -> int:
    """How many letters of the page do not show."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    count = text.count_chars()
    if count <= 0:
        return 0
    drawn = page.render(scale=_SCALE, grayscale=True).to_pil()
    found = 0
    for place in range(count):
        if not chr(pdfium.FPDFText_GetUnicode(text, place)).strip():
            continue
        box = _box_on(drawn, page, text, place)
        if box is not None:
            darkest, lightest = drawn.crop(box).getextrema()
            found += lightest - darkest < _EVEN
    return found


def _box_on(drawn: Any, page: Any, text: Any, place: int) -> tuple[int, int, int, int] | None:
    """Where a letter lies on the drawing, a point wider on each side; None when it is off the page or has no size."""
    left, bottom, right, top = text.get_charbox(place)
    if right - left <= 0 or top - bottom <= 0:
        return None
    x1, y1 = _on_device(drawn, page, left, top)
    x2, y2 = _on_device(drawn, page, right, bottom)
    box = (max(0, min(x1, x2)), max(0, min(y1, y2)), min(drawn.width, max(x1, x2) + 1), min(drawn.height, max(y1, y2) + 1))
    return box if box[2] > box[0] and box[3] > box[1] else None


def _on_device(drawn: Any, page: Any, x: float, y: float) -> tuple[int, int]:
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, drawn.width, drawn.height, 0, x, y, across, down)
    return across.value, down.value
