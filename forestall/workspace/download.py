"""Bytes from outside, handed to a person and never to a browser."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from forestall.collecting.names import shown

OCTETS = "application/octet-stream"


def attachment(content: bytes, *, name: str) -> HttpResponse:
    """The bytes for a person to keep: of no type that a browser would open, under a name without disguise."""
    response = HttpResponse(content, content_type=OCTETS)
    plain = shown(name).replace("/", "_").replace("\\", "_").replace('"', "")
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=plain) or ""
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
