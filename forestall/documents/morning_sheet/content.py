"""What a morning sheet holds before it is laid out. Plain values; no Django, no tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forestall.documents.sheet import Sentence, Text


@dataclass(frozen=True)
class Place:
    """One situation: its name, how closely it is watched, and what changed, the weightiest first."""

    name: str
    status: Text
    changes: tuple[Sentence, ...]


@dataclass(frozen=True)
class Region:
    """The situations of one region, most closely watched first."""

    name: Text
    places: tuple[Place, ...]


@dataclass(frozen=True)
class MorningSheetContent:
    """Everything a morning sheet says. Days are UTC days; `level` 0 to 3 is the highest label of what it tells.

    `left_out` counts the changes that did not fit the page; the sheet says so.
    """

    day: date
    since: date
    language: str
    level: int
    exercise: bool
    compiled_by: str
    regions: tuple[Region, ...]
    ahead: tuple[Sentence, ...] = ()
    silent: tuple[Sentence, ...] = ()
    arrived: Sentence | None = None
    left_out: int = 0
