"""Rows of a table that a mapping knows, as events or measures; every column stays beside them as it came."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from forestall.base.words import say
from forestall.collecting.asking import Ignored
from forestall.collecting.cells import BadCell, Cells, as_text, each
from forestall.collecting.contract import Found as Yielded
from forestall.collecting.contract import Source
from forestall.collecting.keys import Keys
from forestall.collecting.published import NamedRow
from forestall.facts import DatePrecision, Event, Measure, PlacePrecision, Quality, Side
from forestall.facts.vocabulary import UNTYPED, type_of
from forestall.panel.published import ucdp_units
from forestall.places import find

from .laid import Found
from .mapping import Names, Ready, plainly

A_YEAR = say("a year")
_YEAR = re.compile(r"(\d{4})(?:\.0)?(?:Q([1-4])|M(\d{2}))?(?:-\d{2}-\d{2}.*)?")
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_ROUGH = (PlacePrecision.ADMIN1, PlacePrecision.ROUGH, PlacePrecision.COUNTRY, PlacePrecision.OUTSIDE)


@dataclass(frozen=True)
class Spelled(Cells):
    """Cells under any spelling of their column; of several spellings, the first that holds something counts.

    `columns` leads from a plain name to where it is spelled so: a column, or a field of the object in one.
    """

    columns: Mapping[str, tuple[str, ...]] = field(kw_only=True)
    missing: frozenset[str] = field(kw_only=True)

    def value(self, *names: str) -> Any:
        """The value, or None where there is none, or a word that stands for none."""
        for name in names:
            path = self.columns.get(plainly(name))
            value = self._at(path) if path else None
            if value is not None and as_text(value).casefold() not in self.missing:
                return value
        return None

    def _at(self, path: tuple[str, ...]) -> Any:
        value: Any = self.row.cells
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value


def facts_of(table: Found, *, source: Source) -> Iterator[Yielded]:
    """Every row as a fact, or set aside; sheets that were left, and what the table says of itself."""
    maker = _Maker(table, source)
    yield from each(table.rows, maker.fact)
    if table.others:
        yield Ignored(tuple(f"{name} (sheet)" for name in table.others))
    if table.envelope is not None:
        yield table.envelope


class _Maker:
    """Makes the facts of one table."""

    def __init__(self, table: Found, source: Source) -> None:
        self._ready, self._source, self._edition = table.ready, source, table.edition
        self._rank = table.envelope.high if table.envelope else ""
        self._columns: dict[str, tuple[str, ...]] = {}
        for name in table.columns:
            nested = "." in name and not any(
                name in row.cells for row in table.rows[:1] if isinstance(row, NamedRow)
            )
            self._columns.setdefault(plainly(name), tuple(name.split(".", 1)) if nested else (name,))
        self._theme = _theme(table.ready, list(self._columns))
        rows = [Cells(row) for row in table.rows if isinstance(row, NamedRow)]
        self._keys = Keys(filter(None, (self._key(self._spelled(cells)) for cells in rows)))

    def _spelled(self, cells: Cells) -> Spelled:
        return Spelled(cells.row, columns=self._columns, missing=self._ready.missing)

    def _key(self, cells: Spelled) -> str:
        """What tells the row apart; empty when its first part is not given."""
        parts = [cells.text(*names) for names in self._ready.key]
        if not parts[0]:
            return ""
        edition = [self._edition] if self._ready.edition and self._edition else []
        return f"{self._ready.id}:{'/'.join([*([self._theme] if self._theme else []), *parts, *edition])}"

    def fact(self, given: Cells) -> Event | Measure:
        """The fact in a row. Raises `BadCell`."""
        cells = self._spelled(given)
        cells.needed(*self._ready.key[0])
        name, repeated = self._keys.name(self._key(cells), own=cells.row.cells)
        return (
            self._event(cells, name, repeated)
            if self._ready.form == "event"
            else self._measure(cells, name, repeated)
        )

    def _field(self, name: str) -> Names:
        return self._ready.fields.get(name, ())

    def _event(self, cells: Spelled, name: str, repeated: tuple[Quality, ...]) -> Event:
        iso3, country = self._country(cells)
        day = cells.day(*self._field("day"))
        latitude, longitude, doubts = self._point(cells)
        precise = cells.text(*self._field("precision"))
        precision = _precision(precise, self._ready)
        actor = cells.text(*self._field("actor1"))
        flags = (
            *repeated,
            *doubts,
            *self._unknown(iso3, cells),
            *((Quality.NO_POINT,) if precision in _ROUGH else ()),
        )
        known = type_of(self._ready.scheme, self._theme) if self._ready.scheme else UNTYPED
        return Event(
            source_id=self._source.id,
            external_id=name,
            rank=cells.text(*self._field("rank")) or self._rank,
            event_type=self._ready.otherwise if known == UNTYPED else known,
            source_type=self._theme,
            started=day,
            ended=day,
            date_precision=DatePrecision.DAY if day else DatePrecision.UNKNOWN,
            iso3=iso3,
            country=country,
            admin1=cells.text(*self._field("admin1")),
            admin2=cells.text(*self._field("admin2")),
            place=cells.text(*self._field("place")),
            latitude=latitude,
            longitude=longitude,
            place_precision=precision,
            source_precision=precise,
            actor1=actor,
            actor1_side=Side.PERPETRATOR if actor else Side.NONE,
            actor2=cells.text(*self._field("actor2")),
            deaths_best=_added(cells, self._ready.deaths),
            people=_added(cells, self._ready.people),
            title=" · ".join(
                filter(None, (country or iso3, cells.text(*self._field("admin1")), self._theme))
            ),
            text=cells.text(*self._field("text")),
            url=cells.text(*self._field("url")),
            licence=self._ready.licence,
            flags=tuple(dict.fromkeys(flags)),
            row=cells.row.line,
            own=cells.row.cells,
        )

    def _measure(self, cells: Spelled, name: str, repeated: tuple[Quality, ...]) -> Measure:
        iso3, country = self._country(cells)
        start, end, precision = self._period(cells)
        value = cells.number(*self._field("value"))
        flags = (*repeated, *self._unknown(iso3, cells), *self._bounds(cells, value))
        return Measure(
            source_id=self._source.id,
            external_id=name,
            rank=cells.text(*self._field("rank")) or self._rank,
            name=self._ready.name or cells.text("indicator.id"),
            value=value,
            unit=self._ready.unit,
            period_start=start,
            period_end=end,
            period_precision=precision,
            iso3=iso3,
            country=country,
            admin1=cells.text(*self._field("admin1")),
            admin2=cells.text(*self._field("admin2")),
            breakdown={
                part: cells.text(*names)
                for part, names in self._ready.breakdown.items()
                if cells.text(*names)
            },
            title=" · ".join(
                filter(None, (country or iso3, str(start.year) if start else "", self._ready.title))
            ),
            url=cells.text(*self._field("url")),
            licence=self._ready.licence,
            flags=tuple(dict.fromkeys(flags)),
            row=cells.row.line,
            own=cells.row.cells,
        )

    def _country(self, cells: Spelled) -> tuple[str, str]:
        code, name = cells.text(*self._field("country_code")), cells.text(*self._field("country"))
        return country_of(code, name, scheme=self._ready.country_scheme), name

    def _unknown(self, iso3: str, cells: Spelled) -> Iterator[Quality]:
        named = cells.text(*self._field("country_code"), *self._field("country"))
        if named and find(iso3) != [iso3]:
            yield Quality.COUNTRY_UNKNOWN

    def _point(self, cells: Spelled) -> tuple[float | None, float | None, tuple[Quality, ...]]:
        north, east = self._field("latitude"), self._field("longitude")
        return cells.point(north[0], east[0]) if north and east else (None, None, ())

    def _period(self, cells: Spelled) -> tuple[date | None, date | None, DatePrecision]:
        start, end = cells.day(*self._field("start")), cells.day(*self._field("end"))
        if start or end:
            return start, end, DatePrecision.SPAN if start and end else DatePrecision.DAY
        first = _year(cells, self._field("year"))
        if first is None and self._edition and self._ready.edition:
            first = _whole_year(int(self._edition))
        last = _year(cells, self._field("until"))
        if first and last and last[1] != first[1]:
            return first[0], last[1], DatePrecision.SPAN
        return first or (None, None, DatePrecision.UNKNOWN)

    def _bounds(self, cells: Spelled, value: float | None) -> Iterator[Quality]:
        low, high = cells.number(*self._field("low")), cells.number(*self._field("high"))
        if value is not None and ((low is not None and low > value) or (high is not None and high < value)):
            yield Quality.BOUNDS_BROKEN


def _theme(ready: Ready, columns: list[str]) -> str:
    """The theme that the most columns speak of; of two that as many do, the first in the mapping."""
    counts = {
        one.code: sum(any(word in name for word in one.words) for name in columns) for one in ready.themes
    }
    best = max(counts.values(), default=0)
    return next((code for code, count in counts.items() if count == best), "") if best else ""


def _added(cells: Spelled, columns: Names) -> int | None:
    """Persons in all of `columns` that say a number; None when none of them does."""
    found = [cells.whole(column) for column in columns]
    given = [one for one in found if one is not None]
    return sum(given) if given else None


def _precision(text: str, ready: Ready) -> PlacePrecision:
    return next(
        (means for piece, means in ready.precision if piece in text.casefold()), PlacePrecision.UNKNOWN
    )


def _year(cells: Spelled, names: Names) -> tuple[date, date, DatePrecision] | None:
    """A year, or a quarter or a month of one, as its first and last day."""
    text = cells.text(*names) if names else ""
    if not text:
        return None
    found = _YEAR.fullmatch(text)
    if not found or not 1000 <= int(found[1]) <= 2200 or (found[3] and not 1 <= int(found[3]) <= 12):
        raise BadCell(names[0], text, A_YEAR)
    year = int(found[1])
    if found[2]:
        return _months(year, 3 * int(found[2]) - 2, 3, DatePrecision.SPAN)
    return _months(year, int(found[3]), 1, DatePrecision.MONTH) if found[3] else _whole_year(year)


def _whole_year(year: int) -> tuple[date, date, DatePrecision]:
    return _months(year, 1, 12, DatePrecision.YEAR)


def _months(year: int, first: int, count: int, precision: DatePrecision) -> tuple[date, date, DatePrecision]:
    after = first + count
    return (
        date(year, first, 1),
        date(year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1),
        precision,
    )


@lru_cache(maxsize=4096)
def country_of(code: str, name: str, *, scheme: str) -> str:
    """The ISO code that a table means by a code of `scheme`, else by a name; as given when it has the form of one."""
    if scheme == "gw":
        unit = ucdp_units().get(code)
        found = [unit.iso3] if unit else []
    else:
        found = find(code.upper()) if code else []
    for spelling in (name, _BRACKETS.sub("", name)):
        if len(found) != 1:
            found = find(spelling) if spelling else []
    if len(found) == 1:
        return found[0]
    return code.upper() if scheme == "iso" and re.fullmatch(r"[A-Za-z]{3}", code) else ""
