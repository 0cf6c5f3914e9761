"""The vocabulary of events: one list of types, and which codes of which producer mean each.

Our list is short and made for atrocity prevention; the source's own code is always kept beside it. CAMEO codes are
strings with leading noughts and are looked up from the longest prefix to the shortest: 1823, then 182, then 18. Codes:
UCDP type of violence (GED Codebook); ACLED sub-event types (ACLED Codebook); CAMEO (Schrodt, CAMEO Manual 1.1b3);
PLOVER (Open Event Data Alliance, PLOVER Codebook): `TYPE` or `TYPE/mode`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say

UNTYPED = "other"
"""What no line of the vocabulary names."""

SCHEMES = ("ucdp", "acled", "cameo", "plover", "idmc", "hapi", "insecurity-insight", "psdata")


@dataclass(frozen=True)
class EventType:
    """A type of event. `title` and `about` are message ids; `family` groups types for counting."""

    id: str
    family: str
    title: str
    about: str


@cache
def event_types() -> Mapping[str, EventType]:
    """Every type by id, in the order of the list."""
    return {
        one["id"]: EventType(one["id"], one["family"], one["title"], one["about"]) for one in _definitions()
    }


@cache
def _definitions() -> tuple[dict[str, Any], ...]:
    found = read_definition(Path(__file__).parent / "vocabulary.toml")
    refuse_unknown(found, known=["type"], where="vocabulary")
    for one in found["type"]:
        refuse_unknown(one, known=["id", "family", "title", "about", *SCHEMES], where=f"vocabulary {one['id']}")
    return tuple(found["type"])


@cache
def codes(scheme: str) -> Mapping[str, str]:
    """The type of each code that the vocabulary names in `scheme`. Raises `Malformed` for a code named twice."""
    found: dict[str, str] = {}
    for one in _definitions():
        for code in one.get(scheme, ()):
            if code in found:
                raise Malformed(say("The vocabulary names %(code)s twice.", code=f"{scheme} {code}"))
            found[code] = one["id"]
    return found


def type_of(scheme: str, code: str) -> str:
    """The type that `code` of `scheme` means, or `other`."""
    return codes(scheme).get(code.strip(), UNTYPED)


@cache
def cameo_type(code: str) -> str:
    """The type of a CAMEO code, by the longest prefix that the vocabulary names."""
    known = codes("cameo")
    for length in range(len(code), 1, -1):
        if code[:length] in known:
            return known[code[:length]]
    return UNTYPED
