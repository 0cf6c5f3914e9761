"""ACLED's totals, as it and HDX publish them: events and deaths of one kind in a district, province or country."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from forestall.base.canonical import canonical_json, sha256
from forestall.collecting.asking import BadRow
from forestall.collecting.cells import GIVEN, BadCell, Cells, each
from forestall.collecting.contract import Source
from forestall.collecting.published import NamedRow
from forestall.facts import Event, Measure, PlacePrecision, Quality
from forestall.facts.vocabulary import type_of

from .events import country_of
from .forecasts import period_of

_NAMED = re.compile(r"civilian[-_ ]targeting|political[-_ ]violence|demonstration", re.IGNORECASE)


def totals(
    rows: Iterable[NamedRow | BadRow], *, source: Source, name: str
) -> Iterator[Event | Measure | BadRow]:
    """One total per row. What a file counts may stand in its `name` alone, when it has no column for it.

    Two rows may have one key; then neither is preferred, whichever comes first, and both say so.
    """
    listed = list(rows)
    said = _NAMED.search(name)
    counted = re.sub(r"[- ]", "_", said[0].lower()) if said else ""
    times = Counter(_key(Cells(row).loosely()) for row in listed if isinstance(row, NamedRow))
    again: Counter[str] = Counter()

    def named(cells: Cells) -> tuple[str, tuple[Quality, ...]]:
        key = _key(cells)
        if times[key] == 1:
            return f"total-{counted or 'all'}-{key}", ()
        content = f"{key}-{sha256(canonical_json(cells.row.cells))[:16]}"
        again[content] += 1
        return f"total-{counted or 'all'}-{content}-{again[content]}", (Quality.KEY_REPEATED,)

    yield from each(listed, lambda cells: _total(cells.loosely(), source, counted, *named(cells.loosely())))


def _key(cells: Cells) -> str:
    """Of the names as their producer gives them: codes of districts are missing or repeated."""
    names = ("event_type", "sub_event_type", "disorder_type", "location_code", "iso3", "country", "region",
             "provider_admin1_name", "admin1", "provider_admin2_name", "admin2", "admin2_pcode", "admin2_code",
             "week", "month", "year", "reference_period_start")  # fmt: skip
    return sha256(canonical_json([cells.text(name) for name in names]))[:32]


def _total(
    cells: Cells, source: Source, counted: str, external_id: str, doubts: tuple[Quality, ...]
) -> Event | Measure:
    if cells.text("warning") or cells.text("error"):
        doubts = (*doubts, Quality.SOURCE_WARNS)
    if not cells.has("events"):
        return _deaths(cells, source, external_id, doubts)
    return _event(cells, source, external_id, counted, doubts)


def _event(
    cells: Cells, source: Source, external_id: str, counted: str, doubts: tuple[Quality, ...]
) -> Event:
    count = cells.whole("events")
    if count is None:
        raise BadCell("events", cells.value("events"), GIVEN)
    start, end, precision = period_of(cells)
    iso3, unknown = country_of(cells)
    admin1 = cells.text("provider_admin1_name", "admin1", "admin1_name")
    admin2 = cells.text("provider_admin2_name", "admin2", "admin2_name")
    latitude, longitude, off = cells.point("centroid_latitude", "centroid_longitude")
    code = cells.text("sub_event_type", "event_type") or counted
    country = cells.text("country", "location_name")
    level = PlacePrecision.ADMIN2 if admin2 else PlacePrecision.ADMIN1 if admin1 else PlacePrecision.COUNTRY
    middle = (Quality.NO_POINT,) if latitude is not None else ()
    return Event(
        source_id=source.id,
        external_id=external_id,
        event_type=type_of("acled" if cells.has("sub_event_type") else "hapi", code),
        source_type=code,
        started=start,
        ended=end,
        date_precision=precision,
        iso3=iso3,
        country=country,
        admin1=admin1,
        admin2=admin2,
        latitude=latitude,
        longitude=longitude,
        place_precision=level,
        deaths_best=cells.whole("fatalities"),
        count=count,
        title=" · ".join(
            part for part in (code.replace("_", " "), admin2 or admin1 or country or iso3) if part
        ),
        licence=source.licence,
        flags=(Quality.NOT_ADDITIVE, *middle, *doubts, *unknown, *off),
        row=cells.row.line,
        own=cells.row.cells,
    )


def _deaths(cells: Cells, source: Source, external_id: str, doubts: tuple[Quality, ...]) -> Measure:
    """A table that counts the dead and no events."""
    start, end, precision = period_of(cells)
    iso3, unknown = country_of(cells)
    return Measure(
        source_id=source.id,
        external_id=external_id,
        name="reported-fatalities",
        value=cells.number("fatalities"),
        unit="persons",
        period_start=start,
        period_end=end,
        period_precision=precision,
        iso3=iso3,
        country=cells.text("country", "location_name"),
        admin1=cells.text("provider_admin1_name", "admin1", "admin1_name"),
        admin2=cells.text("provider_admin2_name", "admin2", "admin2_name"),
        licence=source.licence,
        flags=(Quality.NOT_ADDITIVE, *doubts, *unknown),
        row=cells.row.line,
        own=cells.row.cells,
    )
