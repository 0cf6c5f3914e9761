"""A measure: a number about a country or a part of it over a period, as one producer publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .event import DatePrecision
from .quality import Quality


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number. `name` says of what (`idps`, `people-in-need`), `unit` in what; `value` None is not known, never nought.

    `breakdown` says of which part (sex, age, sector, phase); empty is the whole. The rest is as in `Event`.
    """

    source_id: str
    external_id: str
    name: str
    value: float | None
    unit: str
    rank: str = ""
    period_start: date | None = None
    period_end: date | None = None
    period_precision: DatePrecision = DatePrecision.YEAR
    published_at: datetime | None = None
    iso3: str = ""
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    breakdown: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    url: str = ""
    licence: str = ""
    flags: tuple[Quality, ...] = ()
    row: int = 0
    own: Mapping[str, Any] = field(default_factory=dict)
    moving: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day it is filed under: the first of its period."""
        return self.period_start or self.period_end
