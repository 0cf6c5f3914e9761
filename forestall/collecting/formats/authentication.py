"""What a mail server found out about a sender (Authentication-Results, RFC 8601): believed of one server alone.

Anybody can write such a header into a message. Only what the office's own server says counts, and of that the topmost: a
server adds its own at the top, and takes out what bears its name and is not its own (section 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

METHODS = ("dmarc", "dkim", "spf")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*([a-z0-9-]+)\s*(?:/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_DEPTH = 8


def verdict(fields: Iterable[str], *, by: str) -> dict[str, str]:
    """Method to result (`dmarc` to `pass`) as the server `by` told it; nothing when it told nothing, or `by` is empty.

    `fields` are the headers' contents from top to bottom. Of several results of one method a failure outweighs.
    """
    for field in fields:
        server, _, rest = _plain(field).partition(";")
        if by and server.split()[:1] == [by.lower()]:
            return _results(rest)
    return {}


def _results(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(";"):
        one = _RESULT.match(part)
        if one and one[1] in METHODS and found.get(one[1]) in (None, "pass"):
            found[one[1]] = one[2]
    return {method: found[method] for method in METHODS if method in found}


def _plain(field: str) -> str:
    """The field in small letters, without what a server only quotes or remarks."""
    text = _QUOTED.sub(" ", field.lower())
    for _ in range(_DEPTH):
        text = _COMMENT.sub(" ", text)
    return text


def is_verified(found: dict[str, str]) -> bool:
    """Whether the sender's domain vouches for the message (DMARC): alone SPF and DKIM say nothing of the name one reads."""
    return found.get("dmarc") == "pass"
