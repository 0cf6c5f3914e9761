"""The invented country: its places, groups, institutions, history and dates ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .definition import build, build_all


@dataclass(frozen=True)
class Town:
    """A town and its names by language (en, fr, es, ru, ar, zh); `population` in persons, of the last census."""

    id: str
    names: Mapping[str, str]
    population: int


@dataclass(frozen=True)
class Unit:
    """A first-level unit: names by language, its seat (a town's id), and its towns."""

    id: str
    names: Mapping[str, str]
    seat: str
    terrain: str
    towns: tuple[Town, ...]


@dataclass(frozen=True)
class Inequality:
    """A difference between a group and others in one `domain` (power, resources, services, development, rights).

    `basis` says whether it is real (measured) or perceived; `source` is an originator's or publication's name.
    """

    domain: str
    basis: str
    text: str
    source: str
    on: date


@dataclass(frozen=True)
class Group:
    """A group of the population, with its share (percent) and where it lives (unit ids)."""

    id: str
    names: Mapping[str, str]
    kind: str
    share: float
    lives_in: tuple[str, ...]
    text: str
    inequalities: tuple[Inequality, ...]


@dataclass(frozen=True)
class Institution:
    """A body that acts: `kind` is government, security, militia, armed_group, opposition, oversight, court, press,
    civil_society, un, regional, or mission. `mandate_end` only where there is one."""

    id: str
    kind: str
    names: Mapping[str, str]
    text: str
    mandate_end: date | None = None


@dataclass(frozen=True)
class Happening:
    """One line of the country's history, before the crisis."""

    on: str
    text: str


@dataclass(frozen=True)
class DateAhead:
    """A dated event ahead of the exercise's today; `indicator` is the framework number it may trigger."""

    id: str
    on: date
    precision: str
    text: str
    source: str
    indicator: str | None = None


@dataclass(frozen=True)
class Country:
    """The country as a whole. `code` is user-assigned (ISO 3166: ZZA to ZZZ), so it is no real State's."""

    code: str
    names: Mapping[str, str]
    adjectives: Mapping[str, str]
    capital: str
    population: int
    languages: tuple[str, ...]
    neighbours: Mapping[str, Mapping[str, str]]
    geography: str
    units: tuple[Unit, ...]
    groups: tuple[Group, ...]
    institutions: tuple[Institution, ...]
    history: tuple[Happening, ...]
    calendar: tuple[DateAhead, ...]
    by_town: Mapping[str, Unit] = field(default_factory=dict, compare=False, repr=False)


def read_country(definition: Mapping[str, Any]) -> Country:
    """The country of an `exercise.toml`. Raises `Malformed` for keys unknown or missing."""
    units = tuple(_unit(entry) for entry in definition["units"])
    return build(
        Country,
        entry={
            **definition["country"],
            "units": units,
            "groups": tuple(_group(entry) for entry in definition["groups"]),
            "institutions": build_all(
                Institution, entries=definition["institutions"], where="exercise.toml, institutions"
            ),
            "history": build_all(Happening, entries=definition["history"], where="exercise.toml, history"),
            "calendar": build_all(DateAhead, entries=definition["calendar"], where="exercise.toml, calendar"),
            "by_town": {town.id: unit for unit in units for town in unit.towns},
        },
        where="exercise.toml, country",
    )


def _unit(entry: Mapping[str, Any]) -> Unit:
    where = f"exercise.toml, unit {entry.get('id')}"
    towns = build_all(Town, entries=(_town(town) for town in entry["towns"]), where=where)
    return build(Unit, entry={**entry, "towns": towns}, where=where)


def _town(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A town is written as one line with its four spellings; the Latin one serves English, French and Spanish."""
    latin = entry["latin"]
    names = dict.fromkeys(("en", "fr", "es"), latin) | {
        script: entry[script] for script in ("ru", "ar", "zh")
    }
    return {"id": entry["id"], "names": names, "population": entry["population"]}


def _group(entry: Mapping[str, Any]) -> Group:
    where = f"exercise.toml, group {entry.get('id')}"
    inequalities = build_all(Inequality, entries=entry["inequalities"], where=where)
    return build(Group, entry={**entry, "inequalities": inequalities}, where=where)
