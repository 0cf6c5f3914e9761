"""One figure of IDMC's updates."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from forestall.collecting.cells import Cells
from forestall.collecting.contract import Source
from forestall.collecting.formats.webpage import text_of
from forestall.facts import DatePrecision, Event, PlacePrecision, Quality
from forestall.facts.vocabulary import type_of
from forestall.places import find

RECOMMENDED = "recommended figure"
_MIDNIGHT_THERE = re.compile(r"T1[12]:00:00(?:\.0+)?(?:Z|\+00:00)?$")
_LINK = re.compile(r"""href\s*=\s*\\?["']?\s*(https?://[^"'\s>\\]+)""", re.IGNORECASE)
_LEVELS = {
    "ADM0": PlacePrecision.COUNTRY, "ADM1": PlacePrecision.ADMIN1, "ADM2": PlacePrecision.ADMIN2,
    "ADM3": PlacePrecision.NEAR, "POINT": PlacePrecision.POINT,
}  # fmt: skip


def displacement(
    cells: Cells, source: Source, identity: Callable[[Cells], str], figures: Mapping[str, int]
) -> Event:
    """The event of one row; raises `BadCell`. `figures` says how many rows there are of each event."""
    start = _day(cells, "displacement_start_date", "displacement_date")
    end = _day(cells, "displacement_end_date", "displacement_date")
    made = cells.instant("created_at")
    latitude, longitude, doubts = cells.point("latitude", "longitude")
    level = _level(cells.text("locations_accuracy"))
    iso3 = cells.code("iso3").upper()
    return Event(
        source_id=source.id,
        external_id=identity(cells),
        rank=made.isoformat() if made else "",
        event_type=type_of("idmc", cells.text("displacement_type")),
        source_type=cells.text("displacement_type"),
        started=start,
        ended=end,
        date_precision=_precision(start, end),
        published_at=made,
        iso3=iso3,
        country=cells.text("country"),
        place=cells.text("locations_name"),
        latitude=latitude,
        longitude=longitude,
        place_precision=level,
        source_precision=cells.text("locations_accuracy"),
        people=cells.whole("figure"),
        reports=_reports(cells),
        title=cells.text("event_name"),
        text=text_of(cells.text("standard_popup_text", "description", "standard_info_text")),
        url=_url(cells),
        licence=source.licence,
        flags=(Quality.PROVISIONAL, *doubts, *_flags(cells, iso3, level, figures)),
        row=cells.row.line,
        own=cells.row.cells,
    )


def event_named(cells: Cells) -> str:
    """What tells one event from another: its number in newer editions, its name in older ones."""
    return cells.text("event_id") or cells.text("event_name")


def _flags(cells: Cells, iso3: str, level: PlacePrecision, figures: Mapping[str, int]) -> Iterator[Quality]:
    role = cells.text("role")
    alone = figures.get(event_named(cells), 0) < 2
    if role.casefold() != RECOMMENDED if role else not alone:
        yield Quality.NOT_ADDITIVE
    if iso3 not in find(iso3):
        yield Quality.COUNTRY_UNKNOWN
    if level is PlacePrecision.COUNTRY:
        yield Quality.COUNTRY_MIDDLE
    elif level is PlacePrecision.ADMIN1:
        yield Quality.NO_POINT


def _day(cells: Cells, *names: str) -> date | None:
    """The day meant. 11:00 or 12:00 UTC is midnight where the centre's server stands, thirteen or twelve hours ahead."""
    name = next((name for name in names if cells.code(name)), names[0])
    found = cells.day(name)
    if found and _MIDNIGHT_THERE.search(cells.text(name)):
        return found + timedelta(days=1)
    return found


def _precision(start: date | None, end: date | None) -> DatePrecision:
    if start is None and end is None:
        return DatePrecision.UNKNOWN
    return DatePrecision.DAY if start == end or end is None else DatePrecision.SPAN


def _level(accuracy: str) -> PlacePrecision:
    """The roughest of what is said of its places: a figure may have several."""
    said = [level for code, level in _LEVELS.items() if code in accuracy.upper()]
    return said[0] if said else PlacePrecision.UNKNOWN


def _reports(cells: Cells) -> int | None:
    named = [name for name in cells.text("sources").split(";") if name.strip()]
    return len(named) or None


def _url(cells: Cells) -> str:
    """Where the figure comes from. What is no address of the web is no link."""
    for given in (cells.text("source_url"), cells.text("link")):
        if re.match(r"https?://\S+$", given):
            return given
    found = _LINK.search(html.unescape(cells.text("standard_popup_text")))
    return found[1] if found else ""
