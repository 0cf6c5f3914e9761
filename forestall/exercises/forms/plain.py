"""Plain text, as a wire or a forwarded message comes."""

from __future__ import annotations

from .sheet import Sheet


def plain(sheet: Sheet) -> str:
    """The sheet's words: marking, title, sender and day, text, and the line that it is an exercise."""
    head = [sheet.marking] if sheet.marking else []
    return "\n\n".join([*head, sheet.title, f"{sheet.by}, {sheet.date}", sheet.text, sheet.line]) + "\n"


def write_plain(sheet: Sheet) -> bytes:
    """A text file in the sheet's charset."""
    return plain(sheet).encode(sheet.charset)
