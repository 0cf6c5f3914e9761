"""Ready mappings: tables that are known by their columns, each a TOML in `mappings/`; nothing else needs to know of one.

A column is named as its maker spells it; capitals, spaces and underscores do not matter. Where spellings differ, a list
gives all of them, and the first that holds something counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from forestall.base.catalogue import read_definition, refuse_unknown
from forestall.base.errors import Malformed
from forestall.base.words import say
from forestall.collecting.cells import MISSING
from forestall.facts import PlacePrecision

MAPPINGS = Path(__file__).parent / "mappings"

Names = tuple[str, ...]
"""Spellings of one column."""

FIELDS = (
    "country_code", "country", "admin1", "admin2", "url", "rank", "year", "until", "start", "end", "value", "low", "high",
    "day", "place", "latitude", "longitude", "precision", "actor1", "actor2", "text",
)  # fmt: skip
_KEYS = (
    "title", "publisher", "licence", "level", "form", "recognised_by", "key", "country_scheme", "missing", "measure", "fields",
    "breakdown", "event", "theme", "precision", "edition_from_title",
)  # fmt: skip
_NEEDED = ("title", "publisher", "licence", "level", "form", "recognised_by", "key", "fields")
_SCHEMES = ("iso", "gw", "name")
_HIGHEST = 1  # facts are counted in panels that everybody of the office reads


@dataclass(frozen=True)
class Theme:
    """What the incidents of a table are about, told by words in the names of its columns."""

    code: str
    words: Names


@dataclass(frozen=True)
class Ready:
    """A table that is known. `recognised_by` are the columns that it alone has together; `key` tells its rows apart.

    `form` is `event` or `measure`. `country_scheme` says how countries are coded: `iso` (two or three letters), `gw`
    (Gleditsch and Ward) or `name`. `missing` are further words that stand for nothing. `edition`: the year of all rows
    is the one in the title. For measures `name` and `unit`; for events the vocabulary's `scheme`, the columns whose
    persons are added to `deaths` and `people`, and themes; `precision` are pieces of text with what they mean.
    """

    id: str
    title: str
    publisher: str
    licence: str
    level: int
    form: str
    recognised_by: tuple[Names, ...]
    key: tuple[Names, ...]
    fields: Mapping[str, Names]
    breakdown: Mapping[str, Names]
    missing: frozenset[str]
    country_scheme: str = "iso"
    edition: bool = False
    name: str = ""
    unit: str = ""
    scheme: str = ""
    otherwise: str = "other"
    deaths: Names = ()
    people: Names = ()
    themes: tuple[Theme, ...] = ()
    precision: tuple[tuple[str, PlacePrecision], ...] = ()

    def knows(self, columns: Iterable[str]) -> bool:
        """Whether a table with these columns is this one."""
        given = {plainly(name) for name in columns}
        return all(any(plainly(one) in given for one in names) for names in self.recognised_by)


def plainly(name: str) -> str:
    """The name of a column without what its spellings vary."""
    return " ".join(re.split(r"[\s_]+", name.casefold().strip()))


@cache
def ready_mappings(folder: Path = MAPPINGS) -> tuple[Ready, ...]:
    """Every mapping in `folder`, those that ask for more columns first. Raises `Malformed` when one cannot be read."""
    found = [read_ready(path) for path in sorted(folder.glob("*.toml"))]
    return tuple(sorted(found, key=lambda one: -len(one.recognised_by)))


def read_ready(path: Path) -> Ready:
    """The mapping at `path`. Raises `Malformed` with what is wrong in it."""
    found = read_definition(path)
    _check(found, path.name)
    event, measure = found.get("event", {}), found.get("measure", {})
    return Ready(
        id=path.stem.replace("_", "-"),
        title=found["title"],
        publisher=found["publisher"],
        licence=found["licence"],
        level=found["level"],
        form=found["form"],
        recognised_by=tuple(map(_names, found["recognised_by"])),
        key=tuple(map(_names, found["key"])),
        fields={ours: _names(theirs) for ours, theirs in found["fields"].items()},
        breakdown={ours: _names(theirs) for ours, theirs in found.get("breakdown", {}).items()},
        missing=MISSING | {word.casefold() for word in found.get("missing", ())},
        country_scheme=found.get("country_scheme", "iso"),
        edition=found.get("edition_from_title", False),
        name=measure.get("name", ""),
        unit=measure.get("unit", ""),
        scheme=event.get("scheme", ""),
        otherwise=event.get("otherwise", "other"),
        deaths=_names(event.get("deaths", ())),
        people=_names(event.get("people", ())),
        themes=tuple(Theme(one["code"], _names(one["words"])) for one in found.get("theme", ())),
        precision=tuple(
            (text.casefold(), PlacePrecision(means)) for text, means in found.get("precision", {}).items()
        ),
    )


def _names(given: Any) -> Names:
    return (given,) if isinstance(given, str) else tuple(given)


def _check(found: Mapping[str, Any], where: str) -> None:
    refuse_unknown(found, known=_KEYS, where=where)
    missing = [key for key in _NEEDED if key not in found]
    if missing:
        raise Malformed(say("%(where)s lacks %(keys)s", where=where, keys=", ".join(missing)))
    refuse_unknown(found["fields"], known=FIELDS, where=f"{where} fields")
    refuse_unknown(found.get("measure", {}), known=("name", "unit"), where=f"{where} measure")
    refuse_unknown(
        found.get("event", {}), known=("scheme", "otherwise", "deaths", "people"), where=f"{where} event"
    )
    wrong = [
        *([] if found["form"] in ("event", "measure") else ["form"]),
        *([] if found["level"] in range(_HIGHEST + 1) else ["level"]),
        *([] if found.get("country_scheme", "iso") in _SCHEMES else ["country_scheme"]),
        *([] if set(found.get("precision", {}).values()) <= {one.value for one in PlacePrecision} else ["precision"]),
    ]  # fmt: skip
    if wrong or not found["recognised_by"] or not found["key"]:
        names = ", ".join(wrong or ["recognised_by", "key"])
        raise Malformed(say("%(where)s gives what cannot be: %(keys)s", where=where, keys=names))
