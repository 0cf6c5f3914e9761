"""Rows of the hub as findings: resolutions, statements, vetoes, mandates, missions, agreements, and what else it lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from forestall.collecting.cells import Cells
from forestall.collecting.contract import Source
from forestall.facts import Finding, FindingForm, Quality

from . import countries
from .datasets import Dataset
from .rows import day

_TITLES = (
    "title",
    "name",
    "topic",
    "indicator",
    "agenda_item",
    "project_name",
    "mission",
    "mission_acronym",
    "symbol",
)
_DATES = ("date", "start_date", "report_date", "month", "year", "period", "start_of_reporting_period")
_LANGUAGES = {
    "english": "en",
    "french": "fr",
    "spanish": "es",
    "arabic": "ar",
    "russian": "ru",
    "chinese": "zh",
    "portuguese": "pt",
}
_BETWEEN = re.compile(r"\s*(?:[;|\n]|--)\s*")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


def finding(
    cells: Cells, *, dataset: Dataset, key: str, rank: str, source: Source, flags: tuple[Quality, ...]
) -> Finding:
    """One row, by the columns that its data set declares; `cells` have plain names."""
    dated, precision = day(cells, *(dataset.columns("dated") or _DATES))
    found = countries.codes(cells, dataset)
    doubt = (Quality.COUNTRY_UNKNOWN,) if countries.unknown(cells, dataset, found) else ()
    return Finding(
        source_id=source.id,
        external_id=key,
        rank=rank,
        form=FindingForm(dataset.makes or FindingForm.OTHER),
        source_form=dataset.id,
        title=_title(cells, dataset),
        symbol=_symbol(cells, dataset, dated),
        text="\n\n".join(_texts(cells, dataset)),
        body=str(dataset.shape.get("body", "")) or cells.text(*dataset.columns("body_column")),
        countries=found,
        themes=tuple(dict.fromkeys(_parts(cells, dataset.columns("themes")))),
        language=_LANGUAGES.get(cells.text("languages").lower(), "und"),
        dated=dated,
        date_precision=precision,
        valid_from=day(cells, *dataset.columns("since"))[0],
        valid_until=day(cells, *dataset.columns("until"))[0],
        url=link(cells, dataset),
        licence=source.licence,
        flags=(*flags, *doubt),
        row=cells.row.line,
    )


def link(cells: Cells, dataset: Dataset) -> str:
    """The address in the row, where it is one."""
    found = _LINK.search(cells.text(*(dataset.columns("url") or ("url", "link"))))
    return found[0] if found else ""


def _title(cells: Cells, dataset: Dataset) -> str:
    """The first column that says what the row is about, else the data set and its country."""
    for name in dataset.columns("title") or _TITLES:
        if cells.code(name):
            return " ".join(cells.text(name).split())[:500]
    return " · ".join(part for part in (dataset.id, countries.named(cells, dataset)) if part)


def _symbol(cells: Cells, dataset: Dataset, dated: date | None) -> str:
    """An official symbol; a bare number of a resolution is made one with its year, as the Council writes them."""
    given = cells.code(*(dataset.columns("symbol") or ("symbol",)))
    if given.isdecimal() and dataset.shape.get("numbered"):
        year = cells.code("year") or (str(dated.year) if dated else "")
        return str(dataset.shape["numbered"]) % {"number": given, "year": year}
    return given


def _texts(cells: Cells, dataset: Dataset) -> Iterator[str]:
    yield from (cells.text(name) for name in dataset.columns("text") if cells.code(name))
    marked = [name for name in dataset.columns("ones") if cells.number(name)]
    if marked:
        yield ", ".join(name.replace("_", " ") for name in marked)


def _parts(cells: Cells, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        yield from (part for part in _BETWEEN.split(cells.code(name)) if part)
