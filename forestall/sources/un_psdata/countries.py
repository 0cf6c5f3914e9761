"""Countries of a row: by ISO code, else by M49 number (which comes with a decimal point), else by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from forestall.collecting.cells import Cells
from forestall.places import countries, find

from .datasets import Dataset

NAMES = (
    "country", "country_or_area", "country_area", "contributing_country", "member_state", "casualty_nationality",
    "security_council_member", "location_of_conflict",
)  # fmt: skip
"""Columns that name a country in one data set or another."""

_ISO = ("isocode3", "iso_alpha3_code", "iso_alpha3_code1", "iso_code_3", "iso3", "iso3_code")
_M49 = ("m49_code", "m49_code1", "m49")
_BETWEEN = re.compile(r"\s*(?:[;|\n]|--)\s*")


def named(cells: Cells, dataset: Dataset) -> str:
    """The country as the row writes it."""
    return cells.text(*(dataset.columns("country") or NAMES))


def codes(cells: Cells, dataset: Dataset) -> tuple[str, ...]:
    """ISO3 of the countries that a row is about; a code that is given stays as it is given."""
    if dataset.shape.get("iso"):
        return (str(dataset.shape["iso"]),)
    if dataset.columns("about"):
        return tuple(
            dict.fromkeys(code for name in dataset.columns("about") for code in _of_names(cells.text(name)))
        )
    given = cells.code(*(dataset.columns("iso3") or _ISO)).upper()
    if given:
        return tuple(dict.fromkeys(_of_code(part) for part in _BETWEEN.split(given) if part))
    number = cells.number(*_M49) if cells.has(*_M49) else None
    if number is not None and f"{int(number):03}" in _by_m49():
        return (_by_m49()[f"{int(number):03}"],)
    return tuple(dict.fromkeys(_of_names(named(cells, dataset))))


def unknown(cells: Cells, dataset: Dataset, found: tuple[str, ...]) -> bool:
    """Whether the row means a country that no list here knows."""
    if found:
        return any(find(code) != [code] for code in found)
    return bool(named(cells, dataset))


def _of_code(code: str) -> str:
    found = find(code)
    return found[0] if len(found) == 1 else code


def _of_names(text: str) -> Iterator[str]:
    """Every country named; of a place and its country (`Goma, Congo`) what stands after the last comma."""
    for part in _BETWEEN.split(text):
        found = find(part) or find(part.rpartition(",")[2])
        if len(found) == 1:
            yield found[0]


@cache
def _by_m49() -> Mapping[str, str]:
    return {one.m49: one.iso3 for one in countries() if one.m49}
