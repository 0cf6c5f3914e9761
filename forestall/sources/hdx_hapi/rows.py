"""Rows of HDX HAPI as facts: conflict counts as events, entries of the catalogue as findings, all else as measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from forestall.collecting.cells import Cells, as_text
from forestall.collecting.contract import Source
from forestall.collecting.keys import Keys, digest
from forestall.facts import DatePrecision, Event, Fact, Finding, FindingForm, Measure, PlacePrecision, Quality
from forestall.facts.vocabulary import type_of
from forestall.places import find

from .endpoint import DATASETS, Endpoint

_RETURNED = frozenset({"RET", "RDP"})
_WITHIN_ANOTHER = "civilian_targeting"


def key_of(cells: Cells, endpoint: Endpoint) -> str:
    """What tells a row from the others of its table, the same in every form that it is published in."""
    found = [_part(cells, column) for column in endpoint.key]
    if not cells.has("provider_admin1_name") and "provider_admin1_name" in endpoint.key:
        found += [cells.code(column) for column in ("admin1_code", "admin2_code", "admin1_ref", "admin2_ref")]
    if endpoint.by_content:
        found.append(digest({name: as_text(value) for name, value in cells.row.cells.items()}))
    return f"{endpoint.id}:{digest(found)}"


def _part(cells: Cells, column: str) -> str:
    """A cell of the key. A day is written with a time in JSON and without in a file; a number with a point or without."""
    text = cells.text(column)
    if column.startswith("reference_period"):
        return text[:10]
    whole, point, rest = text.partition(".")
    return whole if point and whole.isdigit() and not rest.strip("0") else text


def fact_of(cells: Cells, endpoint: Endpoint, *, source: Source, keys: Keys) -> Fact:
    """The fact in a row. Raises `BadCell`."""
    name, repeated = keys.name(key_of(cells, endpoint), own=cells.row.cells)
    if endpoint.id == "conflict-events":
        return _event(cells, endpoint, source, name, repeated)
    if endpoint.id in DATASETS:
        return _entry(cells, source, name, repeated)
    return _measure(cells, endpoint, source, name, repeated)


def _event(
    cells: Cells, endpoint: Endpoint, source: Source, name: str, repeated: tuple[Quality, ...]
) -> Event:
    kind = cells.needed("event_type")
    cells.needed("events")
    start, end = cells.day("reference_period_start"), cells.day("reference_period_end")
    iso3 = _iso3(cells)
    admin1, admin2 = _admin(cells, 1), _admin(cells, 2)
    flags = [*repeated, *_remarks(cells, iso3)]
    if kind == _WITHIN_ANOTHER:
        flags.append(Quality.NOT_ADDITIVE)
    return Event(
        source_id=source.id,
        external_id=name,
        event_type=type_of("hapi", kind),
        source_type=kind,
        started=start,
        ended=end,
        date_precision=_precision(start, end),
        iso3=iso3,
        country=cells.text("location_name"),
        admin1=admin1,
        admin2=admin2,
        place_precision=_place(admin1, admin2),
        source_precision=cells.code("admin_level"),
        deaths_best=cells.whole("fatalities"),
        count=cells.whole("events") or 0,
        title=_title(cells, iso3, kind.replace("_", " ")),
        url=_address(cells),
        licence=_licence(endpoint, source),
        flags=_once(flags),
        row=cells.row.line,
        own=cells.row.cells,
    )


def _measure(
    cells: Cells, endpoint: Endpoint, source: Source, name: str, repeated: tuple[Quality, ...]
) -> Measure:
    start = cells.day("reference_period_start", "Valid from date")
    end = cells.day("reference_period_end")
    iso3 = _iso3(cells, returned=_returned(cells))
    flags = [*repeated, *_remarks(cells, iso3)]
    if endpoint.overlapping:
        flags.append(Quality.NOT_ADDITIVE)
    return Measure(
        source_id=source.id,
        external_id=name,
        rank=cells.code("hapi_updated_date"),
        name=_name(cells, endpoint),
        value=cells.number(endpoint.value) if endpoint.value else None,
        unit=_unit(cells, endpoint),
        period_start=start,
        period_end=end,
        period_precision=_precision(start, end),
        published_at=cells.instant("hapi_updated_date"),
        iso3=iso3,
        country=cells.text("location_name", "asylum_location_name"),
        admin1=_admin(cells, 1),
        admin2=_admin(cells, 2),
        breakdown={part: cells.text(part) for part in endpoint.parts if cells.text(part)},
        title=_title(cells, iso3, _name(cells, endpoint).replace("-", " ")),
        url=_address(cells),
        licence=_licence(endpoint, source),
        flags=_once(flags),
        row=cells.row.line,
        own=cells.row.cells,
    )


def _entry(cells: Cells, source: Source, name: str, repeated: tuple[Quality, ...]) -> Finding:
    changed = cells.instant("update_date")
    return Finding(
        source_id=source.id,
        external_id=name,
        rank=changed.isoformat() if changed else "",
        form=FindingForm.DATASET,
        source_form=cells.text("format"),
        title=" · ".join(
            part for part in (cells.text("dataset_hdx_title", "title"), cells.text("name")) if part
        ),
        body=cells.text("dataset_hdx_provider_name", "hdx_provider_name"),
        dated=changed.date() if changed else None,
        published_at=changed,
        url=cells.text("download_url", "hdx_link", "dataset_hdx_link"),
        licence=source.licence,
        flags=repeated,
        row=cells.row.line,
        own=cells.row.cells,
    )


def _name(cells: Cells, endpoint: Endpoint) -> str:
    return "returnees" if endpoint.id == "refugees" and _returned(cells) else endpoint.id


def _returned(cells: Cells) -> bool:
    return cells.text("population_group") in _RETURNED


def _unit(cells: Cells, endpoint: Endpoint) -> str:
    """A price is in a currency for a measure of the goods, row by row."""
    if endpoint.id != "food-prices":
        return endpoint.unit
    return " / ".join(part for part in (cells.text("currency_code"), cells.text("unit")) if part)


def _iso3(cells: Cells, *, returned: bool = False) -> str:
    """Where people are; of those who returned, where they returned to, which is where they had come from."""
    if returned:
        return cells.code("origin_location_code").upper()
    found = cells.code("location_code", "asylum_location_code", "Location")
    return (found or (cells.code("code") if cells.has("has_hrp") else "")).upper()


def _remarks(cells: Cells, iso3: str) -> Iterator[Quality]:
    if cells.text("error") or cells.text("warning"):
        yield Quality.SOURCE_WARNS
    if iso3 and not _known(iso3):
        yield Quality.COUNTRY_UNKNOWN


@lru_cache(maxsize=1024)
def _known(iso3: str) -> bool:
    return find(iso3) == [iso3]


def _admin(cells: Cells, level: int) -> str:
    if cells.has("P-Code"):
        return cells.text("Name") if cells.code("Admin Level") == str(level) else ""
    return cells.text(f"admin{level}_name") or cells.text(f"provider_admin{level}_name")


def _place(admin1: str, admin2: str) -> PlacePrecision:
    if admin2:
        return PlacePrecision.ADMIN2
    return PlacePrecision.ADMIN1 if admin1 else PlacePrecision.COUNTRY


def _precision(start: date | None, end: date | None) -> DatePrecision:
    """How wide a period is: a day, a calendar month, a calendar year, or some other span."""
    if start is None or end is None:
        return DatePrecision.UNKNOWN if start is end else DatePrecision.DAY
    if start == end:
        return DatePrecision.DAY
    after = end + timedelta(days=1)
    if start.day == 1 and after == date(start.year + start.month // 12, start.month % 12 + 1, 1):
        return DatePrecision.MONTH
    if (start.month, start.day) == (1, 1) and after == date(start.year + 1, 1, 1):
        return DatePrecision.YEAR
    return DatePrecision.SPAN


def _title(cells: Cells, iso3: str, what: str) -> str:
    places = (cells.text("location_name") or iso3, _admin(cells, 1), _admin(cells, 2))
    return " · ".join(part for part in (*places, what) if part)


def _address(cells: Cells) -> str:
    dataset, resource = cells.code("dataset_hdx_id"), cells.code("resource_hdx_id")
    return f"https://data.humdata.org/dataset/{dataset}/resource/{resource}" if dataset and resource else ""


def _licence(endpoint: Endpoint, source: Source) -> str:
    """The licence of whoever made the figures, not of the platform."""
    return str(source.settings["licences"].get(endpoint.id, source.licence))


def _once(flags: list[Quality]) -> tuple[Quality, ...]:
    return tuple(dict.fromkeys(flags))
