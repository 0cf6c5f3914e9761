"""What a chronicle holds before it is laid out. Plain values; no Django, no tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forestall.base.words import Words
from forestall.documents.sheet import Text


@dataclass(frozen=True)
class Line:
    """One thing on one UTC day. `mark` names the recorded state it was made from; `href` is where the screen opens it."""

    day: date
    text: Words
    mark: str
    href: str = ""


@dataclass(frozen=True)
class ChronicleContent:
    """Everything a chronicle says. Days are UTC days, both included; `level` 0 to 3 and `handling` are the join of the labels
    of all that it tells. `reader` is who may see all of it. `digest` (hexadecimal) is over every state it was made from.
    """

    scope: Text
    since: date
    until: date
    made_on: date
    reader: str
    language: str
    level: int
    handling: Text
    exercise: bool
    digest: str
    known: tuple[Line, ...] = ()
    said: tuple[Line, ...] = ()
    answered: tuple[Line, ...] = ()
    asked: tuple[Line, ...] = ()
