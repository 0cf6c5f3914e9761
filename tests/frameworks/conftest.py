"""A framework of two factors and a PDF writer of twenty lines, both our own."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from forestall.frameworks.definition import Section
from forestall.frameworks.framework import Framework
from forestall.frameworks.loading import read_framework


def spoken(english: str) -> dict[str, str]:
    return {"en": english, "fr": f"En français : {english}", "ar": f"بالعربية: {english}"}


def indicator(number: str, english: str, **more: str) -> dict[str, Any]:
    return {"number": number, "mark": "M", "nature": "dynamic", **spoken(english), **more}


def factor(number: str, title: str, *indicators: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "number": number, "scope": "common", "nature": "dynamic", "mark": "M", "count_mark": "M",
        "title": spoken(title), "text": spoken(f"About {title}."), "indicators": list(indicators), **more,
    }  # fmt: skip


MINIATURE: dict[str, Any] = {
    "version": "1", "year": 2001, "symbols": ["X/1"], "division": "risk-factor", "numbering": "official",
    "title": spoken("Framework of the Miniature"), "publisher": spoken("The Office of Examples"),
    "note": spoken("Written for tests."),
    "factors": [
        factor("1", "Rising water", indicator("1.1", "The river is high."), indicator("1.2", "The dam leaks."),
               indicator("1.3", "It rains in the hills.")),
        factor("2", "Weak banks", indicator("2.1", "Nobody tends the banks."), indicator("2.2", "Moles dig.")),
    ],
    "guidance": [{"id": "G1", "mark": "M", **spoken("Look at the river.")}],
    "sources": [{"id": "S1", "address": "https://example.org/river", "shows": "1.1"}],
}  # fmt: skip

# The same list as somebody else might have printed it: a contents page, running headers, page numbers, a comment that cites
# a number, lines that break in the middle of a word.
PRINTED = [
    ["Framework of the Miniature", "Contents", "Risk factor 1 Rising water 2", "Risk factor 2 Weak banks 3", "1"],
    ["Framework of the Miniature", "Risk factor 1", "Rising", "water", "Water that comes nearer.", "Indicators",
     "1.1 Level of the river above its usual", "mark for the season.", "1.2 Leaking dams, in parti-", "cular old ones.", "2"],
    ["Framework of the Miniature", "1.3 Rain upstream.", "Comment: rain alone is not enough, see", "1.2 above.", "3"],
    ["Framework of the Miniature", "Risk factor 2: Weak banks", "Indicators",
     "2.1", "Banks left untended.", "2.2 Burrowing animals.", "Risk factor 2 is often overlooked.", "4"],
]  # fmt: skip


@pytest.fixture
def definition() -> dict[str, Any]:
    return copy.deepcopy(MINIATURE)


@pytest.fixture
def build() -> Callable[[dict[str, Any]], Framework]:
    return lambda content: read_framework(Section(content, "miniature.toml"), id="miniature")


@pytest.fixture
def miniature(definition: dict[str, Any], build: Callable[[dict[str, Any]], Framework]) -> Framework:
    return build(definition)


@pytest.fixture
def printed() -> list[list[str]]:
    return copy.deepcopy(PRINTED)


@pytest.fixture
def pdf() -> Callable[[Sequence[Sequence[str]]], bytes]:
    return written_pdf


def written_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF of plain lines, one list for each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    kids = []
    for lines in pages:
        stream = _stream(lines)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    return _assembled(objects)


def _stream(lines: Sequence[str]) -> bytes:
    shown = [
        line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        for line in lines
    ]
    return b"BT /F1 11 Tf 14 TL 50 800 Td " + b" ".join(b"(%s) Tj T*" % line for line in shown) + b" ET"


def _assembled(objects: Sequence[bytes]) -> bytes:
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + trailer
