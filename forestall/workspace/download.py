"""Bytes that leave, handed to a person and never to a browser."""

from __future__ import annotations

import unicodedata

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from forestall.collecting.names import ending, shown

OCTETS = "application/octet-stream"
LONGEST = 120
"""Signs of a name; a disk may take no more."""


def attachment(content: bytes, *, name: str) -> HttpResponse:
    """The bytes for a person to keep: of no type that a browser would open, under a name without disguise."""
    return as_file(HttpResponse(content, content_type=OCTETS), name=name)


def as_file(response: HttpResponse, *, name: str) -> HttpResponse:
    """The response, to be kept and never shown: should a browser show it all the same, nothing in it can act."""
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=safe(name)) or ""
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    response.headers["Accept-Ranges"] = "none"
    return response


def safe(name: str) -> str:
    """`name` as a file may be called on any system: one line, no path, no disguise, its true ending, not too long."""
    whole = unicodedata.normalize("NFC", name).strip(" .")
    suffix = f".{ending(whole)}" if ending(whole) else ""
    if not whole.lower().endswith(suffix):
        suffix = ""
    plain = shown(whole[: len(whole) - len(suffix)])
    plain = "".join("_" if sign in '/\\":*?<>|;%' else sign for sign in plain)
    stem = plain[: LONGEST - len(suffix)].strip("-~ .") or "file"
    if stem.split(".")[0].upper() in _RESERVED:
        stem = f"_{stem}"
    return stem + suffix.lower()


_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(10))}
