"""Where each State's deaths are counted: apart, or in another unit of the source. Never a zero, never absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forestall.base.words import Words, say

from .sheet import read_sheet
from .table import Grain, Panel


@dataclass(frozen=True)
class Enclosure:
    """A State or area whose deaths the source counts in the unit `within`, from `first_year` to `last_year`.

    Years are None where the record has no beginning or no end; `within` is empty where no unit takes them.
    """

    code: str
    within: str
    first_year: int | None
    last_year: int | None
    note: str

    def holds_in(self, year: int) -> bool:
        """Whether the enclosure stands in `year`."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True)
class Coverage:
    """How a panel covers one State in its last year: `apart` or `within` another unit, and a sentence for readers."""

    code: str
    apart: bool
    within: str | None
    includes: tuple[str, ...]
    sentence: Words


@cache
def enclosures() -> tuple[Enclosure, ...]:
    """Every State or area that UCDP counts, or counted, in another unit (`data/enclosures.csv`, with its source)."""
    path = Path(__file__).parent / "data" / "enclosures.csv"
    sheet = read_sheet(path.read_bytes(), name=path.name)
    return tuple(
        Enclosure(
            code=cells.texts["code"],
            within=cells.texts["within"],
            first_year=_year(cells.texts["first_year"]),
            last_year=_year(cells.texts["last_year"]),
            note=cells.texts["note"],
        )
        for cells in sheet.lines
    )


def coverage(
    panel: Panel, *, states: Iterable[str], names: Mapping[str, str] | None = None
) -> list[Coverage]:
    """How `panel` covers each of `states` (ISO 3166 codes) in its last year: one entry per State, in their order.

    `names` gives the names to be read, by code; the code stands where it has none.
    """
    called = names or {}
    here = panel.exists()[:, -1]
    apart = {unit for unit, stands in zip(panel.units, here, strict=True) if stands}
    return [_one(code, panel=panel, apart=apart, names=called) for code in states]


def counted_before(code: str) -> list[Enclosure]:
    """The units in which deaths in `code` were counted before it was coded apart, in order of time."""
    found = [row for row in enclosures() if row.code == code and row.last_year is not None]
    return sorted(found, key=lambda row: row.last_year or 0)


def _one(code: str, *, panel: Panel, apart: set[str], names: Mapping[str, str]) -> Coverage:
    year = panel.last if panel.grain is Grain.YEAR else panel.last // 12
    inside = tuple(row.code for row in enclosures() if row.within == code and row.holds_in(year))
    within = next((row.within for row in enclosures() if row.code == code and row.holds_in(year)), None)
    is_apart = code in apart
    return Coverage(
        code=code,
        apart=is_apart,
        within=None if is_apart else within,
        includes=inside if is_apart else (),
        sentence=_sentence(code, apart=is_apart, within=within, inside=inside, names=names),
    )


def _sentence(
    code: str, *, apart: bool, within: str | None, inside: tuple[str, ...], names: Mapping[str, str]
) -> Words:
    name = names.get(code, code)
    if apart and inside:
        return say(
            "%(name)s is coded apart by the source; its unit also holds deaths in %(others)s.",
            name=name, others=", ".join(names.get(other, other) for other in inside),
        )  # fmt: skip
    if apart:
        return say("%(name)s is coded apart by the source.", name=name)
    if within:
        return say(
            "%(name)s is not coded apart by the source; deaths there are counted in its unit %(unit)s, whoever "
            "caused them. No chance is given for it alone.",
            name=name, unit=names.get(within, within),
        )  # fmt: skip
    return say(
        "%(name)s is not coded by the source; deaths there would enter no unit of it. No chance is given.",
        name=name,
    )


def _year(text: str) -> int | None:
    return int(text) if text else None
