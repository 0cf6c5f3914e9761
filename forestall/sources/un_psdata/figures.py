"""Rows of the hub that count: one person's death in a mission, a month's incidents, a number about a country."""

from __future__ import annotations

import calendar
from datetime import date

from forestall.collecting.cells import A_DAY, GIVEN, BadCell, Cells
from forestall.collecting.contract import Source
from forestall.facts import DatePrecision, Event, Measure, Quality, Side
from forestall.facts.vocabulary import type_of

from . import countries
from .datasets import Dataset
from .findings import link
from .rows import day

_MALICIOUS = "malicious act"
_FATALITY = "fatality"


def casualty(
    cells: Cells, *, dataset: Dataset, key: str, rank: str, source: Source, flags: tuple[Quality, ...]
) -> Event:
    """One person who died or was hurt in a mission. The country of the row is that person's own, and no place."""
    cause = cells.text("type_of_incident")
    mission = cells.text("mission_acronym")
    started = _sure_day(cells, "incident_date")
    return Event(
        source_id=source.id,
        external_id=key,
        rank=rank,
        event_type=type_of("psdata", "DPPADPOSS-FATALITIES"),
        source_type=cause,
        started=started,
        ended=started,
        date_precision=DatePrecision.DAY if started else DatePrecision.UNKNOWN,
        actor1=mission,
        actor1_side=Side.TARGET if cause.lower() == _MALICIOUS else Side.NONE,
        deaths_best=1 if cells.text("type_of_casualty").lower() == _FATALITY else None,
        people=1,
        title=" · ".join(part for part in (mission, cells.text("type_of_casualty"), cause) if part),
        text=cells.text("casualty_personnel_type"),
        licence=source.licence,
        flags=flags,
        row=cells.row.line,
    )


def incidents(
    cells: Cells, *, dataset: Dataset, key: str, rank: str, source: Source, flags: tuple[Quality, ...]
) -> Event:
    """A month's incidents counted together."""
    started = _sure_day(cells, "report_date")
    if started is None:
        raise BadCell("report_date", cells.value("report_date"), A_DAY)
    found = countries.codes(cells, dataset)
    counted = [number for name in dataset.columns("value") if (number := cells.whole(name)) is not None]
    if not counted:
        raise BadCell(dataset.columns("value")[0], None, GIVEN)
    return Event(
        source_id=source.id,
        external_id=key,
        rank=rank,
        event_type=type_of("psdata", dataset.id),
        source_type=dataset.id,
        started=started.replace(day=1),
        ended=_last_of_month(started),
        date_precision=DatePrecision.MONTH,
        iso3=found[0] if found else "",
        place=str(dataset.shape.get("place", "")),
        count=sum(counted),
        title=str(dataset.shape.get("place", "")),
        licence=source.licence,
        flags=(*flags, Quality.NO_POINT),
        row=cells.row.line,
    )


def measure(
    cells: Cells, *, dataset: Dataset, key: str, rank: str, source: Source, flags: tuple[Quality, ...]
) -> Measure:
    """One number about a country. Where it is a sum, and a part of it is missing, the sum is not known."""
    start, end, precision = _period(cells, dataset)
    found = countries.codes(cells, dataset)
    doubt = (Quality.COUNTRY_UNKNOWN,) if countries.unknown(cells, dataset, found) else ()
    return Measure(
        source_id=source.id,
        external_id=key,
        rank=rank,
        name=str(dataset.shape["name"]),
        value=_sum(cells, dataset),
        unit=str(dataset.shape.get("unit", "")),
        period_start=start,
        period_end=end,
        period_precision=precision,
        iso3=found[0] if len(found) == 1 else "",
        country=countries.named(cells, dataset),
        breakdown={name: cells.text(name) for name in dataset.columns("breakdown") if cells.code(name)},
        title=next((cells.text(name) for name in dataset.columns("title") if cells.code(name)), ""),
        url=link(cells, dataset),
        licence=source.licence,
        flags=(*flags, *doubt),
        row=cells.row.line,
    )


def _sum(cells: Cells, dataset: Dataset) -> float | None:
    values = [cells.number(name) for name in dataset.columns("value")]
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _period(cells: Cells, dataset: Dataset) -> tuple[date | None, date | None, DatePrecision]:
    """From first to last day of the month, the year, or the day that the row is of."""
    start, precision = day(cells, *dataset.columns("dated"))
    if start is None:
        return None, None, precision
    declared = dataset.shape.get("period")
    if declared == "year" or precision is DatePrecision.YEAR:
        return date(start.year, 1, 1), date(start.year, 12, 31), DatePrecision.YEAR
    if declared == "month" or precision is DatePrecision.MONTH:
        return start.replace(day=1), _last_of_month(start), DatePrecision.MONTH
    return start, start, precision


def _sure_day(cells: Cells, column: str) -> date | None:
    """A day that the row cannot do without: what stands there and is none makes it a bad row."""
    found = day(cells, column)[0]
    if found is None and cells.code(column):
        raise BadCell(column, cells.value(column), A_DAY)
    return found


def _last_of_month(start: date) -> date:
    return start.replace(day=calendar.monthrange(start.year, start.month)[1])
