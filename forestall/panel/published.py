"""UCDP's files, read as panels.

Country-years: the UCDP Country-Year Dataset on Organized Violence within Country Borders (Davies et al. 2025), as
published (columns ending in `_cy`) or reduced to ISO codes and counts. Country-months: the events of UCDP GED or GED
Candidate, or a table of country-months. A later edition with more years reads the same way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from forestall.base.errors import Malformed
from forestall.base.words import say

from .sheet import SHOWN, Cells, Sheet, count_of, read_sheet, whole
from .table import Grain, Panel, Row, assemble

YEAR_COLUMNS = ("sb_best", "ns_best", "os_best", "os_low", "os_high")
MONTH_COLUMNS = ("sb_best", "ns_best", "os_best")

PUBLISHED = {
    "sb_best": "sb_total_deaths_best_cy",
    "ns_best": "ns_total_deaths_best_cy",
    "os_best": "os_total_deaths_best_cy",
    "os_low": "os_total_deaths_low_cy",
    "os_high": "os_total_deaths_high_cy",
}
VIOLENCE = {"1": "sb_best", "2": "ns_best", "3": "os_best"}
NAMELESS = {"186": "DDR", "187": "CSK", "197": "YMD", "227": "SRB", "232": "XKX"}
"""Units that the country-month compilation of 2020/21 numbers without a code, told by their months and counts."""


@dataclass(frozen=True)
class Unit:
    """A country as UCDP codes it, with its first and last year in the source (None while it lasts)."""

    ucdp_id: str
    iso3: str
    name: str
    first_year: int
    last_year: int | None

    def stands_in(self, year: int) -> bool:
        """Whether the source codes the unit in `year`."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


@cache
def ucdp_units() -> Mapping[str, Unit]:
    """UCDP's countries by their number (the Gleditsch and Ward number)."""
    path = Path(__file__).parent / "data" / "units.csv"
    sheet = read_sheet(path.read_bytes(), name=path.name)
    units = {}
    for cells in sheet.lines:
        text = cells.texts
        last = int(text["last_year"]) if text["last_year"] else None
        units[text["ucdp_id"]] = Unit(
            ucdp_id=text["ucdp_id"],
            iso3=text["iso3"],
            name=text["ucdp_name"],
            first_year=int(text["first_year"]),
            last_year=last,
        )
    return units


def country_years(data: bytes, *, name: str, vintage: str) -> Panel:
    """Country-years from a UCDP country-year file (CSV, gzip or ZIP), with `YEAR_COLUMNS`, deaths.

    Raises `Malformed` for anything that is not such a file, with the line, what was expected and what was found.
    """
    sheet = read_sheet(data, name=name)
    if "country_id_cy" in sheet.columns:
        rows = _published_years(sheet)
    else:
        rows = _reduced_years(sheet)
    return assemble(rows, names=YEAR_COLUMNS, vintage=vintage, grain=Grain.YEAR, source=name)


def country_months(data: bytes, *, name: str, vintage: str) -> Panel:
    """Country-months from UCDP events (GED, Candidate) or from a table of country-months, with `MONTH_COLUMNS`.

    An event counts in the month in which it ended. Raises `Malformed` as `country_years` does.
    """
    sheet = read_sheet(data, name=name)
    if "type_of_violence" in sheet.columns:
        rows = _months_of_events(sheet)
    elif "isoab" in sheet.columns:
        rows = _compiled_months(sheet)
    else:
        rows = _reduced_months(sheet)
    return assemble(rows, names=MONTH_COLUMNS, vintage=vintage, grain=Grain.MONTH, source=name)


def _published_years(sheet: Sheet) -> Iterator[Row]:
    sheet.require(["country_id_cy", "year_cy", *PUBLISHED.values()])
    for cells in sheet.lines:
        unit = _unit(cells, column="country_id_cy", sheet=sheet)
        yield Row(
            line=cells.line,
            unit=unit.iso3,
            time=_year(cells, column="year_cy", sheet=sheet),
            counts={ours: count_of(cells, theirs, name=sheet.name) for ours, theirs in PUBLISHED.items()},
        )


def _reduced_years(sheet: Sheet) -> Iterator[Row]:
    sheet.require(["iso3", "year", *YEAR_COLUMNS])
    for cells in sheet.lines:
        yield Row(
            line=cells.line,
            unit=_iso3(cells, sheet=sheet),
            time=_year(cells, column="year", sheet=sheet),
            counts={column: count_of(cells, column, name=sheet.name) for column in YEAR_COLUMNS},
        )


def _reduced_months(sheet: Sheet) -> Iterator[Row]:
    sheet.require(["iso3", "year", "month", *MONTH_COLUMNS])
    for cells in sheet.lines:
        yield Row(
            line=cells.line,
            unit=_iso3(cells, sheet=sheet),
            time=_month(cells, sheet=sheet),
            counts={column: count_of(cells, column, name=sheet.name) for column in MONTH_COLUMNS},
        )


def _compiled_months(sheet: Sheet) -> Iterator[Row]:
    sheet.require(["country_id", "isoab", "year", "month", "best_sb", "best_ns", "best_os"])
    merged: dict[tuple[str, int], Row] = {}
    for cells in sheet.lines:
        unit = cells.texts["isoab"] or NAMELESS.get(cells.texts["country_id"])
        if unit is None:
            raise _unknown(cells.texts["country_id"], cells=cells, sheet=sheet)
        row = Row(
            line=cells.line,
            unit=unit,
            time=_month(cells, sheet=sheet),
            counts={
                column: count_of(cells, f"best_{column[:2]}", name=sheet.name) for column in MONTH_COLUMNS
            },
        )
        _add(merged, row)
    yield from merged.values()


def _months_of_events(sheet: Sheet) -> Iterator[Row]:
    sheet.require(["type_of_violence", "country_id", "date_end", "best"])
    return whole_months(_event(cells, sheet=sheet) for cells in sheet.lines)


def whole_months(counted: Iterable[Row]) -> Iterator[Row]:
    """Rows added up by unit and month, and nought where UCDP has the unit and none was given.

    A unit is there in the years that UCDP codes it in, and in any year for which a row is given, from the first month of
    all to the last.
    """
    merged: dict[tuple[str, int], Row] = {}
    for row in counted:
        _add(merged, row)
    months = {month for _, month in merged}
    years = {(unit, month // 12) for unit, month in merged}
    for unit in ucdp_units().values():
        for month in range(min(months, default=0), max(months, default=-1) + 1):
            if unit.stands_in(month // 12) or (unit.iso3, month // 12) in years:
                _add(
                    merged, Row(line=0, unit=unit.iso3, time=month, counts=dict.fromkeys(MONTH_COLUMNS, 0.0))
                )
    yield from merged.values()


def _event(cells: Cells, *, sheet: Sheet) -> Row:
    violence = VIOLENCE.get(cells.texts["type_of_violence"].strip())
    if violence is None:
        raise Malformed(
            say(
                "%(name)s, line %(line)d: type_of_violence should be 1, 2 or 3, and is '%(text)s'.",
                name=sheet.name, line=cells.line, text=cells.texts["type_of_violence"][:SHOWN],
            )
        )  # fmt: skip
    counts = dict.fromkeys(MONTH_COLUMNS, 0.0)
    counts[violence] = count_of(cells, "best", name=sheet.name)
    unit = _unit(cells, column="country_id", sheet=sheet)
    return Row(line=cells.line, unit=unit.iso3, time=_month_of_day(cells, sheet=sheet), counts=counts)


def _add(merged: dict[tuple[str, int], Row], row: Row) -> None:
    before = merged.get((row.unit, row.time))
    if before is None:
        merged[row.unit, row.time] = row
        return
    counts = {column: before.counts[column] + row.counts[column] for column in row.counts}
    merged[row.unit, row.time] = Row(line=before.line, unit=row.unit, time=row.time, counts=counts)


def _unit(cells: Cells, *, column: str, sheet: Sheet) -> Unit:
    unit = ucdp_units().get(cells.texts[column].strip())
    if unit is None:
        raise _unknown(cells.texts[column], cells=cells, sheet=sheet)
    return unit


def _unknown(number: str, *, cells: Cells, sheet: Sheet) -> Malformed:
    return Malformed(
        say(
            "%(name)s, line %(line)d: country number %(number)s is not in units.csv, the table of countries of "
            "this source. Add a row for it.",
            name=sheet.name, line=cells.line, number=number[:SHOWN],
        )
    )  # fmt: skip


def _iso3(cells: Cells, *, sheet: Sheet) -> str:
    text = cells.texts["iso3"].strip()
    if len(text) != 3 or not text.isascii() or not text.isupper():
        raise Malformed(
            say(
                "%(name)s, line %(line)d: iso3 should be three capital letters, and is '%(text)s'.",
                name=sheet.name, line=cells.line, text=text[:SHOWN],
            )
        )  # fmt: skip
    return text


def _year(cells: Cells, *, column: str, sheet: Sheet) -> int:
    return whole(cells, column, name=sheet.name, low=1946, high=2200)


def _month(cells: Cells, *, sheet: Sheet) -> int:
    year = _year(cells, column="year", sheet=sheet)
    return year * 12 + whole(cells, "month", name=sheet.name, low=1, high=12) - 1


def _month_of_day(cells: Cells, *, sheet: Sheet) -> int:
    text = cells.texts["date_end"].strip()
    try:
        day = date.fromisoformat(text[:10])
    except ValueError as error:
        raise Malformed(
            say(
                "%(name)s, line %(line)d: date_end should be a day such as 2021-06-30, and is '%(text)s'.",
                name=sheet.name, line=cells.line, text=text[:SHOWN],
            )
        ) from error  # fmt: skip
    return day.year * 12 + day.month - 1
