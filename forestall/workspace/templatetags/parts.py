"""What a page hands to the larger components. Plain values: no row of a table ever reaches a template tag.

Text may be a string or `Words`; presence, trend, confidence and status are the stored values of `vocabulary`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from forestall.base.words import Words

Text = str | Words


@dataclass(frozen=True)
class Factor:
    """One risk factor as last judged. `history` holds presence values, oldest first, the present one last."""

    number: str
    name: Text
    presence: str
    trend: str = ""
    confidence: str = ""
    history: Sequence[str] = ()
    url: str = ""
    moved: bool = False
    note: Text = ""


@dataclass(frozen=True)
class FactorGroup:
    """Factors under one heading, in the framework's order. `wide` takes the whole width."""

    heading: Text
    factors: Sequence[Factor]
    wide: bool = False


@dataclass(frozen=True)
class Step:
    """One stage on a document's way. `state` is done, here, todo or refused; `note` says who, when, or what blocks."""

    name: Text
    state: str
    note: Text = ""


@dataclass(frozen=True)
class Ask:
    """What was asked of whom. `days_late` stays None where lateness is not for this reader, and for the
    Secretary-General always. `silent` is the recorded absence of an answer, not a guess."""

    what: Text
    addressee: Text
    url: str = ""
    sent: date | None = None
    due: date | None = None
    days_late: int | None = None
    answer: Text = ""
    answered: date | None = None
    silent: bool = False
    closed: date | None = None


@dataclass(frozen=True)
class Column:
    """A column of a table. `key` is what the address bar carries; a column that cannot be sorted has no link."""

    key: str
    heading: Text
    numeric: bool = False
    sortable: bool = True


@dataclass(frozen=True)
class Entry:
    """An entry of the menu. It exists only when its page does; `count` may be a number or a short phrase."""

    label: Text
    url: str
    current: bool = False
    count: object = None


@dataclass(frozen=True)
class Crumb:
    """A step of the way back. The last one has no address."""

    label: Text
    url: str = ""


@dataclass(frozen=True)
class Work:
    """Long work under way. `done` and `total` count the same thing; `left` says how long in words."""

    name: Text
    done: int
    total: int
    left: Text = ""
    stop_url: str = ""
    leave: Text = ""
    extra: Sequence[Text] = field(default=())
