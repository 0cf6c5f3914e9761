"""What stands within the United Nations about the exercise's country: presences, mandates, decisions, reviews, treaties, requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .definition import build, build_all


@dataclass(frozen=True)
class Voice:
    """Who speaks for a counterpart: ids of originators."""

    counterpart: str
    originators: tuple[str, ...]


@dataclass(frozen=True)
class Presence:
    """A counterpart is present in the country, as a source says it; `since` None is not known."""

    counterpart: str
    source: str
    quiet_days: int
    since: date | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Mandate:
    """What a counterpart is there for, between two days."""

    counterpart: str
    resolution: str
    paragraph: str
    summary: str
    source: str
    first_day: date
    end_date: date
    as_of: date | None = None


@dataclass(frozen=True)
class Resolution:
    """What an organ decided on the country."""

    body: str
    symbol: str
    title: str
    source: str
    force: str
    adopted_on: date | None = None
    force_why: str = ""
    force_until: date | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class Review:
    """A step of a review of the country."""

    body: str
    step: str
    source: str
    on: date
    on_precision: str
    note: str = ""
    as_of: date | None = None


@dataclass(frozen=True)
class Treaty:
    """How the country stands to a treaty."""

    treaty: str
    standing: str
    source: str
    signed_on: date | None = None
    bound_on: date | None = None
    bound_by: str = ""
    reservations: str = ""
    as_of: date | None = None


@dataclass(frozen=True)
class Asked:
    """What an officer asked of a counterpart, by which day."""

    counterpart: str
    by: str
    asked_on: date
    due: date
    question: str


@dataclass(frozen=True)
class Within:
    """All of it."""

    speaks_for: tuple[Voice, ...]
    presences: tuple[Presence, ...]
    mandates: tuple[Mandate, ...]
    resolutions: tuple[Resolution, ...]
    reviews: tuple[Review, ...]
    treaties: tuple[Treaty, ...]
    asked: tuple[Asked, ...]


_KINDS: dict[str, type[Any]] = {
    "speaks_for": Voice, "presences": Presence, "mandates": Mandate, "resolutions": Resolution, "reviews": Review,
    "treaties": Treaty, "asked": Asked,
}  # fmt: skip


def read_within(definition: Mapping[str, Any]) -> Within:
    """The contents of a `within.toml`. Raises `Malformed` for keys unknown or missing."""
    where = "within.toml"
    told = {name: build_all(kind, entries=definition.get(name, ()), where=f"{where}, {name}") for name, kind in _KINDS.items()}
    return build(Within, entry={**definition, **told}, where=where)
