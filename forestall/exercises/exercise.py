"""An exercise as a whole, and how it is found and read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from forestall.base.catalogue import entry_folders, read_definition, refuse_unknown
from forestall.base.errors import Refused
from forestall.base.words import say

from .advice import Advice, read_advice
from .country import Country, read_country
from .definition import build_all
from .item import Bundle, Item, Observation, Originator
from .itemfile import ItemFiles
from .judgement import Key, read_key
from .office import Office, read_office
from .within import Within, read_within

_DEFINITION = "exercise.toml"
_TABLES = ("exercise", "country", "units", "groups", "institutions", "history", "calendar", "office", "words")


@dataclass(frozen=True)
class Exercise:
    """A fictional country, the office that watches it, everything it received, and the key.

    `opens` and `today` bound the crisis, UTC days. `words` holds what every file says by language: `line` (that it is
    an exercise) and the markings.
    """

    id: str
    title: Mapping[str, str]
    opens: date
    today: date
    country: Country
    office: Office
    words: Mapping[str, Mapping[str, str]]
    originators: Mapping[str, Originator]
    bundles: Mapping[str, Bundle]
    items: tuple[Item, ...]
    key: Key
    advice: Advice
    within: Within

    def item(self, identifier: str) -> Item:
        """The item with this id. Raises `KeyError`."""
        return {item.id: item for item in self.items}[identifier]

    @property
    def observations(self) -> Mapping[str, Observation]:
        """Every observation of the key, by id (`k-012.1` is the first of item `k-012`)."""
        return {seen.id: seen for item in self.items for seen in item.observations}


def entries() -> dict[str, Path]:
    """Ids of the exercises that exist, to their folders."""
    return entry_folders(Path(__file__).parent, _DEFINITION)


@cache
def load(identifier: str) -> Exercise:
    """The exercise with this id. Raises `Refused` when there is none, `Malformed` when its sources cannot be read."""
    folder = entries().get(identifier)
    if folder is None:
        raise Refused(
            say(
                "There is no exercise %(asked)s. There is: %(found)s.",
                asked=identifier,
                found=", ".join(entries()),
            )
        )
    return _read(folder)


def _read(folder: Path) -> Exercise:
    definition = read_definition(folder / _DEFINITION)
    refuse_unknown(definition, known=_TABLES, where=_DEFINITION)
    sources = read_definition(folder / "sources.toml")
    country = read_country(definition)
    originators = _by_id(
        build_all(Originator, entries=sources["originators"], where="sources.toml, originator")
    )
    bundles = _by_id(build_all(Bundle, entries=sources["bundles"], where="sources.toml, bundle"))
    files = ItemFiles(country, originators=originators, bundles=bundles)
    return Exercise(
        **definition["exercise"],
        country=country,
        office=read_office(definition),
        words=definition["words"],
        originators=originators,
        bundles=bundles,
        items=files.read(folder / "items"),
        key=read_key(read_definition(folder / "judgements.toml")),
        advice=read_advice(read_definition(folder / "warning.toml")),
        within=read_within(read_definition(folder / "within.toml")),
    )


def _by_id(values: tuple[Any, ...]) -> dict[str, Any]:
    return {value.id: value for value in values}
