"""An event: what happened where and when, who did it to whom, as one producer counts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from forestall.base.words import Words, say

from .quality import Quality


class DatePrecision(StrEnum):
    """How exactly the day is known. `SPAN`: some day between the two that are given."""

    DAY = "day"
    SPAN = "span"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class PlacePrecision(StrEnum):
    """How exactly the place is known; the source's own code is kept beside it."""

    POINT = "point"
    NEAR = "near"
    ADMIN2 = "admin2"
    ADMIN1 = "admin1"
    ROUGH = "rough"
    COUNTRY = "country"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


class Side(StrEnum):
    """What somebody is in an event, as its source says it."""

    PERPETRATOR = "perpetrator"
    TARGET = "target"
    PARTY = "party"
    NONE = ""


PLACE_WORDS: dict[PlacePrecision, Words] = {
    PlacePrecision.POINT: say("the place itself"),
    PlacePrecision.NEAR: say("near the place"),
    PlacePrecision.ADMIN2: say("the district"),
    PlacePrecision.ADMIN1: say("the province"),
    PlacePrecision.ROUGH: say("along a road, a river or a border"),
    PlacePrecision.COUNTRY: say("the country alone"),
    PlacePrecision.OUTSIDE: say("at sea or in the air"),
    PlacePrecision.UNKNOWN: say("not said", context="place"),
}

PLOTTED = frozenset({PlacePrecision.POINT, PlacePrecision.NEAR, PlacePrecision.ADMIN2})
"""What may be drawn as a point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event, or with `count` several that the source counts together.

    `external_id` is unique within the source and never a position. `rank` orders versions of it as the source does (a
    release, a time of change); empty when the source says nothing. `event_type` is an id of `vocabulary`, `source_type`
    the source's own code. Days are the source's; `published_at` is UTC. Coordinates are WGS 84 degrees. Deaths and
    `people` (displaced, abducted) are persons; None is not known and never nought. `own` holds every field as it came;
    `moving` names those of them that move without the row having changed; `row` is its line, its number in a list, or 0.
    """

    source_id: str
    external_id: str
    event_type: str
    source_type: str
    rank: str = ""
    started: date | None = None
    ended: date | None = None
    date_precision: DatePrecision = DatePrecision.DAY
    published_at: datetime | None = None
    iso3: str = ""
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    place_precision: PlacePrecision = PlacePrecision.UNKNOWN
    source_precision: str = ""
    actor1: str = ""
    actor1_side: Side = Side.NONE
    actor2: str = ""
    actor2_side: Side = Side.NONE
    deaths_low: int | None = None
    deaths_best: int | None = None
    deaths_high: int | None = None
    deaths_civilians: int | None = None
    people: int | None = None
    count: int = 1
    reports: int | None = None
    title: str = ""
    text: str = ""
    url: str = ""
    licence: str = ""
    flags: tuple[Quality, ...] = ()
    row: int = 0
    own: Mapping[str, Any] = field(default_factory=dict)
    moving: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day it is counted on: its first."""
        return self.started or self.ended
