"""Dates as a file that any calendar reads (RFC 5545): whole days alone, texts escaped, lines folded. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

WIDTH = 75
"""Octets of a line at most, without its end (RFC 5545, 3.1)."""
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class Entry:
    """One date: `first` to `last`, both in it. `key` stays the same when the entry is written again."""

    key: str
    first: date
    last: date
    title: str
    note: str
    kind: str
    closed: bool
    """Whether a calendar should keep it from others."""


def calendar_of(entries: Iterable[Entry], *, name: str, at: datetime) -> bytes:
    """The file, in UTF-8. `name` is what a calendar shows above it, `at` when it was made (UTC)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Forestall//Dates ahead//EN", "CALSCALE:GREGORIAN", f"X-WR-CALNAME:{_text(name)}"]
    for entry in entries:
        lines += _event(entry, at=at)
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) for line in lines)


def _event(entry: Entry, *, at: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(entry.key)}@forestall",
        f"DTSTAMP:{at:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.last + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(entry.title)}",
        f"DESCRIPTION:{_text(entry.note)}",
        f"CATEGORIES:{_text(entry.kind)}",
        f"CLASS:{'CONFIDENTIAL' if entry.closed else 'PRIVATE'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A text as the format writes one. Signs that no calendar shows are left out."""
    plain = "".join(sign for sign in value if sign == "\n" or sign.isprintable())
    return plain.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """The line with its end, folded so that no part is too wide and none is cut within a sign."""
    parts = [b""]
    for sign in line:
        octets = sign.encode()
        if len(parts[-1]) + len(octets) > WIDTH:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"
