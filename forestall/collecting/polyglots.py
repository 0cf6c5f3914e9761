"""Files that are two things at once: another program would open what ours would not."""

from __future__ import annotations

import io
import re
import zipfile

from forestall.base.words import Words, say

from .kinds import KIND_WORDS, Kind

_MARKUP = re.compile(rb"<(?:script|html|!doctype|svg|iframe|body|\?php)\b|__HALT_COMPILER", re.IGNORECASE)
_PICTURE_END = {b"\x89PNG": b"IEND\xaeB`\x82", b"\xff\xd8\xff": b"\xff\xd9", b"GIF8": b"\x3b"}
_BINARY = frozenset({Kind.PDF, Kind.PICTURE, Kind.ARCHIVE, Kind.WORD, Kind.WORKBOOK})
_TEXTS = frozenset({Kind.HTML, Kind.TEXT, Kind.DELIMITED, Kind.JSON_FEED, Kind.JSON_ROWS, Kind.FEED})


def second_reading(content: bytes, *, kind: Kind) -> Words | None:
    """Why `content`, already known to be of `kind`, is something else as well; None when it is one thing."""
    other: Kind | None = None
    if kind in {Kind.PDF, Kind.PICTURE} | _TEXTS and _is_zip(content):
        other = Kind.ARCHIVE
    elif kind is not Kind.PDF and kind in _BINARY | _TEXTS and _is_pdf(content, kind):
        other = Kind.PDF
    elif kind is Kind.PDF and (_MARKUP.search(content[:1024]) or _MARKUP.search(_after(content, b"%%EOF"))):
        other = Kind.HTML
    elif kind is Kind.PICTURE and _carries_script(content):
        other = Kind.PROGRAM
    if other is None:
        return None
    return say(
        "It is %(kind)s and %(other)s at once. Ask for one of them alone.",
        kind=KIND_WORDS[kind],
        other=KIND_WORDS[other],
    )


def _after(content: bytes, end: bytes) -> bytes:
    place = content.rfind(end)
    return content[place + len(end) :] if place >= 0 else b""


def _is_zip(content: bytes) -> bool:
    if b"PK\x05\x06" not in content[-70_000:]:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return bool(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _is_pdf(content: bytes, kind: Kind) -> bool:
    """Readers look for a PDF's sign in the first 1,024 bytes. A PDF stored as an archive's member is no second face."""
    place = content.find(b"%PDF-", 0, 1024)
    if place < 0 or not (b"startxref" in content or b" obj" in content):
        return False
    return not (kind not in _TEXTS | {Kind.PICTURE} and place in _stored_members(content))


def _stored_members(content: bytes) -> set[int]:
    """Where the data of stored members begins, from the local headers in the first 2 kB."""
    found = set()
    for header in re.finditer(rb"PK\x03\x04", content[:2048]):
        start = header.start()
        name, extra = (int.from_bytes(content[start + at : start + at + 2], "little") for at in (26, 28))
        found.add(start + 30 + name + extra)
    return found


def _carries_script(content: bytes) -> bool:
    if content[:4] == b"GIF8" and content[6:8] == b"/*" and b"*/" in content[8:]:
        return True
    if _MARKUP.search(content):
        return True
    end = next((end for start, end in _PICTURE_END.items() if content.startswith(start)), b"")
    tail = _after(content, end) if end else b""
    return bool(re.search(rb"[A-Za-z_]\w*\s*[=(]", tail))
