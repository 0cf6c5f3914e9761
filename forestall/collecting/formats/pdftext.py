"""The text of a PDF's pages in the order a reader reads it, Arabic and Hebrew by the place of every letter.

Libraries tell lines written from right to left in orders of their own: some by word, some with lam and alef changed
round, each according to the program that wrote the file. The letters' places on the page do not lie.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_LETTER = r"A-Za-z\u00c0-\u024f\u0370-\u0500"
_DIGIT = r"0-9\u0660-\u0669\u06f0-\u06f9"
_WRITTEN = rf"[{_LETTER}{_DIGIT}](?:[{_LETTER}{_DIGIT}.,:;/@&'+-]*[{_LETTER}{_DIGIT}])?"
_LATIN = rf"(?=[{_DIGIT}.,:;/@&'+-]*[{_LETTER}]){_WRITTEN}"
# What is written from left to right inside such a line: words and their phrases, symbols, numbers and dates.
_LEFT_TO_RIGHT = re.compile(rf"{_LATIN}(?:\s{_LATIN})*|{_WRITTEN}%?|%{_WRITTEN}")
_JUNK = str.maketrans({"\x02": "-", "\ufffe": "-", "\uffff": "", "\0": ""})


@dataclass(frozen=True)
class _Sign:
    text: str
    x: float


def page_texts(content: bytes) -> Iterator[str]:
    """The text of each page in turn. Raises `Malformed` when the file cannot be opened."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Malformed(say("The PDF is broken and cannot be read.")) from error
    try:
        for number in range(len(document)):
            page = document[number]
            texts = page.get_textpage()
            yield _text_of(texts)
            texts.close()
            page.close()
    except pypdfium2.PdfiumError as error:
        raise Malformed(say("Page %(number)s of the PDF is broken.", number=number + 1)) from error
    finally:
        document.close()


def _text_of(page: Any) -> str:
    text = str(page.get_text_range()).translate(_JUNK).replace("\r\n", "\n")
    if not any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text):
        return text
    return "\n".join(in_order(line) for line in _lines(page))


def _lines(page: Any) -> Iterator[list[_Sign]]:
    """The page's lines as the library cuts them, each letter with its place."""
    import pypdfium2.raw as raw

    x, y = ctypes.c_double(), ctypes.c_double()
    line: list[_Sign] = []
    for number in range(raw.FPDFText_CountChars(page)):
        sign = chr(raw.FPDFText_GetUnicode(page, number)).translate(_JUNK)
        if sign == "\n":
            yield line
            line = []
        elif sign and sign != "\r":
            raw.FPDFText_GetCharOrigin(page, number, x, y)
            line.append(_Sign(sign, round(x.value, 1)))
    yield line


def in_order(line: list[_Sign]) -> str:
    """The text of one line as it is read: from the right, unless most of its letters are written from the left."""
    given = "".join(sign.text for sign in line)
    kinds = [unicodedata.bidirectional(sign) for sign in given]
    if sum(kind in _RIGHT_TO_LEFT for kind in kinds) <= kinds.count("L"):
        return given
    placed = sorted(enumerate(line), key=lambda at: (-at[1].x, _within(at[1].text), at[0]))
    backwards = unicodedata.normalize("NFKC", "".join(sign.text for _, sign in placed))
    return _LEFT_TO_RIGHT.sub(lambda found: found[0][::-1], backwards).strip()


def _within(sign: str) -> int:
    """The order of letters that one glyph stands for: lam before alef, marks last."""
    if unicodedata.combining(sign):
        return 2
    return 0 if sign == "ل" else 1
