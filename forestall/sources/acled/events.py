"""One event of ACLED, and the points in time and countries of all its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache

from forestall.collecting.cells import A_TIME, BadCell, Cells
from forestall.collecting.contract import Source
from forestall.facts import DatePrecision, Event, PlacePrecision, Quality, Side
from forestall.facts.vocabulary import type_of
from forestall.places import countries, find

_DATES = {"1": DatePrecision.DAY, "2": DatePrecision.WEEK, "3": DatePrecision.MONTH}
_PLACES = {"1": PlacePrecision.POINT, "2": PlacePrecision.NEAR, "3": PlacePrecision.ADMIN1}
_UNARMED = ("civilians", "protesters")
_UNARMED_CODES = ("6", "7")
"""Protesters and civilians, as `inter1` and `inter2` numbered them before they were spelled out."""


def event(cells: Cells, source: Source, received_at: datetime) -> Event:
    """The event of one row; raises `BadCell`."""
    changed = moment(cells, "timestamp")
    latitude, longitude, doubts = cells.point("latitude", "longitude")
    iso3, name_flags = country_of(cells)
    day = cells.day("event_date")
    precision = _PLACES.get(cells.code("geo_precision"), PlacePrecision.UNKNOWN)
    first, second = _sides(cells)
    fine = cells.text("sub_event_type")
    return Event(
        source_id=source.id,
        external_id=cells.needed("event_id_cnty"),
        rank=changed.isoformat() if changed else "",
        event_type=type_of("acled", fine),
        source_type=fine or cells.text("event_type"),
        started=day,
        ended=day,
        date_precision=_DATES.get(cells.code("time_precision"), DatePrecision.UNKNOWN),
        published_at=changed,
        iso3=iso3,
        country=cells.text("country"),
        admin1=cells.text("admin1"),
        admin2=cells.text("admin2"),
        place=cells.text("location"),
        latitude=latitude,
        longitude=longitude,
        place_precision=precision,
        source_precision=cells.code("geo_precision"),
        actor1=cells.text("actor1"),
        actor1_side=first,
        actor2=cells.text("actor2"),
        actor2_side=second,
        deaths_best=cells.whole("fatalities"),
        reports=_reports(cells),
        title=" · ".join(part for part in (fine or cells.text("event_type"), cells.text("location")) if part),
        text=cells.text("notes"),
        licence=source.licence,
        flags=(*doubts, *name_flags, *_flags(day, precision, received_at)),
        row=cells.row.line,
        own=cells.row.cells,
    )


def _flags(day: object, precision: PlacePrecision, received_at: datetime) -> Iterator[Quality]:
    if day is not None and day > received_at.date():  # type: ignore[operator]
        yield Quality.DATE_AHEAD
    if precision is PlacePrecision.ADMIN1:
        yield Quality.NO_POINT


def _reports(cells: Cells) -> int | None:
    """How many sources are named; ACLED parts them with semicolons."""
    named = [name for name in cells.text("source").split(";") if name.strip()]
    return len(named) or None


def _sides(cells: Cells) -> tuple[Side, Side]:
    """Who did it to whom: where ACLED says that civilians were the target, it is the unarmed side of the two."""
    aimed = bool(cells.code("civilian_targeting"))
    against = cells.text("event_type") == "Violence against civilians"
    if not aimed and not against:
        return _party(cells.text("actor1")), _party(cells.text("actor2"))
    if _unarmed(cells, "1") and not _unarmed(cells, "2"):
        return Side.TARGET, Side.PERPETRATOR if cells.text("actor2") else Side.NONE
    if against or _unarmed(cells, "2"):
        return Side.PERPETRATOR, Side.TARGET if cells.text("actor2") else Side.NONE
    return _party(cells.text("actor1")), _party(cells.text("actor2"))


def _party(name: str) -> Side:
    return Side.PARTY if name else Side.NONE


def _unarmed(cells: Cells, which: str) -> bool:
    code = cells.code(f"inter{which}")
    return code in _UNARMED_CODES or f"{code} {cells.text(f'actor{which}')}".strip().casefold().startswith(
        _UNARMED
    )


def moment(cells: Cells, name: str) -> datetime | None:
    """A point in time in UTC: seconds since 1970, as ACLED counts, or ISO 8601, as its forecasts give it."""
    text = cells.code(name)
    if not text.removesuffix(".0").isdigit():
        return cells.instant(name)
    seconds = int(text.removesuffix(".0"))
    try:
        return datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise BadCell(name, text, A_TIME) from error


def country_of(cells: Cells) -> tuple[str, tuple[Quality, ...]]:
    """The ISO3 code by the row's own code, then by its number, then by its name, which says “Red Sea” as well as a State."""
    given = cells.code("iso3", "location_code").upper()
    if given:
        return given, () if given in find(given) else (Quality.COUNTRY_UNKNOWN,)
    number = cells.code("iso").removesuffix(".0")
    known = _by_number().get(number.zfill(3), "") if number.isdigit() else ""
    named = find(cells.text("country")) if not known else []
    iso3 = known or (named[0] if len(named) == 1 else "")
    return iso3, () if iso3 else (Quality.COUNTRY_UNKNOWN,)


@cache
def _by_number() -> Mapping[str, str]:
    return {one.m49: one.iso3 for one in countries() if one.m49}
