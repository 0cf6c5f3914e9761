"""What an office receives in an exercise, and the key of how a careful officer would read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Form(StrEnum):
    """What an item is made of on arrival."""

    MAIL = "eml"
    PDF = "pdf"
    WORD = "docx"
    PAGE = "html"
    TEXT = "txt"
    ENTRY = "feed"
    CSV = "csv"
    SHEET = "xlsx"


class Tie(StrEnum):
    """How an item stands to another (`FORGED` stands to none: it is not what it claims to be)."""

    COPY = "copy_of"
    EXCERPT = "excerpt_of"
    TRANSLATION = "translation_of"
    CORRECTION = "correction_of"
    CONTRADICTION = "contradicts"
    FORGED = "forged"


@dataclass(frozen=True)
class Originator:
    """Who speaks. `reliability` A to F is the default grade of the source; an `interested_party`'s word is evidence
    that it said so and never an independent origin. `marking` is what its items carry unless they say otherwise."""

    id: str
    name: str
    kind: str
    language: str
    reliability: str
    interested_party: bool = False
    un: bool = False
    marking: str = ""
    address: str = ""
    identity_held_apart: bool = False
    actor: str | None = None


@dataclass(frozen=True)
class Bundle:
    """One file that carries several items: a feed (rss, atom, jsonfeed) or an archive (zip).

    `received_at` is when it was fetched or handed in, UTC.
    """

    id: str
    form: str
    originator: str
    title: str
    received_at: datetime
    link: str = ""


@dataclass(frozen=True)
class Day:
    """When something happened, with its precision: day, about, month, or range. Both ends belong to it; UTC days."""

    first: date
    last: date
    precision: str


@dataclass(frozen=True)
class Place:
    """Where something happened, as precisely as the text says: town, unit or country. Ids of the exercise."""

    precision: str
    unit: str | None = None
    town: str | None = None


@dataclass(frozen=True)
class Estimate:
    """A number of persons (or houses) as low, best and high."""

    low: int
    best: int
    high: int


@dataclass(frozen=True)
class Indication:
    """An indicator's number in the 2014 framework and whether this observation raises or lowers it."""

    number: str
    direction: str


@dataclass(frozen=True)
class Observation:
    """One thing that an item says happened. `quote` is an exact part of the item's text: the evidence.

    `harm` maps what was counted (deaths, injured, displaced, returned, detained, released, houses) to an estimate.
    """

    id: str
    kind: str
    on: Day
    place: Place
    actors: tuple[str, ...]
    groups: tuple[str, ...]
    harm: Mapping[str, Estimate]
    indicators: tuple[Indication, ...]
    quote: str


@dataclass(frozen=True)
class Relation:
    """A tie from an item to an earlier one; `to` is None when the item is forged."""

    tie: Tie
    to: str | None = None


@dataclass(frozen=True)
class Item:
    """One thing an office received, as text, with its key.

    `sent` is what the item claims, `received_at` is when it came in; both UTC. `carried_by` is the mail whose
    attachment it is, `bundle` the feed or archive it came in; at most one of them is set. `grade` is the key's
    reading, such as B2. `charset` is how a text or mail is encoded. A table's `text` is its CSV.
    """

    id: str
    form: Form
    originator: str
    language: str
    title: str
    sent: datetime
    received_at: datetime
    marking: str
    text: str
    grade: str
    observations: tuple[Observation, ...] = ()
    relations: tuple[Relation, ...] = ()
    carried_by: str | None = None
    bundle: str | None = None
    charset: str = "utf-8"
    protect: str = ""
    noise: bool = False

    @property
    def reliability(self) -> str:
        """The grade of the source, A to F."""
        return self.grade[0]

    @property
    def credibility(self) -> int:
        """The grade of the content, 1 to 6."""
        return int(self.grade[1])

    @property
    def lowers(self) -> bool:
        """Whether something in it lowers the risk."""
        return any(sign.direction == "lowers" for seen in self.observations for sign in seen.indicators)

    @property
    def copies(self) -> bool:
        """Whether it repeats another item (copy, excerpt or translation) and so adds no independent origin."""
        return any(tie.tie in (Tie.COPY, Tie.EXCERPT, Tie.TRANSLATION) for tie in self.relations)
