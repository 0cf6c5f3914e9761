"""File names: what they claim, what they hide, and how they are shown."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from forestall.base.words import Words, say

from .flags import Flag, FlagCode

LONGEST = 200
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def shown(name: str) -> str:
    """`name` with every control, direction mark and path escaped, cut to a length that fits a line."""
    safe = "".join(
        sign if sign.isprintable() and not _DIRECTION.match(sign) else f"\\u{{{ord(sign):x}}}"
        for sign in name
    )
    return safe if len(safe) <= LONGEST else safe[: LONGEST - 1] + "…"


def ending(name: str) -> str:
    """The extension that a system would obey, in lower case, without its dot; empty when there is none."""
    plain = _DIRECTION.sub("", unicodedata.normalize("NFKC", name)).rstrip(" .")
    suffix = PurePosixPath(plain.replace("\\", "/").replace("\0", "")).suffix
    return suffix[1:].lower() if re.fullmatch(r"\.[A-Za-z0-9_-]{1,12}", suffix) else ""


def disguise(name: str) -> Words | None:
    """Why `name` disguises what it is, or None."""
    if "\0" in name:
        return say("The name %(name)s hides its ending behind a NUL character.", name=shown(name))
    if re.search("[\u202d\u202e\u2066-\u2068]", name):
        return say("The name %(name)s is written so that its ending reads backwards.", name=shown(name))
    return None


def remarks(name: str) -> tuple[Flag, ...]:
    """A flag when `name` is unusual: controls, path parts, reserved words, leading hyphen, great length."""
    plain = name.isprintable() and "/" not in name and "\\" not in name and len(name) <= LONGEST
    if plain and not name.startswith("-") and not _RESERVED.match(name) and not _DIRECTION.search(name):
        return ()
    return (Flag(FlagCode.UNUSUAL_NAME, shown(name)),)
