"""The exercise's office: invented staff, clearing offices and counterparts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .definition import build, build_all


@dataclass(frozen=True)
class Officer:
    """An invented member of staff. `roles` are verbs' bundles; `level` 0 to 3; `compartments` as in labels."""

    id: str
    name: str
    title: str
    roles: tuple[str, ...]
    level: int
    compartments: tuple[str, ...]
    language: str
    desk: str | None = None


@dataclass(frozen=True)
class ClearingOffice:
    """An office that clears or signs, with holder, alternate and, when there is one, an officer-in-charge."""

    id: str
    title: str
    verb: str
    holder: str
    alternate: str
    officer_in_charge: str | None = None
    in_charge_from: date | None = None
    in_charge_until: date | None = None


@dataclass(frozen=True)
class OfficeHolder:
    """Who holds a counterpart's office; `until` is open when None."""

    name: str
    title: str
    since: date
    until: date | None = None


@dataclass(frozen=True)
class Counterpart:
    """A body the office writes to or hears from; `channel` is the way proper to its rank."""

    id: str
    name: str
    kind: str
    channel: str
    holders: tuple[OfficeHolder, ...]
    organ: str | None = None
    acronym: str = ""


@dataclass(frozen=True)
class Office:
    """The office's people, the offices that clear, and its counterparts."""

    name: str
    desk: str
    compartment: str
    people: tuple[Officer, ...]
    clearing: tuple[ClearingOffice, ...]
    counterparts: tuple[Counterpart, ...]

    def person(self, identifier: str) -> Officer:
        """The officer with this id. Raises `KeyError`: ids are the exercise's own."""
        return {person.id: person for person in self.people}[identifier]


def read_office(definition: Mapping[str, Any]) -> Office:
    """The office of an `exercise.toml`. Raises `Malformed` for keys unknown or missing."""
    where = "exercise.toml, office"
    office = definition["office"]
    return build(
        Office,
        entry={
            **office,
            "people": build_all(Officer, entries=office["people"], where=where),
            "clearing": build_all(ClearingOffice, entries=office["clearing"], where=where),
            "counterparts": tuple(_counterpart(entry) for entry in office["counterparts"]),
        },
        where=where,
    )


def _counterpart(entry: Mapping[str, Any]) -> Counterpart:
    where = f"exercise.toml, counterpart {entry.get('id')}"
    holders = build_all(OfficeHolder, entries=entry["holders"], where=where)
    return build(Counterpart, entry={**entry, "holders": holders}, where=where)
