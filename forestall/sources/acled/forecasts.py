"""CAST: how many events of political violence ACLED expects in a province in a month."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta

from forestall.base.canonical import canonical_json, sha256
from forestall.base.words import say
from forestall.collecting.cells import BadCell, Cells
from forestall.collecting.contract import Source
from forestall.facts import DatePrecision, Measure, Quality

from .events import country_of, moment

A_MONTH = say("a month")
_MONTHS = {
    **{name.casefold(): number for number, name in enumerate(calendar.month_name) if name},
    **{name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name},
}
Period = tuple[date | None, date | None, DatePrecision]


def forecast(cells: Cells, source: Source, received_at: datetime) -> Measure:
    """The forecast of one row; raises `BadCell`. An issue is part of its name: a later one does not undo an earlier."""
    issued = moment(cells, "timestamp")
    start, end, precision = period_of(cells)
    iso3, doubts = country_of(cells)
    places = [cells.text("country"), cells.text("admin1")]
    named = [*places, start.isoformat() if start else "", issued.isoformat() if issued else ""]
    return Measure(
        source_id=source.id,
        external_id=f"cast-{sha256(canonical_json(named))[:32]}",
        name="forecast-political-violence",
        value=cells.number("total_forecast"),
        unit="events",
        rank=issued.isoformat() if issued else "",
        period_start=start,
        period_end=end,
        period_precision=precision,
        published_at=issued,
        iso3=iso3,
        country=cells.text("country"),
        admin1=cells.text("admin1"),
        title=" · ".join(part for part in ("CAST", cells.text("admin1") or cells.text("country")) if part),
        licence=source.licence,
        flags=(*doubts, *([Quality.OUTDATED] if old(issued, received_at, source) else [])),
        row=cells.row.line,
        own=cells.row.cells,
    )


def old(issued: datetime | None, received_at: datetime, source: Source) -> bool:
    """Whether a forecast was issued so long before it came that it is none. One without a day of issue is old."""
    return issued is None or received_at - issued > timedelta(days=int(source.settings["forecast_days"]))


def period_of(cells: Cells) -> Period:
    """The week, the month or the year that a row counts; raises `BadCell`."""
    if cells.has("week"):
        first = cells.day("week")
        return first, first + timedelta(days=6) if first else None, DatePrecision.WEEK
    if cells.has("reference_period_start", "period_start"):
        return (
            cells.day("reference_period_start", "period_start"),
            cells.day("reference_period_end", "period_end"),
            DatePrecision.MONTH,
        )
    year = cells.whole("year")
    if not cells.code("month"):
        return (
            (date(year, 1, 1), date(year, 12, 31), DatePrecision.YEAR)
            if year
            else (None, None, DatePrecision.UNKNOWN)
        )
    return _month(cells, year)


def _month(cells: Cells, year: int | None) -> Period:
    text = cells.code("month")
    number = _MONTHS.get(text.casefold()) or (int(text) if text.isdigit() else 0)
    if not year or not 1 <= number <= 12:
        day = cells.day("month") if "-" in text else None
        if day is None:
            raise BadCell("month", text, A_MONTH)
        year, number = day.year, day.month
    last = calendar.monthrange(year, number)[1]
    return date(year, number, 1), date(year, number, last), DatePrecision.MONTH
