"""Telling what a file is from its content: by signature first, then by reading it to the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from forestall.base.errors import Malformed
from forestall.base.words import say

from .encodings import decode
from .formats import safexml, strictjson
from .formats.package import package_kind
from .hostile import Hostile
from .kinds import Kind
from .limits import LIMITS

EICAR = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"

_SIGNATURES: tuple[tuple[bytes, Kind], ...] = (
    (b"\x89PNG\r\n\x1a\n", Kind.PICTURE), (b"\xff\xd8\xff", Kind.PICTURE), (b"GIF87a", Kind.PICTURE),
    (b"GIF89a", Kind.PICTURE), (b"II*\0", Kind.PICTURE), (b"MM\0*", Kind.PICTURE), (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM), (b"\xcf\xfa\xed\xfe", Kind.PROGRAM), (b"\xca\xfe\xba\xbe", Kind.PROGRAM),
    (b"#!", Kind.PROGRAM), (b"L\0\0\0\x01\x14\x02\0", Kind.PROGRAM), (b"{\\rtf", Kind.RICH_TEXT),
    (b"\x78\x9f\x3e\x22", Kind.TNEF), (b"\x1f\x8b", Kind.OTHER_ARCHIVE), (b"7z\xbc\xaf\x27\x1c", Kind.OTHER_ARCHIVE),
    (b"Rar!\x1a\x07", Kind.OTHER_ARCHIVE), (b"BZh", Kind.OTHER_ARCHIVE), (b"\xfd7zXZ\0", Kind.OTHER_ARCHIVE),
    (b"ID3", Kind.MEDIA), (b"OggS", Kind.MEDIA), (b"fLaC", Kind.MEDIA), (b"<?php", Kind.PROGRAM),
)  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    r"\s*(?:<!--.{0,5000}?-->\s*){0,5}<(?:!doctype\s+html|html|head|body|title|meta|script|div|table|p|h[1-6]|span|center|iframe)\b",
    re.IGNORECASE | re.DOTALL,
)
_HEADER = re.compile(r"^(?P<name>[A-Za-z][A-Za-z0-9-]{1,60}):[ \t]?", re.MULTILINE)
_POSTMARK = re.compile(
    rb"\A(?:\xef\xbb\xbf)?From \S+[^\r\n]* \d{4}\r?\n"
)  # the line mailboxes put before a message
_NEXT_POSTMARK = re.compile(rb"\r?\n\r?\nFrom \S+[^\r\n]* \d{4}\r?\n[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]")
_MAIL_HEADERS = frozenset(
    {"from", "date", "subject", "message-id", "received", "mime-version", "to", "return-path"}
)
_TEXT_ENDINGS = frozenset(
    [
        "txt",
        "text",
        "md",
        "log",
        "csv",
        "tsv",
        "tab",
        "json",
        "jsonfeed",
        "geojson",
        "xml",
        "rss",
        "atom",
        "rdf",
        "htm",
        "html",
        "xhtml",
        "eml",
    ]
)
_FEED_ROOTS = frozenset({"rss", "feed", "rdf"})


@dataclass(frozen=True)
class Identified:
    """A kind, and the value of the JSON when it was read on the way."""

    kind: Kind
    value: Any = None


def identify(content: bytes, *, ending: str = "", charset: str = "") -> Identified:
    """What `content` is. `ending` decides only between kinds of plain text. Raises `Malformed` or `Hostile`.

    `Malformed` when the content opens as one kind and cannot be read as it to the end.
    """
    if not content.strip(b"\0 \t\r\n"):
        return Identified(Kind.EMPTY)
    if EICAR in content:
        raise Hostile(say("It holds the test sign of virus scanners (EICAR)."))
    kind = _by_signature(content)
    if kind is not None:
        return Identified(kind)
    return _by_text(content, ending, charset)


def _by_signature(content: bytes) -> Kind | None:
    if content[:1024].lstrip(b"\xef\xbb\xbf\0 \t\r\n").startswith(b"%PDF-"):
        return Kind.PDF
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return package_kind(content)
    if content.startswith(_OLE):
        return _ole_kind(content)
    if content[257:262] == b"ustar":
        return Kind.OTHER_ARCHIVE
    if content[:4] == b"RIFF":
        return Kind.PICTURE if content[8:12] == b"WEBP" else Kind.MEDIA
    if content[4:8] == b"ftyp":
        return Kind.MEDIA
    if content[:2] == b"BM" and content[6:10] == b"\0\0\0\0":
        return Kind.PICTURE
    return next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)


def _ole_kind(content: bytes) -> Kind:
    """Names inside an OLE file are UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Kind.ENCRYPTED_OFFICE
    if "__substg1.0_".encode("utf-16-le") in content or "__properties_version".encode("utf-16-le") in content:
        return Kind.OUTLOOK
    return Kind.OLD_OFFICE


def _by_text(content: bytes, ending: str, charset: str) -> Identified:
    if _looks_like_mail(_POSTMARK.sub(b"", content[:65_536], count=1)) and ending not in {
        "txt",
        "text",
        "md",
        "log",
        "csv",
        "tsv",
    }:
        if _POSTMARK.match(content) and _NEXT_POSTMARK.search(content):
            raise Malformed(
                say("It is a mailbox of several messages. Save each message as a file of its own (EML).")
            )
        return Identified(_mail_kind(content))
    declared = charset or safexml.declared_encoding(content)
    try:
        text = decode(content, declared=declared).text
    except Malformed:
        if ending not in _TEXT_ENDINGS:
            return Identified(Kind.UNKNOWN)  # the sentence will name what the file claims to be
        raise
    start = text[:20_000].lstrip("\ufeff \t\r\n")
    if start[:5].lower() == "<?xml" or re.match(
        r"<(?:\w+:)?(?:rss|feed|rdf|svg)\b|<!DOCTYPE (?!html)", start, re.IGNORECASE
    ):
        return _xml(content, start)
    if _HTML.match(start):
        return Identified(Kind.HTML)
    return _plain(text, start, ending)


def _mail_kind(content: bytes) -> Kind:
    head = content[:4096].lower()
    saved = (
        b"snapshot-content-location:" in head
        or b"from: <saved by" in head
        or b"x-mimeole: produced by" in head
    )
    return Kind.WEB_ARCHIVE if saved and b"multipart/related" in head else Kind.MAIL


def _looks_like_mail(beginning: bytes) -> bool:
    """The first line is a header, and the lines to the first empty one hold two that a mail must have."""
    head = re.split(rb"\r?\n\r?\n", beginning.lstrip(b"\xef\xbb\xbf"), maxsplit=1)[0].decode("latin-1")
    if not _HEADER.match(head):
        return False
    names = {found["name"].lower() for found in _HEADER.finditer(head)}
    return len(names & _MAIL_HEADERS) >= 2 and bool(names & {"from", "received", "message-id", "return-path"})


def _xml(content: bytes, start: str) -> Identified:
    """XHTML is read as a page: a document type is its right. Everything else must be XML to the end."""
    after = re.sub(r"^<\?xml[^>]*\?>\s*(?:<!--.*?-->\s*)*", "", start, count=1, flags=re.DOTALL)
    if re.match(r"<!doctype\s+html|<html\b", after, re.IGNORECASE):
        return Identified(Kind.HTML)
    if re.match(r"<(?:\w+:)?svg\b|<!doctype\s+svg", after, re.IGNORECASE):
        return Identified(Kind.SVG)
    name = safexml.local_name(safexml.parse(content).root)
    return Identified(Kind.FEED if name in _FEED_ROOTS else Kind.XML)


def _plain(text: str, start: str, ending: str) -> Identified:
    if start[:1] in {"{", "["} and ending not in {"txt", "text", "md", "log", "csv", "tsv", "tab"}:
        promised = ending in {"json", "jsonfeed", "geojson"}
        try:
            return _json(strictjson.load(text))
        except Malformed:
            if promised or start[:1] == "{":
                raise
    if ending in {"csv", "tsv", "tab"}:
        return Identified(Kind.DELIMITED)
    return Identified(Kind.TEXT)


def _json(value: Any) -> Identified:
    if isinstance(value, dict) and str(value.get("version", "")).startswith("https://jsonfeed.org/version/"):
        return Identified(Kind.JSON_FEED, value)
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
        return Identified(Kind.JSON_ROWS, value)
    return Identified(Kind.JSON, value)


def too_large(content: bytes) -> bool:
    """Whether `content` is over the cap on one file."""
    return len(content) > LIMITS.file
